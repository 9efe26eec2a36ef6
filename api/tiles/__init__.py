"""Vector tiles over HTTP: a bare ASGI callable in front of the app, and TileJSON inside it."""

from api.tiles.door import TileDoor
from api.tiles.room import TileRoom
from api.tiles.shortcut import Shortcut
from api.tiles.tilejson import router

__all__ = ["Shortcut", "TileDoor", "TileRoom", "router"]
