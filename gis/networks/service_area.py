"""How far one comes from a place along the edges of a graph: the parts that are reached, and the ground about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from gis.networks.graph import Graph, Numbers, Places
from gis.networks.neighbourhood import Neighbourhood, from_each_near
from gis.networks.placing import Placed
from gis.networks.search import from_any
from gis.networks.ways import Ways
from gis.overlay import Shapes

_LEAST_SHARE = 1e-9
_TINY = float(np.finfo(np.float64).tiny)
_FEW_ROWS = 1 << 16
"""So many rows are put in order in one pass."""


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """What is reached from one origin.

    `parts` of edges, each from a share of its edge to another (0-1, in the direction of its line); an edge that is
    entered from both ends has two parts where they do not meet.
    """

    graph: Graph
    nodes: Places
    edges: Places
    begin: Numbers
    end: Numbers

    @property
    def length_m(self) -> float:
        """Length of all parts together."""
        return float((self.graph.length_m[self.edges] * (self.end - self.begin)).sum())

    @property
    def lines(self) -> Shapes:
        """The parts as lines."""
        shapes = self.graph.shapes[self.edges]
        whole = (self.begin <= 0) & (self.end >= 1)
        found = shapes.copy()
        for number in np.flatnonzero(~whole).tolist():
            found[number] = shapely.ops.substring(shapes[number], self.begin[number], self.end[number], normalized=True)
        return found

    def polygon(self, *, about_m: float) -> BaseGeometry:
        """Return the ground within a distance of the parts that are reached."""
        return shapely.union_all(shapely.buffer(self.lines, about_m, quad_segs=4))


def service_areas(ways: Ways, origins: Placed, *, most: float) -> list[ServiceArea]:
    """Return what is reached from each origin for at most so much, in the unit of the costs of the ways."""
    found = dict(_by_origin(ways, origins, most))
    return [found[origin] for origin in range(len(origins.points))]


def _by_origin(ways: Ways, origins: Placed, most: float) -> Iterator[tuple[int, ServiceArea]]:
    for near in from_each_near(ways, origins, most=most):
        reached = np.isfinite(near.costs)
        flat, width = np.flatnonzero(reached), max(1, len(near.nodes))
        row = flat // width
        place = flat - row * width
        own = _on_own_edges(ways, origins.chosen(near.origins), most)
        parts = _parts(ways, (row, near.nodes[place], most - near.costs[reached]), near, own, most)
        number = np.arange(len(near.origins) + 1)
        of_nodes, of_parts = np.searchsorted(row, number), np.searchsorted(parts.row, number)
        for origin in range(len(near.origins)):
            mine = slice(of_parts[origin], of_parts[origin + 1])
            nodes = near.nodes[place[of_nodes[origin] : of_nodes[origin + 1]]]
            yield int(near.origins[origin]), ServiceArea(ways.graph, nodes, *parts.of(mine))


def area_of_all(ways: Ways, origins: Placed, *, most: float) -> ServiceArea:
    """Return what is reached from one origin or another for at most so much."""
    costs = from_any(ways, origins, most=most)
    nodes = np.flatnonzero(np.isfinite(costs)).astype(np.int64)
    every = np.arange(len(costs))
    near = Neighbourhood(np.zeros(1, dtype=np.int64), every, every.astype(np.int32), costs[None, :])
    own = _on_own_edges(ways, origins, most)
    together = _Parts(np.zeros_like(own.row), own.edge, own.begin, own.end)
    parts = _parts(ways, (np.zeros(len(nodes), dtype=np.int64), nodes, most - costs[nodes]), near, together, most)
    return ServiceArea(ways.graph, nodes, *parts.of(slice(None)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parts of edges: from which row they are reached, of which edge, from which share of it to which."""

    row: Places
    edge: Places
    begin: Numbers
    end: Numbers

    def of(self, which: slice) -> tuple[Places, Numbers, Numbers]:
        """Return some of them, as a service area has them."""
        return self.edge[which], self.begin[which], self.end[which]


def _parts(
    ways: Ways, reached: tuple[Places, Places, Numbers], near: Neighbourhood, own: _Parts, most: float
) -> _Parts:
    """Return the parts of edges that are reached, by row.

    An edge is looked at from its start where that is reached, else from its end.

    Parameters
    ----------
    reached : rows of origins, nodes that they reach, and what is left to go from there.
    own : what is reached without passing a node.
    """
    rows, nodes, left = reached
    forward, backward = ways.gone_through
    ahead = _from(ways.graph.by_start, rows, nodes, left)
    begun = _share(ahead.left, forward[ahead.edge])
    # An edge that is gone along to its end is not looked at from there.
    partly = np.flatnonzero(begun < 1)
    others = most - near.cost(ahead.row[partly], ways.graph.end[ahead.edge[partly]])
    met = np.zeros(len(begun))
    met[partly] = _share(others, backward[ahead.edge[partly]])
    # What ends at a node is looked at from its start, but where that may not be reached from here.
    outer = left < ways.longest_back[nodes]
    back = _from(ways.graph.by_end, rows[outer], nodes[outer], left[outer])
    alone = ~np.isfinite(near.cost(back.row, ways.graph.start[back.edge]))
    ended = _share(back.left[alone], backward[back.edge[alone]])
    return _joined(
        np.concatenate([ahead.row, back.row[alone]]),
        np.concatenate([ahead.edge, back.edge[alone]]),
        (np.concatenate([begun, np.zeros(len(ended))]), np.concatenate([met, ended])),
        own,
    )


