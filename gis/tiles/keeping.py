"""Tiles kept and proved fresh: drawn once, found again, never served after a change they do not show."""

from __future__ import annotations

import asyncio
import json
from asyncio import Task
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from time import monotonic

from psycopg import OperationalError

from gis.changes.watch import Watch, WatchLostError
from gis.direct import DirectConnection, DirectPool
from gis.tiles.claims import Claims
from gis.tiles.coding import STORED, Coding, encoded, original, stored
from gis.tiles.copies import Copies, Copy
from gis.tiles.drawing import Drawing, StaleOverviewError, draw_async
from gis.tiles.kept import Found, Judge, Kept, is_fresh
from gis.tiles.tile import Tile

_LONG_BYTES = 64 << 10
"""What is longer is coded beside the event loop."""
_POLL_S = 0.004
_PATIENCE_S = 15.0
_NAME_DIGITS = 24
_ATTEMPTS = 3

Refresh = Callable[[Tile, StaleOverviewError], Awaitable[bool]]


async def _leave_stale(_tile: Tile, _stale: StaleOverviewError) -> bool:
    return False


class KeptTiles:
    """Draw tiles, keep them, and serve a kept one only where the log proves it fresh.

    No answer to a request that began after a commit leaves that commit out:

    - Who finds a copy waits until the watch has read the log after the request began, and judges the copy by it.
    - Who finds none draws, in a snapshot taken after the request began.
    - Who joins a drawing under way judges its result like a found copy.

    Parameters
    ----------
    pool : connections opened with `DRAWING_SESSION`, in autocommit.
    near_bytes : memory for the tiles of this worker.
    claims : tell other workers that share the copies what is being drawn; not needed where there are none.
    refresh : has what a tile met out of step brought in step; says whether that was done.
    told : hears how each tile was come by.
    """

    def __init__(
        self,
        pool: DirectPool,
        watch: Watch,
        copies: Copies,
        *,
        claims: Claims | None = None,
        near_bytes: int = 64 << 20,
        refresh: Refresh = _leave_stale,
        told: Callable[[Found], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._refresh = refresh
        self._watch = watch
        self._copies = copies
        self._near: OrderedDict[bytes, Kept] = OrderedDict()
        self._near_bytes, self._most_near_bytes = 0, near_bytes
        self._drawings: dict[bytes, Task[Kept]] = {}
        self._waiting: dict[bytes, int] = {}
        self._claims = claims
        self._told = told

    def ask(self, tile: Tile, hear: Callable[[bool], None]) -> bool:
        """Begin to find out whether a tile in memory shows every change committed before this was called.

        Parameters
        ----------
        hear : is called later, with whether the log could be read; if so, `proved` knows the answer.

        Returns
        -------
        Whether there is such a tile; where there is none, nothing is called.
        """
        if tile.key not in self._near:
            return False
        self._watch.tell(hear)
        return True

    def proved(self, tile: Tile) -> Kept | None:
        """Return a tile in memory that shows every change the watch knows; None where there is none. Tells nobody."""
        kept = self._near.get(tile.key)
        if kept is None or not is_fresh(kept, tile, self._watch):
            return None
        self._near.move_to_end(tile.key)
        return kept

    async def read(self, tile: Tile, *, is_known: bool | None = None) -> Kept:
        """Return a tile that shows every change committed before this was called.

        Parameters
        ----------
        is_known : whether the log could be read, where `ask` has told so since the request began.

        Raises
        ------
        psycopg.OperationalError, psycopg_pool.PoolTimeout, psycopg_pool.TooManyRequests
            When it has to be drawn and the database does not answer, or too much is asked of it.
        """
        judge = Judge(self._watch, tile, is_known)
        kept = self._near.get(tile.key)
        if kept is not None and await judge.finds_fresh(kept):
            if tile.key in self._near:
                self._near.move_to_end(tile.key)
            self._told(Found.NEAR)
            return kept
        for _ in range(_ATTEMPTS):
            first = tile.key not in self._drawings
            if first:
                copy = self._copies.read(tile.key)
                if copy is not None and await judge.finds_fresh(kept := Kept(copy)):
                    self._told(Found.SHARED)
                    return self._remember(tile, kept)
                first = tile.key not in self._drawings
            if first and self._is_claimed(tile) and await self._drawn_elsewhere(tile):
                continue
            kept = await self._drawn(tile)
            # A drawing that was not there at first began after this request did.
            if first or await judge.finds_fresh(kept):
                return kept
        return await self._draw(tile)

    async def close(self) -> None:
        """End the drawings under way."""
        under_way = list(self._drawings.values())
        for drawing in under_way:
            drawing.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def body(self, tile: Tile, kept: Kept, coding: Coding) -> bytes:
        """Return the bytes of a kept tile in a coding, made when first asked for."""
        drawn, kept.plain = kept.plain, None
        if coding is STORED:
            return kept.copy.body
        body = kept.bodies.get(coding)
        if body is None:
            plain = drawn if drawn is not None else await _beside(original, kept.copy.body)
            body = plain if coding is Coding.IDENTITY else await _beside(partial(encoded, coding=coding), plain)
            if coding not in kept.bodies:
                kept.bodies[coding] = body
                if self._near.get(tile.key) is kept:
                    self._grow(len(body))
        return body

    def _is_claimed(self, tile: Tile) -> bool:
        """Take on the drawing of a tile, or return that another worker is at it."""
        return self._claims is not None and not self._claims.take(tile.key)

    async def _drawn_elsewhere(self, tile: Tile) -> bool:
        """Return when another worker has drawn the tile; False where it does not come to it, halted as it may be."""
        deadline = monotonic() + _PATIENCE_S
        while self._claims is not None and self._claims.is_taken(tile.key):
            if monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_S)
        return True

    async def _drawn(self, tile: Tile) -> Kept:
        """Draw a tile, or wait for the drawing under way; it goes on as long as somebody waits for it."""
        key = tile.key
        drawing = self._drawings.get(key)
        if drawing is None:
            drawing = self._drawings[key] = asyncio.create_task(self._draw(tile))
            drawing.add_done_callback(partial(self._end_drawing, key))
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            return await asyncio.shield(drawing)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
                if not drawing.done():
                    # Who comes from now on must not join a drawing that ends without a tile.
                    self._forget_drawing(key, drawing)
                    drawing.cancel()

    def _end_drawing(self, key: bytes, drawing: Task[Kept]) -> None:
        """Let go of a drawing, were it cancelled before it began."""
        self._forget_drawing(key, drawing)
        if self._claims is not None:
            self._claims.give_up(key)

    def _forget_drawing(self, key: bytes, drawing: Task[Kept]) -> None:
        if self._drawings.get(key) is drawing:
            del self._drawings[key]

    async def _draw(self, tile: Tile) -> Kept:
        reign = await self._reign()
        drawing = await self._drawing(tile)
        copy = await self._copy(drawing, reign)
        self._told(Found.DRAWN)
        self._copies.keep(tile.key, copy)
        return self._remember(tile, Kept(copy, drawing.body))

    async def _reign(self) -> str:
        """Return the reign of the database; what is drawn before it is known can never be judged."""
        if not self._watch.reign:
            with suppress(WatchLostError):
                await self._watch.current()
        return self._watch.reign

    async def _drawing(self, tile: Tile) -> Drawing:
        """Draw a tile; where overviews are out of step, bring them in step first, or do without them."""
        try:
            return await self._drawn_over(partial(draw_async, tile=tile))
        except StaleOverviewError as stale:
            if await self._refresh(tile, stale):
                return await self._drawn_over(partial(draw_async, tile=tile, brought_in_step=stale.snapshot))
        return await self._drawn_over(partial(draw_async, tile=tile, one_by_one=frozenset(tile.gathered)))

    async def _drawn_over(self, draw: Callable[[DirectConnection], Awaitable[Drawing]]) -> Drawing:
        """Draw over a connection of the pool; once more where it turns out to be lost."""
        try:
            async with self._pool.connection() as connection:
                return await draw(connection)
        except OperationalError as lost:
            if lost.sqlstate is not None and not lost.sqlstate.startswith(("08", "57P")):
                raise
        self._pool.drop_resting()
        async with self._pool.connection() as connection:
            return await draw(connection)

    async def _copy(self, drawing: Drawing, reign: str) -> Copy:
        omitted = json.dumps(dict(drawing.omitted)) if drawing.omitted else ""
        body = await _beside(stored, drawing.body) if drawing.body else b""
        name = sha256(body)
        name.update(omitted.encode())
        return Copy(reign, drawing.snapshot, name.hexdigest()[:_NAME_DIGITS], omitted, body)

    def _remember(self, tile: Tile, kept: Kept) -> Kept:
        before = self._near.pop(tile.key, None)
        self._near[tile.key] = kept
        self._grow(kept.size_bytes - (before.size_bytes if before is not None else 0))
        return kept

    def _grow(self, by_bytes: int) -> None:
        self._near_bytes += by_bytes
        while self._near_bytes > self._most_near_bytes and self._near:
            _, gone = self._near.popitem(last=False)
            self._near_bytes -= gone.size_bytes


async def _beside(work: Callable[[bytes], bytes], body: bytes) -> bytes:
    """Work on bytes; on many of them beside the event loop."""
    return work(body) if len(body) < _LONG_BYTES else await asyncio.to_thread(work, body)
