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


class Refresher:
    """Refresh the few blocks that an edit left out of step; many are left to the keeper.

    One at a time: who waits for a turn finds what it wanted done, as a rule.

    Parameters
    ----------
    pool : connections in autocommit that may write.
    """

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]]) -> None:
        self._pool = pool
        self._turn = asyncio.Lock()

    async def refresh(self, tile: Tile, layers: tuple[Layer, ...]) -> bool:
        """Bring the overviews of layers in step where a tile needs them, beside the event loop.

        Returns whether all are; False where too much was out of step.
        """
        async with self._turn:
            return await asyncio.to_thread(self._refresh, tile, layers)

    def _refresh(self, tile: Tile, layers: tuple[Layer, ...]) -> bool:
        with self._pool.connection() as connection:
            for layer in layers:
                found = stale_at(connection, layer, tile.address.web_zoom, tile.address.place, most=MOST_AT_ONCE)
                if found.everywhere:
                    return False
                refresh(connection, layer, found.blocks)
        return True
