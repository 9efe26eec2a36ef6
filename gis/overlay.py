"""What lies on what: the areas that features of a large layer share with those of a smaller one.

A feature that one area covers whole needs no intersection, and most are. The rest are cut by pieces of the areas, so
that a long border is not followed for every feature beside it. The larger layer is read in batches, so that memory does
not grow with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any  # arrays of shapes are generic over what they hold

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]
Places = npt.NDArray[np.int64]
Areas = npt.NDArray[np.float64]

_MOST_VERTICES = 48
_DEEPEST = 24
_SAME = 1e-12
_FORGOTTEN_AFTER = 6
"""Batches after which what prepared shapes have learned is let go: it would add up to more than the shapes."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs that share ground: places among the features, places among the areas, and how much they share in m².

    A pair may come several times; its area is the sum.
    """

    features: Places
    areas: Places
    shared_m2: Areas


class Cover:
    """Areas on which features are laid, such as the zones of a plan.

    Parameters
    ----------
    areas : polygons in EPSG:5899; they may overlap.
    """

    def __init__(self, areas: Shapes) -> None:
        self._areas = areas
        self._are_exclusive = bool(shapely.coverage_is_valid(areas)) if len(areas) else True
        pieces = [(piece, place) for place, area in enumerate(areas) for piece in _pieces(area)]
        self._pieces = np.array([piece for piece, _ in pieces], dtype=object)
        self._owners = np.array([place for _, place in pieces], dtype=np.int64)
        self._batches = 0

    def shared(self, features: Shapes) -> Shared:
        """Return which features share how much with which areas; what only touches shares nothing."""
        if self._batches % _FORGOTTEN_AFTER == 0:
            for prepared in (self._areas, self._pieces):
                shapely.destroy_prepared(prepared)
                shapely.prepare(prepared)
        self._batches += 1
        tree = shapely.STRtree(features)
        within, whole = tree.query(self._areas, predicate="covers")
        pieces, cut = tree.query(self._pieces, predicate="intersects")
        owners = self._owners[pieces]
        left = self._still_to_cut(cut, owners, whole, within, len(features))
        pieces, cut, owners = pieces[left], cut[left], owners[left]
        cut_m2 = shapely.area(shapely.intersection(features[cut], self._pieces[pieces]))
        positive = cut_m2 > 0
        return Shared(
            np.concatenate([whole, cut[positive]]),
            np.concatenate([within, owners[positive]]),
            np.concatenate([shapely.area(features[whole]), cut_m2[positive]]),
        )

    def _still_to_cut(
        self, cut: Places, owners: Places, whole: Places, within: Places, number: int
    ) -> npt.NDArray[np.bool_]:
        """Return which pairs are not settled by an area that covers the feature."""
        if self._are_exclusive:
            # Whoever lies in one of areas that do not overlap lies in no other.
            is_settled = np.zeros(number, dtype=bool)
            is_settled[whole] = True
            return ~is_settled[cut]
        return ~np.isin(cut * len(self._areas) + owners, whole * len(self._areas) + within)


def _pieces(area: Any, depth: int = 0) -> list[Any]:
    """Cut an area into pieces of few vertices, which together are the area."""
    if depth == _DEEPEST or shapely.get_num_coordinates(area) <= _MOST_VERTICES:
        return [] if area.is_empty else [area]
    west, south, east, north = area.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        halves = [(west, south, middle, north), (middle, south, east, north)]
    else:
        middle = (south + north) / 2
        halves = [(west, south, east, middle), (west, middle, east, north)]
    cut = [_polygons(shapely.clip_by_rect(area, *half)) for half in halves]
    if not math.isclose(sum(shapely.area(half) for half in cut), shapely.area(area), rel_tol=_SAME):
        cut = [_polygons(shapely.intersection(area, shapely.box(*half))) for half in halves]
    return [piece for half in cut for piece in _pieces(half, depth + 1)]


def _polygons(cut: Any) -> Any:
    """Return what of a geometry has an area."""
    if cut.geom_type in ("Polygon", "MultiPolygon"):
        return cut
    parts = shapely.get_parts(cut)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004 - areas have two dimensions
