"""What the tiles of one worker need: connections that draw, a watch over the log, copies shared with other workers."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from api.pool import AWAY_WAIT_S, Reach
from api.tiles.edges import Edges, Extents
from gis.changes.feed import Feed
from gis.changes.watch import Watch
from gis.direct import DirectPool
from gis.tiles import DRAWING_SESSION, Claims, Copies, Found, KeptTiles, Refresher, Sights

DRAWING_CONNECTIONS = max(2, min(4, os.cpu_count() or 4))
"""Connections one worker draws tiles with; more than there are cores would keep all others from their turns."""
DRAWINGS_WAITING = 512
"""Most drawings that may wait for one; they are short."""
_WAIT_S = 5.0
_KEEPER_COMES_S = 15.0
_DESK_CONNECTIONS = 2
_DESK_SESSION = "-c jit=off -c statement_timeout=10000"
_SESSION = f"{DRAWING_SESSION} -c default_transaction_read_only=on -c statement_timeout=10000"


class TileRoom:
    """The tiles of one worker, from `open` to `close`.

    Parameters
    ----------
    url : libpq address of the database.
    folder : where the copies lie that all workers of the service share; one for this worker alone where not given.
    copies_bytes, near_bytes : size of all copies, and of those in the memory of this worker.
    extents : returns the boxes around what layers hold.
    has_keeper : whether the service has a keeper of overviews, which may not have begun yet.
    told : hears how each tile was come by.
    """

    def __init__(
        self,
        url: str,
        *,
        extents: Extents,
        folder: Path | None = None,
        copies_bytes: int = 512 << 20,
        near_bytes: int = 64 << 20,
        has_keeper: bool = False,
        told: Callable[[Found], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._own: Path | None = None
        self._copies_bytes = copies_bytes
        self._near_bytes = near_bytes
        self._keeper_comes_s = _KEEPER_COMES_S if has_keeper else 0.0
        self._told = told
        self._copies: Copies | None = None
        self._claims: Claims | None = None
        self._kept: KeptTiles | None = None
        self.edges = Edges(extents)
        self.watch = Watch(url)
        self.feed = Feed(url, self.watch)
        self._desk = ConnectionPool[Connection[TupleRow]](
            url,
            kwargs={"autocommit": True, "options": _DESK_SESSION, "application_name": "quyhoach overviews"},
            min_size=0,
            max_size=_DESK_CONNECTIONS,
            timeout=_WAIT_S,
            open=False,
            name="overviews",
        )
        self.sights = Sights(self._desk, self.watch)
        self.pool = _pool(url, most=DRAWING_CONNECTIONS, most_waiting=DRAWINGS_WAITING)
        self._marks = _pool(url, most=1, most_waiting=1)

    @property
    def tiles(self) -> KeptTiles:
        """The tiles; to be asked for between `open` and `close`."""
        if self._kept is None:
            raise RuntimeError("the room of tiles is not open")
        return self._kept

    def kept_bytes(self) -> int:
        """Return what the copies take on disk."""
        return self._copies.used_bytes if self._copies is not None else 0

    async def open(self) -> None:
        """Begin; waits for no database."""
        if self._folder is None:
            self._own = Path(tempfile.mkdtemp(prefix="quyhoach-tiles-"))
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._claims = Claims(self._folder / "claims")
        self._copies = Copies(self._folder or self._own or Path(), most_bytes=self._copies_bytes)
        self._kept = KeptTiles(
            self.pool,
            self.watch,
            self._copies,
            near_bytes=self._near_bytes,
            claims=self._claims,
            refresh=Refresher(self._marks, self._desk, keeper_comes_s=self._keeper_comes_s).refresh,
            told=self._told,
        )
        await asyncio.to_thread(self._desk.open, wait=False)
        self.pool.open()
        self._marks.open()
        await self.watch.open()

    async def close(self) -> None:
        """Stop, and let go of connections and copies."""
        if self._kept is not None:
            await self._kept.close()
        await self.feed.close()
        await self.watch.close()
        await self.pool.close()
        await self._marks.close()
        await asyncio.to_thread(self._desk.close, timeout=3)
        if self._copies is not None:
            self._copies.close()
        if self._claims is not None:
            self._claims.close()
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)


def _pool(url: str, *, most: int, most_waiting: int) -> DirectPool:
    reach = Reach()
    return DirectPool(
        url,
        kwargs={"options": _SESSION, "application_name": "quyhoach tiles", "connect_timeout": 5},
        most=most,
        most_waiting=most_waiting,
        wait_s=_WAIT_S,
        away_wait_s=AWAY_WAIT_S,
        reached=reach.found,
        lost=reach.lost,
    )
