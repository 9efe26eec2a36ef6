"""Walking along the streets: how far it is from each place to the nearest of some others.

A place is set onto the nearest street where it lies; the way to the street counts. Where no street is near, or none
leads there, the straight line is taken, and said to be one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.db import City
from gis.networks.graph import Numbers, graph
from gis.networks.placing import Placed, placed
from gis.networks.search import to_nearest
from gis.networks.streets.convention import convention
from gis.networks.streets.network import streets
from gis.networks.ways import Ways
from gis.overlay import Shapes


@dataclass(frozen=True, slots=True)
class Reach:
    """How far each place is from the nearest target, in m; `along` says whether along streets or in a straight line."""

    distance_m: Numbers
    along: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WalkingNetwork:
    """The ways along the streets, in m."""

    ways: Ways

    @classmethod
    def read(cls, city: City) -> WalkingNetwork:
        """Return the network of a city as it is seen."""
        return cls(streets(city).walking)

    @classmethod
    def of(cls, lines: Shapes) -> WalkingNetwork:
        """Return a network of centre lines (EPSG:5899), all of which people may walk along."""
        return cls(Ways.by_length(graph(lines)))

    @property
    def length_m(self) -> float:
        """Length of all of it."""
        return float(self.ways.graph.length_m[self.ways.is_usable].sum())

    def placed(self, points: Shapes) -> Placed:
        """Set points (EPSG:5899) onto the nearest streets."""
        return placed(self.ways.onto, points, within_m=convention().farthest_street_m, cost_per_m=1.0)

    def reach(self, places: Placed, targets: Placed) -> Reach:
        """Return how far each place is from the nearest of the targets; infinite where there is no target."""
        straight_m = _straight(places.points, targets.points)
        walked_m, _ = to_nearest(self.ways, places, targets)
        along = np.isfinite(walked_m)
        return Reach(np.where(along, walked_m, straight_m), along)


def _straight(places: Shapes, targets: Shapes) -> Numbers:
    if not len(targets) or not len(places):
        return np.full(len(places), np.inf)
    nearest = shapely.STRtree(targets).nearest(places)
    return np.asarray(shapely.distance(places, targets[nearest]), dtype=np.float64)
