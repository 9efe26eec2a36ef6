"""The tables and key figures of a finding, written in a language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gis.findings import NOT_APPLICABLE, Heading, Quantity, Table
from gis.findings.table import Cell
from gis.reports.plain import plain
from gis.wording import (
    SHARE,
    boolean_in,
    decimals_of,
    figure_in,
    number_in,
    share_in,
    text_in,
    unit_of,
    unit_under,
    unknown_in,
    words_in,
)
from layers.model import Words

_SHORT, _SHORT_CODE = 14, 22
"""Letters of a text, and of a word such as a code, that need a column no wider than they are."""
_LOW_LINE = re.compile(r"(?<=[_.])")
"""After which a line may end within a code."""

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a written column; a figure is aligned at its right, a short text needs no room to wrap.

    `letters` is the room it needs: for its longest cell, and for its head, unit included, on two lines or more.
    """

    title: str
    unit: str
    is_figure: bool
    is_short: bool
    letters: int


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that are read together, under what they have in common; without a title where that is nothing."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A table as it is read: its rows in sections, then its sums; `has_dashes` where a cell cannot have a value."""

    title: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    sums: tuple[tuple[str, ...], ...]
    has_dashes: bool

    @property
    def number(self) -> int:
        """How many rows it has, without sums."""
        return sum(len(section.rows) for section in self.sections)

    def first(self, most: int) -> tuple[Section, ...]:
        """Return the sections of its first rows."""
        found: list[Section] = []
        left = most
        for section in self.sections:
            if left > 0:
                found.append(Section(section.title, section.rows[:left]))
                left -= len(section.rows)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure as it is read; `asides` say per what, from where, how sure."""

    title: str
    value: str
    unit: str
    is_known: bool
    asides: tuple[str, ...]


def lines(table: Table, language: str) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """Return the columns and the rows of a table in a language, sums at the end, and nothing in sections."""
    writer = _Writer(table, language)
    rows = [writer.row(row) for row in table.rows]
    columns = writer.columns(rows)
    last = len(rows) - table.sums
    return columns, [*rows[:last], *(_sum_row(row, columns) for row in rows[last:])]


def written(table: Table, language: str) -> Written:
    """Return a table in a language; what is not known says so, what cannot have a value is a dash.

    Where rows that follow each other begin alike, what they begin with is the title of their section.
    """
    columns, rows = lines(table, language)
    common, last = table.common, len(rows) - table.sums
    sections = tuple(
        Section(" · ".join(key), tuple(row[common:] for row in found))
        for key, found in groupby(rows[:last], key=lambda row: row[:common])
    )
    dashes = any(cell == NOT_APPLICABLE for row in table.rows for cell in row[common:])
    sums = tuple(row[common:] for row in rows[last:])
    return Written(plain(words_in(table.title, language)), columns[common:], sections, sums, dashes)


def _sum_row(row: Sequence[str], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return a row of sums, empty where a code or a text would stand."""
    return tuple(
        "" if cell == NOT_APPLICABLE.vi and not column.is_figure else cell
        for cell, column in zip(row, columns, strict=True)
    )


def figure(quantity: Quantity, language: str) -> Figure:
    """Return a key figure in a language; a value that is not known says so."""
    asides: list[str] = []
    if quantity.per is not None:
        asides.append(f"/ {words_in(quantity.per, language)}")
    if quantity.note is not None:
        asides.append(words_in(quantity.note, language))
    if quantity.source is not None:
        asides.append(quantity.source)
    if quantity.certainty is not None:
        asides.append(words_in(quantity.certainty.words, language))
    return Figure(
        title=plain(words_in(quantity.title, language)),
        value=figure_in(quantity.value, language, unit=quantity.unit, is_share=quantity.is_share),
        unit="" if quantity.value is None else plain(unit_of(quantity.value, quantity.unit, language)),
        is_known=quantity.value is not None,
        asides=tuple(map(plain, asides)),
    )


class _Writer:
    """Writes the cells of a table, numbers with the decimals of their column."""

    def __init__(self, table: Table, language: str) -> None:
        self._headings = table.headings
        self._language = language
        self._cells: list[Sequence[Cell]] = list(zip(*table.rows, strict=True)) or [() for _ in table.headings]
        self._decimals = [_decimals(*each) for each in zip(self._cells, table.headings, strict=True)]
        names = [heading.name for heading in table.headings]
        self._units = [names.index(each.unit_column) if each.unit_column else None for each in table.headings]

    def row(self, cells: Row) -> tuple[str, ...]:
        """Return a row in the language."""
        return tuple(self._cell(cells, place) for place in range(len(cells)))

    def columns(self, rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
        """Return the heads of the columns of rows that are written."""
        return tuple(
            _column(heading, [row[place] for row in rows], _is_figure(heading, self._cells[place]), self._language)
            for place, heading in enumerate(self._headings)
        )

    def _cell(self, cells: Row, place: int) -> str:
        cell, language = cells[place], self._language
        if cell is None:
            return unknown_in(language)
        if isinstance(cell, Words):
            return "%" if cell == SHARE else plain(words_in(cell, language))
        if isinstance(cell, bool):
            return boolean_in(cell, language)
        if isinstance(cell, str):
            return plain(text_in(cell, language))
        beside = self._units[place]
        if beside is None:
            return _number(cell, self._headings[place], language, self._decimals[place])
        return figure_in(round(100 * cell, 1) if cells[beside] == SHARE else cell, language)


def _number(number: float, heading: Heading, language: str, decimals: int) -> str:
    if heading.is_share:
        return share_in(number, language)
    if heading.is_name:
        return f"{number:.0f}"
    return number_in(number, language, decimals=decimals)


def _decimals(cells: Sequence[Cell], heading: Heading) -> int:
    """Return the decimals of a column: none where all its numbers are whole, so that points stand below each other."""
    numbers = [cell for cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    return 0 if all(float(number).is_integer() for number in numbers) else decimals_of(heading.unit)


def _is_figure(heading: Heading, cells: Sequence[Cell]) -> bool:
    if heading.unit_column is not None:
        return True
    said = [cell for cell in cells if cell is not None and cell != NOT_APPLICABLE]
    numbers = [isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in said]
    return all(numbers) if numbers else heading.unit is not None


def _column(heading: Heading, texts: Sequence[str], is_figure: bool, language: str) -> Column:
    longest = max((len(part) for text in texts for part in _LOW_LINE.split(text)), default=0)
    title = plain(words_in(heading.title, language))
    unit = plain(unit_under(title, heading.unit, language))
    is_short = is_figure or longest <= (_SHORT if any(" " in text for text in texts) else _SHORT_CODE)
    words = [*title.split(), f"({unit})" if unit else ""]
    return Column(title, unit, is_figure, is_short, max(longest, len(title) // 2 + 1, *map(len, words)))
