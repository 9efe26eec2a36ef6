"""The street of the plan that a site lies at."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.planning.surroundings import Lying

_BESIDE_M = 1.0
"""How far a lot and the red line along it may be drawn apart."""


def street(ground: Ground, site: BaseGeometry, from_: BaseGeometry | None = None) -> Lying | None:
    """Return the road reserve beside a site, the one nearest to `from_` where there are several; None without one."""
    beside = ground.about("road_reserve", site, _BESIDE_M + ground.terms.tolerance_m)
    of_plan = [each for each in beside if each.values["plan_code"] == ground.terms.plan.code]
    return min(of_plan, key=lambda each: each.geometry.distance(from_ or site), default=None)
