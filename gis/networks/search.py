"""The ways through a graph that cost least: how far it is from some points to others, and along which edges.

Points lie on edges, between their ends. An origin leaves along its edge to the ends that may be reached, a target is
arrived at from them, and two points on one edge are joined directly where the direction allows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any  # matrices are generic over what they hold

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import SAME_M, Graph, Marks, Numbers, Places
from gis.networks.placing import Placed

_AT_ONCE_CELLS = 16_000_000
"""Costs that are worked out at once: 128 MB of them."""
_NOT_THERE = -9999
_SMALL = np.finfo(np.float64).tiny
_FIRST_DETOUR = 0.2
"""How much more than the straight line a route is first taken to cost, as a share of it."""

Short = npt.NDArray[np.int32]


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


@dataclass(frozen=True)
class Ways:
    """A graph with what it costs to go along each edge: `forward` in the direction of its line, `backward` against it.

    Costs are in m, or in s; where one may not go, the cost is infinite.
    """

    graph: Graph
    forward: Numbers
    backward: Numbers

    @classmethod
    def by_length(cls, graph: Graph, *, forward: Marks | None = None, backward: Marks | None = None) -> Ways:
        """Return the ways whose cost is their length in m; along edges that are not marked one may not go."""
        length_m = graph.length_m
        return cls(
            graph,
            length_m if forward is None else np.where(forward, length_m, np.inf),
            length_m if backward is None else np.where(backward, length_m, np.inf),
        )

    @property
    def is_usable(self) -> Marks:
        """Whether one may go along each edge, one way or the other."""
        return np.isfinite(self.forward) | np.isfinite(self.backward)

    @cached_property
    def reversed(self) -> Ways:
        """The same ways gone the other way round: what leads from a place here leads to it there."""
        return Ways(self.graph, self.backward, self.forward)

    @cached_property
    def arcs(self) -> Arcs:
        """All that may be gone."""
        graph, ahead, back = self.graph, np.isfinite(self.forward), np.isfinite(self.backward)
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

    @cached_property
    def least_cost_per_m(self) -> float:
        """What a metre costs where it costs least."""
        costs = np.minimum(self.forward, self.backward)
        known = np.isfinite(costs) & (self.graph.length_m > 0)
        return float((costs[known] / self.graph.length_m[known]).min()) if known.any() else 0.0

    def leaving(self, origins: Placed) -> tuple[Places, Places, Numbers]:
        """Return what leads away from origins: their places, the nodes it leads to, what it costs; by origin.

        Who stands at a node is there, whichever way the edge goes.
        """
        mine, edge, share = self._where(origins)
        graph = self.graph
        origin = np.concatenate([mine, mine])
        node = np.concatenate([graph.end[edge], graph.start[edge]])
        ahead, back = _part(self.forward[edge], 1 - share), _part(self.backward[edge], share)
        cost = (
            np.concatenate([np.where(share == 1, 0.0, ahead), np.where(share == 0, 0.0, back)]) + origins.cost[origin]
        )
        order = np.argsort(origin, kind="stable")
        order = order[np.isfinite(cost[order])]
        return origin[order], node[order], cost[order]

    def arriving(self, targets: Placed) -> tuple[Places, Places, Numbers]:
        """Return what leads to targets, as `leaving` does: their places, the nodes it comes from, what it costs."""
        return Ways(self.graph, self.backward, self.forward).leaving(targets)

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


def _with_origins(ways: Ways, origins: Placed) -> Any:
    """Return the graph as a matrix, with a node for each origin behind its own nodes."""
    arcs = ways.arcs
    origin, node, cost = ways.leaving(origins)
    heads = arcs.heads[-1] + np.cumsum(np.bincount(origin, minlength=len(origins.points)))
    size = len(ways.graph.nodes) + len(origins.points)
    parts = (
        np.concatenate([arcs.costs, cost]),
        np.concatenate([arcs.ends, node.astype(np.int32)]),
        np.concatenate([arcs.heads, heads.astype(np.int32)]),
    )
    return csr_array(parts, shape=(size, size))


def from_each(ways: Ways, origins: Placed, *, most: float = np.inf) -> Iterator[tuple[Places, Numbers]]:
    """Yield what it costs to reach each node from each origin, some origins at a time: their places, (origins, nodes).

    Parameters
    ----------
    most : costs beyond this are infinite.
    """
    nodes, number = len(ways.graph.nodes), len(origins.points)
    whole = _with_origins(ways, origins)
    size = max(1, _AT_ONCE_CELLS // max(1, whole.shape[0]))
    for begin in range(0, number, size):
        some = np.arange(begin, min(begin + size, number))
        found = dijkstra(whole, directed=True, indices=nodes + some, limit=most)
        yield some, np.asarray(found, dtype=np.float64)[:, :nodes]


def between(ways: Ways, origins: Placed, targets: Placed, *, most: float = np.inf) -> Numbers:
    """Return what it costs to go from each origin to each target, (origins, targets); infinite where none may."""
    target, node, last = ways.arriving(targets)
    found = np.full((len(origins.points), len(targets.points)), np.inf)
    for some, costs in from_each(ways, origins, most=most):
        arrived = np.full((len(targets.points), len(some)), np.inf)
        np.minimum.at(arrived, target, (costs[:, node] + last).T)
        found[some] = arrived.T
    here, there, direct = ways.beside(origins, targets)
    np.minimum.at(found, (here, there), direct)
    return np.where(found <= most, found, np.inf)


def to_nearest(ways: Ways, places: Placed, targets: Placed, *, most: float = np.inf) -> tuple[Numbers, Places]:
    """Return what it costs to go from each place to the target that costs least, and which that is; -1 where none is.

    One search, from all targets at once, against the direction of the ways.
    """
    number = len(places.points)
    cost, nearest = np.full(number, np.inf), np.full(number, -1, dtype=np.int64)
    if not len(targets.points) or not number:
        return cost, nearest
    back, nodes = ways.reversed, len(ways.graph.nodes)
    origins = nodes + np.arange(len(targets.points))
    found, _, source = dijkstra(
        _with_origins(back, targets), indices=origins, min_only=True, return_predecessors=True, limit=most
    )
    place, node, last = back.arriving(places)
    here, there, direct = back.beside(targets, places)
    reached = np.concatenate([there, place])
    candidates = np.concatenate([direct, np.asarray(found)[node] + last])
    targets_of = np.concatenate([here, np.asarray(source, dtype=np.int64)[node] - nodes])
    order = np.lexsort((candidates, reached))
    order = order[candidates[order] <= most]
    reached, first = np.unique(reached[order], return_index=True)
    known = np.isfinite(candidates[order][first])
    cost[reached[known]] = candidates[order][first][known]
    nearest[reached[known]] = targets_of[order][first][known]
    return cost, nearest


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one point to another: what it costs, the nodes it passes, and the edges it goes along, in order.

    Of the first and the last edge it goes along a part.
    """

    cost: float
    nodes: tuple[int, ...]
    edges: tuple[int, ...]


