"""Cells of a workbook: numbers are numbers, and a text is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gis.findings import Outcome
from gis.reports.plain import plain
from gis.wording import YEAR

_MOST_CHARACTERS = 32_767
_WIDEST, _NARROWEST, _AIR = 60, 9, 3
_INK, _SOFT = "1D2A33", "5F6B75"
_HEAD = PatternFill("solid", fgColor="F6F3EC")
_LINE = Border(bottom=Side("thin", color="8B8577"))
_SUM_LINE = Border(top=Side("thin", color=_INK))
COLORS = {
    Outcome.PASS: "2A7249",
    Outcome.FAIL: "B3261E",
    Outcome.UNDECIDED: "9A5B00",
    Outcome.NOT_APPLICABLE: "69737C",
}

Value = str | float | int | bool | None


def put(
    sheet: Worksheet, row: int, values: Sequence[Value], *, formats: Sequence[str] = (), bold: bool = False
) -> None:
    """Write values into a row, each number in its format."""
    for column, value in enumerate(values, 1):
        if value is None:
            continue
        cell = cast("Cell", sheet.cell(row, column))
        cell.font = Font(bold=bold, color=_INK)
        cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
        if isinstance(value, str):
            cell.value = plain(value)[:_MOST_CHARACTERS]
            cell.data_type = "s"  # openpyxl takes a text that begins with = or # for a formula or an error
        else:
            cell.value = value
            cell.number_format = formats[column - 1] if formats else "General"


def put_heads(sheet: Worksheet, row: int, titles: Iterable[str]) -> None:
    """Write the heads of columns into a row; rows below it scroll under it."""
    put(sheet, row, list(titles), bold=True)
    for cell in sheet[row]:
        cell.fill, cell.border = _HEAD, _LINE
        cell.alignment = Alignment(vertical="bottom", wrap_text=True)
    sheet.freeze_panes = f"A{row + 1}"


def mark_sum(sheet: Worksheet, row: int) -> None:
    """Draw a line over a row of sums."""
    for cell in sheet[row]:
        cell.border = _SUM_LINE


def color(sheet: Worksheet, row: int, column: int, outcome: Outcome) -> None:
    """Write an outcome in its colour."""
    sheet.cell(row, column).font = Font(bold=True, color=COLORS[outcome])


def fit(sheet: Worksheet) -> None:
    """Make columns as wide as what stands in them, within reason, and pages as wide as the sheet."""
    for column, cells in enumerate(sheet.iter_cols(), 1):
        longest = max((len(str(cell.value)) for cell in cells if cell.value is not None), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + _AIR, _NARROWEST), _WIDEST)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def format_of(unit: str | None, value: object, *, is_share: bool) -> str:
    """Return the number format of a value in a unit; programs show it in the form of their own language."""
    if is_share:
        return "0.0%"
    if unit == YEAR or (unit is None and isinstance(value, int)):
        return "0"
    return "#,##0" if isinstance(value, int) else "#,##0.00"
