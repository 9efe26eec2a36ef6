"""How far one comes from a place along the edges of a graph: the parts that are reached, and the ground about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from gis.networks.graph import Graph, Numbers, Places
from gis.networks.placing import Placed
from gis.networks.search import from_any, from_each
from gis.networks.ways import Ways
from gis.overlay import Shapes

_LEAST_SHARE = 1e-9


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


def service_areas(ways: Ways, origins: Placed, *, most: float) -> Iterator[ServiceArea]:
    """Yield what is reached from each origin for at most so much, in the unit of the costs of the ways."""
    for some, costs in from_each(ways, origins, most=most):
        for origin, reached in zip(some.tolist(), costs, strict=True):
            yield _area(ways, reached, origins, [origin], most)


def area_of_all(ways: Ways, origins: Placed, *, most: float) -> ServiceArea:
    """Return what is reached from one origin or another for at most so much."""
    return _area(ways, from_any(ways, origins, most=most), origins, range(len(origins.points)), most)


def _area(ways: Ways, costs: Numbers, origins: Placed, which: Iterable[int], most: float) -> ServiceArea:
    graph, nodes = ways.graph, np.flatnonzero(np.isfinite(costs))
    arcs = ways.arcs
    sizes = arcs.heads[nodes + 1] - arcs.heads[nodes]
    ends = np.cumsum(sizes)
    entries = np.repeat(arcs.heads[nodes], sizes) + np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
    edge, left = arcs.edges[entries].astype(np.int64), most - np.repeat(costs[nodes], sizes)
    cost = arcs.costs[entries]
    share = np.where(cost > left, left / np.maximum(cost, np.finfo(float).tiny), 1.0)
    ahead = arcs.is_ahead[entries]
    parts = [(edge, np.where(ahead, 0.0, 1.0 - share), np.where(ahead, share, 1.0))]
    parts += [part for origin in which for part in _on_its_own_edge(ways, origins, origin, most)]
    edges, begin, end = (np.concatenate(each) for each in zip(*parts, strict=True))
    return ServiceArea(graph, nodes, *_merged(edges, begin, end))


def _on_its_own_edge(
    ways: Ways, origins: Placed, origin: int, most: float
) -> Iterator[tuple[Places, Numbers, Numbers]]:
    edge, left = int(origins.edge[origin]), most - float(origins.cost[origin])
    if edge < 0 or left < 0:
        return
    at = float(np.clip(origins.along_m[origin] / max(ways.graph.length_m[edge], np.finfo(float).tiny), 0, 1))
    ahead, back = float(ways.forward[edge]), float(ways.backward[edge])
    end = min(1.0, at + left / ahead) if np.isfinite(ahead) and ahead > 0 else at
    begin = max(0.0, at - left / back) if np.isfinite(back) and back > 0 else at
    yield np.array([edge]), np.array([begin]), np.array([end])


def _merged(edges: Places, begin: Numbers, end: Numbers) -> tuple[Places, Numbers, Numbers]:
    """Join parts of one edge that touch or overlap."""
    order = np.lexsort((begin, edges))
    edges, begin, end = edges[order], begin[order], end[order]
    kept_edges: list[int] = []
    kept: list[list[float]] = []
    for edge, first, last in zip(edges.tolist(), begin.tolist(), end.tolist(), strict=True):
        if last - first <= _LEAST_SHARE:
            continue
        if kept_edges and kept_edges[-1] == edge and first <= kept[-1][1] + _LEAST_SHARE:
            kept[-1][1] = max(kept[-1][1], last)
        else:
            kept_edges.append(edge)
            kept.append([first, last])
    bounds = np.array(kept).reshape(-1, 2)
    return np.array(kept_edges, dtype=np.int64), bounds[:, 0], bounds[:, 1]
