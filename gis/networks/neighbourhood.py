"""Searches that end near where they begin, from many places: each neighbourhood is searched by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # matrices are generic over what they hold

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Graph, Numbers, Places, rows_at_once
from gis.networks.placing import Placed
from gis.networks.ways import Part, Short, Ways

_LEAST_CELL_M, _CELLS_OF_REACH = 2_000.0, 3.0
"""How large neighbourhoods are at least, and how much larger than what is reached from one place."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What it costs to reach the nodes about some origins, (origins, nodes); infinite beyond what was allowed.

    `place` says of every node of the graph where it is among those, -1 where it is not; it holds until the next
    neighbourhood is asked for.
    """

    origins: Places
    nodes: Places
    place: Short
    costs: Numbers

    def cost(self, row: Places, node: Places) -> Numbers:
        """Return what it costs to reach nodes from origins, by their rows; infinite for nodes that are not here."""
        place = self.place[node]
        inside = place >= 0
        found = np.full(len(node), np.inf)
        found[inside] = self.costs[row[inside], place[inside]]
        return found


def from_each_near(ways: Ways, origins: Placed, *, most: float) -> Iterator[Neighbourhood]:
    """Yield what it costs to reach nodes from origins, those of one neighbourhood together.

    Beyond a straight line that costs `most` nothing is reached: a neighbourhood is searched by itself, which for many
    origins takes a fraction of the time. Origins that are set onto no edge reach nothing.

    Parameters
    ----------
    most : costs beyond this are infinite.
    """
    place = np.full(len(ways.graph.nodes), -1, dtype=np.int32)
    if off := np.flatnonzero(~origins.is_placed).tolist():
        nothing = np.empty(0, dtype=np.int64)
        yield Neighbourhood(np.array(off, dtype=np.int64), nothing, place, np.empty((len(off), 0)))
    reach_m = most / ways.least_cost_per_m if ways.least_cost_per_m > 0 else np.inf
    for some in _neighbours(ways.graph, origins, max(_LEAST_CELL_M, _CELLS_OF_REACH * reach_m)):
        edges = origins.edge[some]
        about = ways.graph.nodes[ways.graph.start[edges]]
        margin_m = reach_m + float(ways.graph.length_m[edges].max())
        known = _within(ways.graph, about.min(axis=0) - margin_m, about.max(axis=0) + margin_m)
        place[known] = np.arange(len(known), dtype=np.int32)
        arcs = ways.arcs.among(known, place)
        size = rows_at_once(len(known))
        for begin in range(0, len(some), size):
            part = some[begin : begin + size]
            whole = _with_origins(ways, arcs, place, origins.chosen(part))
            found = dijkstra(whole, indices=len(known) + np.arange(len(part)), limit=most)
            yield Neighbourhood(part, known, place, np.asarray(found, dtype=np.float64)[:, : len(known)])
        place[known] = -1


def _neighbours(graph: Graph, origins: Placed, cell_m: float) -> Iterator[Places]:
    """Yield the origins that are set onto edges, those of one cell of a grid together."""
    placed = np.flatnonzero(origins.is_placed).astype(np.int64)
    if not len(placed):
        return
    where = graph.nodes[graph.start[origins.edge[placed]]]
    cells = np.floor(where / cell_m) if np.isfinite(cell_m) else np.zeros_like(where)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    order = np.argsort(cell.reshape(-1), kind="stable")
    for some in np.split(placed[order], np.cumsum(np.bincount(cell.reshape(-1)))[:-1]):
        yield np.sort(some)


def _within(graph: Graph, low: Numbers, high: Numbers) -> Places:
    """Return the nodes of a box, in order."""
    eastings, order = graph.by_easting
    begin, end = np.searchsorted(eastings, [low[0], high[0]], side="left")
    candidates = order[begin:end]
    northings = graph.nodes[candidates, 1]
    return np.sort(candidates[(northings >= low[1]) & (northings <= high[1])])


def _with_origins(ways: Ways, inside: Part, place: Short, origins: Placed) -> Any:
    """Return a part of a graph as a matrix, with a node for each origin behind its nodes."""
    heads, ends, costs = inside
    origin, node, cost = ways.leaving(origins)
    more = heads[-1] + np.cumsum(np.bincount(origin, minlength=len(origins.points)))
    size = len(heads) - 1 + len(origins.points)
    parts = (
        np.concatenate([costs, cost]),
        np.concatenate([ends, place[node]]),
        np.concatenate([heads, more.astype(np.int32)]),
    )
    return csr_array(parts, shape=(size, size))
