"""What a street network is like: how dense, how well joined, how direct; and what hangs on a single edge or node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.networks.graph import Graph, Numbers, Places, rows_at_once
from gis.networks.ways import Ways

_FEWEST_FOR_MESHES = 3


@dataclass(frozen=True, slots=True)
class Structure:
    """How a network is joined.

    `meshedness` is the share of the meshes a planar graph may have, `(e - v + 1) / (2v - 5)`, `gamma` that of its
    edges, `e / 3(v - 2)` (Kansky 1963, Buhl et al. 2006); both are NaN below three nodes.
    """

    nodes: int
    edges: int
    length_m: float
    mean_degree: float
    meshedness: float
    gamma: float


def structure(graph: Graph) -> Structure:
    """Return how a network is joined."""
    nodes, edges = len(graph.nodes), len(graph.start)
    meshed = nodes >= _FEWEST_FOR_MESHES
    return Structure(
        nodes,
        edges,
        float(graph.length_m.sum()),
        2 * edges / nodes if nodes else float("nan"),
        (edges - nodes + 1) / (2 * nodes - 5) if meshed else float("nan"),
        edges / (3 * (nodes - 2)) if meshed else float("nan"),
    )


def straightness(ways: Ways, *, most: int | None = None) -> Numbers:
    """Return for nodes how straight the ways from them are: the mean of straight over actual lengths, 0-1.

    Nodes that cannot be reached count as nothing, as in momepy (Porta et al. 2006). Costs of the ways are lengths.

    Parameters
    ----------
    most : of how many nodes, evenly picked from all; of all of them without.
    """
    graph = ways.graph
    number = len(graph.nodes)
    found: list[Numbers] = [np.empty(0)]
    for some, costs in _from_nodes(ways, evenly(number, most)):
        straight = np.hypot(*(graph.nodes[some][:, None, :] - graph.nodes[None, :, :]).transpose(2, 0, 1))
        reached = np.isfinite(costs) & (costs > 0)
        shares = np.divide(straight, costs, out=np.zeros_like(costs), where=reached)
        found.append(shares.sum(axis=1) / max(1, number - 1))
    return np.concatenate(found)


def evenly(number: int, most: int | None) -> Places:
    """Return the places of some of so many, evenly picked; of all of them where they are no more."""
    if most is None or most >= number:
        return np.arange(number)
    return np.linspace(0, number - 1, most).round().astype(np.int64)


def _from_nodes(ways: Ways, nodes: Places) -> Iterator[tuple[Places, Numbers]]:
    arcs, number = ways.arcs, len(ways.graph.nodes)
    whole = csr_array((arcs.costs, arcs.ends, arcs.heads), shape=(number, number))
    size = rows_at_once(number)
    for begin in range(0, len(nodes), size):
        some = nodes[begin : begin + size]
        yield some, np.asarray(dijkstra(whole, indices=some))


@dataclass(frozen=True, slots=True)
class Cuts:
    """What hangs on one edge or one node: without it, some part cannot be reached any more.

    `cut_off` is how many nodes are on the smaller side of each bridge.
    """

    bridges: Places
    cut_off: Places
    nodes: Places


def cuts(graph: Graph) -> Cuts:
    """Return the bridges and the cut nodes of a network, whichever way its edges may be gone (Tarjan 1974)."""
    walk = _Walk(graph)
    walk.go()
    bridges = np.array(sorted(walk.bridges), dtype=np.int64)
    sizes = np.array([walk.bridges[edge] for edge in bridges.tolist()], dtype=np.int64)
    return Cuts(bridges, sizes, np.array(sorted(walk.cut_nodes), dtype=np.int64))


class _Walk:
    """A walk along all edges, depth first, that notes how far back each node can be reached from those beyond it."""

    def __init__(self, graph: Graph) -> None:
        number = len(graph.nodes)
        ends = np.concatenate([graph.start, graph.end])
        order = np.argsort(ends, kind="stable")
        self._heads = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=number))]).tolist()
        self._others = np.concatenate([graph.end, graph.start])[order].tolist()
        edges = np.arange(len(graph.start))
        self._edges = np.concatenate([edges, edges])[order].tolist()
        self._number = number
        self._found = [-1] * number
        self._low = [0] * number
        self._size = [1] * number
        self.bridges: dict[int, int] = {}
        self.cut_nodes: set[int] = set()

    def go(self) -> None:
        """Walk from every node that has not been found yet."""
        count = 0
        for root in range(self._number):
            if self._found[root] < 0:
                count = self._from(root, count)

    def _from(self, root: int, count: int) -> int:
        found, low, size = self._found, self._low, self._size
        found[root] = low[root] = count
        count += 1
        below: list[tuple[int, int, int]] = []
        stack = [(root, -1, self._heads[root])]
        children, reached = 0, [root]
        while stack:
            node, by, entry = stack.pop()
            if entry < self._heads[node + 1]:
                stack.append((node, by, entry + 1))
                other, edge = self._others[entry], self._edges[entry]
                if edge == by:
                    continue
                if found[other] >= 0:
                    low[node] = min(low[node], found[other])
                    continue
                found[other] = low[other] = count
                count += 1
                reached.append(other)
                children += node == root
                stack.append((other, edge, self._heads[other]))
                continue
            if stack:
                parent = stack[-1][0]
                low[parent] = min(low[parent], low[node])
                size[parent] += size[node]
                if low[node] > found[parent]:
                    below.append((by, size[node], node))
                if parent != root and low[node] >= found[parent]:
                    self.cut_nodes.add(parent)
        if children > 1:
            self.cut_nodes.add(root)
        self.bridges |= {edge: min(beyond, len(reached) - beyond) for edge, beyond, _ in below}
        return count


def density_km_per_km2(graph: Graph, area_m2: float, *, edges: Places | None = None) -> float:
    """Return the length of streets for each area, in km/km²."""
    length_m = graph.length_m if edges is None else graph.length_m[edges]
    return float(length_m.sum()) * 1_000 / area_m2


def within(graph: Graph, area: shapely.Geometry) -> Numbers:
    """Return how much of each edge lies within an area, in m."""
    return np.asarray(shapely.length(shapely.intersection(graph.shapes, area)))
