"""Pairs of polygons that a straight line parts: found for a million pairs at once, so that few are intersected."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

_SIZES = (8, 24)
"""Numbers of vertices up to which polygons are compared by lines; larger ones are intersected at once."""
_PAIRS_AT_ONCE = 200_000


def not_apart(shapes: Shapes, pairs: Pairs, tolerance_m: float) -> Pairs:
    """Return the pairs that no edge of either polygon parts, but for a strip as wide as the tolerance.

    A pair that is left out overlaps nowhere by more than a strip of that width; a pair that is returned may or may not
    overlap. Follows the separating-axis theorem, with the edges of both as candidate axes.
    """
    left, right = pairs
    counts = shapely.get_num_coordinates(shapes)
    larger = np.maximum(counts[left], counts[right])
    open_pairs = np.ones(len(left), dtype=np.bool_)
    smallest = 0
    for size in _SIZES:
        chosen = np.flatnonzero((larger > smallest) & (larger <= size))
        smallest = size
        padded, places = _padded(shapes, np.unique(np.concatenate([left[chosen], right[chosen]])), size)
        for start in range(0, len(chosen), _PAIRS_AT_ONCE):
            some = chosen[start : start + _PAIRS_AT_ONCE]
            first, second = places[left[some]], places[right[some]]
            apart = _parted(padded, first, second, tolerance_m)
            rest = np.flatnonzero(~apart)
            apart[rest] = _parted(padded, second[rest], first[rest], tolerance_m)
            open_pairs[some] = ~apart
    return left[open_pairs], right[open_pairs]


def _padded(
    shapes: Shapes, used: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the vertices of the used shapes in rows of one length, the last vertex repeated, and each shape's row."""
    places = np.full(len(shapes), -1, dtype=np.int64)
    places[used] = np.arange(len(used))
    positions, owners = shapely.get_coordinates(shapes[used], return_index=True)
    starts = np.searchsorted(owners, np.arange(len(used)))
    ends = np.searchsorted(owners, np.arange(len(used)), side="right")
    columns = np.minimum(starts[:, None] + np.arange(size), ends[:, None] - 1)
    return positions[columns], places


def _parted(
    padded: npt.NDArray[np.float64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    tolerance_m: float,
) -> npt.NDArray[np.bool_]:
    """Return the pairs of which an edge of the first has the first on one side and the second on the other."""
    parted = np.zeros(len(first), dtype=np.bool_)
    for corner in range(padded.shape[1] - 1):
        rest = np.flatnonzero(~parted)
        if not len(rest):
            break
        one, other = padded[first[rest]], padded[second[rest]]
        edge = one[:, corner + 1] - one[:, corner]
        length = np.hypot(edge[:, 0], edge[:, 1])
        normal = np.column_stack([edge[:, 1], -edge[:, 0]]) / np.where(length > 0, length, np.inf)[:, None]
        base = one[:, corner]
        near = np.einsum("nij,nj->ni", one - base[:, None], normal)
        far = np.einsum("nij,nj->ni", other - base[:, None], normal)
        beyond = (far.min(axis=1) >= near.max(axis=1) - tolerance_m) | (far.max(axis=1) <= near.min(axis=1) + tolerance_m)
        parted[rest] = beyond & (length > 0)
    return parted
