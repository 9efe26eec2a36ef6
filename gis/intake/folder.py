"""The folder that a load leaves its report in: what was done as JSON, the refused rows as GeoPackage."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from gis.intake.errors import ReportFolderError, ReportUnwrittenError
from gis.intake.refused import RefusedRows, write_geopackage
from gis.intake.report import Report


@dataclass(frozen=True, slots=True)
class Account:
    """What a load accounts for: its report, the rows it refused, and the coordinate system these lie in."""

    report: Report
    refused: RefusedRows
    crs: CRS


def provide(folder: Path, file_name: str, layer: str) -> None:
    """Make the folder where it is missing; called before a row is stored.

    Raises
    ------
    ReportFolderError
        When it cannot be made, not be written to, or not hold a file of that name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        with suppress(FileNotFoundError):
            _part(_rows(folder, file_name, layer)).lstat()
    except OSError as error:
        raise ReportFolderError(folder, error.strerror or str(error)) from error


def write(folder: Path, accounts: Sequence[Account]) -> None:
    """Write reports and, where there are any, refused rows, in the place of those of an earlier load of the file.

    Raises
    ------
    ReportUnwrittenError
        When writing failed; what the loads stored stays stored.
    """
    try:
        for account in accounts:
            _write(folder, account)
    except (OSError, UnicodeError, DataLayerError, DataSourceError) as error:
        raise ReportUnwrittenError(folder, str(error), [account.report for account in accounts]) from error


def _write(folder: Path, account: Account) -> None:
    report = account.report
    said = folder / f"{report.file_name}-{report.layer}.json"
    said.write_text(report.as_json() + "\n", encoding="utf-8")
    rows = _rows(folder, report.file_name, report.layer)
    rows.unlink(missing_ok=True)
    if account.refused.total:
        part = _part(rows)
        try:
            write_geopackage(account.refused, part, account.crs.to_wkt())
            part.replace(rows)
        finally:
            part.unlink(missing_ok=True)


def _rows(folder: Path, file_name: str, layer: str) -> Path:
    return folder / f"{file_name}-{layer}-refused.gpkg"


def _part(rows: Path) -> Path:
    """Return where a file stands until it is whole."""
    return rows.with_name(f".{rows.name}")
