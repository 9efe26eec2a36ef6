"""A finding as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from gis.findings.finding import Finding
from gis.findings.table import Table
from gis.reports.tabulated import lines
from gis.wording import measure_in, words_in
from layers.model import Words

_NARROWEST = 8
_LONGEST_WORD = 14
"""Letters of a word that is kept whole where there is room."""
_WIDEST = 1_000
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
    rows = tuple(row[:_JUDGED_COLUMNS] for row in every.rows[:_MOST_JUDGED])
    cut = "" if len(rows) == len(every.rows) else f" ({len(rows)}/{len(every.rows)})"
    title = Words(f"{every.title.vi}{cut}", f"{every.title.en}{cut}")
    yield Table(every.name, title, every.headings[:_JUDGED_COLUMNS], rows)


def print_shown(finding: Finding, *, language: str = "en") -> None:
    """Print a finding, wider than the terminal where its figures would be cut short otherwise."""
    console = Console()
    said = shown(finding, language=language, width=console.width)
    needed = max((_width_of(each) for each in said.renderables if isinstance(each, Grid)), default=0)
    Console(width=max(console.width, needed)).print(said)


def _width_of(grid: Grid) -> int:
    return sum((column.width or 0) + _BETWEEN for column in grid.columns)


def _grid(table: Table, language: str, width: int) -> Grid:
    columns, rows = lines(table, language)
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    titles = [escape(each.title + (f" ({each.unit})" if each.unit else "")) for each in columns]
    widths = _widths(titles, rows, [each.is_figure for each in columns], width)
    for column, title, letters in zip(columns, titles, widths, strict=True):
        grid.add_column(title, overflow="fold", justify="right" if column.is_figure else "left", width=letters)
    first_sum, common = len(rows) - table.sums, table.common
    for number, row in enumerate(rows):
        again = 0 < number < first_sum and row[:common] == rows[number - 1][:common]
        said = [*([""] * common if again else row[:common]), *row[common:]]
        grid.add_row(*map(escape, said), style="bold" if number >= first_sum else "")
    return grid


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], are_figures: Sequence[bool], most: int) -> list[int]:
    """Return how many letters wide each column is: figures are never cut short, texts share what is left.

    A figure that is cut short would be another figure.
    """
    columns = [[row[place] for row in cells] for place in range(len(titles))]
    widest = [max(map(len, column), default=1) for column in columns]
    words = [max(map(len, title.split()), default=1) for title in titles]
    figures = [max(*each) if is_figure else 0 for *each, is_figure in zip(widest, words, are_figures, strict=True)]
    wanted = [0 if is_figure else max(*each) for *each, is_figure in zip(widest, words, are_figures, strict=True)]
    left = most - sum(figures) - _BETWEEN * len(titles)
    long = [max((len(part) for text in column for part in text.split()), default=1) for column in columns]
    for floors in ([min(max(*each), _LONGEST_WORD) for each in zip(long, words, strict=True)], [0] * len(long)):
        limit = max(wanted, default=0)
        while limit > _NARROWEST and _taken(wanted, floors, limit) > left:
            limit -= 1
        if _taken(wanted, floors, limit) <= left:
            break
    return [
        figure or max(min(want, limit), min(want, low))
        for figure, want, low in zip(figures, wanted, floors, strict=True)
    ]


def _taken(wanted: Sequence[int], floors: Sequence[int], limit: int) -> int:
    return sum(max(min(each, limit), min(each, low)) for each, low in zip(wanted, floors, strict=True))
