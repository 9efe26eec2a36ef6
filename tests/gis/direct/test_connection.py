"""A connection that is asked directly answers as any other would, and survives what may befall it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import LiteralString, TypeVar, cast

import psycopg
import pytest
from psycopg import sql
from psycopg.pq import TransactionStatus

from gis.direct import DirectConnection, Values
from gis.direct import connection as direct_connection
from gis.statements import numbered

Answer = TypeVar("Answer")


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[DirectConnection]:
    connection = await DirectConnection.connect(url, autocommit=True)
    try:
        yield connection
    finally:
        await connection.close()


def asked(url: str, what: Callable[[DirectConnection], Awaitable[Answer]]) -> Answer:
    async def answered() -> Answer:
        async with connected(url) as connection:
            return await what(connection)

    return asyncio.run(answered())


def ask(
    connection: DirectConnection, text: LiteralString, *, binary: bool = False, **values: object
) -> Awaitable[list[Values]]:
    bound = {name: str(value).encode() for name, value in values.items()}
    return connection.ask(numbered(sql.SQL(text)), bound, binary=binary)


async def one(connection: DirectConnection) -> None:
    assert await ask(connection, "SELECT 1 + %(n)s::int", n=1) == [(b"2",)]


def test_rows_come_as_text_or_binary_and_nothing_is_none(server_url: str):
    async def rows(connection: DirectConnection) -> None:
        text = "SELECT n, NULL FROM generate_series(%(last)s - 1, %(last)s::int) AS n WHERE n > %(after)s"
        assert await ask(connection, text, after=0, last=8) == [(b"7", None), (b"8", None)]
        assert await ask(connection, text, after=7, last=8, binary=True) == [(b"\x00\x00\x00\x08", None)]
        assert await ask(connection, text, after=8, last=8) == []

    asked(server_url, rows)


def test_a_long_answer_comes_whole(server_url: str):
    async def long(connection: DirectConnection) -> None:
        ((found,),) = await ask(connection, "SELECT convert_to(repeat('%%', %(n)s), 'UTF8')", n=5_000_000, binary=True)
        assert found == b"%" * 5_000_000

    asked(server_url, long)


def test_questions_and_cursors_may_take_turns(server_url: str):
    async def turns(connection: DirectConnection) -> None:
        for _ in range(3):
            await one(connection)
            assert await (await connection.execute("SELECT 3")).fetchone() == (3,)

    asked(server_url, turns)


def test_a_refused_question_says_why_and_the_next_is_answered(server_url: str):
    async def refused(connection: DirectConnection) -> None:
        for _ in range(2):
            with pytest.raises(psycopg.errors.DivisionByZero, match="division by zero"):
                await ask(connection, "SELECT 1 / %(n)s::int", n=0)
            with pytest.raises(psycopg.errors.UndefinedTable):
                await ask(connection, "SELECT 1 FROM nowhere")
            await one(connection)

    asked(server_url, refused)


def test_only_so_many_statements_stay_prepared(server_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(direct_connection, "MOST_PREPARED", 3)

    async def prepared(connection: DirectConnection) -> None:
        for number in (1, 2, 3, 1, 4, 1, 5, 2):
            assert await ask(connection, cast("LiteralString", f"SELECT {number}")) == [(b"%d" % number,)]
        cursor = await connection.execute("SELECT statement FROM pg_prepared_statements")
        kept = {statement.rsplit(" ", 1)[1] for (statement,) in await cursor.fetchall()}
        assert kept == {"1", "5", "2"}

    asked(server_url, prepared)


def test_who_no_longer_waits_has_the_statement_cancelled_and_the_connection_serves_on(server_url: str):
    async def left(connection: DirectConnection) -> None:
        task = asyncio.create_task(ask(connection, "SELECT pg_sleep(30)"))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 1
        assert not connection.closed
        assert connection.pgconn.transaction_status == TransactionStatus.IDLE
        await one(connection)

    asked(server_url, left)


def test_who_leaves_at_any_moment_leaves_a_connection_that_answers_rightly(server_url: str):
    async def leaving(connection: DirectConnection) -> None:
        for pause_ms in range(24):
            task = asyncio.create_task(ask(connection, "SELECT pg_sleep(%(s)s::float8)", s=0.005))
            await asyncio.sleep(pause_ms / 2000)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await one(connection)

    asked(server_url, leaving)


def test_a_server_that_ends_the_session_is_told_as_such(server_url: str):
    async def ended(connection: DirectConnection) -> None:
        await one(connection)
        waiting = asyncio.create_task(ask(connection, "SELECT pg_sleep(30)"))
        await asyncio.sleep(0.1)
        async with connected(server_url) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(waiting, 5)
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(one(connection), 5)

    asked(server_url, ended)


def test_a_session_that_ends_between_two_questions_is_noticed(server_url: str):
    async def ended(connection: DirectConnection) -> None:
        await one(connection)
        async with connected(server_url) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        await asyncio.sleep(0.2)
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(one(connection), 5)

    asked(server_url, ended)
