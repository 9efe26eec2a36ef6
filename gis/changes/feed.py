"""A feed of changes: who follows it hears of each soon after its commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import TupleRow

from gis.changes.ledger import Change
from gis.changes.triggers import CHANNEL
from gis.changes.watch import Watch, WatchLostError
from gis.errors import QuyhoachError

MOST_FOLLOWERS = 1_000
_POLL_S = 1.0
"""A commit whose hint is lost is heard of after this long."""
_QUIET_S = 15.0
_MOST_UNREAD = 64

News = tuple[Change, ...] | None
"""Changes in the order they were learned; None where some may have been missed, so that anything may have changed."""


class TooManyFollowersError(QuyhoachError):
    """More follow the changes than one worker serves."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_FOLLOWERS} follow the changes already; ask again in a moment.")


class Follower:
    """One who follows the feed."""

    def __init__(self) -> None:
        self._unread: asyncio.Queue[News] = asyncio.Queue(_MOST_UNREAD)

    def tell(self, news: News) -> None:
        """Hand over news; who reads too slowly hears that anything may have changed."""
        if self._unread.full():
            while not self._unread.empty():
                self._unread.get_nowait()
            news = None
        self._unread.put_nowait(news)

    async def hear(self) -> News:
        """Wait for the next news; TimeoutError after a quiet time, so that a connection can be kept awake."""
        async with asyncio.timeout(_QUIET_S):
            return await self._unread.get()


class Feed:
    """Tell followers what changed.

    The database says that something was committed; that is a hint only. Each second, and at each hint, the watch reads
    the log, and what it has learned is told.
    """

    def __init__(self, url: str, watch: Watch) -> None:
        self._url = url
        self._watch = watch
        self._followers: set[Follower] = set()
        self._task: asyncio.Task[None] | None = None
        self.has_ended = False

    def end(self) -> None:
        """Let those who follow know that nothing comes any more."""
        self.has_ended = True
        for follower in self._followers:
            follower.tell(None)

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def refuse_too_many(self) -> None:
        """Raise TooManyFollowersError where one more would be too many."""
        if len(self._followers) >= MOST_FOLLOWERS:
            raise TooManyFollowersError

    @contextmanager
    def followed(self) -> Generator[Follower]:
        """Follow until leaving."""
        self.refuse_too_many()
        follower = Follower()
        self._followers.add(follower)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow(), name="feed")
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    async def _follow(self) -> None:
        with suppress(WatchLostError):
            await self._watch.current()
        ledger, mark = self._watch.ledger, self._watch.ledger.mark
        async for _ in self._hints():
            if not self._followers:
                return
            try:
                await self._watch.current()
            except WatchLostError:
                continue
            # One statement may touch one place twice: as it becomes, and as what lies under it.
            news = tuple(dict.fromkeys(changes)) if (changes := self._watch.ledger.since(mark)) is not None else None
            if ledger is not self._watch.ledger:
                ledger, news = self._watch.ledger, None
            mark = ledger.mark
            if news is None or news:
                for follower in self._followers:
                    follower.tell(news)

    async def _hints(self) -> AsyncGenerator[None]:
        """Return whenever something may have been committed, at least each second."""
        while True:
            try:
                async with await self._listening() as connection:
                    while True:
                        async for _ in connection.notifies(timeout=_POLL_S, stop_after=1):
                            pass
                        yield
            except psycopg.Error:
                await asyncio.sleep(_POLL_S)
                yield

    async def _listening(self) -> AsyncConnection[TupleRow]:
        connection = await AsyncConnection.connect(
            self._url, autocommit=True, application_name="quyhoach feed", connect_timeout=5
        )
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        return connection
