"""Points set onto the edges of a graph where they lie, not at their ends; how far that is, and where, is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from gis.networks.graph import Graph, Marks, Numbers, Places
from gis.overlay import Shapes


@dataclass(frozen=True, slots=True)
class Placed:
    """Points, and where each was set: the edge, how far along it, and how far off it the point lies, in m.

    A point that lies farther from every edge than is allowed has edge -1 and is infinitely far off. `cost` is what it
    takes to come from the point onto its edge, in the unit of the ways.
    """

    points: Shapes
    edge: Places
    along_m: Numbers
    off_m: Numbers
    cost: Numbers

    @property
    def is_placed(self) -> Marks:
        """Whether each was set onto an edge."""
        return self.edge >= 0

    def chosen(self, which: Places) -> Placed:
        """Return some of them."""
        return Placed(self.points[which], self.edge[which], self.along_m[which], self.off_m[which], self.cost[which])

    def snapped(self, graph: Graph) -> Shapes:
        """Return the position on its edge of each point; an empty point where there is none."""
        found = np.full(len(self.points), shapely.Point(), dtype=object)
        mine = self.is_placed
        if mine.any():
            found[mine] = shapely.line_interpolate_point(graph.shapes[self.edge[mine]], self.along_m[mine])
        return found


@dataclass(frozen=True)
class Index:
    """The edges of a graph that points may be set onto, found by where they lie; all of them where none are named."""

    graph: Graph
    edges: Places | None = None

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The edges, by where they lie."""
        return self.graph.tree if self.edges is None else shapely.STRtree(self.graph.shapes[self.edges])

    def nearest(self, points: Shapes, *, within_m: float) -> tuple[Places, Places, Numbers]:
        """Return which points have an edge near, the nearest of each, and how far off it is."""
        (given, found), off_m = self.tree.query_nearest(
            points, max_distance=within_m, return_distance=True, all_matches=False
        )
        return given, found if self.edges is None else self.edges[found], off_m


def placed(onto: Graph | Index, points: Shapes, *, within_m: float, cost_per_m: float = 0.0) -> Placed:
    """Set points onto the nearest edges.

    Parameters
    ----------
    points : in EPSG:5899; an empty one is nowhere.
    within_m : how far from its edge a point may lie.
    cost_per_m : what a metre from a point to its edge costs; nothing without.
    """
    index = onto if isinstance(onto, Index) else Index(onto)
    graph, number = index.graph, len(points)
    edge, off_m, along_m = np.full(number, -1, dtype=np.int64), np.full(number, np.inf), np.zeros(number)
    if len(graph.start) and number:
        given, found, distances = index.nearest(points, within_m=within_m)
        edge[given], off_m[given] = found, distances
        along_m[given] = shapely.line_locate_point(graph.shapes[found], points[given])
    cost = np.where(edge >= 0, cost_per_m * np.where(edge >= 0, off_m, 0.0), np.inf)
    return Placed(points, edge, along_m, off_m, cost)
