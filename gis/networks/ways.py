"""What may be gone along the edges of a graph, which way, and what it costs.

Points lie on edges, between their ends. An origin leaves along its edge to the ends that may be reached, a target is
arrived at from them, and two points on one edge are joined directly where the direction allows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gis.networks.graph import SAME_M, Graph, Marks, Numbers, Places
from gis.networks.placing import Index, Placed

AT_NODE_M = 0.5
"""Who stands as near to the end of an edge stands at its node."""
_SMALL = np.finfo(np.float64).tiny

Short = npt.NDArray[np.int32]
Part = tuple[Short, Short, Numbers]
"""Entries by the places of some nodes: where those of each begin, where they lead, what they cost."""


@dataclass(frozen=True)
class Arcs:
    """What may be gone, one entry for each direction of each edge, by the node it leaves.

    Those of node `n` are the entries from `heads[n]` to `heads[n + 1]`: the node they lead to, what they cost, the edge
    they go along, and whether they do so in the direction of its line.
    """

    heads: Short
    ends: Short
    costs: Numbers
    edges: Short
    is_ahead: Marks

    @cached_property
    def starts(self) -> Short:
        """The node that each entry leaves."""
        return np.repeat(np.arange(len(self.heads) - 1, dtype=np.int32), np.diff(self.heads))

    def along(self, nodes: Places) -> Places:
        """Return the edges by which one goes from each node to the next, the cheapest where there are several."""
        here, there = nodes[:-1], nodes[1:]
        sizes = (self.heads[here + 1] - self.heads[here]).astype(np.int64)
        ends = np.cumsum(sizes)
        entries = np.repeat(self.heads[here] - ends + sizes, sizes) + np.arange(int(sizes.sum()))
        step = np.repeat(np.arange(len(here)), sizes)
        fit = self.ends[entries] == there[step]
        entries, step = entries[fit], step[fit]
        order = np.lexsort((self.costs[entries], step))
        _, first = np.unique(step[order], return_index=True)
        return self.edges[entries[order[first]]].astype(np.int64)

    def among(self, nodes: Places, place: Short) -> Part:
        """Return the entries that lead from some nodes to others of them.

        Parameters
        ----------
        place : of every node its place among those, -1 where it is none of them.
        """
        sizes = self.heads[nodes + 1] - self.heads[nodes]
        ends = np.cumsum(sizes, dtype=np.int32)
        entries = np.repeat(self.heads[nodes] - ends + sizes, sizes)
        entries += np.arange(len(entries), dtype=np.int32)
        there = place[self.ends[entries]]
        inside = there >= 0
        number = np.concatenate([[0], np.cumsum(inside, dtype=np.int32)], dtype=np.int32)
        heads = number[np.concatenate([[0], ends])]
        return heads, there[inside], self.costs[entries[inside]]


@dataclass(frozen=True)
class Ways:
    """A graph with what it costs to go along each edge: `forward` in the direction of its line, `backward` against it.

    Costs are in m, or in s; where one may not go, the cost is infinite. Edges that are not marked as `through` are
    closed to who comes from elsewhere: who begins or ends there may leave them, or come in. Without, none is closed.
    """

    graph: Graph
    forward: Numbers
    backward: Numbers
    through: Marks | None = None

    @classmethod
    def by_length(
        cls,
        graph: Graph,
        *,
        forward: Marks | None = None,
        backward: Marks | None = None,
        through: Marks | None = None,
    ) -> Ways:
        """Return the ways whose cost is their length in m; along edges that are not marked one may not go."""
        length_m = graph.length_m
        return cls(
            graph,
            length_m if forward is None else np.where(forward, length_m, np.inf),
            length_m if backward is None else np.where(backward, length_m, np.inf),
            through,
        )

    @property
    def is_usable(self) -> Marks:
        """Whether one may go along each edge, one way or the other."""
        return np.isfinite(self.forward) | np.isfinite(self.backward)

    @property
    def length_m(self) -> float:
        """Length of all that one may go along."""
        return float(self.graph.length_m[self.is_usable].sum())

    @cached_property
    def onto(self) -> Index:
        """The edges that points may be set onto: those along which one may go."""
        usable = self.is_usable
        return Index(self.graph, None if usable.all() else np.flatnonzero(usable).astype(np.int64))

    @cached_property
    def reversed(self) -> Ways:
        """The same ways gone the other way round: what leads from a place here leads to it there."""
        return Ways(self.graph, self.backward, self.forward, self.through)

    @cached_property
    def arcs(self) -> Arcs:
        """All that may be gone."""
        graph, ahead, back = self.graph, np.isfinite(self.forward), np.isfinite(self.backward)
        if self.through is not None:
            ahead, back = ahead & self.through, back & self.through
        starts = np.concatenate([graph.start[ahead], graph.end[back]])
        order = np.argsort(starts, kind="stable")
        heads = np.concatenate([[0], np.cumsum(np.bincount(starts, minlength=len(graph.nodes)))])
        return Arcs(
            heads.astype(np.int32),
            np.concatenate([graph.end[ahead], graph.start[back]])[order].astype(np.int32),
            np.concatenate([self.forward[ahead], self.backward[back]])[order],
            np.concatenate([np.flatnonzero(ahead), np.flatnonzero(back)])[order].astype(np.int32),
            np.repeat([True, False], [int(ahead.sum()), int(back.sum())])[order],
        )

    @property
    def gone_through(self) -> tuple[Numbers, Numbers]:
        """What it costs to go along each edge ahead and back, having come to its end; infinite where one may not."""
        if self.through is None:
            return self.forward, self.backward
        return np.where(self.through, self.forward, np.inf), np.where(self.through, self.backward, np.inf)

    @cached_property
    def longest_back(self) -> Numbers:
        """The most that it costs to go back along an edge that ends at each node; nothing where none does."""
        _, backward = self.gone_through
        most = np.zeros(len(self.graph.nodes))
        known = np.isfinite(backward)
        np.maximum.at(most, self.graph.end[known], backward[known])
        most[self.graph.end[~known & np.isfinite(self.forward)]] = np.inf
        return most

    @cached_property
    def least_cost_per_m(self) -> float:
        """What a metre costs where it costs least."""
        costs = np.minimum(self.forward, self.backward)
        known = np.isfinite(costs) & (self.graph.length_m > 0)
        return float((costs[known] / self.graph.length_m[known]).min()) if known.any() else 0.0

    def leaving(self, origins: Placed) -> tuple[Places, Places, Numbers]:
        """Return what leads away from origins: their places, the nodes it leads to, what it costs; by origin.

        Who stands within half a metre of a node may go there whichever way the edge goes: positions are no surer.
        """
        mine, edge, share = self._where(origins)
        graph, length_m = self.graph, self.graph.length_m[edge]
        origin = np.concatenate([mine, mine])
        node = np.concatenate([graph.end[edge], graph.start[edge]])
        ahead, back = self.forward[edge], self.backward[edge]
        at_end, at_start = (1 - share) * length_m <= AT_NODE_M, share * length_m <= AT_NODE_M
        to_end = _part(np.where(at_end & np.isinf(ahead), back, ahead), 1 - share)
        to_start = _part(np.where(at_start & np.isinf(back), ahead, back), share)
        at_node = np.concatenate([share == 1, share == 0])
        cost = np.where(at_node, 0.0, np.concatenate([to_end, to_start])) + origins.cost[origin]
        order = np.argsort(origin, kind="stable")
        order = order[np.isfinite(cost[order])]
        return origin[order], node[order], cost[order]

    def arriving(self, targets: Placed) -> tuple[Places, Places, Numbers]:
        """Return what leads to targets, as `leaving` does: their places, the nodes it comes from, what it costs."""
        return self.reversed.leaving(targets)

    def beside(self, origins: Placed, targets: Placed) -> tuple[Places, Places, Numbers]:
        """Return what leads from origins to targets on the same edge: places of both, what it costs."""
        order = np.argsort(targets.edge, kind="stable")
        edges = targets.edge[order]
        mine = np.flatnonzero(origins.is_placed)
        low = np.searchsorted(edges, origins.edge[mine], side="left")
        number = np.searchsorted(edges, origins.edge[mine], side="right") - low
        ends = np.cumsum(number)
        within = np.arange(int(number.sum())) - np.repeat(ends - number, number)
        origin, target = np.repeat(mine, number), order[np.repeat(low, number) + within]
        edge = origins.edge[origin]
        way_m = targets.along_m[target] - origins.along_m[origin]
        share = np.abs(way_m) / np.maximum(self.graph.length_m[edge], _SMALL)
        cost = _part(np.where(way_m >= 0, self.forward[edge], self.backward[edge]), share)
        # A point that leaves and arrives at one position has come there, whichever way the street goes.
        cost[way_m == 0] = 0.0
        cost += origins.cost[origin] + targets.cost[target]
        known = np.isfinite(cost)
        return origin[known], target[known], cost[known]

    def _where(self, placed: Placed) -> tuple[Places, Places, Numbers]:
        mine = np.flatnonzero(placed.is_placed)
        edge, along_m = placed.edge[mine], placed.along_m[mine]
        length_m = self.graph.length_m[edge]
        share = np.clip(along_m / np.maximum(length_m, _SMALL), 0.0, 1.0)
        return mine, edge, np.where(along_m <= SAME_M, 0.0, np.where(along_m >= length_m - SAME_M, 1.0, share))


def _part(cost: Numbers, share: Numbers) -> Numbers:
    """Return the cost of a share of an edge; infinite stays infinite, even for nothing of it."""
    known = np.isfinite(cost)
    return np.where(known, np.where(known, cost, 0.0) * share, np.inf)
