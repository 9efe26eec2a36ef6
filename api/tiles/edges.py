"""The edges of tilesets: what lies beyond the limits that a tileset names does not exist (OGC 20-057, tc-error)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from gis.features import Box
from gis.grids import Limits
from gis.tiles import TileAddress
from gis.tilesets import BeyondLimitsError, limits
from layers.model import Layer

_KNOWN_S = 5.0
"""Only empty tiles are held against limits, so that these may be a little old."""
_MOST_KNOWN = 256

Extents = Callable[[Sequence[Layer]], Mapping[str, Box]]
"""Returns the boxes around what some layers hold, by name."""


class Edges:
    """Hold tiles against the limits of their tilesets.

    Parameters
    ----------
    extents : is called beside the event loop.
    """

    def __init__(self, extents: Extents) -> None:
        self._extents = extents
        self._known: dict[tuple[Layer, ...], tuple[float, Mapping[str, Box]]] = {}

    async def check(self, address: TileAddress, layers: tuple[Layer, ...]) -> None:
        """Return where a tile lies within the limits of the tileset of some layers, or that names none.

        Raises
        ------
        BeyondLimitsError
            When it does not.
        psycopg.OperationalError, psycopg_pool.PoolTimeout, psycopg_pool.TooManyRequests
            When the database does not say.
        """
        known = limits(address.grid, layers, await self._around(layers))
        if known and not any(_holds(each, address) for each in known):
            raise BeyondLimitsError(address, known)

    async def _around(self, layers: tuple[Layer, ...]) -> Mapping[str, Box]:
        until, found = self._known.get(layers, (0.0, {}))
        if until < monotonic():
            found = await asyncio.to_thread(self._extents, layers)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[layers] = (monotonic() + _KNOWN_S, found)
        return found


def _holds(limits: Limits, address: TileAddress) -> bool:
    return (
        limits.z == address.z
        and limits.first_row <= address.row <= limits.last_row
        and limits.first_column <= address.column <= limits.last_column
    )
