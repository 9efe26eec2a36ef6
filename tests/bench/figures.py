"""A measured figure and what it must reach."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its value and unit, the least or most it should be, how it was measured.

    A value that is not a number means that the figure was not measured; it is then not reached.
    """

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    note: str = ""
    method: str = ""

    @property
    def measured(self) -> str:
        """The value in words."""
        return "not measured" if math.isnan(self.value) else f"{self.value:,.2f} {self.unit}"

    @property
    def reached(self) -> bool:
        """Whether the figure is where it should be."""
        return (
            not math.isnan(self.value)
            and (self.least is None or self.value >= self.least)
            and (self.most is None or self.value <= self.most)
        )

    @property
    def bound(self) -> str:
        """What it should be, in words."""
        if self.least is not None and self.most is not None:
            return f"{self.least:g}-{self.most:g} {self.unit}"
        if self.least is not None:
            return f"≥ {self.least:g} {self.unit}"
        return f"≤ {self.most:g} {self.unit}" if self.most is not None else ""


def not_measured(name: str, unit: str, why: str, *, least: float | None = None, most: float | None = None) -> Figure:
    """Return a figure that could not be measured, with the reason; it never counts as reached."""
    return Figure(name, math.nan, unit, least=least, most=most, note=why)


def table(figures: Iterable[Figure]) -> Table:
    """Return the figures as a table for the screen."""
    shown = Table("figure", "measured", "should be", "", "note", box=None)
    for figure in figures:
        mark = "[green]✓[/]" if figure.reached else "[red]✗[/]"
        shown.add_row(figure.name, figure.measured, figure.bound, mark, figure.note)
    return shown


def markdown(figures: Iterable[Figure]) -> str:
    """Return the figures as rows of a Markdown table."""
    rows = ["| Figure | Measured | Should be | Reached | Note | Method |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {f.name} | {f.measured} | {f.bound} | {'yes' if f.reached else 'no'} | {f.note} | {f.method} |"
        for f in figures
    ]
    return "\n".join(rows)
