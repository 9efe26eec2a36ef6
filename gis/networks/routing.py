"""The way from one point to another that costs least, found without looking at what cannot lie on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any  # matrices are generic over what they hold

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Graph, Numbers, Places
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
