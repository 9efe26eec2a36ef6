"""A table of a finding."""

from __future__ import annotations

from dataclasses import dataclass

from gis.schema import stored_columns
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

    @classmethod
    def of(cls, layer: str, column: str) -> Heading:
        """Return the heading of a column of a layer, as it is declared."""
        declared = next(each for each in stored_columns(LAYERS[layer]) if each.name == column)
        return cls(column, declared.title, declared.unit)


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

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        from gis.findings.page import table_html  # noqa: PLC0415 - not loaded by who only answers

        return table_html(self)
