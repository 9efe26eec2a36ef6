"""The folder that a load leaves its report in: what was done as JSON, the refused rows as GeoPackage."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError

from gis.intake.errors import ReportFolderError, ReportUnwrittenError
from gis.intake.refused import RefusedRows, write_geopackage
from gis.intake.report import Report


def provide(folder: Path) -> None:
    """Make the folder where it is missing; called before a row is stored.

    Raises
    ------
    ReportFolderError
        When it cannot be made, or not be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ReportFolderError(folder, error.strerror or str(error)) from error


def write(folder: Path, report: Report, refused: RefusedRows, crs: str | None) -> None:
    """Write the report and, where there are any, the refused rows, in the place of those of an earlier load.

    Raises
    ------
    ReportUnwrittenError
        When writing failed; what the load stored stays stored.
    """
    name = f"{report.file_name.split('.')[0]}-{report.layer}"
    rows = folder / f"{name}-refused.gpkg"
    try:
        (folder / f"{name}.json").write_text(report.as_json() + "\n", encoding="utf-8")
        rows.unlink(missing_ok=True)
        if refused.total:
            write_geopackage(refused, rows, crs)
    except (OSError, DataSourceError, DataLayerError) as error:
        raise ReportUnwrittenError(folder, str(error), delivery=report.delivery) from error
