"""What a worker does beside answering, from its start to its end."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from time import monotonic

from anyio import to_thread
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from api.deps import CONNECTIONS, WAITING, Database
from api.metrics import ANSWERS_POOL, CHANGE_LOG_STALENESS_S, TILES_KEPT_BYTES, TILES_POOL
from api.tally import write_down
from api.tiles import TileRoom
from api.wire import STOPPING
from gis.changes.feed import Feed
from gis.changes.watch import Watch, WatchLostError

_THREADS = CONNECTIONS + WAITING + 24
"""As many as may hold a connection or wait for one, so that the pool alone decides who waits; some for the rest."""
_PAUSE_S = 1.0

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[dict[str, object]]]


def at_work(behind: Database, room: TileRoom, shared_dir: Path | None) -> Lifespan:
    """Return what surrounds the answers of a worker: pools are open, statements watched over, numbers kept.

    Parameters
    ----------
    shared_dir : where the workers lay their numbers together; None where there is one worker.
    """

    @asynccontextmanager
    async def working(_app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await run_in_threadpool(behind.pool.open, wait=False)
        await room.open()
        stopping = asyncio.Event()
        work = (
            behind.pool.loans.watch(),
            _read_log(room.watch),
            _pulse(behind, room, shared_dir),
            _end_streams(room.feed, stopping),
        )
        beside = [asyncio.create_task(one) for one in work]
        try:
            yield {STOPPING: stopping, "database": behind}
        finally:
            for task in beside:
                task.cancel()
            await run_in_threadpool(behind.pool.loans.cancel_all)
            await room.close()
            await run_in_threadpool(behind.pool.close, timeout=3)

    return working


def measure(behind: Database, room: TileRoom) -> None:
    """Bring the numbers of the pools and of the kept tiles up to date."""
    ANSWERS_POOL.take(behind.pool.pop_stats())
    TILES_POOL.take(room.pool.pop_stats())
    TILES_KEPT_BYTES.set(room.kept_bytes())


async def _pulse(behind: Database, room: TileRoom, shared_dir: Path | None) -> None:
    """Measure once a second, and see whether the process that started this one is still there."""
    while True:
        measure(behind, room)
        if shared_dir is not None:
            write_down(shared_dir)
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            # Killed, and the private PostGIS with it, sooner or later. Workers that went on would keep the port.
            os.kill(os.getpid(), signal.SIGTERM)
            return
        await asyncio.sleep(_PAUSE_S)


async def _read_log(watch: Watch) -> None:
    """Read the log of changes once a second, so that its staleness is known while nobody asks for a tile."""
    read_at = monotonic()
    while True:
        asked_at = monotonic()
        try:
            await watch.current()
            read_at = asked_at
        except WatchLostError:
            pass
        CHANGE_LOG_STALENESS_S.set(monotonic() - read_at)
        await asyncio.sleep(_PAUSE_S)


async def _end_streams(feed: Feed, stopping: asyncio.Event) -> None:
    """End the answers that would stay open for ever when the service stops."""
    await stopping.wait()
    feed.end()
