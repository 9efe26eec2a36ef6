"""The streets of the city as a graph: who may go along each of them, which way, and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any  # Arrow arrays are generic over what they hold

import numpy as np
import pyarrow as pa

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.networks.graph import Graph, Marks, Numbers, Places, graph, joined
from gis.networks.kept import Arrays
from gis.networks.landmarks import Landmarks, landmarks
from gis.networks.placing import Placed, placed
from gis.networks.shelf import Shelf
from gis.networks.streets.convention import convention
from gis.networks.ways import Ways
from gis.overlay import Shapes
from gis.statements import statements
from layers.transport import ROAD_CLASSES

_SQL = Path(__file__).with_suffix(".sql")
_SCHEMA = pa.schema(
    [
        pa.field("uid", pa.int64()),
        pa.field("road_class", pa.string()),
        pa.field("oneway", pa.string()),
        pa.field("max_speed_kmh", pa.float64()),
        pa.field("walkable", pa.bool_()),
        pa.field(GEOMETRY, pa.binary()),
    ]
)
_CLASSES = tuple(code.code for code in ROAD_CLASSES.codes)
_NOT_WALKED = ("expressway",)
_M_S_OF_KM_H = 1 / 3.6


class Travel(StrEnum):
    """How one goes: on foot, or by vehicle, in the least time or along the least length."""

    WALK = "walk"
    DRIVE = "drive"
    DRIVE_SHORTEST = "drive_shortest"


@dataclass(frozen=True)
class Streets:
    """A graph of streets, and for each of its edges what its street says.

    Parameters
    ----------
    uid : the feature of the layer.
    road_class : place of its class in the code list.
    speed_kmh : the limit it names; NaN where it names none.
    forward, backward : whether a vehicle may go as it is drawn, and against it.
    walkable : whether people may walk there.
    through : which edges are open to who comes from elsewhere; all without.
    told : the landmarks that are known already.
    """

    graph: Graph
    uid: Places
    road_class: Places
    speed_kmh: Numbers
    forward: Marks
    backward: Marks
    walkable: Marks
    through: Marks | None = None
    told: Mapping[Travel, Landmarks] = field(default_factory=dict)

    @classmethod
    def read(cls, city: City) -> Streets:
        """Read the streets of a city as it is seen."""
        batches = list(rows(city.connection, statements(_SQL)["streets"].sql(), {}, _SCHEMA))
        made = graph(joined(map(shapes, batches)))
        uid, speed_kmh, walkable = (_column(batches, name)[made.line] for name in ("uid", "max_speed_kmh", "walkable"))
        known = {name: place for place, name in enumerate(_CLASSES)}
        road_class = np.array([known[name] for name in _column(batches, "road_class")], dtype=np.int64)
        oneway = _column(batches, "oneway").astype(str)[made.line] if batches else np.empty(0, dtype=str)
        return cls(
            made,
            uid.astype(np.int64),
            road_class[made.line],
            speed_kmh.astype(np.float64),
            oneway != "backward",
            oneway != "forward",
            walkable.astype(np.bool_),
        )

    def ways(self, travel: Travel) -> Ways:
        """Return the ways of those who go so: on foot and along the least length in m, in the least time in s."""
        return {Travel.WALK: self.walking, Travel.DRIVE: self.driving_s, Travel.DRIVE_SHORTEST: self.driving_m}[travel]

    def placed(self, points: Shapes, travel: Travel) -> Placed:
        """Set points (EPSG:5899) onto the nearest streets; who walks goes to the street too, in a straight line.

        A vehicle begins on the street, and how far off that is costs nothing.
        """
        per_m = 1.0 if travel is Travel.WALK else 0.0
        return placed(self.ways(travel).onto, points, within_m=convention().farthest_street_m, cost_per_m=per_m)

    def landmarks(self, travel: Travel) -> Landmarks:
        """Return what tells how far it is at least, for those who go so."""
        known = self.told.get(travel) or self._found.get(travel)
        if known is None:
            known = self._found[travel] = landmarks(self.ways(travel))
        return known

    @cached_property
    def _found(self) -> dict[Travel, Landmarks]:
        return {}

    @cached_property
    def walking(self) -> Ways:
        """The ways of those who walk, in m; people walk both ways everywhere but on expressways."""
        closed = np.isin(self.road_class, [_CLASSES.index(name) for name in _NOT_WALKED])
        may = self.walkable & ~closed
        return Ways.by_length(self.graph, forward=may, backward=may, through=self.through)

    @cached_property
    def driving_m(self) -> Ways:
        """The ways of vehicles, in m."""
        forward, backward = self.forward & self._is_driven, self.backward & self._is_driven
        return Ways.by_length(self.graph, forward=forward, backward=backward, through=self.through)

    @cached_property
    def driving_s(self) -> Ways:
        """The ways of vehicles, in s: at the limit a street names, else as is usual for its class."""
        forward, backward = self.forward & self._is_driven, self.backward & self._is_driven
        ahead, back = (np.where(way, self.driven_s, np.inf) for way in (forward, backward))
        return Ways(self.graph, ahead, back, self.through)

    @cached_property
    def driven_s(self) -> Numbers:
        """What it takes a vehicle to go along each edge, in s, whichever way it may; NaN where none goes."""
        return self.graph.length_m / (self.taken_speed_kmh * _M_S_OF_KM_H)

    def closed(self, edges: Marks) -> Streets:
        """Return the same streets with some edges closed to all but those who begin or end there."""
        return replace(self, through=~edges, told={})

    @cached_property
    def taken_speed_kmh(self) -> Numbers:
        """The speed that is taken for each edge; NaN where no vehicle goes."""
        usual = np.array([convention().drive_kmh.get(name, np.nan) for name in _CLASSES])[self.road_class]
        return np.where(np.isfinite(self.speed_kmh) & np.isfinite(usual) & (self.speed_kmh > 0), self.speed_kmh, usual)

    @property
    def classes(self) -> tuple[str, ...]:
        """The codes of classes, by their places."""
        return _CLASSES

    @property
    def _is_driven(self) -> Marks:
        return np.isfinite(self.taken_speed_kmh)


def _column(batches: list[pa.RecordBatch], name: str) -> Any:
    parts = [np.asarray(batch.column(name).to_numpy(zero_copy_only=False)) for batch in batches]
    return np.concatenate(parts) if parts else np.empty(0)


def streets(city: City) -> Streets:
    """Return the streets of a city as it is seen; they are read once for each state of their layer."""
    return _SHELF.of(city)


_OF_GRAPH = tuple(each.name for each in fields(Graph))
_OF_STREETS = ("uid", "road_class", "speed_kmh", "forward", "backward", "walkable")


def _packed(known: Streets) -> Arrays:
    told = {travel: known.landmarks(travel) for travel in Travel}
    return {
        **{name: getattr(known.graph, name) for name in _OF_GRAPH},
        **{name: getattr(known, name) for name in _OF_STREETS},
        **{f"{travel}_towards": marks.towards for travel, marks in told.items()},
        **{f"{travel}_away": marks.away for travel, marks in told.items()},
    }


def _unpacked(arrays: Arrays) -> Streets:
    return Streets(
        Graph(**{name: arrays[name] for name in _OF_GRAPH}),
        **{name: arrays[name] for name in _OF_STREETS},
        told={travel: Landmarks(arrays[f"{travel}_towards"], arrays[f"{travel}_away"]) for travel in Travel},
    )


_SHELF: Shelf[Streets] = Shelf("road", Streets.read, _packed, _unpacked)
