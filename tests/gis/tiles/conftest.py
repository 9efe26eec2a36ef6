"""What the tests of tiles share: connections that draw."""

from __future__ import annotations

from gis.direct import DirectPool
from gis.tiles import DRAWING_SESSION


def drawing_pool(url: str) -> DirectPool:
    """Return a pool, not yet open, of the connections that a worker of the service draws with."""
    return DirectPool(url, kwargs={"options": DRAWING_SESSION}, most=2)
