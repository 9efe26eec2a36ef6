"""A finding as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from gis.findings.finding import Finding
from gis.findings.table import Cell, Heading, Table
from gis.wording import measure_in, number_in, share_in, unit_in, unknown_in, words_in
from layers.model import Words

_NARROWEST = 8
_WIDEST = 1_000
_LONGEST_WORD = 16
_MOST_JUDGED = 40
_JUDGED_COLUMNS = 5
"""Of verdicts: about what, which rule, what is asked, what was found, how it came out."""
_BETWEEN = 2
"""Letters between two columns."""


def shown(finding: Finding, *, language: str = "en", width: int = _WIDEST) -> Group:
    """Return figures and tables of a finding, to be printed.

    Parameters
    ----------
    width : letters for which tables are laid out; they are wider where their figures need it.
    """
    said = [Text(words_in(finding.title, language), style="bold")]
    said += [Text(words_in(note, language)) for note in finding.notes]
    for each in finding.quantities:
        value = measure_in(each.value, each.unit, language, is_share=each.is_share)
        said.append(Text(f"{words_in(each.title, language)}: {value}"))
    tables = (*finding.tables, *_judged(finding))
    return Group(*said, *(_grid(table, language, width) for table in tables), Text(finding.hash, style="dim"))


def _judged(finding: Finding) -> Iterator[Table]:
    """Yield the verdicts that people look for first, where there are any: what fails, what cannot be decided."""
    if not finding.verdicts:
        return
    every = finding.judgements()
    shown_ = every.headings[:_JUDGED_COLUMNS]
    rows = tuple(row[:_JUDGED_COLUMNS] for row in every.rows[:_MOST_JUDGED])
    cut = "" if len(rows) == len(every.rows) else f" ({len(rows)}/{len(every.rows)})"
    yield Table(every.name, Words(f"{every.title.vi}{cut}", f"{every.title.en}{cut}"), shown_, rows)


def print_shown(finding: Finding, *, language: str = "en") -> None:
    """Print a finding, wider than the terminal where its figures would be cut short otherwise."""
    console = Console()
    said = shown(finding, language=language, width=console.width)
    needed = max((_width_of(each) for each in said.renderables if isinstance(each, Grid)), default=0)
    Console(width=max(console.width, needed)).print(said)


def _width_of(grid: Grid) -> int:
    return sum((column.width or 0) + _BETWEEN for column in grid.columns)


def _grid(table: Table, language: str, width: int) -> Grid:
    cells = [
        [_cell(cell, heading, language) for cell, heading in zip(row, table.headings, strict=True)]
        for row in table.rows
    ]
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    titles = [_head(heading, language) for heading in table.headings]
    widths = _widths(titles, cells, [heading.unit is not None for heading in table.headings], width)
    for heading, title, letters in zip(table.headings, titles, widths, strict=True):
        grid.add_column(
            title,
            overflow="fold",
            justify="left" if heading.unit is None else "right",
            width=letters,
        )
    for number, row in enumerate(cells):
        grid.add_row(*row, style="bold" if number >= len(cells) - table.sums else "")
    return grid


def _head(heading: Heading, language: str) -> str:
    unit = unit_in(heading.unit, language)
    return escape(words_in(heading.title, language) + (f" ({unit})" if unit else ""))


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], are_figures: Sequence[bool], most: int) -> list[int]:
    """Return how many letters wide each column is: figures are never cut short, texts share what is left.

    A figure that is cut short would be another figure. Words are cut in two only where they are very long.
    """
    columns = [[row[place] for row in cells] for place in range(len(titles))]
    widest = [max(map(len, column), default=1) for column in columns]
    words = [max(map(len, title.split()), default=1) for title in titles]
    figures = [max(*each) if is_figure else 0 for *each, is_figure in zip(widest, words, are_figures, strict=True)]
    wanted = [0 if is_figure else max(*each) for *each, is_figure in zip(widest, words, are_figures, strict=True)]
    left = most - sum(figures) - _BETWEEN * len(titles)
    limit = max(wanted, default=0)
    while limit > _NARROWEST and sum(min(each, limit) for each in wanted) > left:
        limit -= 1
    whole = [
        min(_LONGEST_WORD, max((len(word) for text in column for word in text.split()), default=1), want)
        for column, want in zip(columns, wanted, strict=True)
    ]
    return [
        figure or max(min(want, limit), word, title if want else 0)
        for figure, want, word, title in zip(figures, wanted, whole, words, strict=True)
    ]


def _cell(cell: Cell, heading: Heading, language: str) -> str:
    if cell is None:
        return unknown_in(language)
    if isinstance(cell, Words):
        return escape(words_in(cell, language))
    if isinstance(cell, float):
        return share_in(cell, language) if heading.is_share else number_in(cell, language)
    return escape(str(cell))
