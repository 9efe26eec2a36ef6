"""What the tests of tiles share: connections that draw."""

from __future__ import annotations

from psycopg_pool import AsyncConnectionPool

from gis.direct import DirectConnection
from gis.tiles import DRAWING_SESSION


def drawing_pool(url: str) -> AsyncConnectionPool[DirectConnection]:
    """Return a pool, not yet open, of the connections that a worker of the service draws with."""
    return AsyncConnectionPool(
        url,
        connection_class=DirectConnection,
        kwargs={"autocommit": True, "options": DRAWING_SESSION},
        min_size=1,
        max_size=2,
        open=False,
    )
