"""How many of the ways that cost least pass a node, or an edge: where traffic would meet, were it even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve_triangular

from gis.networks.graph import Numbers, Places
from gis.networks.structure import evenly
from gis.networks.ways import Ways

_SAME_SHARE = 1e-9
"""Ways whose costs differ by less than this share cost the same, and share what passes."""


@dataclass(frozen=True, slots=True)
class Betweenness:
    """For each node and each edge the share (0-1) of all pairs of other nodes whose ways pass it.

    `origins` is how many nodes the ways were followed from; where they are fewer than all nodes, it is an estimate.
    """

    nodes: Numbers
    edges: Numbers
    origins: int


def betweenness(ways: Ways, *, most: int | None = None) -> Betweenness:
    """Return the betweenness of nodes and edges (Brandes 2001).

    Parameters
    ----------
    most : nodes from which ways are followed, evenly picked from all (Brandes and Pich 2007); all of them without.
    """
    number, arcs = len(ways.graph.nodes), ways.arcs
    origins = evenly(number, most)
    nodes, edges = np.zeros(number), np.zeros(len(ways.graph.start))
    starts, ends = arcs.starts.astype(np.int64), arcs.ends.astype(np.int64)
    whole = csr_array((arcs.costs, arcs.ends, arcs.heads), shape=(number, number))
    for origin in origins.tolist():
        costs = np.asarray(dijkstra(whole, indices=origin))
        known = np.flatnonzero(np.isfinite(costs[starts]) & (arcs.costs > 0))
        arrived, least = costs[starts[known]] + arcs.costs[known], costs[ends[known]]
        used = known[arrived - least <= _SAME_SHARE * np.maximum(least, 1.0)]
        share, beyond = _followed(starts[used], ends[used], costs, origin)
        np.add.at(edges, arcs.edges[used], share)
        nodes += beyond
    from_each = max(1, len(origins))
    return Betweenness(
        nodes / (from_each * max(1, (number - 1) * (number - 2)) / max(1, number)),
        edges / (from_each * max(1, number - 1)),
        len(origins),
    )


def _followed(starts: Places, ends: Places, costs: Numbers, origin: int) -> tuple[Numbers, Numbers]:
    """Return what passes each arc, and each node on its way to others, when one goes from the origin to every node.

    Nodes are put in the order of their costs, in which what is known of one rests on those before it: a triangle of
    equations for the number of ways to each, and one for what passes it.
    """
    order = np.argsort(costs, kind="stable")
    rank = np.empty(len(costs), dtype=np.int64)
    rank[order] = np.arange(len(costs))
    size = int(np.isfinite(costs).sum())
    first, last = rank[starts], rank[ends]
    begun = np.zeros(size)
    begun[rank[origin]] = 1.0
    steps = coo_array((np.ones(len(first)), (last, first)), shape=(size, size))
    ways_to = np.asarray(spsolve_triangular((eye_array(size) - steps).tocsr(), begun, lower=True, unit_diagonal=True))
    parts = ways_to[first] / ways_to[last]
    shares = coo_array((parts, (first, last)), shape=(size, size))
    asked = np.bincount(first, parts, minlength=size)
    solved = spsolve_triangular((eye_array(size) - shares).tocsr(), asked, lower=False, unit_diagonal=True)
    passing = np.asarray(solved)
    beyond = np.zeros(len(costs))
    beyond[order[:size]] = passing
    beyond[origin] = 0.0
    return parts * (1.0 + passing[last]), beyond
