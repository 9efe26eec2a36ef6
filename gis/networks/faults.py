"""What may be wrong with a graph: parts that hang together with nothing else, ends that nearly meet, dead ends.

Nothing is repaired: it is told, and who knows the place decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.networks.graph import SAME_M, Graph, Numbers, Places

NEAR_M = 1.0
"""An end that lies as near to another edge, and does not meet it, was probably meant to."""


@dataclass(frozen=True, slots=True)
class NearMisses:
    """Ends of lines that nearly meet an edge: the node, the edge, and how far apart they are, in m."""

    node: Places
    edge: Places
    apart_m: Numbers


def components(graph: Graph) -> Places:
    """Return for each node the part of the graph it is in; parts are numbered from the largest, by number of nodes."""
    number = len(graph.nodes)
    if not number:
        return np.empty(0, dtype=np.int64)
    ones = np.ones(len(graph.start), dtype=np.int8)
    _, part = connected_components(coo_array((ones, (graph.start, graph.end)), shape=(number, number)), directed=False)
    sizes = np.bincount(part)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[part]


def dead_ends(graph: Graph) -> Places:
    """Return the nodes at which one edge ends and no other begins."""
    return np.flatnonzero(graph.degree == 1).astype(np.int64)


def near_misses(graph: Graph, *, within_m: float = NEAR_M) -> NearMisses:
    """Return the dead ends that lie near to an edge they do not meet, each with the nearest such edge.

    Parameters
    ----------
    within_m : how near; the distance of positions that count as one is never a miss.
    """
    ends = dead_ends(graph)
    points = np.asarray(shapely.points(graph.nodes[ends]), dtype=object)
    end, edge = graph.tree.query(points, predicate="dwithin", distance=within_m)
    meets = (graph.start[edge] == ends[end]) | (graph.end[edge] == ends[end])
    end, edge = end[~meets], edge[~meets]
    apart_m = shapely.distance(points[end], graph.shapes[edge]) if len(end) else np.empty(0)
    order = np.lexsort((apart_m, end))
    order = order[apart_m[order] > SAME_M]
    chosen, first = np.unique(end[order], return_index=True)
    return NearMisses(ends[chosen], edge[order][first].astype(np.int64), apart_m[order][first])
