"""A layer leaves the house: to GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, Shapefile, CSV, XLSX, KML, DXF."""

from __future__ import annotations

from pathlib import Path

from pyproj import CRS

from gis.db import City
from gis.export.delivery import deliver, order
from gis.export.formats import FORMATS, LIMITS
from gis.export.report import Loss, Report
from gis.features import Box
from layers.model import Layer

__all__ = ["FORMATS", "LIMITS", "Loss", "Report", "export"]


def export(
    city: City,
    layer: str | Layer,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word a planner uses
    box: Box | None = None,
    crs: str | int | CRS | None = None,
    every_horizon: bool = False,
    overwrite: bool = False,
) -> Report:
    """Write the features of a layer, as the city shows them, to a file.

    Everything is read in one state of the database, in the order of the uid, and streamed: memory does not grow
    with the layer. The columns are the uid, the declared ones and those every feature carries; `recorded_at` stays
    at home, as it says when this database learned something. The file takes its place when it is complete, or not
    at all.

    Parameters
    ----------
    layer
        Name of the layer, or the declaration itself.
    path
        File to write. A Shapefile brings .shx, .dbf, .prj and .cpg; `.shp.zip` packs them into one file.
    format
        Name of the format; without it the ending of the path decides.
    box
        Degrees of longitude and latitude; features that meet it are written, whole. Without it, all are.
    crs
        Coordinate system of the file; without it EPSG:5899, and EPSG:4326 for GeoJSON and KML.
    every_horizon
        Whether the features of all stages and plans are written, not only those of the city's horizon; a file that is
        to take the place of the whole layer (`load`, mode replace) holds them all.
    overwrite
        Whether a file that stands there may be replaced.

    Returns
    -------
    Report
        Rows and bytes written, columns renamed, values that did not fit by column and uid, and what the format
        cannot hold.

    Raises
    ------
    UnknownLayerError, FormatUnknownError, SystemFixedError, SystemUnheldError, gis.crs.SwappedOriginError
        When the order cannot be understood; each names what would be right.
    FileExistsAlreadyError, NotOrdinaryError, FileNameError, FileInUseError, NoFolderError
        When the place is taken, or not there.
    TooManyRowsError, TooLargeError, EndlessDateError
        When the format cannot hold so much, or a value at all.
    DiskFullError, WritingFailedError
        When writing failed; nothing is left behind.

    References
    ----------
    RFC 7946, The GeoJSON Format; OGC 12-128r18, GeoPackage 1.3; GeoParquet 1.1.0.
    """
    return deliver(
        order(city, layer, path, format=format, box=box, crs=crs, every_horizon=every_horizon, overwrite=overwrite)
    )
