"""Norms of the standards that depend on what is built: which table holds, and what it asks."""

from __future__ import annotations

from math import nextafter

from gis.standards import Edition, MissingFactError, Norm, NotApplicableError, UnknownRuleError
from gis.standards.axes import Steps
from gis.standards.rule import Case

SERVICES = frozenset({"commercial", "office", "hotel", "mixed"})
"""Uses of buildings that the standards call services and mixed use."""
PUBLIC = frozenset({"education", "health", "culture"})
"""Uses of buildings that the standards call public services."""
_BUILT = {"house": "detached_house_density", "apartment": "apartment_density", "industry": "factory_density"}
_PLANTED = {
    "apartment": "apartment",
    "education": "education",
    "health": "health",
    "culture": "culture",
    "industry": "factory",
}


_SPACING = ("spacing", "spacing_share_of_height")
_TALLEST_M = 1_000.0


def built_share_rule(use: str) -> str | None:
    """Return the rule of the built share for a use of buildings; None where the standards have none."""
    if use in PUBLIC or use == "public":
        return "public_service_density"
    return _BUILT.get(use, "commercial_density" if use in SERVICES else None)


def floor_area_ratio_rule(use: str, *, area: str) -> str | None:
    """Return the rule of the floor area ratio for a use of buildings; None where the standards have none.

    Parameters
    ----------
    area : `new` or `existing`.
    """
    if use == "house":
        return "detached_house_floor_area_ratio"
    if use != "apartment" and use not in SERVICES:
        return None
    if area == "existing":
        return "existing_area_floor_area_ratio"
    return "tower_floor_area_ratio"


def planted_use(use: str) -> str | None:
    """Return what a lot is called where the standards say how much of it is planted; None where they do not."""
    return _PLANTED.get(use)


def norm(edition: Edition, rule: str | None, case: Case) -> Norm | None:
    """Return what a rule asks in a case; None where it asks nothing, or where that is not known."""
    if rule is None or rule not in edition.rules:
        return None
    try:
        return edition.rule(rule).norm(case)
    except (NotApplicableError, MissingFactError):
        return None


class Spacing:
    """What an edition asks between two buildings, by the side they turn to each other and the height of the higher."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._known: dict[tuple[str, float], tuple[float, float, Norm]] = {}

    @property
    def is_known(self) -> bool:
        """Whether the edition says it here."""
        return "spacing" in self._edition.rules

    @property
    def most_m(self) -> float | None:
        """The most that is asked between buildings of any height, in m; None where the edition does not say it here."""
        return max(map(self.most, ("long", "gable"))) if self.is_known else None

    def most(self, side: str) -> float:
        """Return the most that is asked on a side between buildings of any height, in m."""
        rules = [rule for name, rule in self._edition.rules.items() if name in _SPACING]
        steps = [axis for rule in rules for axis in rule.axes if isinstance(axis, Steps)]
        starts = sorted({start for axis in steps for start in axis.starts})
        heights_m = [*starts, *(nextafter(start, 0.0) for start in starts if start > 0), _TALLEST_M]
        return max(self.between(side, height_m)[0] for height_m in heights_m)

    def between(self, side: str, height_m: float) -> tuple[float, float, Norm]:
        """Return the distance in m, the share of the height in it, and the norm of the least distance."""
        if (side, height_m) not in self._known:
            case = {"side": side, "height_m": height_m}
            least = self._edition.rule("spacing").norm(case)
            try:
                share = self._edition.rule("spacing_share_of_height").norm(case).least
            except (NotApplicableError, UnknownRuleError):
                share = 0.0
            self._known[side, height_m] = (max(least.least, share * height_m), share, least)
        return self._known[side, height_m]
