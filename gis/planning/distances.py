"""How far people may be from a facility, by the standards."""

from __future__ import annotations

from collections.abc import Mapping

from gis.standards import Edition, MissingFactError, Norm, NotApplicableError, UnknownRuleError
from gis.standards.rule import Case

_UNIT = ("unit_service_radius",)
_AREA = ("area_service_radius",)
DISTANCE_RULES: Mapping[str, tuple[str, ...]] = {
    "kindergarten": _UNIT,
    "primary_school": _UNIT,
    "lower_secondary_school": _UNIT,
    "upper_secondary_school": _AREA,
    "health_station": _UNIT,
    "hospital": _AREA,
    "market": _UNIT,
    "playground": _UNIT,
    "park": ("park_radius", "group_garden_distance"),
    "fire_station": ("fire_station_radius",),
    "transit_stop": ("transit_walk",),
}
"""The rules that say how far people may be from a facility, the first of which an edition has."""


def distance_norm(edition: Edition, kind: str, *, area: str) -> tuple[float, Norm] | None:
    """Return how far people may be from a kind of facility, in m, with the norm; None where the edition is silent.

    Parameters
    ----------
    area : `new` or `existing`; in an existing area distances may be longer.
    """
    name = next((each for each in DISTANCE_RULES[kind] if each in edition.rules), None)
    if name is None:
        return None
    # Of several kinds of parks the nearest garden counts; of fire stations the wider reach, outside of the centre.
    case: Case = {"setting": "urban", "terrain": "plain", "park": "garden", "position": "elsewhere"}
    try:
        norm = edition.rule(name).norm(case)
    except (NotApplicableError, MissingFactError):
        return None
    return norm.most * _longer(edition, area, name), norm


def _longer(edition: Edition, area: str, rule: str) -> float:
    """Return by how much a distance may be longer in an area of a kind."""
    if rule not in _UNIT or area == "new":
        return 1.0
    try:
        return edition.rule("existing_area_radius_factor").norm({"area": area}).most
    except (UnknownRuleError, NotApplicableError):
        return 1.0
