"""How far it is through a graph: from some points to all nodes, to others, or to the nearest of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # matrices are generic over what they hold

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Numbers, Places, rows_at_once
from gis.networks.placing import Placed
from gis.networks.ways import Ways


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
