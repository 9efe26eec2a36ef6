"""Heights from an elevation model: sampled where a layer declares it and a delivery left them empty."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast  # psycopg's connections are generic over the rows they return

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from psycopg import Connection, sql
from pyproj import CRS, Transformer
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from gis.crs import Coordinates, stored_system, system
from gis.db import City
from gis.errors import UnknownLayerError
from gis.intake.errors import DamagedFileError, IntakeError, NoSystemError
from gis.intake.formats import Format, recognised
from gis.intake.given import given_file
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers import LAYERS
from layers.model import Geometry, Layer

_SQL = Path(__file__).with_suffix(".sql")
_FILL = sql.SQL("""
UPDATE {layer} AS kept
SET {height} = sampled.height_m
FROM unnest(%(uids)s::bigint[], %(heights)s::double precision[]) AS sampled (uid, height_m)
WHERE kept.uid = sampled.uid
""")
_ROWS_AT_ONCE = 10_000
_LARGEST_WINDOW = 4_096


class NoElevationError(IntakeError):
    """An image that is no elevation model, or a layer without heights."""

    def __init__(self, what: str) -> None:
        able = ", ".join(layer.name for layer in LAYERS.values() if layer.intake.elevation)
        super().__init__(f"{what}; heights are sampled from a GeoTIFF of one band for the layers {able}.")


class StatedErrorError(IntakeError):
    """An error of an elevation model that is no length."""

    def __init__(self, stated_error_m: float) -> None:
        super().__init__(f"An elevation model has no error of {stated_error_m:g} m; say it in metres, 0 or more.")


@dataclass(frozen=True, slots=True)
class Sampled:
    """What became of one column: values that were empty, that were filled, that stay unknown (no data, or outside)."""

    layer: str
    column: str
    empty: int
    filled: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ElevationReport:
    """What heights were sampled, from which model, of which stated error.

    `cell_m` is the width of a cell on the ground; `stated_error_m` what its maker says, None where nobody says it.
    After a dry run nothing is stored, and `columns` say what would be.
    """

    file_name: str
    crs: str
    cell_m: float
    stated_error_m: float | None
    dry_run: bool
    columns: tuple[Sampled, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def sample_elevation(
    city: City,
    path: str | Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    stated_error_m: float | None = None,
    dry_run: bool = False,
) -> ElevationReport:
    """Fill empty heights of stored features from an elevation model, in one transaction.

    Heights are read between the four nearest cells (bilinear); where one of them has no data the height stays unknown.
    A point takes one height, a line the heights of its two ends. Heights that are there are not touched.

    Parameters
    ----------
    layer
        The layer to fill; by default every layer that declares it.
    crs
        Coordinate system of the model, where it declares none or a wrong one.
    stated_error_m
        The error its maker states, kept in the report.
    dry_run
        Sample everything and store nothing.

    Raises
    ------
    NoElevationError, NoSystemError, DamagedFileError, UnknownLayerError, StatedErrorError
        When the file, the layer or the error is not fit.
    """
    if stated_error_m is not None and not 0 <= stated_error_m < math.inf:
        raise StatedErrorError(stated_error_m)
    if layer is not None and layer not in LAYERS:
        raise UnknownLayerError(layer, LAYERS)
    chosen = [each for each in LAYERS.values() if each.intake.elevation and layer in {None, each.name}]
    if not chosen:
        raise NoElevationError(f"Layer {layer!r} has no heights to fill")
    named = recognised(given_file(path))
    if named.format is not Format.GEOTIFF:
        raise NoElevationError(f"{named.path.name!r} is {named.format.value}")
    try:
        with rasterio.open(named.path, driver="GTiff") as model, city.connection.transaction():
            surface = _surface(model, named.path, crs)
            filled = [
                _fill(city.connection, surface, each, column, dry_run=dry_run)
                for each in chosen
                for column in each.intake.elevation
            ]
            return ElevationReport(
                named.path.name, surface.crs.name, surface.cell_m, stated_error_m, dry_run, tuple(filled)
            )
    except RasterioError as error:
        raise DamagedFileError(named.path, str(error)) from error


def _surface(model: DatasetReader, path: Path, declared: str | None) -> _Surface:
    if model.count != 1:
        raise NoElevationError(f"{path.name!r} has {model.count} bands")
    if declared is None and model.crs is None:
        raise NoSystemError(path, ())
    crs = system(declared or model.crs.to_wkt())
    towards = Transformer.from_crs(stored_system(), crs, always_xy=True, allow_ballpark=False)
    return _Surface(model, crs, towards)


@dataclass(frozen=True, slots=True)
class _Surface:
    """An elevation model that is asked by positions in EPSG:5899."""

    model: DatasetReader
    crs: CRS
    towards_model: Transformer

    @property
    def cell_m(self) -> float:
        """The width of a cell on the ground."""
        metres = 111_320.0 * math.cos(math.radians(self.model.bounds.bottom)) if self.crs.is_geographic else 1.0
        return abs(self.model.transform.a) * metres

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


def _fill(connection: Connection[Any], surface: _Surface, layer: Layer, column: str, *, dry_run: bool) -> Sampled:
    known = statements(_SQL)
    places = {"layer": sql.Identifier(CITY_SCHEMA, layer.name), "height": sql.Identifier(column)}
    last, empty, filled = 0, 0, 0
    while rows := connection.execute(known["empty"].sql(**places), {"after": last, "most": _ROWS_AT_ONCE}).fetchall():
        last = rows[-1][0]
        heights = surface.heights(_positions([row[1] for row in rows], layer, column))
        there = np.isfinite(heights)
        empty += len(rows)
        filled += int(np.count_nonzero(there))
        if dry_run:
            continue
        uids = [row[0] for row, known_height in zip(rows, there, strict=True) if known_height]
        values = [round(float(height), 2) for height in heights[there]]
        connection.execute(_FILL.format(**places), {"uids": uids, "heights": values})
    return Sampled(layer.name, column, empty, filled, empty - filled)


def _positions(shapes: list[bytes], layer: Layer, column: str) -> Coordinates:
    """Return the positions of points, or of the start or end of lines."""
    read = np.asarray(shapely.from_wkb(shapes), dtype=object)
    if layer.geometry is Geometry.POINT:
        return shapely.get_coordinates(read)
    last = "end" in column.split("_")
    part = shapely.get_geometry(read, -1 if last else 0)
    return shapely.get_coordinates(shapely.get_point(part, -1 if last else 0))
