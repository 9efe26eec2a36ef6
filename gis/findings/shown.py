"""A finding as people read it in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console, Group
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from gis.findings.finding import Finding
from gis.findings.table import Cell, Heading, Table
from layers.model import Words

_NARROWEST = 8
_WIDEST = 1_000


def shown(finding: Finding, *, language: str = "en") -> Group:
    """Return figures and tables of a finding, to be printed."""
    said = [Text(_in(finding.title, language), style="bold")]
    said += [Text(_in(note, language)) for note in finding.notes]
    for each in finding.quantities:
        value = "?" if each.value is None else f"{each.value:,.2f}"
        said.append(Text(f"{_in(each.title, language)}: {value} {each.unit}"))
    return Group(*said, *(_grid(table, language) for table in finding.tables), Text(finding.hash, style="dim"))


def print_shown(finding: Finding, *, language: str = "en") -> None:
    """Print a finding, wider than the terminal where its figures would be cut short otherwise."""
    console, said = Console(), shown(finding, language=language)
    needed = Measurement.get(console, console.options.update(width=_WIDEST), said).minimum
    Console(width=max(console.width, needed)).print(said)


def _grid(table: Table, language: str) -> Grid:
    cells = [
        [_cell(cell, heading, language) for cell, heading in zip(row, table.headings, strict=True)]
        for row in table.rows
    ]
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for place, heading in enumerate(table.headings):
        unit = f" ({heading.unit})" if heading.unit and heading.unit != "1" else ""
        title = escape(_in(heading.title, language)) + unit
        if heading.unit is None:
            grid.add_column(title, overflow="fold", min_width=_NARROWEST)
        else:  # a figure that is cut short would be another figure
            widest = max((len(row[place]) for row in cells), default=1)
            grid.add_column(title, overflow="fold", justify="right", min_width=widest)
    for number, row in enumerate(cells):
        grid.add_row(*row, style="bold" if number >= len(cells) - table.sums else "")
    return grid


def _cell(cell: Cell, heading: Heading, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Words):
        return escape(_in(cell, language))
    if isinstance(cell, float):
        return f"{100 * cell:.1f} %" if heading.is_share else f"{cell:,.2f}"
    return escape(str(cell))


def _in(words: Words, language: str) -> str:
    return words.vi if language == "vi" else words.en
