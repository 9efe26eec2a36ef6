"""What lies on what: the areas that features of a large layer share with those of a smaller one.

A feature that one area covers whole needs no intersection, and most are; the rest are cut. The larger layer is read in
batches, so that memory does not grow with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]
Places = npt.NDArray[np.int64]
Areas = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs that share ground: places among the features, places among the areas, and how much they share in m²."""

    features: Places
    areas: Places
    shared_m2: Areas


class Cover:
    """Areas on which features are laid, such as the zones of a plan."""

    def __init__(self, areas: Shapes) -> None:
        self._areas = areas
        shapely.prepare(self._areas)

    def shared(self, features: Shapes) -> Shared:
        """Return which features share how much with which areas; what only touches shares nothing."""
        tree = shapely.STRtree(features)
        areas, found = tree.query(self._areas, predicate="intersects")
        whole = np.asarray(shapely.covers(self._areas[areas], features[found]))
        shared_m2 = np.empty(len(found))
        shared_m2[whole] = shapely.area(features[found[whole]])
        cut = ~whole
        shared_m2[cut] = shapely.area(shapely.intersection(features[found[cut]], self._areas[areas[cut]]))
        positive = shared_m2 > 0
        return Shared(found[positive], areas[positive], shared_m2[positive])
