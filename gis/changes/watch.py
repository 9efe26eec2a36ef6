"""A watch over the log: one question to the database tells all who ask at that moment what has changed."""

from __future__ import annotations

import asyncio
import time
from asyncio import Future
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psycopg

from gis.changes.ledger import Ledger
from gis.changes.log import MOST_RECENT, begun, changes, life, news, recent, since, told
from gis.direct import DirectConnection
from gis.errors import QuyhoachError

_PATIENCE_S = 5
_LONGEST_SILENCE_S = 600.0
"""Who has not asked for longer reads the log back anew: what they have not seen of it may have been removed."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that goes on while the machine sleeps."""
_SESSION = f"-c jit=off -c default_transaction_read_only=on -c statement_timeout={1000 * _PATIENCE_S}"


class WatchLostError(QuyhoachError):
    """The log cannot be read: nobody can say whether a copy is fresh."""

    def __init__(self) -> None:
        super().__init__("The database does not say what has changed; ask again in a moment.")


class Watch:
    """Keep a ledger in step with the log.

    Who has waited for `current` knows every change that was committed before they asked. The watch asks the database
    each time instead of trusting that it would have been told; what arrives while a question is under way shares the
    next one.

    A lost connection and a long silence begin a new ledger. `reign` names the life of the database since its last start
    or crash: after a crash it may use numbers of transactions a second time, so that nothing made in another reign can
    be judged.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: DirectConnection | None = None
        self._snapshot, self._learned_at = "", 0.0
        self._waiting: list[Callable[[bool], None]] = []
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.ledger = Ledger()
        self.reign = ""

    async def open(self) -> None:
        """Begin; does not wait for the database."""
        self._task = asyncio.create_task(self._answer(), name="watch")

    async def close(self) -> None:
        """Stop, and let go of the connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        asking, self._waiting = self._waiting, []
        _release(asking, is_known=False)
        await self._lose()

    async def current(self) -> None:
        """Return when the ledger holds every change that was committed before this was called.

        Raises
        ------
        WatchLostError
            When the database does not answer.
        """
        waiter: Future[bool] = asyncio.get_running_loop().create_future()
        self.tell(partial(_settle, waiter))
        if not await waiter:
            raise WatchLostError

    def tell(self, hear: Callable[[bool], None]) -> None:
        """Call when `current` would return, with True, or would raise, with False; costs less than a task that waits.

        Parameters
        ----------
        hear : is called by the event loop, never before this returns.
        """
        self._waiting.append(hear)
        self._wanted.set()

    async def _answer(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(0)  # all whose requests have arrived may join
            self._wanted.clear()
            asking, self._waiting = self._waiting, []
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._learn()
            except (psycopg.Error, TimeoutError):
                await self._lose()
                _release(asking, is_known=False)
            else:
                _release(asking, is_known=True)

    async def _learn(self) -> None:
        now = time.clock_gettime(_CLOCK)
        if self._learned_at + _LONGEST_SILENCE_S < now:
            await self._lose()
        self._learned_at = now
        if self._connection is not None:
            try:
                rows = told(await self._connection.ask(news(), since(self._snapshot)))
            except psycopg.OperationalError:
                await self._lose()
            else:
                self._snapshot = rows[0][0]
                self.ledger.learn(changes(rows))
                return
        await self._begin()

    async def _begin(self) -> None:
        connection = await DirectConnection.connect(
            self._url, autocommit=True, options=_SESSION, application_name="quyhoach watch", connect_timeout=_PATIENCE_S
        )
        try:
            reign = await (await connection.execute(life())).fetchone()
            rows = await (await connection.execute(recent(), {"most": MOST_RECENT})).fetchall()
        except BaseException:
            await connection.close()
            raise
        self._snapshot, self.ledger = begun(rows)
        self._connection, self.reign = connection, "" if reign is None else reign[0]

    async def _lose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _settle(waiter: Future[bool], is_known: bool) -> None:
    if not waiter.done():
        waiter.set_result(is_known)


def _release(asking: list[Callable[[bool], None]], *, is_known: bool) -> None:
    loop = asyncio.get_running_loop()
    for hear in asking:
        loop.call_soon(hear, is_known)  # what goes wrong there is not the watch's
