"""Walking along the streets: how far it is from each place to the nearest of some others.

A place is set onto the nearest street where it lies; the way to the street counts. Where no street is near, or none
leads there, the straight line is taken, and said to be one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.networks.graph import Numbers
from gis.networks.placing import Placed
from gis.networks.search import to_nearest
from gis.networks.ways import Ways
from gis.overlay import Shapes


@dataclass(frozen=True, slots=True)
class Reach:
    """How far each place is from the nearest target, in m; `along` says whether along streets or in a straight line."""

    distance_m: Numbers
    along: npt.NDArray[np.bool_]


def reach(ways: Ways, places: Placed, targets: Placed) -> Reach:
    """Return how far each place is from the nearest of the targets; infinite where there is no target.

    Parameters
    ----------
    ways : in m, onto which both were set.
    """
    walked_m, _ = to_nearest(ways, places, targets)
    along = np.isfinite(walked_m)
    return Reach(np.where(along, walked_m, _straight(places.points, targets.points)), along)


def _straight(places: Shapes, targets: Shapes) -> Numbers:
    if not len(targets) or not len(places):
        return np.full(len(places), np.inf)
    nearest = shapely.STRtree(targets).nearest(places)
    return np.asarray(shapely.distance(places, targets[nearest]), dtype=np.float64)
