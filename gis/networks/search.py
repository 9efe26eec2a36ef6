"""The ways through a graph that cost least: how far it is from some points to others, and along which edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any  # matrices are generic over what they hold

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Graph, Numbers, Places, rows_at_once
from gis.networks.landmarks import Landmarks, Reached, Told
from gis.networks.placing import Placed
from gis.networks.ways import Short, Ways

_FIRST_DETOUR, _FIRST_PART, _LEAST_DETOUR = 0.004, 0.02, 1.0
"""How much more than what is at least left a route is first taken to cost, as a share of it; how much more in the part
of the graph that is looked at first; and what both are at least, in the unit of the ways."""
_STEP = 3
"""How many times more a search allows for that has not arrived."""
_WIDELY = 0.25
"""Where so large a share of all nodes may be on the way, none is left out."""
_ROUNDED = 1 + 1e-9


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
    size = rows_at_once(whole.shape[0])
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


def between_some(ways: Ways, origins: Placed, targets: Placed, *, most: float = np.inf) -> Iterator[Numbers]:
    """Yield what `between` returns for some targets after others, so many at a time that memory stays bounded."""
    size = rows_at_once(len(origins.points))
    for begin in range(0, len(targets.points), size):
        some = np.arange(begin, min(begin + size, len(targets.points)))
        yield between(ways, origins, targets.chosen(some), most=most)


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
    begin = 0
    for found in between_some(ways, places, targets, most=most):
        costs, some = found.T, np.arange(begin, begin + found.shape[1])
        begin += len(some)
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

    What it costs at least to come to a node and to go on from there leaves out all nodes that are too far aside. Of
    the rest what lies in the direction of the target is looked at first: from each step is taken what it brings nearer,
    at least, so that costs become detours, and a search that allows for few of them ends soon (Hart, Nilsson and
    Raphael 1968, by the costs of Johnson 1977).

    Parameters
    ----------
    landmarks : of the same ways; they tell better than the straight line what is left to go.
    """
    _, _, direct = ways.beside(origin, target)
    _, arrivals, last = ways.arriving(target)
    best = float(direct.min(initial=np.inf))
    _, leaving, first = ways.leaving(origin)
    found = None
    if len(leaving) and len(arrivals):
        begun, ended = (leaving, first), (arrivals, last)
        told = None if landmarks is None else (landmarks.reversed.told(ended, begun), landmarks.told(begun, ended))
        ends = _position(ways.graph, origin), _position(ways.graph, target)
        found = _searched(ways, begun, ended, _Least(ways, *ends, *(told or (None, None))))
    if found is None or found.cost >= best:
        return Route(best, (), (int(origin.edge[0]),)) if np.isfinite(best) else None
    edges = (int(origin.edge[0]), *ways.arcs.along(found.nodes).tolist(), int(target.edge[0]))
    return Route(found.cost, tuple(found.nodes.tolist()), edges)


Position = tuple[float, float]
"""East and north, in m."""


@dataclass(frozen=True, slots=True)
class _Found:
    cost: float
    nodes: Places


@dataclass(frozen=True)
class _Least:
    """What it costs at least to come to a node, and to go on from there: as landmarks tell, else straight on."""

    ways: Ways
    origin: Position
    target: Position
    outward: Told | None
    onward: Told | None

    @cached_property
    def left(self) -> Numbers:
        """What it costs at least to go on from each node to the target."""
        return self._straight(self.target) if self.onward is None else self.onward.left

    @cached_property
    def through(self) -> Numbers:
        """What a way through each node costs at least."""
        return self.left + (self._straight(self.origin) if self.outward is None else self.outward.left)

    def _straight(self, end: Position) -> Numbers:
        easting, northing = (self.ways.graph.nodes - end).T
        return self.ways.least_cost_per_m * np.sqrt(easting**2 + northing**2)


