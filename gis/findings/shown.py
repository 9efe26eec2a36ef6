"""A finding as people read it in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from gis.findings.finding import Finding
from gis.findings.table import Cell, Heading, Table
from layers.model import Words

_SHARE = "1"


def shown(finding: Finding, *, language: str = "en") -> Group:
    """Return figures and tables of a finding, to be printed."""
    said = [Text(_in(finding.title, language), style="bold")]
    said += [Text(_in(note, language)) for note in finding.notes]
    for each in finding.quantities:
        value = "?" if each.value is None else f"{each.value:,.2f}"
        said.append(Text(f"{_in(each.title, language)}: {value} {each.unit}"))
    return Group(*said, *(_grid(table, language) for table in finding.tables), Text(finding.hash, style="dim"))


def _grid(table: Table, language: str) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD)
    for heading in table.headings:
        unit = f" ({heading.unit})" if heading.unit and heading.unit != _SHARE else ""
        numbers = heading.unit is not None
        grid.add_column(escape(_in(heading.title, language)) + unit, justify="right" if numbers else "left")
    for number, row in enumerate(table.rows):
        is_sum = number >= len(table.rows) - table.sums
        cells = [_cell(cell, heading, language) for cell, heading in zip(row, table.headings, strict=True)]
        grid.add_row(*cells, style="bold" if is_sum else "")
    return grid


def _cell(cell: Cell, heading: Heading, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return escape(_in(cell, language))
    if isinstance(cell, float):
        return f"{100 * cell:.1f} %" if heading.unit == _SHARE else f"{cell:,.2f}"
    return escape(str(cell))


def _in(words: Words, language: str) -> str:
    return words.vi if language == "vi" else words.en
