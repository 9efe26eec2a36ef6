"""Reading the log: what changed since a snapshot, as rows and as a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from gis.changes.ledger import Change, Ledger, Place
from gis.changes.snapshot import Snapshot
from gis.statements import Numbered, numbered, statements

MOST_RECENT = 5_000
"""Changes a process reads back when it begins; copies older than these it does not trust."""
_SQL = Path(__file__).with_suffix(".sql")

Row = tuple[str, int | None, str, str | None, float | None, float, float, float]
"""A row of the statements: the current snapshot, and one change or nulls."""


@cache
def news() -> Numbered:
    """Return the statement that reads what became visible since a snapshot; to be prepared, with what `since` binds."""
    return numbered(statements(_SQL)["news"].sql())


@cache
def recent() -> bytes:
    """Return the statement that reads the latest changes."""
    return statements(_SQL)["recent"].sql().as_bytes(None)


@cache
def life() -> bytes:
    """Return the statement that names the life of the database."""
    return statements(_SQL)["life"].sql().as_bytes(None)


def begun(rows: Sequence[Row]) -> tuple[str, Ledger]:
    """Return the snapshot of `recent` and a ledger of what it read."""
    found = changes(rows)
    complete_from = min(change.transaction for change in found) + 1 if len(found) == MOST_RECENT else 0
    ledger = Ledger(complete_from=complete_from)
    ledger.learn(reversed(found))
    return rows[0][0], ledger


def changes(rows: Sequence[Row]) -> list[Change]:
    """Return the changes among rows of the log."""
    return [
        Change(transaction, layer, scenario, None if west is None else Place(west, *sides))
        for _, transaction, layer, scenario, west, *sides in rows
        if transaction is not None
    ]


def since(snapshot: str) -> dict[str, bytes]:
    """Return what `news` binds for a snapshot."""
    return {"seen": snapshot.encode("ascii"), "first": b"%d" % Snapshot.read(snapshot).first_running}


def told(rows: Sequence[tuple[bytes | None, ...]]) -> list[Row]:
    """Return the rows of `news`, of which each value is text."""
    return [
        (
            (snapshot or b"").decode("ascii"),
            None if transaction is None else int(transaction),
            (layer or b"").decode(),
            None if scenario is None else scenario.decode(),
            None if west is None else float(west),
            float(south or 0),
            float(east or 0),
            float(north or 0),
        )
        for snapshot, transaction, layer, scenario, west, south, east, north in rows
    ]
