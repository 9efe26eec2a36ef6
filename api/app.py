"""The service: routes, the pool behind them, the tile door in front, the entrance around all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from api import errors, features, health, logs, tiles, web
from api.deps import CONNECTIONS, WAITING, Database, database
from api.entrance import Entrance
from api.pulse import pulse
from api.wire import STOPPING
from gis.errors import QuyhoachError
from gis.settings import Settings, settings

_THREADS = CONNECTIONS + WAITING + 24
"""As many as may hold a connection or wait for one, so that the pool alone decides who waits; some for the rest."""
_MIB = 1024 * 1024


class NoDatabaseError(QuyhoachError):
    """The service does not know which database to ask."""

    def __init__(self) -> None:
        super().__init__(
            "The service needs a database: start it with `quyhoach up`, "
            "or set QUYHOACH_DATABASE_URL to the address of a PostGIS."
        )


def create(using: Settings | None = None) -> Entrance:
    """Make the service as an ASGI application; the factory that servers are given.

    Raises
    ------
    NoDatabaseError
        When the settings name no database.
    """
    wanted = using or settings()
    if wanted.database_url is None:
        raise NoDatabaseError
    behind = database(wanted.database_url)
    app = FastAPI(
        title="Quy hoạch Đà Nẵng",
        description="The planning workbench of Đà Nẵng: layers, features, tiles.",
        lifespan=_at_work(behind, wanted),
        openapi_url="/api",
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = behind
    app.state.settings = wanted
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=1)
    for room in (health, features, tiles, web):
        app.include_router(room.router)
    errors.install(app)
    door = tiles.TileDoor(app, behind)
    return Entrance(door, most_body_bytes=wanted.most_body_mb * _MIB, told=logs.told(wanted))


def _at_work(behind: Database, wanted: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, object]]]:
    """Return what surrounds the work of a worker: the pool is open, statements are watched, numbers are kept."""

    @asynccontextmanager
    async def at_work(_app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        pool = behind.pool
        await run_in_threadpool(pool.open, wait=False)
        beside = [asyncio.create_task(pool.watch.run()), asyncio.create_task(pulse(pool, wanted.counts_dir))]
        try:
            yield {STOPPING: asyncio.Event(), "database": behind}
        finally:
            for task in beside:
                task.cancel()
            await run_in_threadpool(pool.watch.cancel_all)
            await run_in_threadpool(pool.close, timeout=3)

    return at_work
