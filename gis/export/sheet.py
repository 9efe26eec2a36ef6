"""XLSX: one sheet of features with their geometry as WKT, one sheet that says what they are."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast  # a cell holds a value of any type
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.compute as pc
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from gis.copy import GEOMETRY
from gis.export.card import Card, described
from gis.export.errors import TooManyRowsError
from gis.export.fitting import UID, Fitting, longer
from gis.export.rows import shapes

_MOST_ROWS = 1_048_575
_MOST_CHARACTERS = 32_767
_FIRST_SAFE_DAY = date(1900, 3, 1)
"""Before it spreadsheet programs count a day that never was, the 29th of February 1900."""


def write(path: Path, batches: Iterable[pa.RecordBatch], *, card: Card, fits: Fitting) -> None:
    """Write batches as a sheet named after the layer, and a sheet `about`; TooManyRowsError beyond the last row."""
    if card.rows > _MOST_ROWS:
        raise TooManyRowsError(card.layer, card.rows, _MOST_ROWS)
    book = Workbook(write_only=True)
    with _closed(book), ZipFile(path, "w", ZIP_DEFLATED) as archive:
        sheet = book.create_sheet(card.layer.name[:31])
        sheet.freeze_panes = "A2"
        sheet.append(list(fits.schema.names))
        for batch in batches:
            for row in _rows(batch, fits):
                sheet.append([_cell(sheet, value) for value in row])
        about = book.create_sheet("about")
        for row in _about(card):
            about.append([_cell(about, value) for value in row])
        ExcelWriter(book, archive).save()


@contextmanager
def _closed(book: Workbook) -> Generator[None]:
    """Close the sheets that an error left open; openpyxl itself would complain of them when they are forgotten."""
    try:
        yield
    except BaseException:
        for sheet in cast("list[WriteOnlyWorksheet]", book.worksheets):
            with suppress(OSError, WorkbookAlreadySaved):
                sheet.close()
        raise


def _rows(batch: pa.RecordBatch, fits: Fitting) -> Iterator[tuple[Any, ...]]:
    wkt = pa.array(shapely.to_wkt(shapes(batch), rounding_precision=-1).tolist(), pa.string())
    too_long = longer(pc.utf8_length(wkt), _MOST_CHARACTERS)
    fits.lose(GEOMETRY, f"WKT of over {_MOST_CHARACTERS} characters was left out", too_long, batch.column(UID))
    held = pc.if_else(too_long, pa.scalar(None, pa.string()), wkt)
    columns = [held if name == GEOMETRY else batch.column(name) for name in batch.schema.names]
    return zip(*(cast("list[Any]", column.to_pylist()) for column in columns), strict=True)


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Return what the sheet appends: a text stays a text even where it looks like a formula or an error."""
    if isinstance(value, str) and value[:1] in ("=", "#"):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell
    if isinstance(value, date) and not isinstance(value, datetime) and value < _FIRST_SAFE_DAY:
        return value.isoformat()
    return value


def _about(card: Card) -> Iterator[tuple[Any, ...]]:
    yield ("layer", card.layer.name)
    yield ("title", card.title)
    yield from (("about", line) for line in card.description.splitlines())
    yield ()
    yield ("column", "title", "meaning", "unit", "code", "name of the code")
    for name, column in card.columns:
        words = described(column)
        yield (name, words["title"], words["meaning"], words.get("unit"))
        codes = cast("dict[str, str]", words.get("codes", {}))
        yield from ((name, None, None, None, code, title) for code, title in codes.items())
