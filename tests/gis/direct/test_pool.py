"""A pool of connections that are asked directly: lent once at a time, waited for in turn, replaced when broken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import pytest
from psycopg import sql
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from gis.direct import DirectConnection, DirectPool
from gis.direct import pool as direct_pool
from gis.statements import numbered

NOWHERE = "host=127.0.0.1 port=1 dbname=none"
PID = numbered(sql.SQL("SELECT pg_backend_pid()"))
Answer = TypeVar("Answer")


def lent(pool: DirectPool, what: Callable[[DirectPool], Awaitable[Answer]]) -> Answer:
    async def opened() -> Answer:
        async with pool:
            return await what(pool)

    return asyncio.run(opened())


async def pid(connection: DirectConnection) -> int:
    ((number,),) = await connection.ask(PID, {})
    return int(number or b"")


async def pid_of_one(pool: DirectPool) -> int:
    async with pool.connection() as connection:
        return await pid(connection)


def end(url: str, *pids: int) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(pids)])


def test_many_share_a_few_connections_and_no_two_have_one_at_a_time(server_url: str):
    async def share(pool: DirectPool) -> tuple[set[int], int]:
        had: set[int] = set()
        having: set[int] = set()
        most = 0

        async def use() -> None:
            nonlocal most
            async with pool.connection() as connection:
                number = await pid(connection)
                assert number not in having
                having.add(number)
                most = max(most, len(having))
                await asyncio.sleep(0.001)
                having.discard(number)
                had.add(number)

        await asyncio.gather(*(use() for _ in range(200)))
        return had, most

    had, most = lent(DirectPool(server_url, kwargs={}, most=3), share)
    assert len(had) == most == 3


def test_who_waited_longest_is_served_first(server_url: str):
    async def wait(pool: DirectPool) -> list[int]:
        served: list[int] = []

        async def use(number: int) -> None:
            async with pool.connection():
                served.append(number)

        async with pool.connection():
            waiting = [asyncio.create_task(use(number)) for number in range(5)]
            await asyncio.sleep(0.01)
        await asyncio.gather(*waiting)
        return served

    assert lent(DirectPool(server_url, kwargs={}, most=1), wait) == [0, 1, 2, 3, 4]


def test_who_waits_too_long_or_comes_when_too_many_wait_is_refused(server_url: str):
    async def refuse(pool: DirectPool) -> dict[str, int]:
        async with pool.connection():
            began = time.monotonic()
            waiting = [asyncio.create_task(pid_of_one(pool)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(TooManyRequests, match="2 requests wait"):
                await pid_of_one(pool)
            for late in waiting:
                with pytest.raises(PoolTimeout):
                    await late
            assert 0.3 <= time.monotonic() - began < 3
        assert await pid_of_one(pool)
        return pool.pop_stats()

    pool = DirectPool(server_url, kwargs={}, most=1, most_waiting=2, wait_s=0.3, away_wait_s=0.1)
    counted = lent(pool, refuse)
    assert counted["requests_errors"] == 3
    assert counted["requests_num"] == 5
    assert counted["requests_queued"] >= 2
    assert counted["pool_available"] == counted["pool_size"] == 1


def test_who_leaves_the_line_leaves_the_connection_to_the_next(server_url: str):
    async def leave(pool: DirectPool) -> int:
        async with pool.connection():
            first, second = (asyncio.create_task(pid_of_one(pool)) for _ in range(2))
            await asyncio.sleep(0.01)
        first.cancel()  # it has just been handed the connection
        return await second

    assert lent(DirectPool(server_url, kwargs={}, most=1), leave)


def test_a_broken_connection_is_replaced_whether_it_is_lent_or_at_rest(server_url: str):
    async def break_them(pool: DirectPool) -> None:
        async with pool.connection() as connection:
            broken = await pid(connection)
            end(server_url, broken)
            with pytest.raises(psycopg.OperationalError):
                await pid(connection)
        another = await pid_of_one(pool)
        assert another != broken
        await asyncio.to_thread(end, server_url, another)
        await asyncio.sleep(0.1)
        assert await pid_of_one(pool) not in (broken, another)
        assert pool.pop_stats()["connections_lost"] == 2

    lent(DirectPool(server_url, kwargs={}, most=1), break_them)


def test_an_old_connection_is_replaced(server_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(direct_pool, "LIFETIME_S", 0.05)

    async def ask_later(pool: DirectPool) -> set[int]:
        found = set[int]()
        for _ in range(3):
            async with pool.connection() as connection:
                found.add(await pid(connection))
                await asyncio.sleep(0.06)
        return found

    assert len(lent(DirectPool(server_url, kwargs={}, most=1), ask_later)) == 3


def test_while_the_database_is_away_who_asks_is_told_so_soon():
    heard: list[str] = []

    async def ask(pool: DirectPool) -> float:
        await asyncio.sleep(0.1)
        began = time.monotonic()
        with pytest.raises(PoolTimeout):
            await pid_of_one(pool)
        return time.monotonic() - began

    pool = DirectPool(NOWHERE, kwargs={}, most=1, wait_s=5, away_wait_s=0.3, lost=lambda: heard.append("lost"))
    assert lent(pool, ask) < 2
    assert heard


def test_nothing_is_lent_before_the_pool_opens_and_after_it_closes(server_url: str):
    async def too_late() -> None:
        pool = DirectPool(server_url, kwargs={}, most=1)
        with pytest.raises(PoolClosed):
            await pid_of_one(pool)
        async with pool:
            kept = pool.connection()
            connection = await kept.__aenter__()
            waiting = asyncio.create_task(pid_of_one(pool))
            await asyncio.sleep(0.01)
        with pytest.raises(PoolClosed):
            await waiting
        await kept.__aexit__(None, None, None)
        await asyncio.sleep(0.01)
        assert connection.closed
        with pytest.raises(PoolClosed):
            await pid_of_one(pool)

    asyncio.run(too_late())
