"""Pairs of polygons that a straight line parts: found for a million pairs at once, so that few are intersected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_SIZES = (8, 16)
"""Numbers of vertices up to which polygons are compared by lines; for larger ones that would take longer than GEOS."""
_PAIRS_AT_ONCE = 50_000


def not_apart(shapes: Shapes, left: Indices, right: Indices, tolerance_m: float) -> tuple[Indices, Indices]:
    """Return the pairs that no tried edge of either polygon parts, but for a strip as wide as the tolerance.

    A pair that is left out overlaps nowhere by more than a strip of that width; a pair that is returned may or may not
    overlap. Follows the separating-axis theorem, with one edge of each as candidate axis: the one beyond which the
    middle of the other polygon lies farthest.
    """
    positions, owners = shapely.get_coordinates(shapes, return_index=True)
    ends = np.searchsorted(owners, np.arange(len(shapes)), side="right")
    counts = np.diff(ends, prepend=0)
    larger = np.maximum(counts[left], counts[right])
    near = np.ones(len(left), dtype=np.bool_)
    smallest = 0
    for size in _SIZES:
        chosen = np.flatnonzero((larger > smallest) & (larger <= size))
        smallest = size
        if not len(chosen):
            continue
        is_used = np.zeros(len(shapes), dtype=np.bool_)
        is_used[left[chosen]] = is_used[right[chosen]] = True
        used = np.flatnonzero(is_used)
        outlines = _outlines(positions, ends[used] - counts[used], ends[used], size)
        places = np.zeros(len(shapes), dtype=np.int64)
        places[used] = np.arange(len(used))
        for start in range(0, len(chosen), _PAIRS_AT_ONCE):
            some = chosen[start : start + _PAIRS_AT_ONCE]
            near[some] = ~_are_apart(outlines, places[left[some]], places[right[some]], tolerance_m)
    return left[near], right[near]


@dataclass(frozen=True, slots=True)
class _Outlines:
    """Polygons of few vertices, one a column: their vertices and middles, and the edges with their outward normals.

    Of each edge it is known how far the polygon reaches along its normal; one of no length reaches without end, so that
    it parts nothing.
    """

    easting_m: Numbers
    northing_m: Numbers
    middle_easting_m: Numbers
    middle_northing_m: Numbers
    normal_east: Numbers
    normal_north: Numbers
    reach_m: Numbers


def _outlines(positions: Numbers, starts: Indices, ends: Indices, size: int) -> _Outlines:
    places = np.minimum(starts + np.arange(size)[:, None], ends - 1)
    # Measured from a position nearby, so that no digits are lost in products.
    easting_m, northing_m = positions[places, 0] - positions[0, 0], positions[places, 1] - positions[0, 1]
    east, north = np.diff(easting_m, axis=0), np.diff(northing_m, axis=0)
    lengths = np.hypot(east, north)
    turning = np.sign((easting_m[:-1] * north - northing_m[:-1] * east).sum(axis=0))
    scale = turning / np.where(lengths > 0, lengths, np.inf)
    normal_east, normal_north = north * scale, -east * scale
    reach_m = np.full(lengths.shape, -np.inf)
    for vertex_east, vertex_north in zip(easting_m, northing_m, strict=True):
        np.maximum(reach_m, normal_east * vertex_east + normal_north * vertex_north, out=reach_m)
    reach_m[(lengths == 0) | (turning == 0)] = np.inf
    middles = easting_m[:-1].mean(axis=0), northing_m[:-1].mean(axis=0)
    return _Outlines(easting_m, northing_m, *middles, normal_east, normal_north, reach_m)


def _are_apart(outlines: _Outlines, first: Indices, second: Indices, tolerance_m: float) -> npt.NDArray[np.bool_]:
    """Return the pairs parted by the likeliest edge of either."""
    apart = _by_likeliest_edge(outlines, first, second, tolerance_m)
    rest = np.flatnonzero(~apart)
    if len(rest):
        apart[rest] = _by_likeliest_edge(outlines, second[rest], first[rest], tolerance_m)
    return apart


def _by_likeliest_edge(outlines: _Outlines, one: Indices, other: Indices, tolerance_m: float) -> npt.NDArray[np.bool_]:
    """Return the pairs in which the other polygon lies wholly beyond the edge its middle lies farthest beyond."""
    middle_east, middle_north = outlines.middle_easting_m[other], outlines.middle_northing_m[other]
    farthest_m = np.full(len(one), -np.inf)
    best = np.zeros(len(one), dtype=np.int64)
    for edge, (east, north, reach_m) in enumerate(
        zip(outlines.normal_east, outlines.normal_north, outlines.reach_m, strict=True)
    ):
        beyond_m = east[one] * middle_east + north[one] * middle_north - reach_m[one]
        farther = beyond_m > farthest_m
        farthest_m[farther] = beyond_m[farther]
        best[farther] = edge
    east, north = outlines.normal_east[best, one], outlines.normal_north[best, one]
    return _nearest_m(outlines, other, east, north) >= outlines.reach_m[best, one] - tolerance_m


def _nearest_m(outlines: _Outlines, shapes: Indices, east: Numbers, north: Numbers) -> Numbers:
    """Return how far along a normal the nearest vertex of each polygon lies."""
    nearest_m = np.full(len(shapes), np.inf)
    for vertex_east, vertex_north in zip(outlines.easting_m, outlines.northing_m, strict=True):
        np.minimum(nearest_m, vertex_east[shapes] * east + vertex_north[shapes] * north, out=nearest_m)
    return nearest_m
