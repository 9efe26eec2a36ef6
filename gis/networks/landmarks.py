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


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What it costs to come from each node to each landmark, and from each landmark to each node, (landmarks, nodes).

    Landmarks reach each other; where a node and a landmark do not, the cost is infinite.
    """

    towards: Numbers
    away: Numbers

    def left(self, leaving: Places, arrivals: Places, last: Numbers) -> Numbers | None:
        """Return what is at least left to go from each node to a target; None where they cannot tell.

        It may be infinite where a node cannot reach the target. Only the landmarks that tell most of the origin count.

        Parameters
        ----------
        leaving : nodes that the search begins with.
        arrivals, last : nodes from which the target is reached, and what that costs.
        """
        if not len(self.towards) or not len(leaving):
            return None
        beyond = (self.towards[:, arrivals] - last).max(axis=1)
        before = (self.away[:, arrivals] + last).min(axis=1)
        if not (np.isfinite(beyond).all() and np.isfinite(before).all()):
            return None
        told = np.concatenate([self.towards[:, leaving[0]] - beyond, before - self.away[:, leaving[0]]])
        left = np.zeros(self.towards.shape[1])
        for best in np.argsort(-np.nan_to_num(told, neginf=0.0))[:_ASKED].tolist():
            mark = best % len(self.towards)
            is_beyond = best < len(self.towards)
            one = self.towards[mark] - beyond[mark] if is_beyond else before[mark] - self.away[mark]
            np.maximum(left, one, out=left)
        return left


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
