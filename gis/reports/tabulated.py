"""The tables and key figures of a finding, written in a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.findings import Heading, Quantity, Table
from gis.reports.plain import plain
from gis.wording import (
    YEAR,
    boolean_in,
    figure_in,
    number_in,
    share_in,
    text_in,
    unit_in,
    words_in,
)
from layers.model import Words

NO_VALUE = "–"
_SHORT, _SHORT_CODE = 14, 22
_LOW_LINE = re.compile(r"(?<=_)")
"""After which a line may end within a code."""
"""Letters of a text, and of a word such as a code, that need a column no wider than they are."""


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
class Written:
    """A table as it is read; the last `sums` rows are sums."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: int
    has_gaps: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure as it is read; `asides` say per what, from where, how sure."""

    title: str
    value: str
    unit: str
    is_known: bool
    asides: tuple[str, ...]


def written(table: Table, language: str) -> Written:
    """Return a table in a language; what has no value is a dash."""
    places = list(zip(*table.rows, strict=True)) or [() for _ in table.headings]
    rows = tuple(
        tuple(cell_in(cell, heading, language) for cell, heading in zip(row, table.headings, strict=True))
        for row in table.rows
    )
    columns = tuple(
        _column(heading, [row[place] for row in rows], is_figure=_is_figure(heading, cells), language=language)
        for place, (heading, cells) in enumerate(zip(table.headings, places, strict=True))
    )
    gaps = any(cell is None for row in table.rows for cell in row)
    return Written(plain(words_in(table.title, language)), columns, rows, table.sums, gaps)


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
        unit="" if quantity.value is None else plain(unit_in(quantity.unit, language)),
        is_known=quantity.value is not None,
        asides=tuple(map(plain, asides)),
    )


def cell_in(cell: object, heading: Heading, language: str) -> str:
    """Return what stands in a table, in a language."""
    if cell is None:
        return NO_VALUE
    if isinstance(cell, Words):
        return plain(words_in(cell, language))
    if isinstance(cell, bool):
        return boolean_in(cell, language)
    if isinstance(cell, (int, float)):
        return _number(cell, heading, language)
    return plain(text_in(str(cell), language))


def _number(number: float, heading: Heading, language: str) -> str:
    if heading.is_share:
        return share_in(number, language)
    if heading.unit == YEAR or (heading.unit is None and isinstance(number, int)):
        return f"{number:g}" if isinstance(number, float) else str(number)
    return number_in(number, language, decimals=0 if isinstance(number, int) else 2)


def _is_figure(heading: Heading, cells: tuple[object, ...] | list[object]) -> bool:
    numbers = [isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells if cell is not None]
    return all(numbers) if numbers else heading.unit is not None


def _column(heading: Heading, texts: list[str], *, is_figure: bool, language: str) -> Column:
    longest = max((len(part) for text in texts for part in _LOW_LINE.split(text)), default=0)
    title, unit = plain(words_in(heading.title, language)), plain(unit_in(heading.unit, language))
    is_short = is_figure or longest <= (_SHORT if any(" " in text for text in texts) else _SHORT_CODE)
    words = [*title.split(), f"({unit})" if unit else ""]
    return Column(title, unit, is_figure, is_short, max(longest, len(title) // 2 + 1, *map(len, words)))