def route(ways: Ways, origin: Placed, target: Placed) -> Route | None:
    """Return the way that costs least from one point to another; None where there is none.

    What lies in the direction of the target is looked at first: from each step is taken what it brings nearer, in a
    straight line at the least cost of a metre, so that costs become detours, and a search that allows for few of them
    ends soon (Hart, Nilsson and Raphael 1968, by the costs of Johnson 1977).
    """
    _, _, direct = ways.beside(origin, target)
    _, arrivals, last = ways.arriving(target)
    whole = _with_origins(ways, origin)
    nodes, (east, north) = ways.graph.nodes, _position(ways.graph, target)
    start = _position(ways.graph, origin)
    ahead = ways.least_cost_per_m * np.hypot(nodes[:, 0] - east, nodes[:, 1] - north)
    straight = ways.least_cost_per_m * float(np.hypot(start[0] - east, start[1] - north))
    left = np.concatenate([ahead, [straight]])
    starts = np.concatenate([ways.arcs.starts, np.full(whole.nnz - len(ways.arcs.ends), len(nodes), dtype=np.int32)])
    whole.data = np.maximum(whole.data + left[whole.indices] - left[starts], 0.0)
    found = _searched(whole, arrivals, last - ahead[arrivals], straight)
    best = float(direct.min(initial=np.inf))
    if found is None or found.detour + straight >= best:
        return Route(best, (), (int(origin.edge[0]),)) if np.isfinite(best) else None
    passed = found.passed(len(nodes))
    along = [_edge_between(ways.arcs, here, there) for here, there in pairwise(passed)]
    edges = (int(origin.edge[0]), *along, int(target.edge[0]))
    return Route(found.detour + straight, tuple(passed), edges)


@dataclass(frozen=True, slots=True)
class _Found:
    detour: float
    node: int
    before: Short

    def passed(self, origin: int) -> list[int]:
        passed = [self.node]
        while (node := int(self.before[passed[-1]])) != origin:
            passed.append(node)
        return passed[::-1]


def _searched(whole: Any, arrivals: Places, last: Numbers, straight: float) -> _Found | None:
    """Search ever farther until the target is reached within what was allowed for."""
    if not len(arrivals):
        return None
    origin = whole.shape[0] - 1
    allowed = max(_FIRST_DETOUR * straight, 1.0)
    while True:
        costs, before = dijkstra(whole, indices=origin, limit=allowed, return_predecessors=True)
        arrived = np.asarray(costs)[arrivals] + last
        best = int(np.argmin(arrived))
        detour = float(arrived[best])
        if detour <= allowed:
            return _Found(detour, int(arrivals[best]), before)
        if np.isinf(allowed):
            return None
        reached = int(np.isfinite(costs).sum())
        allowed = (
            detour if np.isfinite(detour) else (4 * allowed + straight if reached < whole.shape[0] / 4 else np.inf)
        )


def _position(graph: Graph, placed: Placed) -> tuple[float, float]:
    point = placed.snapped(graph)[0]
    return float(point.x), float(point.y)


def _edge_between(arcs: Arcs, here: int, there: int) -> int:
    """Return the edge by which one goes from a node to its neighbour."""
    entries = np.arange(arcs.heads[here], arcs.heads[here + 1])
    entries = entries[arcs.ends[entries] == there]
    return int(arcs.edges[entries[int(np.argmin(arcs.costs[entries]))]])
