"""The connections of one event loop: lent, waited for, and handed on in as few steps as can be.

A pool for any number of threads locks, notifies and counts at every turn; for a short answer that is a tenth of what
there is to do besides asking.
"""

from __future__ import annotations

import asyncio
from asyncio import Future, Task
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from time import monotonic
from types import TracebackType
from typing import Any  # what psycopg is told when it connects

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from gis.direct.connection import DirectConnection

LIFETIME_S = 3_600.0
"""A connection is replaced after this time: what it has learnt of the database takes ever more memory there."""
_AGAIN_S = 0.1
"""Time until a connection that could not be made is tried again, while somebody waits."""


class AwayError(PoolTimeout):
    """No connection, since the database cannot be reached."""

    def __init__(self) -> None:
        super().__init__("the database cannot be reached")


class DirectPool:
    """Lend connections that are asked directly, to the tasks of one event loop.

    It outlives its database: connections are made when they are asked for, one that is found broken is replaced, and
    whoever asks while the database cannot be reached waits only briefly.

    Parameters
    ----------
    url : libpq address.
    kwargs : what else psycopg is told when it connects.
    most : connections; as many are made when it opens.
    most_waiting : requests that may wait for one.
    wait_s : longest wait.
    away_wait_s : longest wait while the database cannot be reached.
    reached, lost : hear of each connection made, and of each that could not be made.
    """

    def __init__(
        self,
        url: str,
        *,
        kwargs: Mapping[str, Any],
        most: int,
        most_waiting: int = 512,
        wait_s: float = 5.0,
        away_wait_s: float = 0.5,
        reached: Callable[[], None] = lambda: None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._url = url
        self._kwargs: dict[str, Any] = {"autocommit": True, **kwargs}
        self._most, self._most_waiting = most, most_waiting
        self._wait_s, self._away_wait_s = wait_s, min(away_wait_s, wait_s)
        self._reached, self._lost = reached, lost
        self._resting: list[DirectConnection] = []
        self._until: dict[DirectConnection, float] = {}
        self._making = 0
        self._waiting: deque[Future[DirectConnection]] = deque()
        self._beside: set[Task[None]] = set()
        self._is_away = False
        self._is_open = False
        self._counted: dict[str, int] = {}
        self.asked = 0
        """Times a connection was asked for, since the numbers were last read."""

    async def __aenter__(self) -> DirectPool:
        self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def open(self) -> None:
        """Begin; waits for no database."""
        self._is_open = True
        while self._make_one():
            pass

    async def close(self) -> None:
        """Let go of the connections; one that is lent goes when it comes back."""
        self._is_open = False
        waiting, self._waiting = self._waiting, deque()
        for waiter in waiting:
            _refuse(waiter, PoolClosed("the pool is closed"))
        self.drop_resting()
        while self._beside:  # what was being made is then let go of, too
            await asyncio.gather(*self._beside, return_exceptions=True)

    def connection(self) -> Loan:
        """Lend a connection for the length of an `async with`.

        Raises
        ------
        psycopg_pool.PoolTimeout, psycopg_pool.TooManyRequests, psycopg_pool.PoolClosed
            When none comes free in time, or too many wait already, or the pool is closed.
        """
        return Loan(self)

    def drop_resting(self) -> None:
        """Let go of the connections that nobody has: one was found broken, and what broke it may have broken them."""
        while self._resting:
            self._drop(self._resting.pop())

    def pop_stats(self) -> dict[str, int]:
        """Return how things stand, and what was counted since this was last asked, in the words of psycopg_pool."""
        counted, self._counted = self._counted, {}
        asked, self.asked = self.asked, 0
        return {
            **counted,
            "requests_num": asked,
            "pool_size": len(self._until) + self._making,
            "pool_available": len(self._resting),
            "requests_waiting": len(self._waiting),
        }

    def take_resting(self) -> DirectConnection | None:
        """Return a connection that nobody has, if there is one; it has to be given back."""
        while self._resting:
            connection = self._resting.pop()
            if connection.is_idle:
                return connection
            self._drop(connection)
        return None

    async def wait(self) -> DirectConnection:
        """Return the next connection that comes free; it has to be given back. Raises as `connection` does."""
        if not self._is_open:
            raise PoolClosed("the pool is not open")
        if len(self._waiting) >= self._most_waiting:
            self._count("requests_errors")
            raise TooManyRequests(f"{len(self._waiting)} requests wait already")
        loop = asyncio.get_running_loop()
        waiter: Future[DirectConnection] = loop.create_future()
        self._waiting.append(waiter)
        self._make_one()
        began = monotonic()
        patience = loop.call_later(self._away_wait_s, self._lose_patience, waiter, began + self._wait_s)
        try:
            return await waiter
        except BaseException:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif not waiter.cancelled() and waiter.exception() is None:  # cancelled when it had just been handed one
                self.give_back(waiter.result())
            raise
        finally:
            patience.cancel()
            self._count("requests_queued")
            self._count("requests_wait_ms", round(1_000 * (monotonic() - began)))

    def give_back(self, connection: DirectConnection) -> None:
        """Take a connection back, and hand it to who has waited longest."""
        if not (self._is_open and connection.is_idle and monotonic() < self._until[connection]):
            self._drop(connection)
            self._make_one()
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        self._resting.append(connection)

    def _lose_patience(self, waiter: Future[DirectConnection], deadline: float) -> None:
        """End a wait; a long one is looked at twice, since what was a long queue may have become a lost database."""
        if not self._is_away and (rest_s := deadline - monotonic()) > 0:
            asyncio.get_running_loop().call_later(rest_s, self._lose_patience, waiter, 0.0)
            return
        if _refuse(waiter, AwayError() if self._is_away else PoolTimeout("no connection came free in time")):
            self._count("requests_errors")

    def _make_one(self) -> bool:
        """Begin to make a connection, where there may be one more; say whether."""
        if not self._is_open or len(self._until) + self._making >= self._most:
            return False
        self._making += 1
        self._do_beside(self._make())
        return True

    async def _make(self) -> None:
        try:
            connection = await DirectConnection.connect(self._url, **self._kwargs)
        except psycopg.Error:
            self._is_away = True
            self._lost()
            self._count("connections_errors")
            if self._waiting:
                asyncio.get_running_loop().call_later(_AGAIN_S, self._make_one)
            return
        finally:
            self._making -= 1
        self._is_away = False
        self._reached()
        self._until[connection] = monotonic() + LIFETIME_S
        self.give_back(connection)

    def _drop(self, connection: DirectConnection) -> None:
        if not connection.is_idle:
            self._count("connections_lost")
        del self._until[connection]
        self._do_beside(connection.close())

    def _do_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _count(self, what: str, number: int = 1) -> None:
        self._counted[what] = self._counted.get(what, 0) + number


class Loan:
    """A connection for the length of an `async with`."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool

    async def __aenter__(self) -> DirectConnection:
        self._pool.asked += 1
        self._connection = self._pool.take_resting() or await self._pool.wait()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.give_back(self._connection)


def _refuse(waiter: Future[DirectConnection], why: Exception) -> bool:
    """Tell who waits that there is nothing to wait for; say whether they were still waiting."""
    if waiter.done():
        return False
    waiter.set_exception(why)
    return True
