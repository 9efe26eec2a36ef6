"""Questions answered while their client waits: a few at a time, each in a thread, none for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
from fastapi import Response
from starlette.concurrency import run_in_threadpool

from api.deps import Database
from api.processes.orders import Order
from api.refusals import TooLongError
from api.streaming import Seats
from api.visit import VISIT, Passage
from gis.answering import heard_by, without_files
from gis.findings import Finding

MOST_AT_ONCE = 4
"""Questions one worker answers at once; each holds a connection."""
SEAT_S = 2.0
"""Longest wait until another one has been answered."""
LONGEST_S = 20.0
"""Longest time a client is kept waiting; what takes longer is for a job."""
_AGAIN_S = 0.2

Write = Callable[[Finding], Response]


class _Run:
    """One question being answered, which may be told to end."""

    def __init__(self, database: Database, order: Order, write: Write, visit: Passage | None) -> None:
        self._database, self._order, self._write, self._visit = database, order, write, visit
        self._is_over = False

    def answer(self) -> Response:
        """Answer it and write the answer, in a thread.

        Raises
        ------
        TooLongError
            When it is told to end, or a statement takes too long.
        """
        order = self._order
        try:
            with self._database.city(order.horizon, order.scenario) as city, heard_by(self._hear), without_files():
                finding = order.question.answer(city, **order.arguments)
            return self._write(finding)
        except psycopg.errors.QueryCanceled:
            raise TooLongError(order.question.name) from None

    def end(self) -> None:
        """Let it end at its next word, and its statement at once."""
        self._is_over = True
        if self._visit is not None:
            self._database.pool.loans.cancel_for(self._visit)

    def _hear(self, _share: float) -> None:
        if self._is_over or (self._visit is not None and self._visit.has_left):
            raise TooLongError(self._order.question.name)


async def answer(database: Database, order: Order, seats: Seats, write: Write) -> Response:
    """Answer a question now.

    Parameters
    ----------
    write : how the finding is written; called in the same thread.

    Raises
    ------
    OverloadedError
        When too many are being answered already.
    TooLongError
        When it takes too long; it is ended, and its seat is free when that is done.
    """
    await seats.take()
    run = _Run(database, order, write, VISIT.get())
    answering = asyncio.create_task(run_in_threadpool(run.answer))
    answering.add_done_callback(lambda _: seats.leave())
    done, _ = await asyncio.wait({answering}, timeout=LONGEST_S)
    if done:
        return answering.result()
    _ENDING.add(ending := asyncio.create_task(_end(run.end, answering)))
    ending.add_done_callback(_ENDING.discard)
    raise TooLongError(order.question.name)


_ENDING: set[asyncio.Task[None]] = set()
"""Held until they are done: a loop alone does not keep its tasks."""


async def _end(end: Callable[[], None], answering: asyncio.Task[Response]) -> None:
    """End a question that nobody waits for any more, statement after statement."""
    while not answering.done():
        await asyncio.to_thread(end)
        await asyncio.wait({answering}, timeout=_AGAIN_S)
    answering.exception()