@dataclass(frozen=True, slots=True)
class _From:
    """Edges seen from nodes that are reached: by which row, which edge, what is left to go there."""

    row: Places
    edge: Places
    left: Numbers


def _from(listed: tuple[Places, Places], rows: Places, nodes: Places, left: Numbers) -> _From:
    heads, edges = listed
    sizes = heads[nodes + 1] - heads[nodes]
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    entries = np.arange(total) + np.repeat(heads[nodes] - ends + sizes, sizes)
    return _From(np.repeat(rows, sizes), edges[entries], np.repeat(left, sizes))


def _share(left: Numbers, cost: Numbers) -> Numbers:
    """Return which share of edges one comes along with what is left; none where one may not go or has not come."""
    return np.clip(np.maximum(left, 0.0) / np.maximum(cost, _TINY), 0.0, 1.0)


def _on_own_edges(ways: Ways, origins: Placed, most: float) -> _Parts:
    """Return what is reached of the edges that origins are set onto, without passing a node, by row."""
    row = np.flatnonzero(origins.is_placed & (origins.cost <= most)).astype(np.int64)
    edge, left = origins.edge[row], most - origins.cost[row]
    at = np.clip(origins.along_m[row] / np.maximum(ways.graph.length_m[edge], _TINY), 0.0, 1.0)
    begin = np.maximum(0.0, at - _beyond(left, ways.backward[edge]))
    return _Parts(row, edge, begin, np.minimum(1.0, at + _beyond(left, ways.forward[edge])))


def _beyond(left: Numbers, cost: Numbers) -> Numbers:
    known = np.isfinite(cost) & (cost > 0)
    return np.where(known, left / np.where(known, cost, 1.0), 0.0)


def _joined(row: Places, edge: Places, shares: tuple[Numbers, Numbers], own: _Parts) -> _Parts:
    """Return parts that begin at the start of edges, at their end, or between, those that touch as one."""
    from_start, from_end = shares
    # Where an origin is set there may be a third part between the two.
    own_edge = np.full(int(max(row.max(initial=-1), own.row.max(initial=-1))) + 1, -1, dtype=np.int64)
    single = len(np.unique(own.row)) == len(own.row)
    own_edge[own.row] = own.edge
    touched = edge == own_edge[row] if single else np.isin(edge, own.edge)
    whole = from_start + from_end >= 1 - _LEAST_SHARE
    begun = ~touched & (whole | (from_start > _LEAST_SHARE))
    ended = ~touched & ~whole & (from_end > _LEAST_SHARE)
    pieces = [
        *zip(row[touched].tolist(), edge[touched].tolist(), repeat(0.0), from_start[touched].tolist(), strict=False),
        *zip(
            row[touched].tolist(), edge[touched].tolist(), (1 - from_end[touched]).tolist(), repeat(1.0), strict=False
        ),
        *zip(own.row.tolist(), own.edge.tolist(), own.begin.tolist(), own.end.tolist(), strict=True),
    ]
    merged = list(_merged(sorted(pieces)))
    more = _Parts(
        np.array([each[0] for each in merged], dtype=np.int64),
        np.array([each[1] for each in merged], dtype=np.int64),
        np.array([each[2] for each in merged], dtype=np.float64),
        np.array([each[3] for each in merged], dtype=np.float64),
    )
    rows = np.concatenate([row[begun], row[ended], more.row])
    order = np.argsort(rows.astype(np.uint16) if len(own_edge) < _FEW_ROWS else rows, kind="stable")
    return _Parts(
        rows[order],
        np.concatenate([edge[begun], edge[ended], more.edge])[order],
        np.concatenate([np.zeros(int(begun.sum())), 1 - from_end[ended], more.begin])[order],
        np.concatenate([np.where(whole[begun], 1.0, from_start[begun]), np.ones(int(ended.sum())), more.end])[order],
    )


def _merged(pieces: Iterable[tuple[int, int, float, float]]) -> Iterator[tuple[int, int, float, float]]:
    """Join parts of one edge that touch or overlap; they come in the order of their edges and beginnings."""
    former: tuple[int, int, float, float] | None = None
    for row, edge, first, last in pieces:
        if last - first <= _LEAST_SHARE:
            continue
        if former is not None and former[:2] == (row, edge) and first <= former[3] + _LEAST_SHARE:
            former = (row, edge, former[2], max(former[3], last))
            continue
        if former is not None:
            yield former
        former = (row, edge, first, last)
    if former is not None:
        yield former
