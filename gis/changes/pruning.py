"""The log of changes kept short: what no process can still ask for is removed."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from gis.changes.log import MOST_RECENT
from gis.statements import statements

KEPT = 100_000
"""Latest changes that stay; a process that begins reads back fewer."""
_EVERY_S = 3_600.0
"""A watch that was silent for much less reads the log back anew (`gis.changes.watch`)."""
_AT_ONCE = 20_000
_SQL = statements(Path(__file__).with_suffix(".sql"))
_log = logging.getLogger(__name__)


def keep_short(database_url: str, stop: Event, *, every_s: float = _EVERY_S, kept: int = KEPT) -> None:
    """Remove changes again and again until told to stop: those that were visible to all the last time, but the latest.

    Raises
    ------
    ValueError
        When fewer were kept than a process reads back, which could not tell that others are gone.
    """
    if kept < MOST_RECENT:
        raise ValueError(f"{kept} changes would be kept, {MOST_RECENT} are read back")
    ended = 0
    while not stop.is_set():
        try:
            with psycopg.connect(database_url, autocommit=True) as connection:
                ended = _pruned(connection, before=ended, kept=kept, stop=stop)
        except psycopg.Error as lost:
            _log.warning("the log of changes could not be kept short: %s", str(lost).strip())
        stop.wait(every_s)


def _pruned(connection: Connection[TupleRow], *, before: int, kept: int, stop: Event) -> int:
    """Remove changes of transactions before one; return the one before which every transaction has ended by now."""
    removed = _AT_ONCE
    while before and removed >= _AT_ONCE and not stop.is_set():
        values = {"before": before, "kept": kept, "most": _AT_ONCE}
        removed = connection.execute(_SQL["prune"].sql(), values).rowcount
    row = connection.execute(_SQL["ended"].sql()).fetchone()
    return int(row[0]) if row else 0
