"""Elevation models: a GeoTIFF of one band, asked for heights where one stands."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast  # rasterio's windows are built by a library without stubs

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from gis.crs import Coordinates, stored_system, system
from gis.intake.errors import DamagedFileError, IntakeError, NoSystemError
from gis.intake.formats import Format, recognised
from gis.intake.given import given_file

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

_LARGEST_WINDOW = 1_024
"""Cells each way that are read at once: 8 MB of heights."""


class NoElevationError(IntakeError):
    """An image that is no elevation model, or what has no heights."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; heights are sampled from a GeoTIFF of one band.")


class StatedErrorError(IntakeError):
    """An error of an elevation model that is no length."""

    def __init__(self, stated_error_m: float) -> None:
        super().__init__(f"An elevation model has no error of {stated_error_m:g} m; say it in metres, 0 or more.")


def checked_error_m(stated_error_m: float | None) -> float | None:
    """Return the error of an elevation model as it is stated; StatedErrorError where it is no length."""
    if stated_error_m is not None and not 0 <= stated_error_m < math.inf:
        raise StatedErrorError(stated_error_m)
    return stated_error_m


@contextmanager
def surface_opened(path: str | Path, *, crs: str | None = None) -> Generator[Surface]:
    """Open an elevation model while the block runs.

    Parameters
    ----------
    crs : coordinate system of the model, where it declares none or a wrong one.

    Raises
    ------
    NoElevationError, NoSystemError, DamagedFileError, and what an intake refuses
        When the file is none, or is damaged.
    """
    import rasterio  # noqa: PLC0415 - not loaded by who lists questions, or loads other files
    from rasterio.errors import RasterioError  # noqa: PLC0415 - as above

    named = recognised(given_file(path))
    if named.format is not Format.GEOTIFF:
        raise NoElevationError(f"{named.path.name!r} is {named.format.value}")
    try:
        with rasterio.open(named.path, driver="GTiff") as model:
            yield _surface(model, named.path, crs)
    except RasterioError as error:
        raise DamagedFileError(named.path, str(error)) from error


def _surface(model: DatasetReader, path: Path, declared: str | None) -> Surface:
    if model.count != 1:
        raise NoElevationError(f"{path.name!r} has {model.count} bands")
    if declared is None and model.crs is None:
        raise NoSystemError(path, ())
    crs = system(declared or model.crs.to_wkt())
    towards = Transformer.from_crs(stored_system(), crs, always_xy=True, allow_ballpark=False)
    return Surface(path.name, model, crs, towards)


@dataclass(frozen=True, slots=True)
class Surface:
    """An elevation model that is asked by positions in EPSG:5899."""

    name: str
    model: DatasetReader
    crs: CRS
    towards_model: Transformer

    @property
    def cell_m(self) -> float:
        """The width of a cell on the ground."""
        metres = 111_320.0 * math.cos(math.radians(self.model.bounds.bottom)) if self.crs.is_geographic else 1.0
        return abs(self.model.transform.a) * metres

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """What it covers, in EPSG:5899: west, south, east, north."""
        covered = self.model.bounds
        box = shapely.segmentize(shapely.box(*covered), max(covered.right - covered.left, 1e-9) / 16)
        moved = shapely.get_coordinates(box)
        east, north = self.towards_model.transform(moved[:, 0], moved[:, 1], direction="INVERSE")
        return float(np.min(east)), float(np.min(north)), float(np.max(east)), float(np.max(north))

    def heights(self, positions: Coordinates) -> npt.NDArray[np.float64]:
        """Return the height at each position, NaN where it is unknown."""
        found = np.full(len(positions), np.nan)
        east, north = self.towards_model.transform(positions[:, 0], positions[:, 1])
        columns, rows = ~self.model.transform @ (np.asarray(east), np.asarray(north))
        columns, rows = columns - 0.5, rows - 0.5
        inside = (columns >= 0) & (rows >= 0) & (columns <= self.model.width - 1) & (rows <= self.model.height - 1)
        tiles = np.stack([rows // _LARGEST_WINDOW, columns // _LARGEST_WINDOW], axis=1)
        for tile in np.unique(tiles[inside], axis=0):
            some = np.flatnonzero(inside & (tiles == tile).all(axis=1))
            found[some] = self._within(columns[some], rows[some])
        return found

    def _within(self, columns: npt.NDArray[np.float64], rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        from rasterio.windows import Window  # noqa: PLC0415 - as above

        left, top = int(columns.min()), int(rows.min())
        window = cast("Any", Window)(left, top, int(columns.max()) - left + 2, int(rows.max()) - top + 2)
        cells = self.model.read(1, window=window, boundless=False, masked=True)
        heights = np.ma.filled(cells.astype(np.float64), np.nan)
        heights = np.pad(heights, ((0, 1), (0, 1)), mode="edge")
        column, row = columns.astype(np.int64) - left, rows.astype(np.int64) - top
        right, down = columns - column - left, rows - row - top
        upper = heights[row, column] * (1 - right) + heights[row, column + 1] * right
        lower = heights[row + 1, column] * (1 - right) + heights[row + 1, column + 1] * right
        return upper * (1 - down) + lower * down
