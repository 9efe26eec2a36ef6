"""Points set onto the edges of a graph where they lie, not at their ends; how far that is, and where, is told."""

from __future__ import annotations

from dataclasses import dataclass

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

    def snapped(self, graph: Graph) -> Shapes:
        """Return the position on its edge of each point; an empty point where there is none."""
        found = np.full(len(self.points), shapely.Point(), dtype=object)
        mine = self.is_placed
        if mine.any():
            found[mine] = shapely.line_interpolate_point(graph.shapes[self.edge[mine]], self.along_m[mine])
        return found


def placed(
    graph: Graph, points: Shapes, *, within_m: float, usable: Marks | None = None, cost_per_m: float = 0.0
) -> Placed:
    """Set points onto the nearest edges.

    Parameters
    ----------
    points : in EPSG:5899.
    within_m : how far from its edge a point may lie.
    usable : which edges they may be set onto; all without.
    cost_per_m : what a metre from a point to its edge costs; nothing without.
    """
    number = len(points)
    edge, off_m, along_m = np.full(number, -1, dtype=np.int64), np.full(number, np.inf), np.zeros(number)
    chosen = np.arange(len(graph.start)) if usable is None else np.flatnonzero(usable)
    if len(chosen) and number:
        tree = graph.tree if usable is None else shapely.STRtree(graph.shapes[chosen])
        (given, found), distances = tree.query_nearest(
            points, max_distance=within_m, return_distance=True, all_matches=False
        )
        edge[given], off_m[given] = chosen[found], distances
        along_m[given] = shapely.line_locate_point(graph.shapes[edge[given]], points[given])
    return Placed(
        points, edge, along_m, off_m, np.where(edge >= 0, cost_per_m * np.where(edge >= 0, off_m, 0.0), np.inf)
    )
