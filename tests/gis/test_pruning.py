"""The log of changes is kept short, and nothing is removed that somebody might still ask for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg
import pytest

from gis.changes.log import MOST_RECENT
from gis.changes.pruning import keep_short

KEPT = MOST_RECENT
_LOGGED = "INSERT INTO register.change (layer) SELECT %s FROM generate_series(1, %s)"


@contextmanager
def pruned(url: str) -> Iterator[None]:
    stop = Event()
    pruner = Thread(target=keep_short, args=(url, stop), kwargs={"every_s": 0.02, "kept": KEPT})
    pruner.start()
    try:
        yield
    finally:
        stop.set()
        pruner.join(10)


def rows(connection: psycopg.Connection, layer: str) -> int:
    row = connection.execute("SELECT count(*) FROM register.change WHERE layer = %s", [layer]).fetchone()
    assert row
    return row[0]


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_the_oldest_changes_go_and_the_latest_stay(database_url: str):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_LOGGED, ["old", 100])
        connection.execute(_LOGGED, ["late", KEPT - 7])
        with pruned(database_url):
            assert within(20, lambda: rows(connection, "old") == 7)
            time.sleep(0.2)
            assert (rows(connection, "old"), rows(connection, "late")) == (7, KEPT - 7)


def test_numbers_that_were_never_used_do_not_count(database_url: str):
    """A rolled back edit leaves a gap in the numbers; who begins reads back so many changes, not so many numbers."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_LOGGED, ["old", 10])
        with connection.transaction(force_rollback=True):
            connection.execute(_LOGGED, ["undone", KEPT])
        connection.execute(_LOGGED, ["late", KEPT - 4])
        with pruned(database_url):
            assert within(20, lambda: rows(connection, "old") == 4)
            time.sleep(0.2)
            assert (rows(connection, "old"), rows(connection, "late")) == (4, KEPT - 4)


def test_what_an_open_transaction_or_a_later_one_wrote_stays(database_url: str):
    with (
        psycopg.connect(database_url) as editor,
        psycopg.connect(database_url, autocommit=True) as connection,
    ):
        editor.execute(_LOGGED, ["open", 5])
        connection.execute(_LOGGED, ["later", KEPT + 20])
        with pruned(database_url):
            time.sleep(0.5)
            assert rows(connection, "later") == KEPT + 20
            editor.commit()
            assert within(20, lambda: rows(connection, "open") == 0)
            assert within(20, lambda: rows(connection, "later") == KEPT)


def test_fewer_than_a_process_reads_back_are_never_kept():
    with pytest.raises(ValueError, match="are read back"):
        keep_short("", Event(), kept=MOST_RECENT - 1)
