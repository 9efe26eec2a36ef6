"""What is at least left to go, told by a few landmarks to which all ways are known.

From a node `v` to a target `t` it costs at least `d(v, L) - d(t, L)` and at least `d(L, t) - d(L, v)`, for each
landmark `L` (Goldberg and Harrelson 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from gis.networks.graph import Numbers, Places
from gis.networks.ways import Ways

_DIRECTIONS = 8
_ASKED = 4


Reached = tuple[Places, Numbers]
"""Nodes, and what it costs to come there from a point, or from there to a point."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a few landmarks tell of the way to one target: what each knows of every node, and of the target."""

    beyond: tuple[tuple[Numbers, float], ...]
    before: tuple[tuple[Numbers, float], ...]

    @property
    def left(self) -> Numbers:
        """What is at least left to go from each node; infinite where it is known that there is no way."""
        (known, _), *_ = self.beyond or self.before
        found, told = np.zeros(len(known)), np.empty(len(known))
        for known, target in self.beyond:
            np.maximum(found, np.subtract(known, target, out=told), out=found)
        for known, target in self.before:
            np.maximum(found, np.subtract(target, known, out=told), out=found)
        return found


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What it costs to come from each node to each landmark, and from each landmark to each node, (landmarks, nodes).

    Landmarks reach each other; where a node and a landmark do not, the cost is infinite.
    """

    towards: Numbers
    away: Numbers

    @property
    def reversed(self) -> Landmarks:
        """The same landmarks for who goes the other way round."""
        return Landmarks(self.away, self.towards)

    def told(self, leaving: Reached, arriving: Reached) -> Told | None:
        """Return what they tell of the way from one point to another; None where they cannot tell.

        Only the landmarks that tell most of the origin count.
        """
        (begin, _), (arrivals, last) = leaving, arriving
        if not len(self.towards) or not len(begin):
            return None
        beyond = (self.towards[:, arrivals] - last).max(axis=1)
        before = (self.away[:, arrivals] + last).min(axis=1)
        if not (np.isfinite(beyond).all() and np.isfinite(before).all()):
            return None
        told = np.concatenate([self.towards[:, begin[0]] - beyond, before - self.away[:, begin[0]]])
        best = np.argsort(-np.nan_to_num(told, neginf=0.0))[:_ASKED].tolist()
        number = len(self.towards)
        return Told(
            tuple((self.towards[mark], float(beyond[mark])) for mark in best if mark < number),
            tuple((self.away[mark - number], float(before[mark - number])) for mark in best if mark >= number),
        )


def landmarks(ways: Ways) -> Landmarks:
    """Return the landmarks of a network: the nodes farthest out in eight directions, of those that reach each other."""
    number, arcs = len(ways.graph.nodes), ways.arcs
    if not len(arcs.ends):
        return Landmarks(np.empty((0, number)), np.empty((0, number)))
    whole = csr_array((arcs.costs, arcs.ends, arcs.heads), shape=(number, number))
    # Two edges between the same nodes make it search for ever: they are one here.
    once = coo_array((np.ones(len(arcs.ends), dtype=np.int8), (arcs.starts, arcs.ends)), shape=whole.shape).tocsr()
    _, part = connected_components(once, directed=True, connection="strong")
    inside = np.flatnonzero(part == np.argmax(np.bincount(part)))
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    farthest = (ways.graph.nodes[inside] @ np.stack([np.cos(angles), np.sin(angles)])).argmax(axis=0)
    chosen = np.unique(inside[farthest])
    away = np.asarray(dijkstra(whole, indices=chosen))
    back = ways.reversed.arcs
    turned = csr_array((back.costs, back.ends, back.heads), shape=(number, number))
    return Landmarks(np.asarray(dijkstra(turned, indices=chosen)), away)
