"""Where the city lies: its boundary in the database, or for as long as there is none its greatest extent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import numpy.typing as npt
import shapely
from psycopg import Connection

from gis import crs

_CELLS = 128


@dataclass(frozen=True, slots=True)
class Boundary:
    """The area of the city in EPSG:5899, with a grid of the cells that lie wholly inside.

    Most features lie in such cells and need no look at the boundary itself.
    """

    area: shapely.Geometry
    name: str
    west_m: float
    south_m: float
    cell_width_m: float
    cell_height_m: float
    inner: npt.NDArray[np.bool_]
    wards: shapely.STRtree
    """Wards are drawn finer than the city: what meets one of them is in the city too."""

    def misses(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Return for each geometry whether it does not meet the city."""
        with np.errstate(invalid="ignore"):
            surely = self._surely_inside(shapely.bounds(shapes))
        missing = ~surely
        missing[missing] = ~shapely.intersects(self.area, shapes[missing])
        outside = np.flatnonzero(missing)
        missing[outside[self.wards.query(shapes[outside], predicate="intersects")[0]]] = False
        return missing

    def _surely_inside(self, bounds: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return whether the four corners of each box, no larger than a cell, lie in inner cells."""
        west, south, east, north = bounds.T
        small = (east - west <= self.cell_width_m) & (north - south <= self.cell_height_m)
        columns = [self._cell(edge, self.west_m, self.cell_width_m) for edge in (west, east)]
        rows = [self._cell(edge, self.south_m, self.cell_height_m) for edge in (south, north)]
        for column in columns:
            for row in rows:
                within = (column >= 0) & (column < _CELLS) & (row >= 0) & (row < _CELLS)
                small &= within
                small[within] &= self.inner[row[within], column[within]]
        return small

    @staticmethod
    def _cell(edge: npt.NDArray[np.float64], origin_m: float, size_m: float) -> npt.NDArray[np.int64]:
        place = np.floor((edge - origin_m) / size_m)
        return np.where(np.isfinite(place), np.clip(place, -1, _CELLS), -1).astype(np.int64)


def boundary(connection: Connection[Any]) -> Boundary:
    """Return the boundary the database holds in the layer `city`, or else the greatest extent of Đà Nẵng."""
    row = connection.execute(
        "SELECT ST_AsBinary(ST_Union(geom)), min(name) FROM city.city HAVING count(*) > 0"
    ).fetchone()
    if row is None:
        return bounded(crs.extent(), "the extent of Đà Nẵng (no boundary is loaded)")
    wards = [shapely.from_wkb(ward[0]) for ward in connection.execute("SELECT ST_AsBinary(geom) FROM city.ward")]
    with_wards = f" with its {len(wards)} wards" if wards else ""
    return bounded(shapely.from_wkb(row[0]), f"the boundary of {row[1]}{with_wards}", wards)


def bounded(area: shapely.Geometry, name: str, wards: Sequence[shapely.Geometry] = ()) -> Boundary:
    """Return an area ready to be asked for many features."""
    shapely.prepare(area)
    west, south, east, north = shapely.bounds(area)
    width_m, height_m = (east - west) / _CELLS, (north - south) / _CELLS
    columns, rows = np.meshgrid(np.arange(_CELLS), np.arange(_CELLS))
    lower_left = west + columns * width_m, south + rows * height_m
    cells = shapely.box(*lower_left, lower_left[0] + width_m, lower_left[1] + height_m)
    inner = shapely.contains_properly(area, cells)
    return Boundary(
        area, name, float(west), float(south), float(width_m), float(height_m), inner, shapely.STRtree(wards)
    )
