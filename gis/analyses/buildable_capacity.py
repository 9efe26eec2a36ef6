"""What the plan allows to be built and the ground does not have yet: floor area, dwellings, people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # arrays of shapes and of Arrow are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import part, positive, told
from gis.conformance.ground import Terms
from gis.copy import GEOMETRY
from gis.days import day
from gis.db import City, seen_at, sight_kept
from gis.export.rows import shapes
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.figures import said
from gis.findings.sources import layer_source, plan_source, standard_source
from gis.findings.table import Cell
from gis.planning.envelopes import Envelopes, Zone
from gis.planning.places import Place, place
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.planning.uses import HOUSING
from gis.reading import batches
from gis.standards import edition as edition_named
from gis.standards import in_force
from gis.statements import statements
from layers.model import Horizon, Words
from layers.zoning import PLAN_USES

_SQL = Path(__file__).with_suffix(".sql")
_FLOORS = pa.schema([pa.field("floor_m2", pa.float64()), pa.field(GEOMETRY, pa.binary())])
_TITLE = Words("Khả năng xây dựng còn lại theo quy hoạch", "What the plan still allows to be built")
_HOLDS_DWELLINGS = ("DAT_O_Honhop_Nhomo",)
_M2_OF_HA = 10_000
_MOST_FEATURES = 2_000
_DWELLINGS_PLACE, _PEOPLE_PLACE = 4, 5
"""Where they stand among the sums of a row."""
_LOOKS = (
    (0.25, Look(Words("Còn trên 3/4", "More than three quarters left"), "#2f6fb2")),
    (0.75, Look(Words("Còn 1/4–3/4", "A quarter to three quarters left"), "#8fb8dd")),
    (1.0, Look(Words("Còn dưới 1/4", "Less than a quarter left"), "#e0c080")),
    (float("inf"), Look(Words("Đã vượt mức cho phép", "More than is allowed"), "#c2562f")),
)
_UNKNOWN = Look(Words("Đồ án không nêu chỉ tiêu", "The plan names no limit"), "#d8d4cc")


def buildable_capacity(
    city: City,
    *,
    within: str = "city",
    plan: str = "",
    dwelling_m2: float | None = None,
    household: float | None = None,
    edition: str = "",
) -> Finding:
    """Add up the floor area that zones allow, what stands there today, and what is left; draw what may be built in 3D.

    A zone allows the lesser of floor area ratio times area, and of built share times area times storeys. What stands
    counts by where buildings are; where more stands than is allowed, nothing is left. It is the theoretical most:
    setbacks, corridors and lots that cannot be joined leave less (see `largest_floor_area`). Dwellings are those of
    zones for housing alone, and are not known until the size of a dwelling is given.

    Where the place has few zones, each has its envelope: how far a building reaches at each height, out of the land of
    streets and of corridors, and back from red lines as plan and standard ask, a podium and what stands back upon it.

    Parameters
    ----------
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    plan : code of the plan; the approved general plan where none is given.
    dwelling_m2 : floor area for each dwelling, in m², circulation included; not known where none is given.
    household : people for each dwelling; not known where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `capacity` by planned use (ha, m², dwellings, people) and `envelope` (m, m², m³); a feature for each zone
        and for each part of an envelope, its footprint with `base_m` and `top_m` above the ground.

    Raises
    ------
    PlaceError, PlanError, UnknownEditionError, NotPositiveError
        When there is no such place, plan or edition, or a size is none.
    """
    sizes = (positive("dwelling_m2", dwelling_m2), positive("household", household))
    where, of_plan = place(city, within), plan_in_force(city, plan)
    standard = edition_named(edition) if edition else in_force(on=day(""))
    horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
    with sight_kept(city):
        planned = seen_at(city.connection, horizon, city.scenario)
        zones = _zones(planned, where, of_plan)
        told(0.1)
        limited = [Zone(each.code, each.geometry, each.height_m, each.setback_m) for each in zones]
        envelopes = Envelopes.read(planned, limited, Terms(of_plan, standard, day(""), "new", horizon))
        told(0.3)
        with part(0.3, 1.0):
            standing = _Standing.read(seen_at(city.connection, Horizon.EXISTING, city.scenario), where, zones)
    capacity = _Capacity(zones, standing, *sizes)
    arguments = {"within": within, "plan": of_plan.code, "dwelling_m2": dwelling_m2, "household": household}
    about = (where.label, Words(f"{of_plan.name}, mốc {horizon.value}", f"{of_plan.name}, horizon {horizon.value}"))
    return Finding(
        question="buildable_capacity",
        title=_TITLE,
        arguments={**arguments, "edition": standard.number},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=capacity.quantities,
        tables=(capacity.table, envelopes.table),
        features=(*capacity.features(), *envelopes.features()),
        notes=(*about, *capacity.notes, *envelopes.notes),
        sources=(plan_source(of_plan), standard_source(standard), layer_source("zone", "building")),
        argument_words={"within": where.label, "plan": of_plan.label, "edition": standard.label},
    )


@dataclass(frozen=True, slots=True)
class _Zone:
    """A zone, or what of it lies in the place; its floors in m², height and setback in m are None where not said."""

    uid: int
    code: str
    plan_use: str
    geometry: BaseGeometry
    allowed_m2: float | None
    height_m: float | None
    setback_m: float | None


def _zones(city: City, where: Place, plan: RegisteredPlan) -> list[_Zone]:
    bound = {"plan": plan.code, "place": where.wkb}
    listed = city.connection.execute(statements(_SQL)["zones"].sql(), bound, binary=True).fetchall()
    found: list[_Zone] = []
    for uid, code, use, share, ratio, storeys, height_m, setback_m, wkb in listed:
        ground = shapely.from_wkb(wkb)
        if where.geometry is not None:
            ground = ground.intersection(where.geometry)
        if ground.area > 0:
            allowed_m2 = _allowed(ground.area, share, ratio, storeys)
            found.append(_Zone(uid, str(code or uid), use, ground, allowed_m2, height_m, setback_m))
    return found


def _allowed(area_m2: float, share: float | None, ratio: float | None, storeys: int | None) -> float | None:
    """Return the floor area a zone allows: by its ratio, by its built share and storeys, or the lesser of both."""
    by_ratio = None if ratio is None else ratio * area_m2
    by_storeys = None if share is None or storeys is None else share * storeys * area_m2
    known = [each for each in (by_ratio, by_storeys) if each is not None]
    return min(known, default=None)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Floor area that stands in each zone, in m², and how many buildings there do not say theirs."""

    floors_m2: npt.NDArray[np.float64]
    unknown: npt.NDArray[np.int64]

    @classmethod
    def read(cls, city: City, where: Place, zones: Sequence[_Zone]) -> _Standing:
        floors, unknown = np.zeros(len(zones)), np.zeros(len(zones), dtype=np.int64)
        tree = shapely.STRtree(np.array([each.geometry for each in zones], dtype=object))
        for batch in batches(city.connection, statements(_SQL)["floors"].sql(), {"place": where.wkb}, _FLOORS):
            column: Any = batch.column("floor_m2")
            amounts = column.to_numpy(zero_copy_only=False)
            building, zone = tree.query(shapes(batch), predicate="intersects")
            known = ~np.isnan(amounts[building])
            np.add.at(floors, zone[known], amounts[building[known]])
            np.add.at(unknown, zone[~known], 1)
        return cls(floors, unknown)


