"""XLSX: a sheet whose geometry is WKT, or longitude and latitude, is read as the table of text it could have been."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime, time
from lzma import LZMAError
from pathlib import Path
from typing import Any, cast  # a cell holds a value of any type
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis.intake.archive import refuse_unsafe
from gis.intake.errors import DamagedFileError, EmptyFileError, SourceLayerError
from gis.intake.formats import Delivered, Format
from gis.intake.workroom import workroom

ABOUT = "about"
"""The sheet in which one of our own exports says what the other holds."""
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    InvalidFileException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)
"""What openpyxl ends with where a workbook is broken: it trusts what it reads."""
_SYSTEM = re.compile(r"\bEPSG:\d+\b")


@contextmanager
def as_csv(delivered: Delivered, sheet: str | None) -> Generator[tuple[Delivered, str | None]]:
    """Yield a sheet as CSV, and the coordinate system the sheet `about` names; None where there is none.

    Raises
    ------
    DamagedFileError, EmptyFileError, SourceLayerError, ExpansionError
        When the workbook cannot be read, or does not say which of its sheets is meant.
    """
    path = delivered.path
    with workroom() as folder:
        table = folder / f"{path.stem}.csv"
        try:
            with zipfile.ZipFile(path) as archive:
                refuse_unsafe(path, archive.infolist())
            crs = _written(path, sheet, table)
        except _UNREADABLE as error:
            raise DamagedFileError(path, f"the workbook cannot be read ({error})") from error
        yield Delivered(table, Format.CSV), crs


def _written(path: Path, asked: str | None, table: Path) -> str | None:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        tables = [each.title for each in book.worksheets]  # a chart may have a sheet of its own
        names = [name for name in tables if name != ABOUT]
        if not names:
            raise EmptyFileError(path, "sheets")
        if asked not in {*names, None} or (asked is None and len(names) > 1):
            raise SourceLayerError(path, [(name, "not said") for name in names], asked)
        rows = cast("Iterable[tuple[Any, ...]]", book[asked or names[0]].iter_rows(values_only=True))
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for row in rows:
                if any(value is not None for value in row):
                    writer.writerow(map(_text, row))
        if table.stat().st_size == 0:
            raise EmptyFileError(path, "rows")
        return _declared(book[ABOUT].iter_rows(values_only=True)) if ABOUT in tables else None
    finally:
        book.close()


def _declared(rows: Iterable[tuple[Any, ...]]) -> str | None:
    said = (_SYSTEM.search(str(value)) for row in rows for value in row if row and row[0] == ABOUT)
    return next((found.group() for found in said if found), None)


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
