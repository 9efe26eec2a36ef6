"""Where a tile lies: its square in a grid, and what has to be searched for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from gis.changes.ledger import Place
from gis.crs import Transformation, transformation
from gis.errors import QuyhoachError
from gis.grids import WEB, WORLD, Grid
from gis.mercator import web_position
from gis.schema import STORED_SRID, WEB_SRID

UNITS = 4096
"""A tile's own coordinates run from 0 to this."""
MARGIN = 64
"""How far a tile reaches beyond its square, in its own units: a symbol on the border is whole in both tiles."""
_PIECE_M = 80_000
"""A line that is straight in one projection is bent in another by less than a 500th of its length, if not longer."""
_AROUND = Place(10_686_671, 0, 13_358_339, 3_503_550)
"""96-120 degrees east, 0-30 north, in EPSG:3857: beyond it positions have no meaning in the city's zone."""

_Onto = Callable[[list[float], list[float]], tuple[list[float], list[float]]]


class TileAddressError(QuyhoachError):
    """A tile that does not exist in the grid."""

    def __init__(self, grid: Grid, z: int, row: int, column: int) -> None:
        if 0 <= z <= grid.last_zoom:
            last = f"rows run from 0 to {grid.rows(z) - 1} and columns from 0 to {grid.columns(z) - 1} there"
        else:
            last = f"z runs from 0 to {grid.last_zoom}"
        super().__init__(f"There is no tile z={z}, row (y) {row}, column (x) {column} in {grid.name}; {last}.")


@dataclass(frozen=True)
class TileAddress:
    """A tile of a grid: matrix, row from the north, column from the west."""

    grid: Grid
    z: int
    row: int
    column: int

    def __post_init__(self) -> None:
        if not self.grid.holds(self.z, self.row, self.column):
            raise TileAddressError(self.grid, self.z, self.row, self.column)

    @cached_property
    def web_zoom(self) -> int:
        """The zoom of the usual web grid that is nearest in scale; layers say by it where they are shown."""
        return self.grid.web_zoom(self.z)

    @property
    def square(self) -> tuple[float, float, float, float]:
        """West, south, east, north in units of the grid's coordinate system."""
        return self.grid.bounds(self.z, self.row, self.column)

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """The square with its margin."""
        west, south, east, north = self.square
        margin = (east - west) * MARGIN / UNITS
        return west - margin, south - margin, east + margin, north + margin

    @cached_property
    def place(self) -> Place:
        """A box in EPSG:3857 that holds the tile and its margin."""
        if self.grid.srid == WEB_SRID:
            return Place(*self.reach)
        if self.grid is WORLD:
            west, south, east, north = self.reach
            return Place(*web_position(west, south), *web_position(east, north))
        return _bounds(self.reach, _web_and_stored().delivered_lists)

    @property
    def is_near(self) -> bool:
        """Whether any of the tile lies where the city's zone has a meaning."""
        return self.grid.srid == STORED_SRID or self._inside is not None

    @cached_property
    def search(self) -> Place | None:
        """A box in EPSG:5899 that holds all that may be in the tile; None where that zone has no meaning."""
        if self.grid.srid == STORED_SRID:
            return Place(*self.reach)
        inside = self._inside
        return None if inside is None else _bounds(inside.sides, _web_and_stored().stored_lists)

    @cached_property
    def _inside(self) -> Place | None:
        place = self.place
        inside = Place(
            max(place.west, _AROUND.west),
            max(place.south, _AROUND.south),
            min(place.east, _AROUND.east),
            min(place.north, _AROUND.north),
        )
        return None if inside.west >= inside.east or inside.south >= inside.north else inside


@lru_cache(maxsize=4_096)
def address_in(grid: Grid, z: int, row: int, column: int) -> TileAddress:
    """Return an address, the same one to all who ask: several groups of layers are drawn there, at three horizons.

    Raises
    ------
    TileAddressError
        When the grid has no such tile.
    """
    return TileAddress(grid, z, row, column)


def web_tile(z: int, x: int, y: int) -> TileAddress:
    """Return the tile of the usual web grid at z/x/y; raises as `address_in` does."""
    return address_in(WEB, z, y, x)


def _bounds(box: tuple[float, float, float, float], onto: _Onto) -> Place:
    """Return a box in one projection that holds a box of another: what is straight in one is bent in the other."""
    west, south, east, north = box
    longest = max(east - west, north - south)
    pieces = math.ceil(longest / _PIECE_M)
    slack = 1 + longest / pieces / 500
    eastings, northings = onto(*_outline(box, pieces))
    return Place(min(eastings) - slack, min(northings) - slack, max(eastings) + slack, max(northings) + slack)


def _outline(box: tuple[float, float, float, float], pieces: int) -> tuple[list[float], list[float]]:
    """Return the corners of a box, and between them the ends of as many pieces of each side."""
    west, south, east, north = box
    if pieces == 1:
        return [west, west, east, east], [south, north, south, north]
    across = [west + (east - west) * piece / pieces for piece in range(pieces + 1)]
    along = [south + (north - south) * piece / pieces for piece in range(pieces + 1)]
    ends = pieces + 1
    return (
        [*across, *across, *[west] * ends, *[east] * ends],
        [*[south] * ends, *[north] * ends, *along, *along],
    )


@cache
def _web_and_stored() -> Transformation:
    return transformation(WEB_SRID)
