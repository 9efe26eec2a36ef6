"""Streets that run on: pieces of the same rank that meet head on are one street."""

from __future__ import annotations

import numpy as np
import shapely

from gis.sample.arrays import Ints, Shapes, keys

_HEAD_ON = -0.75
"""Cosine between two pieces leaving a junction, at most this for the one to be the other's continuation."""


def chains(lines: Shapes, ranks: Ints) -> Ints:
    """Return for each line the number of the street it belongs to."""
    ends = np.stack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)], axis=1)
    nexts = np.stack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (1, -2)], axis=1)
    leaving = nexts - ends
    leaving /= np.maximum(np.hypot(leaving[..., 0], leaving[..., 1]), 1e-9)[..., None]
    node = keys(ends).reshape(-1)
    way, rank = leaving.reshape(-1, 2), np.repeat(ranks, 2)
    order = np.lexsort((rank, node))
    same = (node[order][1:] == node[order][:-1]) & (rank[order][1:] == rank[order][:-1])
    groups = np.split(order, np.flatnonzero(~same) + 1)
    joined: list[tuple[int, int]] = []
    for group in groups:
        if len(group) > 1:
            joined.extend(_continued(group, way[group]))
    return _numbered(len(lines), np.array(joined, dtype=np.int64).reshape(-1, 2) // 2)


def _continued(group: Ints, way: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of line ends, among those at one junction, that continue each other."""
    cosines = way @ way.T
    found: list[tuple[int, int]] = []
    while True:
        first, second = np.unravel_index(int(np.argmin(cosines)), cosines.shape)
        if cosines[first, second] > _HEAD_ON:
            return found
        found.append((int(group[first]), int(group[second])))
        cosines[[first, second]] = 1.0
        cosines[:, [first, second]] = 1.0


def _numbered(count: int, pairs: Ints) -> Ints:
    label = np.arange(count)
    while len(pairs):
        least = np.minimum(label[pairs[:, 0]], label[pairs[:, 1]])
        lower = label.copy()
        np.minimum.at(lower, pairs[:, 0], least)
        np.minimum.at(lower, pairs[:, 1], least)
        lower = lower[lower]
        if np.array_equal(lower, label):
            break
        label = lower
    return np.unique(label, return_inverse=True)[1]
