"""Heights from an elevation model: sampled where a layer declares it and a delivery left them empty."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import shapely
from psycopg import Connection, sql

from gis.crs import Coordinates
from gis.db import City
from gis.elevation import NoElevationError, Surface, checked_error_m, surface_opened
from gis.errors import UnknownLayerError
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


class NoHeightsError(NoElevationError):
    """A layer without heights."""

    def __init__(self, name: str | None) -> None:
        able = ", ".join(layer.name for layer in LAYERS.values() if layer.intake.elevation)
        super().__init__(f"Layer {name!r} has no heights to fill; there are {able}")


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
    checked_error_m(stated_error_m)
    if layer is not None and layer not in LAYERS:
        raise UnknownLayerError(layer, LAYERS)
    chosen = [each for each in LAYERS.values() if each.intake.elevation and layer in {None, each.name}]
    if not chosen:
        raise NoHeightsError(layer)
    with surface_opened(path, crs=crs) as surface, city.connection.transaction():
        filled = [
            _fill(city.connection, surface, each, column, dry_run=dry_run)
            for each in chosen
            for column in each.intake.elevation
        ]
        return ElevationReport(surface.name, surface.crs.name, surface.cell_m, stated_error_m, dry_run, tuple(filled))


def _fill(connection: Connection[Any], surface: Surface, layer: Layer, column: str, *, dry_run: bool) -> Sampled:
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
