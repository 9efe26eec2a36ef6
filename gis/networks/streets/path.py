"""A way through the streets, written out: the parts of streets it goes along, their length, the time they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path as File

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString

from gis.db import City
from gis.networks.graph import Numbers
from gis.networks.placing import Placed
from gis.networks.search import Route, route
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Streets, Travel
from gis.statements import statements

_SQL = File(__file__).with_suffix(".sql")
_NO_LENGTH_M = 1e-6


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edge, gone from a share of it to another (0-1 of its line; backwards where the second is less)."""

    edge: int
    begin: float
    end: float

    @property
    def share(self) -> float:
        """How much of the edge it is."""
        return abs(self.end - self.begin)


@dataclass(frozen=True, slots=True)
class Leg:
    """Parts of one street after each other: the feature first met, its class, length in m, time in s."""

    uid: int
    road_class: str
    length_m: float
    time_s: float


@dataclass(frozen=True)
class Path:
    """A way from one point to another along the streets.

    The ways from the point to the street, and from the street to the other point, are no part of it.
    """

    streets: Streets
    travel: Travel
    parts: tuple[Part, ...]

    @property
    def length_m(self) -> float:
        """Its length."""
        return float(sum(self.streets.graph.length_m[each.edge] * each.share for each in self.parts))

    @property
    def time_s(self) -> float:
        """How long it takes, at the speeds of the convention where streets name none."""
        return sum(map(self._time_s, self.parts))

    @property
    def line(self) -> LineString:
        """It as a line, in the direction it is gone."""
        joined = np.concatenate([self._vertices(each) for each in self.parts])
        moved = np.ones(len(joined), dtype=np.bool_)
        moved[1:] = (np.abs(np.diff(joined, axis=0)) > _NO_LENGTH_M).any(axis=1)
        joined = joined[moved]
        return LineString(joined) if len(joined) > 1 else LineString()

    def _vertices(self, part: Part) -> Numbers:
        graph = self.streets.graph
        if {part.begin, part.end} == {0.0, 1.0}:
            vertices = graph.vertices[graph.first[part.edge] : graph.last[part.edge] + 1]
            return vertices if part.begin < part.end else vertices[::-1]
        cut = shapely.ops.substring(graph.shape(part.edge), part.begin, part.end, normalized=True)
        return shapely.get_coordinates(cut)

    def legs(self, names: Mapping[int, str | None]) -> Iterator[Leg]:
        """Yield its streets: parts that follow each other under one name, or in one feature where it has no name."""
        streets = self.streets

        def street(part: Part) -> tuple[str | None, int | None]:
            uid = int(streets.uid[part.edge])
            name = names.get(uid)
            return name, None if name else uid

        for _, parts in groupby(self.parts, street):
            listed = list(parts)
            first = listed[0].edge
            length_m = float(sum(streets.graph.length_m[each.edge] * each.share for each in listed))
            yield Leg(
                int(streets.uid[first]),
                streets.classes[int(streets.road_class[first])],
                length_m,
                sum(map(self._time_s, listed)),
            )

    def names(self, city: City) -> dict[int, str | None]:
        """Return the names of its streets, by feature."""
        uids = sorted({int(self.streets.uid[each.edge]) for each in self.parts})
        return dict(city.connection.execute(statements(_SQL)["names"].sql(), {"uids": uids}).fetchall())

    def _time_s(self, part: Part) -> float:
        if self.travel is Travel.WALK:
            return float(self.streets.graph.length_m[part.edge]) * part.share / convention().walk_m_s
        return float(self.streets.driven_s[part.edge]) * part.share


def path(streets: Streets, travel: Travel, origin: Placed, target: Placed) -> Path | None:
    """Return the way that costs least between two points, each set onto a street; None where there is none."""
    ways = streets.ways(travel)
    found = route(ways, origin, target, landmarks=streets.landmarks(travel))
    return None if found is None else Path(streets, travel, tuple(_parts(streets, found, origin, target)))


def _parts(streets: Streets, found: Route, origin: Placed, target: Placed) -> Iterator[Part]:
    graph = streets.graph
    begin, end = _share(streets, origin), _share(streets, target)
    if not found.nodes:
        yield Part(found.edges[0], begin, end)
        return
    first, last = found.edges[0], found.edges[-1]
    yield Part(first, begin, _side(streets, first, found.nodes[0], near=begin))
    for edge, node in zip(found.edges[1:-1], found.nodes[:-1], strict=True):
        ahead = int(graph.start[edge]) == node
        yield Part(edge, 0.0 if ahead else 1.0, 1.0 if ahead else 0.0)
    yield Part(last, _side(streets, last, found.nodes[-1], near=end), end)


def _side(streets: Streets, edge: int, node: int, *, near: float) -> float:
    """Return at which end of an edge a node is; the nearer one where it is both."""
    graph = streets.graph
    sides = [side for side, ends in ((0.0, graph.start), (1.0, graph.end)) if int(ends[edge]) == node]
    return min(sides, key=lambda side: abs(side - near))


def _share(streets: Streets, placed: Placed) -> float:
    length_m = float(streets.graph.length_m[placed.edge[0]])
    return min(1.0, float(placed.along_m[0]) / length_m) if length_m > 0 else 0.0
