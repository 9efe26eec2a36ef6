"""Answers of any size: made in a thread while they are sent, never further ahead of the client than one chunk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping

import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.deps import STATEMENT_MS
from api.errors import BrokenAnswerError, OverloadedError
from gis.errors import QuyhoachError

MOST_AT_ONCE = 4
"""Answers of any size that one worker sends at once; each holds a connection for as long as its client reads."""
SEAT_S = 5.0
"""Longest wait of an answer until another has been sent."""
CHUNK_S = STATEMENT_MS / 1000
"""Longest wait for the database to bring the next chunk."""
CLIENT_S = 30.0
"""Longest wait for a client to take a chunk."""


class Seats:
    """How many answers of any size may be on their way at once; used in one event loop.

    Parameters
    ----------
    most : seats.
    wait_s : longest wait for one.
    """

    def __init__(self, most: int = MOST_AT_ONCE, *, wait_s: float = SEAT_S) -> None:
        self._free = asyncio.Semaphore(most)
        self._wait_s = wait_s

    async def take(self) -> None:
        """Take a seat, those first who have waited longest; OverloadedError where none comes free in time."""
        try:
            await asyncio.wait_for(self._free.acquire(), self._wait_s)
        except TimeoutError:
            raise OverloadedError from None

    def leave(self) -> None:
        """Give a seat back."""
        self._free.release()


class StreamedResponse(Response):
    """An answer whose chunks come from a blocking generator.

    The generator runs in threads, one step at a time: the next chunk is made while one is sent. When the client leaves,
    takes no chunk for half a minute, or the database brings none in the time of a statement, the statement is cancelled
    and the generator closed. What goes wrong before the first chunk is refused as anything else is; later the
    connection is broken, so that nobody takes a part for the whole.

    Parameters
    ----------
    chunks : the generator.
    cancel : what ends the statement it waits for; called from another thread.
    seats : where a seat is taken for as long as it takes.
    """

    def __init__(
        self,
        chunks: Generator[bytes],
        *,
        cancel: Callable[[], None],
        seats: Seats,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.init_headers(headers)
        self._chunks, self._cancel, self._seats = chunks, cancel, seats
        self._coming: asyncio.Task[bytes | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._seats.take()
        gone = asyncio.ensure_future(_left(receive))
        try:
            await self._send(send, gone)
        finally:
            gone.cancel()
            await asyncio.shield(self._close())

    async def _send(self, send: Send, gone: asyncio.Task[None]) -> None:
        chunk = await self._brought(gone)
        if gone.done():
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            while chunk is not None:
                coming = asyncio.ensure_future(self._brought(gone))
                try:
                    await _taken(send({"type": "http.response.body", "body": chunk, "more_body": True}))
                finally:
                    chunk = await coming
        except (psycopg.Error, QuyhoachError, BrokenAnswerError) as error:
            if gone.done():
                return
            raise BrokenAnswerError(str(error)) from error
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})

    async def _brought(self, gone: asyncio.Task[None]) -> bytes | None:
        """Return the next chunk; None after the last, or where nobody waits for it any more."""
        self._coming = asyncio.ensure_future(run_in_threadpool(next, self._chunks, None))
        await asyncio.wait({self._coming, gone}, timeout=CHUNK_S, return_when=asyncio.FIRST_COMPLETED)
        await self._stop()
        return None if gone.done() else self._coming.result()

    async def _stop(self) -> None:
        """End the step that is under way, if any."""
        if self._coming is not None and not self._coming.done():
            await run_in_threadpool(self._cancel)
            await asyncio.wait({self._coming})

    async def _close(self) -> None:
        try:
            await self._stop()
            await run_in_threadpool(self._chunks.close)
        finally:
            self._seats.leave()


async def _taken(sending: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(sending, CLIENT_S)
    except TimeoutError:
        raise BrokenAnswerError(f"the client took nothing for {CLIENT_S:.0f} s") from None


async def _left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
