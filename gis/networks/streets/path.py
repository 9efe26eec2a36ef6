"""A way through the streets, written out: the parts of streets it goes along, their length, the time they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString

from gis.db import City
from gis.networks.graph import Numbers, Places
from gis.networks.placing import Placed
from gis.networks.routing import route
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Streets, Travel
from gis.statements import statements

_SQL = File(__file__).with_suffix(".sql")
_NO_LENGTH_M = 1e-6


@dataclass(frozen=True, slots=True)
class Leg:
    """Parts of one street after each other: the feature first met, its class, length in m, time in s."""

    uid: int
    road_class: str
    length_m: float
    time_s: float


@dataclass(frozen=True)
class Path:
    """A way from one point to another along the streets: parts of edges, one after the other.

    The ways from the point to the street, and from the street to the other point, are no part of it.

    Parameters
    ----------
    edges : the edges gone along.
    begin, end : from which share of each to which (0-1 of its line; backwards where the second is less).
    """

    streets: Streets
    travel: Travel
    edges: Places
    begin: Numbers
    end: Numbers

    @cached_property
    def _lengths_m(self) -> Numbers:
        return self.streets.graph.length_m[self.edges] * np.abs(self.end - self.begin)

    @cached_property
    def _times_s(self) -> Numbers:
        if self.travel is Travel.WALK:
            return self._lengths_m / convention().walk_m_s
        return self.streets.driven_s[self.edges] * np.abs(self.end - self.begin)

    @property
    def length_m(self) -> float:
        """Its length."""
        return float(self._lengths_m.sum())

    @property
    def time_s(self) -> float:
        """How long it takes, at the speeds of the convention where streets name none."""
        return float(self._times_s.sum())

    @property
    def line(self) -> LineString:
        """It as a line, in the direction it is gone."""
        parts = zip(self.edges.tolist(), self.begin.tolist(), self.end.tolist(), strict=True)
        joined = np.concatenate([self._vertices(*each) for each in parts])
        moved = np.ones(len(joined), dtype=np.bool_)
        moved[1:] = (np.abs(np.diff(joined, axis=0)) > _NO_LENGTH_M).any(axis=1)
        joined = joined[moved]
        return LineString(joined) if len(joined) > 1 else LineString()

    def _vertices(self, edge: int, begin: float, end: float) -> Numbers:
        graph = self.streets.graph
        if abs(end - begin) == 1.0:
            vertices = graph.vertices[graph.first[edge] : graph.last[edge] + 1]
            return vertices if begin < end else vertices[::-1]
        cut = shapely.ops.substring(graph.shape(edge), begin, end, normalized=True)
        return shapely.get_coordinates(cut)

    def legs(self, names: Mapping[int, str | None]) -> Iterator[Leg]:
        """Yield its streets: parts that follow each other under one name, or in one feature where it has no name."""
        uids = self.streets.uid[self.edges].tolist()
        called = [names.get(uid) or uid for uid in uids]
        firsts = [place for place, name in enumerate(called) if not place or name != called[place - 1]]
        lengths, times = (np.add.reduceat(each, firsts) for each in (self._lengths_m, self._times_s))
        for first, length_m, time_s in zip(firsts, lengths.tolist(), times.tolist(), strict=True):
            road_class = self.streets.classes[int(self.streets.road_class[self.edges[first]])]
            yield Leg(uids[first], road_class, length_m, time_s)

    def names(self, city: City) -> dict[int, str | None]:
        """Return the names of its streets, by feature."""
        uids = np.unique(self.streets.uid[self.edges]).tolist()
        return dict(city.connection.execute(statements(_SQL)["names"].sql(), {"uids": uids}).fetchall())


def path(streets: Streets, travel: Travel, origin: Placed, target: Placed) -> Path | None:
    """Return the way that costs least between two points, each set onto a street; None where there is none."""
    found = route(streets.ways(travel), origin, target, landmarks=streets.landmarks(travel))
    if found is None:
        return None
    begin, end = _share(streets, origin), _share(streets, target)
    edges, nodes = np.array(found.edges, dtype=np.int64), np.array(found.nodes, dtype=np.int64)
    if not len(nodes):
        return Path(streets, travel, edges, np.array([begin]), np.array([end]))
    ahead = (streets.graph.start[edges[1:-1]] == nodes[:-1]).astype(np.float64)
    leaves = _side(streets, found.edges[0], found.nodes[0], near=begin)
    arrives = _side(streets, found.edges[-1], found.nodes[-1], near=end)
    begins, ends = np.concatenate([[begin], 1 - ahead, [arrives]]), np.concatenate([[leaves], ahead, [end]])
    return Path(streets, travel, edges, begins, ends)


def _side(streets: Streets, edge: int, node: int, *, near: float) -> float:
    """Return at which end of an edge a node is; the nearer one where it is both."""
    graph = streets.graph
    sides = [side for side, ends in ((0.0, graph.start), (1.0, graph.end)) if int(ends[edge]) == node]
    return min(sides, key=lambda side: abs(side - near))


def _share(streets: Streets, placed: Placed) -> float:
    length_m = float(streets.graph.length_m[placed.edge[0]])
    return min(1.0, float(placed.along_m[0]) / length_m) if length_m > 0 else 0.0
