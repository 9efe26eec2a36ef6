"""Overviews brought in step when a tile needs them: by the keeper, or here where it does not come to it."""

from __future__ import annotations

import asyncio
import time
from asyncio import Future, Task
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from gis.direct import DirectPool
from gis.overviews.drawn import KEEPER_LOCK, MOST_AT_ONCE
from gis.statements import numbered, statements
from gis.tiles.drawing import StaleOverviewError
from gis.tiles.tile import Tile

_LOOK_S = 0.01
_PATIENCE_S = 12.0
"""A keeper that is at work is worth waiting for: to do its work a second time would hold up both."""
_KEEPER_KNOWN_S = 1.0
_SQL = statements(Path(__file__).with_suffix(".sql"))
_LEFT = numbered(_SQL["left"].sql())
_KEEPERS = numbered(_SQL["keepers"].sql())

Marks = frozenset[int]


class Refresher:
    """Wait until the few blocks that an edit left out of step are in step; many are left to the keeper.

    To measure a block takes longer than to draw many tiles, and would hold them up if it were done in their process.

    Parameters
    ----------
    pool : connections that ask whether marks are gone.
    desk : connections in autocommit that may write.
    patience_s
        How long a keeper is waited for before the blocks are refreshed beside the event loop; where there is none they
        are at once.
    keeper_comes_s : how long from now on a keeper is believed to be there, because it is about to begin.
    """

    def __init__(
        self,
        pool: DirectPool,
        desk: ConnectionPool[Connection[TupleRow]],
        *,
        patience_s: float = _PATIENCE_S,
        keeper_comes_s: float = 0.0,
    ) -> None:
        self._left = _Left(pool)
        self._keeper = _Keeper(pool, keeper_comes_s)
        self._desk = desk
        self._patience_s = patience_s
        self._turn = asyncio.Lock()

    async def refresh(self, tile: Tile, stale: StaleOverviewError) -> bool:
        """Return when the marks that a tile met are gone; False where there were too many to wait."""
        if stale.marks is None:
            return False
        if await self._keeper.is_there() and await self._are_gone(stale.marks):
            return True
        async with self._turn:
            return await asyncio.to_thread(self._refresh, tile, stale)

    async def _are_gone(self, marks: Marks) -> bool:
        """Return when the keeper has refreshed what is marked; False where it does not come to it in time."""
        try:
            async with asyncio.timeout(self._patience_s):
                await self._left.none_of(marks)
        except TimeoutError:
            return False
        return True

    def _refresh(self, tile: Tile, stale: StaleOverviewError) -> bool:
        from gis.overviews.marks import stale_at  # noqa: PLC0415 - what measures, and is rarely needed here
        from gis.overviews.refreshing import refresh  # noqa: PLC0415

        with self._desk.connection() as connection:
            for layer in stale.layers:
                found = stale_at(connection, layer, tile.address.web_zoom, tile.address.place, most=MOST_AT_ONCE)
                if found.everywhere:
                    return False
                refresh(connection, layer, found.blocks)
        return True


class _Keeper:
    """Whether a keeper is at work for this database, as it was a second ago at most."""

    def __init__(self, pool: DirectPool, comes_s: float) -> None:
        self._pool = pool
        self._known_until = time.monotonic() + comes_s
        self._is_there = comes_s > 0

    async def is_there(self) -> bool:
        if self._known_until < time.monotonic():
            async with self._pool.connection() as connection:
                ((count,),) = await connection.ask(_KEEPERS, {"key": b"%d" % KEEPER_LOCK})
            self._is_there = count == b"1"
            self._known_until = time.monotonic() + _KEEPER_KNOWN_S
        return self._is_there


class _Left:
    """Which marks are left: one question to the database for all who wait, again every few milliseconds."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool
        self._waiting: dict[Future[None], Marks] = {}
        self._looking: Task[None] | None = None

    async def none_of(self, marks: Marks) -> None:
        """Return when these are gone, or raise what kept the database from answering."""
        gone: Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[gone] = marks
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="marks")
        try:
            await gone
        finally:
            self._waiting.pop(gone, None)

    async def _look(self) -> None:
        while self._waiting:
            asked, began = dict(self._waiting), time.monotonic()
            try:
                left = await self._ask(frozenset[int]().union(*asked.values()))
            except Exception as lost:  # noqa: BLE001 - whoever waits raises it
                for gone in asked:
                    _end(gone, lost)
            else:
                for gone, marks in asked.items():
                    if left.isdisjoint(marks):
                        _end(gone)
            await asyncio.sleep(max(_LOOK_S, time.monotonic() - began))  # at most half of the time is spent asking

    async def _ask(self, marks: Marks) -> Marks:
        values = {"numbers": b"{%b}" % b",".join(b"%d" % number for number in marks)}
        async with self._pool.connection() as connection:
            rows = await connection.ask(_LEFT, values)
        return frozenset(int(number) for (number,) in rows if number is not None)


def _end(gone: Future[None], lost: Exception | None = None) -> None:
    if gone.done():
        return
    if lost is None:
        gone.set_result(None)
    else:
        gone.set_exception(lost)
