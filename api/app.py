"""The service: routes, the pool behind them, the tile door in front, the entrance around all."""

from __future__ import annotations

from fastapi import FastAPI

from api import changes, errors, features, health, logs, pages, permission, tiles, web
from api.deps import database
from api.entrance import Entrance
from api.metrics import tile_found
from api.ogc import conformance, definition, grids, landing, styles, tilesets
from api.ogc.roots import Roots
from api.packing import Packing
from api.processes import execution, jobs, listing, running
from api.scenarios import router as scenarios
from api.streaming import Seats
from api.vary import Vary
from api.visit import Names
from api.work import at_work
from gis.errors import QuyhoachError
from gis.settings import Settings, settings

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
    shared = wanted.shared_dir
    folder = shared / "tiles" if shared is not None else None
    room = tiles.TileRoom(
        wanted.database_url,
        extents=behind.extents,
        folder=folder,
        has_keeper=wanted.has_keeper,
        told=tile_found,
    )
    app = FastAPI(
        title="Quy hoạch Đà Nẵng",
        description="The planning workbench of Đà Nẵng: layers, features, tiles.",
        lifespan=at_work(behind, room, shared),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = behind
    app.state.settings = wanted
    app.state.tile_room = room
    app.state.seats = Seats()
    app.state.questions = Seats(running.MOST_AT_ONCE, wait_s=running.SEAT_S)
    app.state.writers = Seats(permission.MOST_AT_ONCE)
    _furnish(app)
    door = Roots(tiles.TileDoor(app, room))
    names, told = Names(), logs.told(wanted)
    shortcut = tiles.Shortcut(room, names=names, told=told)
    return Entrance(door, most_body_bytes=wanted.most_body_mb * _MIB, names=names, told=told, shortcut=shortcut)


def _furnish(app: FastAPI) -> None:
    """Give the app its routes, its refusals, and what stands around each answer."""
    app.add_middleware(Packing)
    app.add_middleware(Vary)
    ogc = (landing, conformance, definition, grids, tilesets, styles)
    asked = (listing, execution, jobs)
    for part in (health, features, tiles, changes, scenarios, *ogc, *asked, pages, web):
        app.include_router(part.router)
    errors.install(app)