@dataclass(frozen=True)
class _Detours:
    """The part of a graph through which a way costs so much at most, its costs as detours, with the origin behind."""

    nodes: Places
    place: Short
    matrix: Any
    is_whole: bool

    @classmethod
    def within(cls, ways: Ways, least: _Least, begin: Places, begun: Numbers, most: float) -> _Detours:
        # Rounding leaves out no node of the way.
        near = least.through <= most * _ROUNDED
        number, arcs = len(near), ways.arcs
        if np.count_nonzero(near) < number * _WIDELY:
            nodes = np.flatnonzero(near)
            place = np.full(number, -1, dtype=np.int32)
            place[nodes] = np.arange(len(nodes), dtype=np.int32)
            heads, ends, costs = arcs.among(nodes, place)
        else:  # to leave out some would take longer than to search them
            nodes = np.arange(number, dtype=np.int64)
            place = nodes.astype(np.int32)
            heads, ends, costs = arcs.heads, arcs.ends, arcs.costs
        is_whole, left, mine = len(nodes) == number, least.left[nodes], place[begin] >= 0
        detours = np.empty(len(costs) + int(mine.sum()))
        detours[len(costs) :] = begun[mine]
        among = detours[: len(costs)]
        with np.errstate(invalid="ignore"):
            np.take(left, ends, out=among, mode="clip")
            among += costs
            among -= np.repeat(left, np.diff(heads))
        if not np.isfinite(left).all():  # from a node that cannot reach the target nothing leads there
            among[np.isnan(among)] = np.inf
        np.maximum(among, 0.0, out=among)  # rounding leaves no cost below nothing
        heads = np.append(heads, np.int32(len(detours)))
        parts = detours, np.concatenate([ends, place[begin[mine]]]), heads
        return cls(nodes, place, csr_array(parts, shape=(len(nodes) + 1, len(nodes) + 1)), is_whole)

    def searched(self, arrivals: Places, last: Numbers, *, allowed: float) -> tuple[float, Places]:
        """Return the least detour by which one arrives, and the nodes passed; infinite, and none, where one does not.

        What is not above `allowed` is known to be the least.
        """
        costs, before = dijkstra(self.matrix, indices=len(self.nodes), limit=allowed, return_predecessors=True)
        here = self.place[arrivals]
        arrived = np.where(here >= 0, np.asarray(costs)[here] + last, np.inf)
        best = int(np.argmin(arrived))
        if not np.isfinite(arrived[best]):
            return np.inf, self.nodes[:0]
        return float(arrived[best]), self.nodes[_passed(before, int(here[best]), len(self.nodes))]


def _searched(ways: Ways, leaving: Reached, arriving: Reached, least: _Least) -> _Found | None:
    """Search ever farther until the target is reached within what was allowed for."""
    (begin, first), (arrivals, last) = leaving, arriving
    begun = first + least.left[begin]
    straight = float(begun.min())
    if not np.isfinite(straight):
        return None
    allowed, reach = max(_FIRST_DETOUR * straight, _LEAST_DETOUR), max(_FIRST_PART * straight, _LEAST_DETOUR)
    part = _Detours.within(ways, least, begin, begun - straight, straight + reach)
    while True:
        if allowed > reach and not part.is_whole:
            reach = allowed
            part = _Detours.within(ways, least, begin, begun - straight, straight + reach)
        detour, nodes = part.searched(arrivals, last - least.left[arrivals], allowed=allowed)
        if detour <= allowed:
            return _Found(detour + straight, nodes) if len(nodes) else None
        if np.isfinite(detour):
            allowed = detour
        elif allowed < reach:
            allowed = min(_STEP * allowed, reach)
        else:  # what costs twice as much as it might is looked for everywhere
            allowed = _STEP * allowed if allowed < straight else np.inf


def _passed(before: Short, node: int, origin: int) -> Places:
    """Return the nodes that were passed on the way from the origin to a node."""
    passed = [node]
    while (node := int(before[passed[-1]])) != origin:
        passed.append(node)
    return np.array(passed[::-1], dtype=np.int64)


def _position(graph: Graph, placed: Placed) -> Position:
    point = placed.snapped(graph)[0]
    return float(point.x), float(point.y)
