"""A measured figure and what it must reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, its value and unit, the least or most it should be."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the figure is where it should be."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def bound(self) -> str:
        """What it should be, in words."""
        if self.least is not None:
            return f"≥ {self.least:g} {self.unit}"
        return f"≤ {self.most:g} {self.unit}" if self.most is not None else ""


def table(figures: Iterable[Figure]) -> Table:
    """Return the figures as a table for the screen."""
    shown = Table("figure", "measured", "should be", "", "note", box=None)
    for figure in figures:
        mark = "[green]✓[/]" if figure.reached else "[red]✗[/]"
        shown.add_row(figure.name, f"{figure.value:.2f} {figure.unit}", figure.bound, mark, figure.note)
    return shown


def markdown(figures: Iterable[Figure]) -> str:
    """Return the figures as rows of a Markdown table."""
    rows = ["| Figure | Measured | Should be | Note |", "|---|---|---|---|"]
    rows += [f"| {f.name} | {f.value:.2f} {f.unit} | {f.bound} | {f.note} |" for f in figures]
    return "\n".join(rows)
