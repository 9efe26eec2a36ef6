"""A watch learns from the log as it goes what it would read there had it begun later."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import psycopg
import pytest

from gis.changes.ledger import Change, Ledger
from gis.changes.watch import Watch, WatchLostError
from tests.gis.hand import put, square


def changes(watch: Watch) -> set[Change]:
    found = watch.ledger.since(0)
    assert found is not None
    return set(found)


def run(work: Coroutine[None, None, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 30))


def alter(url: str, *, number: int = 1) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for place in range(number):
            ground = square(550_000 + 100 * place, 1_778_400, 100)
            put(connection, "parcel", ground, land_use_code="ODT", stage="existing")
        connection.execute("TRUNCATE city.road")  # everywhere: no box


def test_what_is_learned_is_what_is_read_at_the_beginning(database_url: str):
    async def both() -> tuple[set[Change], set[Change]]:
        early, late = Watch(database_url), Watch(database_url)
        await early.open()
        await early.current()
        assert changes(early) == set()
        await asyncio.to_thread(alter, database_url, number=3)
        await early.current()
        await late.open()
        await late.current()
        found = changes(early), changes(late)
        await early.close()
        await late.close()
        return found

    learned, read = run(both())
    assert learned == read
    assert {change.layer for change in learned} == {"parcel", "road"}
    assert {change.place is None for change in learned} == {True, False}


def test_a_watch_survives_the_end_of_its_connection(database_url: str):
    async def ended() -> set[Change]:
        watch = Watch(database_url)
        await watch.open()
        await watch.current()
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'quyhoach watch' AND datname = current_database()"
            )
        alter(database_url)
        await watch.current()
        await asyncio.sleep(0.1)
        await watch.current()
        found = changes(watch)
        await watch.close()
        return found

    assert len(run(ended())) == 2


def test_who_asks_a_watch_without_a_database_is_told_so():
    async def asked() -> list[bool]:
        watch = Watch("host=/nowhere dbname=none")
        await watch.open()
        heard: list[bool] = []
        watch.tell(heard.append)
        assert not heard
        with pytest.raises(WatchLostError):
            await watch.current()
        await watch.close()
        return heard

    assert run(asked()) == [False]


def test_what_was_silent_for_long_reads_the_log_back_anew(database_url: str, monkeypatch: pytest.MonkeyPatch):
    """Changes that it has not seen may have been removed meanwhile: nothing kept may be judged by what it knows."""

    async def silent() -> tuple[Ledger, Ledger, Ledger]:
        watch = Watch(database_url)
        await watch.open()
        ledgers: list[Ledger] = []
        for longest_s in (600.0, 600.0, -1.0):
            monkeypatch.setattr("gis.changes.watch._LONGEST_SILENCE_S", longest_s)
            await watch.current()
            ledgers.append(watch.ledger)
        await watch.close()
        first, second, third = ledgers
        return first, second, third

    first, second, third = run(silent())
    assert first is second
    assert second is not third


def test_changes_of_another_server_are_not_taken_for_news(database_url: str):
    """A database that was copied with its log may hold numbers of transactions that are still to come here."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO register.change (transaction, layer) VALUES (10::bigint ^ 15, 'parcel')")

    async def asked() -> set[Change]:
        watch = Watch(database_url)
        await watch.open()
        await watch.current()
        await asyncio.to_thread(alter, database_url)
        await watch.current()
        found = changes(watch)
        await watch.close()
        return found

    assert {change.transaction < 10**15 for change in run(asked())} == {True}