@dataclass(frozen=True, slots=True)
class _Capacity:
    """What is allowed and what stands, zone by zone."""

    zones: Sequence[_Zone]
    standing: _Standing
    dwelling_m2: float | None
    household: float | None

    def _left_m2(self, number: int) -> float | None:
        allowed = self.zones[number].allowed_m2
        return None if allowed is None else max(0.0, allowed - float(self.standing.floors_m2[number]))

    @property
    def table(self) -> Table:
        """Return a row for each planned use, and their sum."""
        headings = (
            Heading("plan_use", Words("Mã", "Code")),
            Heading("title", Words("Chức năng", "Planned use")),
            Heading("area_ha", Words("Diện tích", "Area"), "ha"),
            Heading("allowed_m2", Words("Sàn cho phép", "Floor allowed"), "m²"),
            Heading("standing_m2", Words("Sàn hiện có", "Floor standing"), "m²"),
            Heading("left_m2", Words("Sàn còn lại", "Floor left"), "m²"),
            Heading("dwellings", Words("Căn hộ", "Dwellings"), "dwellings"),
            Heading("people", Words("Số người", "People"), "people"),
            Heading("unknown_ha", Words("Đất không có chỉ tiêu", "Land without limits"), "ha"),
            Heading("unknown_buildings", Words("Công trình chưa rõ sàn", "Buildings of unknown floor")),
        )
        uses = [code for code in PLAN_USES.codes if any(zone.plan_use == code.code for zone in self.zones)]
        sums = [self._sums(_of_use(use.code)) for use in uses]
        listed = tuple((use.code, use.title, *each) for use, each in zip(uses, sums, strict=True))
        whole = list(self._sums(lambda _: True))
        for place_ in (_DWELLINGS_PLACE, _PEOPLE_PLACE):
            known = [amount for each in sums if isinstance(amount := each[place_], float)]
            is_unknown = any(each[place_] is None for each in sums)
            whole[place_] = sum(known) if known else None if is_unknown else NOT_APPLICABLE
        total = (NOT_APPLICABLE, Words("Tổng cộng", "Total"), *whole)
        return Table("capacity", _TITLE, headings, (*listed, total), sums=1)

    def _sums(self, chosen: Callable[[_Zone], bool]) -> tuple[Cell, ...]:
        mine = [number for number, zone in enumerate(self.zones) if chosen(zone)]
        known = [number for number in mine if self.zones[number].allowed_m2 is not None]
        area, unknown = (
            sum(float(self.zones[number].geometry.area) for number in numbers) / _M2_OF_HA
            for numbers in (mine, [number for number in mine if number not in set(known)])
        )
        allowed = sum(self.zones[number].allowed_m2 or 0.0 for number in known)
        left = sum(self._left_m2(number) or 0.0 for number in known)
        standing = float(sum(self.standing.floors_m2[number] for number in mine))
        floors = (allowed, standing, left) if known else (None, standing, None)
        unmeasured = int(sum(self.standing.unknown[number] for number in mine))
        return (area, *floors, *self._homes(mine, left if known else None), unknown, unmeasured)

    def _homes(self, mine: Sequence[int], left_m2: float | None) -> tuple[Cell, Cell]:
        """Return dwellings and people that find room; where not all is for housing alone, there is no such number."""
        if not all(self.zones[number].plan_use in HOUSING for number in mine):
            return NOT_APPLICABLE, NOT_APPLICABLE
        if left_m2 is None or self.dwelling_m2 is None:
            return None, None
        dwellings = left_m2 / self.dwelling_m2
        return dwellings, None if self.household is None else dwellings * self.household

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What does not show in the sums."""
        over = sum(
            zone.allowed_m2 is not None and float(self.standing.floors_m2[number]) > zone.allowed_m2
            for number, zone in enumerate(self.zones)
        )
        mixed = [self._left_m2(n) for n, zone in enumerate(self.zones) if zone.plan_use in _HOLDS_DWELLINGS]
        known = [left_m2 for left_m2 in mixed if left_m2 is not None]
        return (
            Quantity("zones_over", Words("Ô đã vượt mức cho phép", "Zones with more than is allowed"), over, "zones"),
            Quantity(
                "buildings_unknown",
                Words("Công trình chưa rõ diện tích sàn", "Buildings whose floor area is not known"),
                int(self.standing.unknown.sum()),
                "buildings",
            ),
            Quantity(
                "mixed_left_m2",
                Words("Sàn còn lại trong đất hỗn hợp, chưa rõ phần để ở", "Floor left in mixed use, dwellings unknown"),
                sum(known) if known or not mixed else None,
                "m²",
            ),
        )

    @property
    def notes(self) -> tuple[Words, ...]:
        """What is to be known of the features."""
        number = len(self.zones)
        if number <= _MOST_FEATURES:
            return ()
        return (
            said(
                "Bản đồ chỉ vẽ {shown} ô còn nhiều nhất trong số {number} ô; bảng tính đủ",
                "The map shows the {shown} zones with most left, of {number}; the table counts all",
                shown=_MOST_FEATURES,
                number=number,
            ),
        )

    def features(self) -> Iterator[Feature]:
        """Yield the zones, those with most left first; not all where there are very many."""
        order = sorted(range(len(self.zones)), key=lambda number: -(self._left_m2(number) or 0.0))
        for number in order[:_MOST_FEATURES]:
            zone, standing = self.zones[number], float(self.standing.floors_m2[number])
            values = {"plan_use": zone.plan_use, "allowed_m2": zone.allowed_m2, "standing_m2": standing}
            used = standing / zone.allowed_m2 if zone.allowed_m2 else None
            look = _UNKNOWN if used is None else next(look for most, look in _LOOKS if used <= most)
            left = {"left_m2": self._left_m2(number), "unknown_buildings": int(self.standing.unknown[number])}
            yield Feature(Subject("zone", zone.code, zone.uid), zone.geometry, {**values, **left}, look)


def _of_use(code: str) -> Callable[[_Zone], bool]:
    return lambda zone: zone.plan_use == code
