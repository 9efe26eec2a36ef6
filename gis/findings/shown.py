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
from gis.wording import measure_in, number_in, share_in, unit_in, words_in
from layers.model import Words

_NARROWEST = 8
_WIDEST = 1_000


def shown(finding: Finding, *, language: str = "en") -> Group:
    """Return figures and tables of a finding, to be printed."""
    said = [Text(words_in(finding.title, language), style="bold")]
    said += [Text(words_in(note, language)) for note in finding.notes]
    for each in finding.quantities:
        value = measure_in(each.value, each.unit, language, is_share=each.is_share)
        said.append(Text(f"{words_in(each.title, language)}: {value}"))
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
        unit = unit_in(heading.unit, language)
        title = escape(words_in(heading.title, language) + (f" ({unit})" if unit else ""))
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
        return escape(words_in(cell, language))
    if isinstance(cell, float):
        return share_in(cell, language) if heading.is_share else number_in(cell, language)
    return escape(str(cell))
