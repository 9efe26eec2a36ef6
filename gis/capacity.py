"""How much may be built on a site: the ground that may be built on, the limits of its zones, the envelope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any  # limits are of the kinds their columns declare

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.standards import Edition, NotApplicableError, UnknownRuleError
from gis.standards.axes import Steps
from gis.surroundings import Lying
from gis.zoned import Zoned

_ENOUGH_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Limits:
    """What zones allow on a site; None where one of them does not say it.

    Floor area, built ground and green are sums over the parts of the site in each zone; of heights, storeys and
    setbacks the strictest counts.
    """

    floor_m2: float | None
    built_m2: float | None
    height_m: float | None
    storeys: int | None
    setback_m: float | None
    green_m2: float | None
    zones: tuple[str, ...]
    uses: tuple[str, ...]


def limits(zoned: Zoned | None) -> Limits:
    """Return what the zones of a site allow, as their lines are drawn."""
    drawn = list(zoned.drawn()) if zoned else []
    floor = [(part.area_m2, zone.values["max_floor_area_ratio"]) for zone, part in drawn]
    built = [(part.area_m2, zone.values["max_built_share"]) for zone, part in drawn]
    return Limits(
        _sum_of_products(floor),
        _sum_of_products(built),
        min(_known(zone.values["max_height_m"] for zone, _ in drawn), default=None),
        min(_known(zone.values["max_storeys"] for zone, _ in drawn), default=None),
        max(_known(zone.values["setback_m"] for zone, _ in drawn), default=None),
        _sum_of_products([(part.area_m2, zone.values["min_green_share"]) for zone, part in drawn]),
        tuple(str(zone.values["code"] or zone.uid) for zone, _ in drawn),
        tuple(dict.fromkeys(str(zone.values["plan_use"]) for zone, _ in drawn)),
    )


def _sum_of_products(pairs: Sequence[tuple[float, float | None]]) -> float | None:
    if not pairs or any(ratio is None for _, ratio in pairs):
        return None
    return sum(area_m2 * (ratio or 0.0) for area_m2, ratio in pairs)


def _known(values: Iterable[Any]) -> list[Any]:
    return [each for each in values if each is not None]


def buildable(
    site: BaseGeometry, reserves: Iterable[BaseGeometry], corridors: Iterable[BaseGeometry], *, setback_m: float
) -> BaseGeometry:
    """Return the ground of a site that may be built on: out of corridors, and back from the red lines of streets.

    Parameters
    ----------
    reserves, corridors : polygons in EPSG:5899.
    setback_m : how far buildings stand back from red lines, in m.
    """
    taken = [*(shapely.buffer(each, setback_m, join_style="mitre") for each in reserves), *corridors]
    if not taken:
        return site
    return shapely.difference(site, shapely.union_all(np.array(taken, dtype=object)))


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the envelope: from a height to a height, both in m above the ground, over a footprint."""

    base_m: float
    top_m: float
    setback_m: float
    ground: BaseGeometry


def setbacks(edition: Edition, road_width_m: float, height_m: float) -> tuple[tuple[float, float, float], ...]:
    """Return the steps of setbacks of Table 2.7 up to a height: from, to, setback, in m; none where it is not known."""
    if "setback" not in edition.rules:
        return ()
    rule = edition.rule("setback")
    axis = next((axis for axis in rule.axes if axis.name == "height_m"), None)
    if not isinstance(axis, Steps):
        return ()
    bounds = [*(start for start in axis.starts if start < height_m), height_m]
    steps: list[tuple[float, float, float]] = []
    for base_m, top_m in pairwise(bounds):
        try:
            least = rule.norm(road_width_m=road_width_m, height_m=base_m).least
        except (NotApplicableError, UnknownRuleError):
            return ()
        if steps and steps[-1][2] == least:
            steps[-1] = (steps[-1][0], top_m, least)
        else:
            steps.append((base_m, top_m, least))
    return tuple(steps)


def envelope(
    site: BaseGeometry,
    reserves: Sequence[Lying],
    corridors: Sequence[BaseGeometry],
    steps: Sequence[tuple[float, float, float]],
) -> Iterator[Step]:
    """Yield the parts of the envelope that steps of setbacks leave: a podium, and towers that stand back further."""
    for base_m, top_m, setback_m in steps:
        ground = buildable(site, [each.geometry for each in reserves], corridors, setback_m=setback_m)
        if ground.area > _ENOUGH_M2:
            yield Step(base_m, top_m, setback_m, ground)


def solid(ground: BaseGeometry, base_m: float, top_m: float) -> shapely.MultiPolygon:
    """Return the faces of a block over a footprint, as polygons with heights: floor, roof and walls.

    Parameters
    ----------
    base_m, top_m : heights above the ground in m.
    """
    faces: list[shapely.Polygon] = []
    for part in shapely.get_parts(ground):
        faces += [_level(part, base_m), _level(part, top_m)]
        for ring in (part.exterior, *part.interiors):
            corners = shapely.get_coordinates(ring)
            faces += [
                shapely.Polygon([(*a, base_m), (*b, base_m), (*b, top_m), (*a, top_m)]) for a, b in pairwise(corners)
            ]
    return shapely.MultiPolygon(faces)


def _level(part: shapely.Polygon, height_m: float) -> shapely.Polygon:
    return shapely.force_3d(part, height_m)
