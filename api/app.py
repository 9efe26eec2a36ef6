"""The service: routes, the pool behind them, the tile door in front."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from api import changes, errors, features, health, tiles, web
from api.deps import database
from gis.errors import QuyhoachError
from gis.settings import Settings, settings


class NoDatabaseError(QuyhoachError):
    """The service does not know which database to ask."""

    def __init__(self) -> None:
        super().__init__(
            "The service needs a database: start it with `quyhoach up`, "
            "or set QUYHOACH_DATABASE_URL to the address of a PostGIS."
        )


def create(using: Settings | None = None) -> tiles.TileDoor:
    """Make the service as an ASGI application; the factory that servers are given.

    Raises
    ------
    NoDatabaseError
        When the settings name no database.
    """
    url = (using or settings()).database_url
    if url is None:
        raise NoDatabaseError
    behind = database(url)
    room = tiles.TileRoom(url)

    @asynccontextmanager
    async def pooled(_app: FastAPI) -> AsyncGenerator[None]:
        await run_in_threadpool(behind.pool.open, wait=False)
        await room.open()
        try:
            yield
        finally:
            await room.close()
            await run_in_threadpool(behind.pool.close, timeout=3)

    app = FastAPI(
        title="Quy hoạch Đà Nẵng",
        description="The planning workbench of Đà Nẵng: layers, features, tiles.",
        lifespan=pooled,
        openapi_url="/api",
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = behind
    app.state.tile_room = room
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=1)
    for part in (health, features, tiles, changes, web):
        app.include_router(part.router)
    errors.install(app)
    return tiles.TileDoor(app, room)
