"""The envelopes of the zones of a place: read, told in a table, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from gis.conformance.envelope import Step, Surrounds, envelope
from gis.conformance.ground import Nearby, Terms
from gis.db import City
from gis.findings import Feature, Heading, Look, Subject, Table
from gis.planning.surroundings import about
from layers.model import Words

_MOST = 200
_PODIUM = Look(Words("Khối bao từ mặt đất", "Envelope, from the ground"), "#5b4a8a", is_outline=True)
_TOWER = Look(Words("Khối bao, phần lùi phía trên", "Envelope, what stands back above"), "#b0508a", is_outline=True)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone, or what of it lies in the place: how high may be built, and how far back, in m; None where not said."""

    code: str
    geometry: BaseGeometry
    height_m: float | None
    setback_m: float | None


@dataclass(frozen=True, slots=True)
class Envelopes:
    """The envelopes of zones; None where there are too many zones to draw each of them.

    `notes` say what is not drawn, or not known.
    """

    parts: Sequence[tuple[Zone, Sequence[Step]]] | None
    notes: tuple[Words, ...]

    @classmethod
    def read(cls, planned: City, zones: Sequence[Zone], terms: Terms) -> Envelopes:
        """Read what bounds the zones of a plan, as the city is seen at its horizon."""
        if len(zones) > _MOST:
            return cls(None, (_TOO_MANY,))
        places = [zone.geometry for zone in zones]
        near = {
            layer: [each for each in about(planned, layer, places, reach_m=reach_m) if each.holds(terms.on)]
            for layer, reach_m in (("road_reserve", terms.reach_m["road_reserve"]), ("corridor", 0.0))
        }
        reserves = [each for each in near["road_reserve"] if each.values["plan_code"] == terms.plan.code]
        streets, corridors = Nearby(reserves), Nearby(near["corridor"])
        parts: list[tuple[Zone, Sequence[Step]]] = []
        for zone in zones:
            if zone.height_m is not None:
                bounds = Surrounds(
                    streets.about(zone.geometry, terms.reach_m["road_reserve"]), corridors.about(zone.geometry)
                )
                limits: dict[str, float] = {"height_m": zone.height_m, "setback_m": zone.setback_m or 0.0}
                parts.append((zone, tuple(envelope(zone.geometry, bounds, edition=terms.edition, **limits))))
        unmeasured = sum(each.values["red_line_width_m"] is None for each in reserves)
        return cls(parts, tuple(_unknown(zones, unmeasured, terms)))

    @property
    def table(self) -> Table:
        """Return a row for each part of each envelope."""
        headings = (
            Heading("zone", Words("Ô quy hoạch", "Zone")),
            Heading("part", Words("Phần", "Part")),
            Heading("base_m", Words("Từ cao độ", "From"), "m"),
            Heading("top_m", Words("Đến cao độ", "To"), "m"),
            Heading("setback_m", Words("Khoảng lùi", "Setback"), "m"),
            Heading("ground_m2", Words("Mặt bằng", "Footprint"), "m²"),
            Heading("volume_m3", Words("Thể tích", "Volume"), "m³"),
        )
        rows = tuple(
            (
                zone.code,
                _part(number, len(steps)),
                step.base_m,
                step.top_m,
                step.setback_m,
                float(step.ground.area),
                step.volume_m3,
            )
            for zone, steps in self.parts or ()
            for number, step in enumerate(steps)
        )
        return Table("envelope", Words("Khối bao công trình", "Envelopes"), headings, rows)

    def features(self) -> Iterator[Feature]:
        """Yield the parts, from the ground upwards."""
        for zone, steps in self.parts or ():
            for number, step in enumerate(steps):
                said = {"base_m": step.base_m, "top_m": step.top_m, "setback_m": step.setback_m}
                subject = Subject("envelope", f"{zone.code}, {_part(number, len(steps)).vi.lower()}")
                yield Feature(subject, step.ground, said, _PODIUM if number == 0 else _TOWER)


_TOO_MANY = Words(
    f"Khối bao chỉ được dựng khi khu vực có không quá {_MOST} ô quy hoạch",
    f"Envelopes are drawn of at most {_MOST} zones; ask for a smaller place",
)


def _unknown(zones: Sequence[Zone], unmeasured: int, terms: Terms) -> Iterator[Words]:
    """Say what is not known, and so bounds no envelope."""
    if flat := sum(zone.height_m is None for zone in zones):
        yield Words(
            f"{flat} ô không nêu chiều cao: không có khối bao", f"{flat} zones name no height, and have no envelope"
        )
    if unsaid := sum(zone.height_m is not None and zone.setback_m is None for zone in zones):
        yield Words(
            f"{unsaid} ô không nêu khoảng lùi: khối bao chỉ lùi theo quy chuẩn",
            f"{unsaid} zones name no setback: their envelopes stand back as the standard asks alone",
        )
    if "setback" not in terms.edition.rules:
        yield Words(
            f"{terms.edition.code}: chưa có khoảng lùi; khối bao chỉ lùi theo đồ án",
            f"{terms.edition.code}: its setbacks are not known here; envelopes stand back as the plan asks alone",
        )
    elif unmeasured:
        yield Words(
            f"{unmeasured} lộ giới chưa rõ bề rộng: khoảng lùi theo quy chuẩn chưa xét được ở đó",
            f"{unmeasured} road reserves of unknown width, where the setback of the standard is not known",
        )


def _part(number: int, parts: int) -> Words:
    if parts == 1:
        return Words("Toàn khối", "Whole")
    return Words("Khối đế", "Podium") if number == 0 else Words(f"Phần lùi {number}", f"Setback part {number}")
