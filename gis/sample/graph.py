"""Lines that meet at shared end points, as a graph: nodes, parts, shortest ways to the nearest goal."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, keys, points_at


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges between nodes. `ends` : the two nodes of each edge. `points` : the coordinates of each node."""

    points: Floats
    ends: Ints
    lengths: Floats

    def neighbours(self) -> tuple[Ints, Ints, Ints]:
        """Return, for all nodes in one row, the start of each node's share, the nodes beside it and the edges there."""
        both = np.concatenate([self.ends, self.ends[:, ::-1]])
        edge = np.tile(np.arange(len(self.ends)), 2)
        order = np.argsort(both[:, 0], kind="stable")
        starts = np.searchsorted(both[order, 0], np.arange(len(self.points) + 1))
        return starts, both[order, 1], edge[order]

    def parts(self) -> Ints:
        """Return for each node the smallest node it hangs together with."""
        label = np.arange(len(self.points))
        while True:
            least = np.minimum(label[self.ends[:, 0]], label[self.ends[:, 1]])
            lower = label.copy()
            np.minimum.at(lower, self.ends[:, 0], least)
            np.minimum.at(lower, self.ends[:, 1], least)
            lower = lower[lower]
            if np.array_equal(lower, label):
                return label
            label = lower


@dataclass(frozen=True, slots=True)
class Ways:
    """Shortest ways to the nearest goal: `order` of being reached, the `parent` towards the goal and the edge to it.

    `goal` : the goal each node leads to; -1 where no way leads to any.
    """

    order: Ints
    parent: Ints
    edge: Ints
    goal: Ints
    cost: Floats


def graph(lines: Shapes) -> Graph:
    """Return the graph of lines on the grid."""
    ends = np.stack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)], axis=1)
    _, first, node = np.unique(keys(ends).reshape(-1), return_index=True, return_inverse=True)
    return Graph(ends.reshape(-1, 2)[first], node.reshape(-1, 2), np.asarray(shapely.length(lines)))


def main_part(network: Graph) -> Flags:
    """Return which edges belong to the part that has the most edges."""
    part = network.parts()[network.ends[:, 0]]
    values, counts = np.unique(part, return_counts=True)
    return part == values[np.argmax(counts)]


def shortest_ways(network: Graph, goals: Ints, cost: Floats, *, start: Floats | None = None) -> Ways:
    """Return the shortest way from every node to its nearest goal (Dijkstra's method, from all goals at once).

    Parameters
    ----------
    cost
        Of each edge, both ways alike; an edge of infinite cost is not used.
    start
        What each goal costs beforehand; nothing by default.
    """
    count = len(network.points)
    starts, beside, edges = (array.tolist() for array in network.neighbours())
    price: list[float] = cost.tolist()
    best = [float("inf")] * count
    parent, via, goal = [-1] * count, [-1] * count, [-1] * count
    order: list[int] = []
    before = [0.0] * len(goals) if start is None else start.tolist()
    heap = [(first, node) for node, first in zip(goals.tolist(), before, strict=True)]
    for first, node in heap:
        best[node], goal[node] = first, node
    heapq.heapify(heap)
    done = bytearray(count)
    while heap:
        spent, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = 1
        order.append(node)
        for place in range(starts[node], starts[node + 1]):
            other, reach = beside[place], spent + price[edges[place]]
            if reach < best[other]:
                best[other], parent[other], via[other], goal[other] = reach, node, edges[place], goal[node]
                heapq.heappush(heap, (reach, other))
    return Ways(np.array(order, dtype=np.int64), np.array(parent), np.array(via), np.array(goal), np.array(best))


def nearest_nodes(network: Graph, points: Floats, among: Ints) -> Ints:
    """Return for each point the nearest of the nodes given."""
    tree = shapely.STRtree(points_at(network.points[among]))
    return among[tree.nearest(points_at(points))]
