"""Overviews brought in step when a tile needs them."""

from __future__ import annotations

import asyncio

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from gis.overviews.drawn import MOST_AT_ONCE
from gis.overviews.marks import stale_at
from gis.overviews.refreshing import refresh
from gis.tiles.tile import Tile
from layers.model import Layer

_CONNECTIONS = 2
_WAIT_S = 2.0
_SESSION = "-c jit=off -c statement_timeout=10000"


class Refresher:
    """Refresh the few blocks that an edit left out of step; many are left to the keeper."""

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool[Connection[TupleRow]](
            url,
            kwargs={"autocommit": True, "options": _SESSION, "application_name": "quyhoach overviews"},
            min_size=0,
            max_size=_CONNECTIONS,
            timeout=_WAIT_S,
            open=False,
            name="overviews",
        )

    def open(self) -> None:
        """Begin; waits for no database."""
        self._pool.open(wait=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close(timeout=3)

    async def refresh(self, tile: Tile, layers: tuple[Layer, ...]) -> bool:
        """Bring the overviews of layers in step where a tile needs them, beside the event loop.

        Returns whether all are; False where too much was out of step.
        """
        return await asyncio.to_thread(self._refresh, tile, layers)

    def _refresh(self, tile: Tile, layers: tuple[Layer, ...]) -> bool:
        with self._pool.connection() as connection:
            for layer in layers:
                found = stale_at(connection, layer, tile.address.web_zoom, tile.address.place, most=MOST_AT_ONCE)
                if found.everywhere:
                    return False
                refresh(connection, layer, found.blocks)
        return True
