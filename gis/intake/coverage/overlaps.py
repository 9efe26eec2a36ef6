"""Overlaps of features that must not overlap, looked for window by window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from heapq import heappush, heappushpop

import numpy as np
import numpy.typing as npt
import shapely

from gis.ahead import ahead
from gis.intake.coverage.apart import not_apart
from gis.intake.coverage.footprints import Footprints, Shapes, Window, windows

TOLERANCE_M = 0.01
"""An overlap or gap is one where it is wider than this, taken as twice its area over its perimeter."""
DETAILED = 1_000
"""Of so many overlaps and gaps, the largest, a report tells more than their sum."""
_PAIRS_AT_ONCE = 20_000
_INTERIORS_MEET = "T********"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two features that overlap: how much, a position in the overlap, and whether one lies wholly in the other."""

    uid: int
    other_uid: int
    area_m2: float
    easting_m: float
    northing_m: float
    is_contained: bool


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Overlapping pairs: how many, in how many one lies wholly in the other, their area, the largest in detail."""

    pairs: int
    contained: int
    area_m2: float
    largest: tuple[Overlap, ...]


def all_overlaps(footprints: Footprints) -> Overlaps:
    """Return the overlaps of footprints together, the largest in detail."""
    pairs, contained, area_m2 = 0, 0, 0.0
    largest: list[tuple[float, int, Overlap]] = []
    for overlap in overlaps(footprints):
        pairs += 1
        contained += overlap.is_contained
        area_m2 += overlap.area_m2
        (heappush if len(largest) < DETAILED else heappushpop)(largest, (overlap.area_m2, pairs, overlap))
    return Overlaps(pairs, contained, area_m2, tuple(entry[2] for entry in sorted(largest, reverse=True)))


def overlaps(footprints: Footprints) -> Iterator[Overlap]:
    """Yield each pair of overlapping features of which at least one is new, once, by the names the footprints bear.

    The next window is fetched while one is examined.
    """
    with closing(ahead(windows(footprints))) as seen:
        for window in seen:
            yield from _overlaps_within(window)


def _overlaps_within(window: Window) -> Iterator[Overlap]:
    left, right = _pairs_of(window)
    left, right = not_apart(window.shapes, left, right, TOLERANCE_M)
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        one, other = left[start : start + _PAIRS_AT_ONCE], right[start : start + _PAIRS_AT_ONCE]
        meeting = shapely.relate_pattern(window.shapes[one], window.shapes[other], _INTERIORS_MEET)
        if meeting.any():
            yield from _measured(window, one[meeting], other[meeting])


def _measured(window: Window, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Iterator[Overlap]:
    common = shapely.intersection(window.shapes[one], window.shapes[other])
    area_m2, edge_m = shapely.area(common), shapely.length(common)
    wide = np.flatnonzero(2 * area_m2 > TOLERANCE_M * edge_m)
    points = shapely.get_coordinates(shapely.point_on_surface(common[wide]))
    contained = _is_contained(window.shapes[one[wide]], window.shapes[other[wide]], area_m2[wide])
    for place, (easting_m, northing_m), inside in zip(wide, points, contained, strict=True):
        name, other_name = sorted((int(window.names[one[place]]), int(window.names[other[place]])))
        yield Overlap(name, other_name, float(area_m2[place]), float(easting_m), float(northing_m), bool(inside))


def _is_contained(one: Shapes, other: Shapes, common_m2: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return whether what is left of the smaller of two overlapping features is narrower than the tolerance."""
    smaller = np.where(shapely.area(one) <= shapely.area(other), one, other)
    return 2 * (shapely.area(smaller) - common_m2) <= TOLERANCE_M * shapely.length(smaller)


def _pairs_of(window: Window) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pairs whose boxes overlap by more than the tolerance and that belong to this window.

    A pair belongs to the window that holds the lower left corner of what the two boxes share, so that it is met once.
    """
    left, right = shapely.STRtree(window.shapes).query(window.shapes)
    once = left < right
    left, right = left[once].astype(np.int64), right[once].astype(np.int64)
    bounds = shapely.bounds(window.shapes)
    low = np.maximum(bounds[left, :2], bounds[right, :2])
    high = np.minimum(bounds[left, 2:], bounds[right, 2:])
    chosen = ((high - low) > TOLERANCE_M).all(axis=1)
    chosen &= window.together[left] == window.together[right]
    chosen &= window.is_new[left] | window.is_new[right]
    chosen &= ((low >= window.box[:2]) & (low < window.box[2:])).all(axis=1)
    return left[chosen], right[chosen]
