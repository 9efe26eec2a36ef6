"""A table of a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gis.schema import stored_columns
from gis.wording import YEAR
from layers import LAYERS
from layers.model import Words

Cell = str | float | int | bool | Words | None
"""What stands in a table; None is unknown, and what cannot be there is NOT_APPLICABLE."""

NOT_APPLICABLE = Words("–", "–")
"""Stands where nothing can: a share of a sum of nothing, the norm of a service that the standard does not ask for."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: its name, its title, the unit of its values.

    Where each row has a unit of its own, `unit_column` is the name of the column in which it stands.
    """

    name: str
    title: Words
    unit: str | None = None
    unit_column: str | None = None

    @property
    def is_share(self) -> bool:
        """Whether its values are shares (0-1), which people read in per cent."""
        return self.unit == "1" and self.name.endswith("share")

    @property
    def is_name(self) -> bool:
        """Whether its numbers name something: they are no amounts, and their digits are not grouped."""
        return self.unit == YEAR or self.name == "uid"

    @classmethod
    def of(cls, layer: str, column: str) -> Heading:
        """Return the heading of a column of a layer, as it is declared."""
        declared = next(each for each in stored_columns(LAYERS[layer]) if each.name == column)
        return cls(column, declared.title, declared.unit)


_FEWEST_IN_GROUP = 3
"""Rows that groups have on average, where a table is read in groups."""
_FEWEST_COLUMNS = 2
"""Columns that are left beside what groups have in common."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; those of `sums` are sums of rows above them, and are counted from the end."""

    name: str
    title: Words
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: int = 0

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.headings):
                raise ValueError(f"table {self.name}: {len(row)} values under {len(self.headings)} headings")

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the values under a heading, sums included."""
        place = [heading.name for heading in self.headings].index(name)
        return tuple(row[place] for row in self.rows)

    def only(self, name: str, said: str) -> Table:
        """Return the rows in which something stands under a heading, in either language; sums are left out."""
        place = [heading.name for heading in self.headings].index(name)
        rows = self.rows[: len(self.rows) - self.sums]
        return replace(self, rows=tuple(row for row in rows if _says(row[place], said)), sums=0)

    @property
    def common(self) -> int:
        """How many of the first columns are the same throughout rows that follow each other, as a planner groups them.

        None are where rows do not come in groups of three or so, or a group comes again.
        """
        rows = self.rows[: len(self.rows) - self.sums]
        keys = [row[0] for row in rows]
        runs = [list(found) for _, found in groupby(rows, key=lambda row: row[0])]
        are_few = len(rows) < _FEWEST_IN_GROUP * len(runs) if len(runs) > 1 else len(rows) <= 1
        if are_few or len(runs) != len(set(keys)) or not _are_words(keys):
            return 0
        common = 1
        while common < len(self.headings) and all(len({row[common] for row in run}) == 1 for run in runs):
            if not _are_words([row[common] for row in rows]):
                break
            common += 1
        return common if len(self.headings) - common >= _FEWEST_COLUMNS else 0

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        from gis.findings.page import table_html  # noqa: PLC0415 - not loaded by who only answers

        return table_html(self)


def _says(cell: Cell, said: str) -> bool:
    return said in (cell.vi, cell.en) if isinstance(cell, Words) else cell == said


def _are_words(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, (str, Words)) and cell != NOT_APPLICABLE for cell in cells)
