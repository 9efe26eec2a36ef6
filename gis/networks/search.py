"""The ways through a graph that cost least: how far it is from some points to others, and along which edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any  # matrices are generic over what they hold

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Graph, Numbers, Places
from gis.networks.landmarks import Landmarks
from gis.networks.placing import Placed
from gis.networks.ways import Arcs, Short, Ways

_AT_ONCE_CELLS = 16_000_000
"""Costs that are worked out at once: 128 MB of them."""
_FIRST_DETOUR = 0.01
"""How much more than what is at least left a route is first taken to cost, as a share of it."""
_WIDELY = 0.25
"""A search that has reached this share of all nodes is not ended once more."""


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


def from_any(ways: Ways, origins: Placed, *, most: float = np.inf) -> Numbers:
    """Return what it costs to reach each node from the origin that is nearest to it; infinite beyond `most`."""
    nodes, number = len(ways.graph.nodes), len(origins.points)
    if not number:
        return np.full(nodes, np.inf)
    found = dijkstra(_with_origins(ways, origins), indices=nodes + np.arange(number), min_only=True, limit=most)
    return np.asarray(found, dtype=np.float64)[:nodes]


def between(ways: Ways, origins: Placed, targets: Placed, *, most: float = np.inf) -> Numbers:
    """Return what it costs to go from each origin to each target, (origins, targets); infinite where none may."""
    if len(origins.points) > len(targets.points):  # a search from each of the fewer
        return between(ways.reversed, targets, origins, most=most).T
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


def to_nearest_few(
    ways: Ways, places: Placed, targets: Placed, *, number: int, most: float = np.inf
) -> tuple[Numbers, Places]:
    """Return what it costs to go from each place to the few targets that cost least, (number, places), and which.

    The nearest stands first; what there is no way to is infinitely far off, and -1.
    """
    if number == 1:
        cost, nearest = to_nearest(ways, places, targets, most=most)
        return cost[None, :], nearest[None, :]
    least: Numbers = np.full((number, len(places.points)), np.inf)
    which: Places = np.full(least.shape, -1, dtype=np.int64)
    size = max(1, _AT_ONCE_CELLS // max(1, len(places.points)))
    for begin in range(0, len(targets.points), size):
        some = np.arange(begin, min(begin + size, len(targets.points)))
        costs = between(ways, places, targets.chosen(some), most=most).T
        every = np.concatenate([least, costs])
        names = np.concatenate([which, np.broadcast_to(some[:, None], costs.shape)])
        order = np.argsort(every, axis=0, kind="stable")[:number]
        least, which = np.take_along_axis(every, order, axis=0), np.take_along_axis(names, order, axis=0)
    return least, np.where(np.isfinite(least), which, -1)


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one point to another: what it costs, the nodes it passes, and the edges it goes along, in order.

    Of the first and the last edge it goes along a part.
    """

    cost: float
    nodes: tuple[int, ...]
    edges: tuple[int, ...]


def route(ways: Ways, origin: Placed, target: Placed, *, landmarks: Landmarks | None = None) -> Route | None:
    """Return the way that costs least from one point to another; None where there is none.

    What lies in the direction of the target is looked at first: from each step is taken what it brings nearer, at
    least, so that costs become detours, and a search that allows for few of them ends soon (Hart, Nilsson and Raphael
    1968, by the costs of Johnson 1977).

    Parameters
    ----------
    landmarks : of the same ways; they tell better than the straight line what is left to go.
    """
    _, _, direct = ways.beside(origin, target)
    _, arrivals, last = ways.arriving(target)
    best = float(direct.min(initial=np.inf))
    _, leaving, first = ways.leaving(origin)
    if not (len(leaving) and len(arrivals)):
        found = None
    else:
        told = None if landmarks is None else landmarks.left(leaving, arrivals, last)
        left = _left(ways, target) if told is None else np.maximum(told, _left(ways, target))
        found = _searched(ways, (leaving, first), (arrivals, last), left)
    if found is None or found.cost >= best:
        return Route(best, (), (int(origin.edge[0]),)) if np.isfinite(best) else None
    passed = found.passed(len(ways.graph.nodes))
    along = [_edge_between(ways.arcs, here, there) for here, there in pairwise(passed)]
    edges = (int(origin.edge[0]), *along, int(target.edge[0]))
    return Route(found.cost, tuple(passed), edges)


def _left(ways: Ways, target: Placed) -> Numbers:
    """Return what is at least left to go from each node to a target, were there a straight way of the cheapest kind."""
    east, north = _position(ways.graph, target)
    nodes = ways.graph.nodes
    return ways.least_cost_per_m * np.hypot(nodes[:, 0] - east, nodes[:, 1] - north)


@dataclass(frozen=True, slots=True)
class _Found:
    cost: float
    node: int
    before: Short

    def passed(self, origin: int) -> list[int]:
        passed = [self.node]
        while (node := int(self.before[passed[-1]])) != origin:
            passed.append(node)
        return passed[::-1]


Reached = tuple[Places, Numbers]
"""Nodes, and what it costs to come there from a point, or from there to a point."""


def _searched(ways: Ways, leaving: Reached, arriving: Reached, left: Numbers) -> _Found | None:
    """Search ever farther until the target is reached within what was allowed for."""
    (begin, first), (arrivals, last) = leaving, arriving
    straight = float((first + left[begin]).min())
    if not np.isfinite(straight):
        return None
    whole = _detours(ways.arcs, begin, first + left[begin] - straight, left)
    number = len(left)
    allowed = max(_FIRST_DETOUR * straight, 1.0)
    while True:
        costs, before = dijkstra(whole, indices=number, limit=allowed, return_predecessors=True)
        arrived = np.asarray(costs)[arrivals] + last - left[arrivals]
        best = int(np.argmin(arrived))
        detour = float(arrived[best])
        if detour <= allowed:
            return _Found(detour + straight, int(arrivals[best]), before)
        if np.isinf(allowed):
            return None
        # Where few nodes were reached the search may go on cheaply; where many were, all the rest is looked at.
        widely = int(np.isfinite(costs).sum()) >= number * _WIDELY
        allowed = detour if np.isfinite(detour) else np.inf if widely else 4 * allowed


def _detours(arcs: Arcs, begin: Places, first: Numbers, left: Numbers) -> Any:
    """Return the graph with one origin behind its nodes; of each cost is taken off what it brings nearer."""
    number = len(arcs.ends)
    costs = np.empty(number + len(first))
    np.take(left, arcs.ends, out=costs[:number])
    costs[:number] += arcs.costs
    costs[number:] = first
    with np.errstate(invalid="ignore"):
        costs[:number] -= np.repeat(left, np.diff(arcs.heads))
    if not np.isfinite(left).all():  # from a node that cannot reach the target nothing leads there
        costs[np.isnan(costs)] = np.inf
    np.maximum(costs, 0.0, out=costs)  # rounding leaves no cost below nothing
    ends = np.append(arcs.ends, begin.astype(np.int32))
    heads = np.append(arcs.heads, np.int32(len(costs)))
    return csr_array((costs, ends, heads), shape=(len(left) + 1, len(left) + 1))


def _position(graph: Graph, placed: Placed) -> tuple[float, float]:
    point = placed.snapped(graph)[0]
    return float(point.x), float(point.y)


def _edge_between(arcs: Arcs, here: int, there: int) -> int:
    """Return the edge by which one goes from a node to its neighbour."""
    entries = np.arange(arcs.heads[here], arcs.heads[here + 1])
    entries = entries[arcs.ends[entries] == there]
    return int(arcs.edges[entries[int(np.argmin(arcs.costs[entries]))]])
