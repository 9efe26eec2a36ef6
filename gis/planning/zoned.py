"""A site under the zones of a plan: which zones have how much of it, as far as the lines of the plan can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from gis.planning.parts import Part, Parts, parts
from gis.planning.plans import RegisteredPlan
from gis.planning.surroundings import Lying
from layers.model import Horizon


@dataclass(frozen=True, slots=True)
class Zoned:
    """A site under one plan at one horizon; `parts` say of each of the `zones` what it has of the site."""

    plan: RegisteredPlan
    horizon: Horizon
    zones: tuple[Lying, ...]
    parts: Parts

    def each(self) -> Iterator[tuple[Lying, Part]]:
        """Yield each zone that counts, with its part of the site."""
        for part in self.parts.parts:
            yield self.zones[part.place], part

    def drawn(self) -> Iterator[tuple[Lying, Part]]:
        """Yield each zone that has a part of the site as the lines are drawn, with that part."""
        return ((zone, part) for zone, part in self.each() if not part.beside)


def zoned_among(site: BaseGeometry, zones: Sequence[Lying], plan: RegisteredPlan, *, horizon: Horizon) -> Zoned | None:
    """Return a site among zones that were read about it; None where none is of the plan.

    Parameters
    ----------
    zones : those within the line tolerance of the plan, at a horizon.
    """
    of_plan = tuple(zone for zone in zones if zone.values["plan_code"] == plan.code)
    if not of_plan:
        return None
    shapes = [zone.geometry for zone in of_plan]
    return Zoned(plan, horizon, of_plan, parts(site, shapes, tolerance_m=plan.tolerance_m))
