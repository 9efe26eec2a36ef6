"""How much may be built on a site: the ground that may be built on, the limits of its zones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any  # limits are of the kinds their columns declare

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.planning.zoned import Zoned


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
