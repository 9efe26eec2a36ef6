"""Pairs of polygons that a straight line parts: found for a million pairs at once, so that few are intersected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_SIZES = (8, 24)
"""Numbers of vertices up to which polygons are compared by lines; larger ones are intersected at once."""
_PAIRS_AT_ONCE = 100_000


def not_apart(shapes: Shapes, left: Indices, right: Indices, tolerance_m: float) -> tuple[Indices, Indices]:
    """Return the pairs that no edge of either polygon parts, but for a strip as wide as the tolerance.

    A pair that is left out overlaps nowhere by more than a strip of that width; a pair that is returned may or may not
    overlap. Follows the separating-axis theorem, with the edges of both as candidate axes.
    """
    counts = shapely.get_num_coordinates(shapes)
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
        edges = _edges(shapes[used], size)
        places = np.zeros(len(shapes), dtype=np.int64)
        places[used] = np.arange(len(used))
        for start in range(0, len(chosen), _PAIRS_AT_ONCE):
            some = chosen[start : start + _PAIRS_AT_ONCE]
            near[some] = ~_are_apart(edges, places[left[some]], places[right[some]], tolerance_m)
    return left[near], right[near]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Polygons of few vertices, in rows of one length: vertices, outward normals of the edges, how far they reach."""

    vertices: Numbers
    centres: Numbers
    normals: Numbers
    reach: Numbers


def _edges(shapes: Shapes, size: int) -> _Edges:
    positions, owners = shapely.get_coordinates(shapes, return_index=True)
    starts = np.searchsorted(owners, np.arange(len(shapes)))
    ends = np.append(starts[1:], len(owners))
    vertices = positions[np.minimum(starts[:, None] + np.arange(size), ends[:, None] - 1)]
    vertices = vertices - vertices[0, 0]
    sides = np.diff(vertices, axis=1)
    lengths = np.hypot(sides[..., 0], sides[..., 1])
    turning = np.sign((vertices[:, :-1, 0] * sides[..., 1] - vertices[:, :-1, 1] * sides[..., 0]).sum(axis=1))
    scale = turning[:, None] / np.where(lengths > 0, lengths, np.inf)
    normals = np.stack([sides[..., 1], -sides[..., 0]], axis=-1) * scale[..., None]
    reach = np.full(lengths.shape, -np.inf)
    for corner in range(size):
        np.maximum(reach, np.einsum("nki,ni->nk", normals, vertices[:, corner]), out=reach)
    reach[lengths == 0] = np.inf
    return _Edges(vertices, vertices[:, :-1].mean(axis=1), normals, reach)


def _are_apart(edges: _Edges, first: Indices, second: Indices, tolerance_m: float) -> npt.NDArray[np.bool_]:
    """Return the pairs parted by an edge of either; the likeliest edge of each is tried before all the others."""
    apart = np.zeros(len(first), dtype=np.bool_)
    for parted in (_by_likeliest_edge, _by_any_edge):
        for one, other in ((first, second), (second, first)):
            rest = np.flatnonzero(~apart)
            if len(rest):
                apart[rest] = parted(edges, one[rest], other[rest], tolerance_m)
    return apart


def _by_likeliest_edge(edges: _Edges, one: Indices, other: Indices, tolerance_m: float) -> npt.NDArray[np.bool_]:
    """Try the edge beyond which the centre of the other polygon lies farthest."""
    beyond = np.einsum("nki,ni->nk", edges.normals[one], edges.centres[other]) - edges.reach[one]
    best = np.argmax(beyond, axis=1)
    normals, reach = edges.normals[one, best], edges.reach[one, best]
    nearest = np.full(len(one), np.inf)
    for corner in range(edges.vertices.shape[1]):
        np.minimum(nearest, np.einsum("ni,ni->n", edges.vertices[other, corner], normals), out=nearest)
    return nearest >= reach - tolerance_m


def _by_any_edge(edges: _Edges, one: Indices, other: Indices, tolerance_m: float) -> npt.NDArray[np.bool_]:
    nearest = (edges.normals[one] @ edges.vertices[other].transpose(0, 2, 1)).min(axis=2)
    return (nearest >= edges.reach[one] - tolerance_m).any(axis=1)
