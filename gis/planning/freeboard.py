"""Land held against the flood: how high the ground stands, and how high the standard asks that it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from gis.certainty import Certainty
from gis.findings import Outcome, Subject, Verdict
from gis.findings.figures import said
from gis.networks.drainage.conventions import conventions
from gis.planning.flooding import BESIDE_M, Floods, Land, Levels, Water
from gis.standards import Edition, MissingFactError, Norm, NotApplicableError, UnknownRuleError
from layers.model import Words

_FREEBOARD, _PERIOD = "ground_above_flood", "flood_return_period"
_KINDS = ("civil", "industrial")
_M2_OF_HA = 10_000
_TITLE = Words("Cao độ nền so với mực nước lũ", "Ground against the flood")
_NOTHING_ASKED = Words("—", "—")
_NO_RULE = Words(
    "Chưa biết quy định về cao độ nền trong phiên bản này", "This edition's rule on the ground is not known"
)
_NO_USE = Words("Chưa rõ dòng nào của bảng 2.13 áp dụng cho chức năng này", "The table's row for this use is not known")
_NOT_BUILT = Words("Đất không xây dựng", "Land that is not built on")
_NO_WATER = Words(
    f"Không có vùng ngập nào ghi mực nước tại đây hoặc trong vòng {BESIDE_M:g} m",
    f"No flood zone says the level of the water here, or within {BESIDE_M:g} m",
)
_NO_GROUND = Words("Chưa rõ cao độ nền", "The level of the ground is not known")
_NOT_FLOODED = Words(
    "Thấp hơn mực nước lũ gần đó cộng độ cao an toàn, nhưng nằm ngoài vùng ngập",
    "Lower than the flood near by with its freeboard, but outside of the flood zone",
)
_DOUBTFUL = Words(
    "Nằm trong sai số của cao độ, hoặc có phần chưa rõ cao độ", "Within the error of the levels, or some are not known"
)


class Ground(Protocol):
    """Something that says how high the ground of land is."""

    def levels(self, land: BaseGeometry) -> Levels:
        """Return what it knows of it."""
        ...


@dataclass(frozen=True)
class Judge:
    """Holds land against the floods, by the rules of an edition in a city of a class."""

    floods: Floods
    ground: Ground
    standard: Edition
    urban_class: str

    def verdict(self, land: Land) -> Verdict:
        """Return how the ground of a zone or a parcel stands."""
        kind = conventions().flood_ground.get(land.code or "")
        if kind == "none":
            return self._undecided(land, _NOT_BUILT, Outcome.NOT_APPLICABLE)
        norms = self._norms.get(kind or "")
        if norms is None:
            return self._undecided(land, _NO_USE if kind is None else _NO_RULE)
        years = norms[1].least
        flooded = self.floods.flooded(land.geometry, years)
        if not flooded.is_empty:
            return self._flooded(land, norms, flooded)
        water = self.floods.water(land.geometry, years)
        if water is None:
            return self._undecided(land, _NO_WATER)
        levels = self.ground.levels(land.geometry)
        if not levels.is_known:
            return self._undecided(land, _NO_GROUND)
        return self._compared(land, norms, water, levels)

    @cached_property
    def _norms(self) -> Mapping[str, tuple[Norm, Norm]]:
        """Freeboard and return period, by kind of ground; nothing where the edition does not say them."""
        try:
            period = self.standard.rule(_PERIOD).norm({"urban_class": self.urban_class})
            freeboard = self.standard.rule(_FREEBOARD)
            return {kind: (freeboard.norm({"ground_use": kind}), period) for kind in _KINDS}
        except (UnknownRuleError, NotApplicableError, MissingFactError):
            return {}

    def _undecided(self, land: Land, reason: Words, outcome: Outcome = Outcome.UNDECIDED) -> Verdict:
        reference = (
            self.standard.rules[_FREEBOARD].reference if _FREEBOARD in self.standard.rules else self.standard.code
        )
        return Verdict(
            outcome, _FREEBOARD, reference, _TITLE, _subject(land), _NOTHING_ASKED, None, "m", None, None, reason
        )

    def _flooded(self, land: Land, norms: tuple[Norm, Norm], flooded: BaseGeometry) -> Verdict:
        freeboard, period = norms
        area = flooded.area / _M2_OF_HA
        found = said(
            "{area} ha bị ngập {years} năm một lần",
            "{area} ha flooded once in {years} years",
            area=area,
            years=period.least,
        )
        return Verdict(
            Outcome.FAIL,
            _FREEBOARD,
            freeboard.rule.reference,
            _TITLE,
            _subject(land),
            _asked(norms, None),
            found,
            "m",
            freeboard.certainty | period.certainty,
            inputs={"flooded_ha": area, "area_ha": land.geometry.area / _M2_OF_HA, "period_years": period.least},
            conflict=flooded,
        )

    def _compared(self, land: Land, norms: tuple[Norm, Norm], water: Water, levels: Levels) -> Verdict:
        """Compare the lowest ground with the water beside it; what is lower there was not drawn as flooded."""
        freeboard, period = norms
        asked = water.level_m + freeboard.least
        lowest = float(levels.heights_m.min())
        high = levels.above(asked)
        below = levels.below(asked)
        reason = None if high else _NOT_FLOODED if below.any() and water.apart_m > 0 else _DOUBTFUL
        fails = bool(below.any()) and not water.apart_m
        certainty = freeboard.certainty | period.certainty
        return Verdict(
            Outcome.PASS if high else Outcome.FAIL if fails else Outcome.UNDECIDED,
            _FREEBOARD,
            freeboard.rule.reference,
            _TITLE,
            _subject(land),
            _asked(norms, asked),
            lowest,
            "m",
            certainty | Certainty.INFERRED if water.apart_m else certainty,
            _arithmetic(water, freeboard, asked, lowest),
            None if fails else reason,
            {
                "flood_level_m": water.level_m,
                "flood_period_years": float(water.period_years),
                "flood_zone_away_m": water.apart_m,
                "freeboard_m": freeboard.least,
                "lowest_m": lowest,
                "levels": float(len(levels.heights_m)),
                "error_m": levels.off_m,
                "below_share": float(below.mean()),
            },
            levels.off_m or None,
            MultiPoint(levels.points[below]) if fails else None,
        )


def _subject(land: Land) -> Subject:
    return Subject(land.layer, land.label, land.uid)


def _asked(norms: tuple[Norm, Norm], asked_m: float | None) -> Words:
    freeboard, period = norms
    if asked_m is None:
        return said(
            "cao hơn lũ {years} năm ít nhất {board} m",
            "above the flood of {years} years by {board} m at least",
            years=period.least,
            board=freeboard.least,
        )
    return said("≥ {asked} m", asked=asked_m)


def _arithmetic(water: Water, freeboard: Norm, asked_m: float, lowest_m: float) -> Words:
    return said(
        "nước {level} m (lũ {years} năm, vùng ngập cách {apart} m) + {board} m = {asked} m; nền thấp nhất {lowest} m",
        "water {level} m (flood of {years} years, {apart} m away) + {board} m = {asked} m; lowest ground {lowest} m",
        level=water.level_m,
        years=water.period_years,
        apart=water.apart_m,
        board=freeboard.least,
        asked=asked_m,
        lowest=lowest_m,
    )
