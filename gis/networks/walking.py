"""Walking along the streets: how far it is from each place to the nearest of some others.

Two streets are joined where they share a vertex. A place is set onto the nearest street where it lies, not at its ends:
the way to the street, and along it to the next vertex, counts. Where no street is near, or none leads there, the
straight line is taken, and said to be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any  # arrays of shapes and matrices are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.overlay import Shapes
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_LINES = pa.schema([pa.field(GEOMETRY, pa.binary())])
_GRID_M = 0.001
_SHORTEST_M = 1e-6
"""A length of zero would be no edge at all."""
FARTHEST_STREET_M = 200.0
"""How far a place may lie from a street to be set onto it."""

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far each place is from the nearest target, in m; `along` says whether along streets or in a straight line."""

    distance_m: Numbers
    along: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Points set onto streets: the segment of each, the way to it, and the ways along it to both of its ends, in m."""

    points: Shapes
    segment: Places
    off_m: Numbers
    to_start_m: Numbers
    to_end_m: Numbers


class WalkingNetwork:
    """The streets as a graph of their vertices.

    Parameters
    ----------
    lines : centre lines in EPSG:5899.
    """

    def __init__(self, lines: Shapes) -> None:
        parts = shapely.get_parts(lines)
        positions, line = shapely.get_coordinates(parts, return_index=True)
        _, node = np.unique(np.round(positions / _GRID_M).astype(np.int64), axis=0, return_inverse=True)
        node = node.ravel()
        joined = line[1:] == line[:-1]
        self._start, self._end = node[:-1][joined], node[1:][joined]
        ends = np.stack([positions[:-1][joined], positions[1:][joined]], axis=1)
        self._length_m = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
        self._segments: Shapes = np.asarray(shapely.linestrings(ends)) if len(ends) else np.empty(0, dtype=object)
        self._tree = shapely.STRtree(self._segments)
        self._nodes = int(node.max()) + 1 if len(node) else 0

    @classmethod
    def read(cls, city: City) -> WalkingNetwork:
        """Return the network of a city at the horizon it is seen at."""
        batches = [shapes(batch) for batch in rows(city.connection, statements(_SQL)["walkable"].sql(), {}, _LINES)]
        return cls(np.concatenate(batches) if batches else np.empty(0, dtype=object))

    @property
    def length_m(self) -> float:
        """Length of all of it."""
        return float(self._length_m.sum())

    def placed(self, points: Shapes) -> Placed:
        """Set points (EPSG:5899) onto the nearest streets."""
        if not self._nodes or not len(points):
            return Placed(points, np.empty(0, dtype=np.int64), *(np.empty(0) for _ in range(3)))
        segment = np.asarray(self._tree.nearest(points), dtype=np.int64)
        lines = self._segments[segment]
        along = shapely.line_locate_point(lines, points)
        return Placed(points, segment, shapely.distance(lines, points), along, self._length_m[segment] - along)

    def reach(self, places: Placed, targets: Placed) -> Reach:
        """Return how far each place is from the nearest of the targets; infinite where there is no target."""
        straight_m = _straight(places.points, targets.points)
        if not self._nodes or not len(targets.points) or not len(places.points):
            return Reach(straight_m, np.zeros(len(places.points), dtype=np.bool_))
        from_node = self._from_targets(targets)
        start, end = self._start[places.segment], self._end[places.segment]
        walked = np.minimum(from_node[start] + places.to_start_m, from_node[end] + places.to_end_m) + places.off_m
        walked = np.minimum(walked, _on_the_same_segment(places, targets))
        along = (places.off_m <= FARTHEST_STREET_M) & np.isfinite(walked)
        return Reach(np.where(along, walked, straight_m), along)

    def _from_targets(self, there: Placed) -> Numbers:
        """Return how far each vertex is from the nearest target: one search, from a vertex joined to all of them."""
        near = there.off_m <= FARTHEST_STREET_M
        root = self._nodes
        ends = np.concatenate([self._start[there.segment[near]], self._end[there.segment[near]]])
        ways = np.concatenate([(there.off_m + there.to_start_m)[near], (there.off_m + there.to_end_m)[near]])
        order = np.argsort(ways, kind="stable")
        ends, first = np.unique(ends[order], return_index=True)
        starts = np.concatenate([self._start, np.full(len(ends), root)])
        stops = np.concatenate([self._end, ends])
        lengths = np.maximum(np.concatenate([self._length_m, ways[order][first]]), _SHORTEST_M)
        graph: Any = _shortest(starts, stops, lengths, root + 1)
        found = dijkstra(graph, directed=False, indices=root)
        return np.asarray(found, dtype=np.float64)[:root]


def _shortest(starts: Places, stops: Places, lengths: Numbers, nodes: int) -> Any:
    """Return a graph in which of several edges between two vertices the shortest counts."""
    low, high = np.minimum(starts, stops), np.maximum(starts, stops)
    order = np.lexsort((lengths, high, low))
    low, high, lengths = low[order], high[order], lengths[order]
    first = np.ones(len(low), dtype=np.bool_)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first &= low != high
    return coo_array((lengths[first], (low[first], high[first])), shape=(nodes, nodes)).tocsr()


def _straight(places: Shapes, targets: Shapes) -> Numbers:
    if not len(targets) or not len(places):
        return np.full(len(places), np.inf)
    nearest = shapely.STRtree(targets).nearest(places)
    return np.asarray(shapely.distance(places, targets[nearest]), dtype=np.float64)


def _on_the_same_segment(here: Placed, there: Placed) -> Numbers:
    """Return the way along one segment from each place to the nearest target on it; infinite where there is none."""
    found = np.full(len(here.segment), np.inf)
    by_segment: dict[int, list[int]] = {}
    for number, segment in enumerate(there.segment.tolist()):
        by_segment.setdefault(segment, []).append(number)
    for number in np.flatnonzero(np.isin(here.segment, there.segment)).tolist():
        on_it = np.array(by_segment[int(here.segment[number])])
        ways = np.abs(there.to_start_m[on_it] - here.to_start_m[number]) + there.off_m[on_it]
        found[number] = here.off_m[number] + float(ways.min())
    return found
