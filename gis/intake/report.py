"""What a load says afterwards: on screen, as JSON; the refused rows beside it as a GeoPackage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any  # JSON

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from gis.intake.coverage.gaps import Gaps
from gis.intake.coverage.overlaps import TOLERANCE_M, Overlaps
from gis.intake.remarks import Repair
from gis.schema import BASELINE

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Repairs:
    """Geometries that were made valid: how many, what it did to the area, each in detail up to a limit."""

    rows: int
    area_change_m2: float
    each: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every row of one delivery.

    Parameters
    ----------
    delivery
        Number in the register; None where nothing was stored.
    dry_run
        Whether nothing was to be stored; `stored` are then the rows that would be.
    read, stored, refused
        Rows that were meant, kept, and not kept: read = stored + refused.
    left_out
        Rows of the file that the mapping does not mean; they are not among the read ones.
    reasons
        Refused rows by reason.
    changes
        Stored rows by what was done to them.
    outcome
        Where rows are held against what was stored: rows updated, unchanged and inserted, features removed.
    scenario
        Where they were loaded into; the baseline otherwise.
    """

    delivery: int | None
    dry_run: bool
    layer: str
    scenario: str
    file_name: str
    format: str
    crs: str
    operation: str
    mode: str
    mapping: Mapping[str, object]
    boundary: str
    read: int
    stored: int
    refused: int
    left_out: int
    reasons: Mapping[str, int]
    changes: Mapping[str, int]
    outcome: Mapping[str, int]
    repairs: Repairs
    overlaps: Overlaps | None
    gaps: Gaps | None
    notes: tuple[str, ...]
    seconds: float

    def __post_init__(self) -> None:
        if self.read != self.stored + self.refused:
            raise LostRowsError(self.read, self.stored, self.refused)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {**asdict(self), "tolerance_m": TOLERANCE_M}

    def as_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2, default=str)

    def findings(self) -> dict[str, Any]:
        """Return what the register keeps beside the counts."""
        kept = (
            "scenario",
            "operation",
            "boundary",
            "left_out",
            "reasons",
            "changes",
            "outcome",
            "repairs",
            "overlaps",
            "gaps",
            "notes",
        )
        said = self.as_dict()
        return {name: said[name] for name in (*kept, "tolerance_m")}

    def __rich__(self) -> RenderableType:
        """Return it as it is shown on a terminal."""
        return Group(*(Text(line) if isinstance(line, str) else line for line in _lines(self)))


class LostRowsError(AssertionError):
    """Rows that are neither stored nor refused: a fault of the program, never of a delivery."""

    def __init__(self, read: int, stored: int, refused: int) -> None:
        super().__init__(f"{read} rows were read, {stored} stored and {refused} refused: some are lost")


def _lines(report: Report) -> list[RenderableType]:
    rate = f"{report.read / report.seconds:,.0f} rows/s" if report.seconds > 0 else ""
    number = f"delivery {report.delivery}" if report.delivery is not None else "nothing stored"
    done = f"dry run, {number}" if report.dry_run else number
    into = report.layer if report.scenario == BASELINE else f"{report.layer} of scenario {report.scenario}"
    lines: list[RenderableType] = [
        f"{report.file_name} ({report.format}) → {into}: {report.mode}, {done}",
        f"  {report.read:,} read = {report.stored:,} stored + {report.refused:,} refused"
        + (f"; {report.left_out:,} left out by the mapping" if report.left_out else "")
        + f" ({report.seconds:.1f} s, {rate})",
        f"  {report.crs}; {report.operation}; checked against {report.boundary}",
    ]
    if report.outcome:
        lines.append("  " + ", ".join(f"{rows:,} {what}" for what, rows in report.outcome.items()))
    if report.reasons:
        lines.append(_table("refused because", report.reasons))
    if report.changes:
        lines.append(_table("done to stored rows", report.changes))
    return lines + _details(report)


def _table(title: str, counts: Mapping[str, int]) -> Table:
    table = Table(title, "rows", box=None, pad_edge=True)
    for what, rows in sorted(counts.items(), key=lambda item: -item[1]):
        table.add_row(Text(what), f"{rows:,}")
    return table


def _details(report: Report) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if report.repairs.rows:
        lines.append(f"  {report.repairs.rows:,} repaired, area changed by {report.repairs.area_change_m2:+,.2f} m²")
        lines += [
            f"    row {each.row_number}: {each.fault}; {each.method}; "
            f"{each.area_before_m2:,.2f} → {each.area_after_m2:,.2f} m²"
            for each in report.repairs.each[:_SHOWN]
        ]
    if report.overlaps is not None:
        found = report.overlaps
        lines.append(
            f"  {found.pairs:,} overlapping pairs ({found.contained:,} of them one inside the other), "
            f"{found.area_m2:,.2f} m² (wider than {TOLERANCE_M:g} m)"
        )
        lines += [
            f"    uid {each.uid} and {each.other_uid}: {each.area_m2:,.2f} m² "
            f"at E {each.easting_m:.1f}, N {each.northing_m:.1f}"
            for each in found.largest[:_SHOWN]
        ]
    if report.gaps is not None:
        lines.append(f"  {report.gaps.holes:,} gaps, {report.gaps.area_m2:,.2f} m² (wider than {TOLERANCE_M:g} m)")
        lines += [
            f"    {each.area_m2:,.2f} m² at E {each.easting_m:.1f}, N {each.northing_m:.1f}"
            for each in report.gaps.largest[:_SHOWN]
        ]
    return lines + [f"  {note}" for note in report.notes]


def show(report: Report) -> None:
    """Print a report on the terminal."""
    Console(highlight=False).print(report)
