"""Vector tiles: where one lies, which layers it shows, the one statement that draws it, and the keeping of it."""

from pathlib import Path

from gis.tiles.address import TileAddress, TileAddressError, address_in, web_tile
from gis.tiles.claims import Claims
from gis.tiles.coding import Coding
from gis.tiles.copies import Copies, Copy
from gis.tiles.drawing import DRAWING_SESSION, MOST_FEATURES, Drawing, draw, draw_async
from gis.tiles.keeping import Found, Kept, KeptTiles
from gis.tiles.naming import TooManyLayersError, layers_named, tile_columns
from gis.tiles.refreshing import Refresher
from gis.tiles.sights import Sights
from gis.tiles.tile import Tile, View, tile_of

READER_JS = Path(__file__).with_name("mvt.js")
"""What reads a vector tile in a browser, as a module."""

__all__ = [
    "DRAWING_SESSION",
    "MOST_FEATURES",
    "READER_JS",
    "Claims",
    "Coding",
    "Copies",
    "Copy",
    "Drawing",
    "Found",
    "Kept",
    "KeptTiles",
    "Refresher",
    "Sights",
    "Tile",
    "TileAddress",
    "TileAddressError",
    "TooManyLayersError",
    "View",
    "address_in",
    "draw",
    "draw_async",
    "layers_named",
    "tile_columns",
    "tile_of",
    "web_tile",
]
