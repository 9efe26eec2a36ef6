"""The tiles a change touches."""

from __future__ import annotations

from gis.changes.ledger import Place
from gis.grids import WEB
from gis.tiles.address import MARGIN, UNITS

MOST_TILES = 256


def tiles_touched(place: Place, z: int) -> list[tuple[int, int]] | None:
    """Return column (x) and row (y) of each tile of the usual web grid in which something at a place may be drawn.

    The margin of a tile counts as the tile. Returns None where they are more than is worth listing.
    """
    side = WEB.tile_side(z)
    margin = side * MARGIN / UNITS
    columns = _range((place.west - margin - WEB.west) / side, (place.east + margin - WEB.west) / side, WEB.columns(z))
    rows = _range((WEB.north - place.north - margin) / side, (WEB.north - place.south + margin) / side, WEB.rows(z))
    if len(columns) * len(rows) > MOST_TILES:
        return None
    return [(column, row) for column in columns for row in rows]


def _range(first: float, last: float, count: int) -> range:
    return range(max(0, int(first // 1)), min(count - 1, int(last // 1)) + 1)
