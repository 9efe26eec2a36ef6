"""Grids of tiles: which square of the ground a tile covers, in three coordinate systems. Pure numbers.

Each is a tile matrix set of OGC 17-083r4 (Two Dimensional Tile Matrix Set 2.0): matrix 0 has the fewest tiles, and each
following matrix halves their sides. Rows are counted from the north, columns from the west.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches

from gis.errors import QuyhoachError
from gis.schema import STORED_SRID, WEB_SRID
from layers.model import Words

TILE_PX = 256
"""Side of a tile in pixels, as scale denominators are counted; a vector tile has no pixels of its own."""
DRAWN_TO = 22
"""The last zoom of the usual web grid in which anything is drawn; from there maps enlarge what they have."""
PIXEL_M = 0.00028
"""Side of the standardised pixel of OGC 17-083r4, 6.1.1."""
_EARTH_RADIUS_M = 6_378_137.0
_DEGREE_M = math.pi * _EARTH_RADIUS_M / 180
"""Length of a degree at the equator, by which the scale of a grid in degrees is counted."""
_HALF_WORLD_M = math.pi * _EARTH_RADIUS_M
_LONLAT_SRID = 4326


class UnknownGridError(QuyhoachError):
    """There is no tile matrix set of that name."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, GRIDS, n=1, cutoff=0.5)
        hint = f"the nearest name is {near[0]}" if near else f"there are {', '.join(GRIDS)}"
        super().__init__(f"There is no tile matrix set {name[:60]!r}; {hint}.")


@dataclass(frozen=True, slots=True)
class Limits:
    """The rows and columns of one matrix in which something may lie; both ends are included."""

    z: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A tile matrix set whose matrices halve from one to the next; the few that there are differ in everything.

    `west` and `north` are its upper left corner and `side` the side of a tile of matrix 0, in the units of its
    coordinate system, of which one has `unit_m` metres. `uri` names it in the OGC's register, where it stands there; it
    then has all the matrices of the register, up to `last_zoom`, whether or not anything is drawn in them.
    `crs` names the coordinate system and its order of axes; `srid` is the one PostGIS knows, always east before north.
    """

    name: str
    title: Words
    uri: str | None
    scale_set: str | None
    crs: str
    axes: tuple[str, str]
    srid: int
    west: float
    north: float
    side: float
    columns_at_0: int
    rows_at_0: int
    unit_m: float
    last_zoom: int

    def columns(self, z: int) -> int:
        """Return how many tiles stand side by side in a matrix."""
        return self.columns_at_0 << z

    def rows(self, z: int) -> int:
        """Return how many tiles stand one below the other in a matrix."""
        return self.rows_at_0 << z

    def holds(self, z: int, row: int, column: int) -> bool:
        """Say whether the grid has that tile."""
        return 0 <= z <= self.last_zoom and 0 <= row < self.rows(z) and 0 <= column < self.columns(z)

    def tile_side(self, z: int) -> float:
        """Return the side of a tile, in units of the coordinate system."""
        return self.side / (1 << z)

    def bounds(self, z: int, row: int, column: int) -> tuple[float, float, float, float]:
        """Return west, south, east, north of a tile, in units of the coordinate system.

        Sides that two tiles share are the same number in both.
        """
        side = self.tile_side(z)
        return (
            self.west + column * side,
            self.north - (row + 1) * side,
            self.west + (column + 1) * side,
            self.north - row * side,
        )

    @property
    def outline(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the whole grid."""
        return (
            self.west,
            self.north - self.rows_at_0 * self.side,
            self.west + self.columns_at_0 * self.side,
            self.north,
        )

    def cell(self, z: int) -> float:
        """Return the side of a pixel, in units of the coordinate system."""
        return self.tile_side(z) / TILE_PX

    def scale_denominator(self, z: int) -> float:
        """Return n of the scale 1:n at which a pixel is the standardised one (0.28 mm)."""
        return self.cell(z) * self.unit_m / PIXEL_M

    def web_zoom(self, z: int) -> int:
        """Return the zoom of the usual web grid that is nearest in scale; in it a layer says where it is shown."""
        return z + round(math.log2(GRIDS["WebMercatorQuad"].scale_denominator(0) / self.scale_denominator(0)))

    def limits(self, z: int, west: float, south: float, east: float, north: float) -> Limits | None:
        """Return the tiles of a matrix that a box meets; None where it lies outside of the grid."""
        side = self.tile_side(z)
        rows, columns = self.rows(z), self.columns(z)
        first_column, last_column = math.floor((west - self.west) / side), math.floor((east - self.west) / side)
        first_row, last_row = math.floor((self.north - north) / side), math.floor((self.north - south) / side)
        if last_row < 0 or last_column < 0 or first_row >= rows or first_column >= columns:
            return None
        return Limits(
            z, max(first_row, 0), min(last_row, rows - 1), max(first_column, 0), min(last_column, columns - 1)
        )


WEB = Grid(
    name="WebMercatorQuad",
    title=Words("Lưới web (Mercator)", "Usual web grid (Mercator)"),
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    axes=("X", "Y"),
    srid=WEB_SRID,
    west=-_HALF_WORLD_M,
    north=_HALF_WORLD_M,
    side=2 * _HALF_WORLD_M,
    columns_at_0=1,
    rows_at_0=1,
    unit_m=1.0,
    last_zoom=24,
)

WORLD = Grid(
    name="WorldCRS84Quad",
    title=Words("Lưới kinh độ, vĩ độ (WGS 84)", "Longitude and latitude (WGS 84)"),
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
    scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad",
    crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    axes=("Lon", "Lat"),
    srid=_LONLAT_SRID,
    west=-180.0,
    north=90.0,
    side=180.0,
    columns_at_0=2,
    rows_at_0=1,
    unit_m=_DEGREE_M,
    last_zoom=23,
)

VN2000 = Grid(
    name="VN2000DaNangQuad",
    title=Words("Lưới VN-2000 của Đà Nẵng (múi 3°, 107°45′)", "VN-2000 grid of Đà Nẵng (zone of 3°, 107°45′)"),
    uri=None,
    scale_set=None,
    crs="http://www.opengis.net/def/crs/EPSG/0/5899",
    axes=("E", "N"),
    srid=STORED_SRID,
    west=420_000.0,
    north=2_000_000.0,
    side=655_360.0,
    columns_at_0=1,
    rows_at_0=1,
    unit_m=1.0,
    last_zoom=16,
)
"""The grid of the surveyed coordinates: one square from the mountains to Hoàng Sa, with round numbers all the way down.

A tile of matrix 8 is 2 560 m wide and its pixel 10 m; in matrix 16 the tile is 10 m wide.
"""

GRIDS: dict[str, Grid] = {grid.name: grid for grid in (WEB, WORLD, VN2000)}
"""The grids in which tiles are drawn, by name."""


def grid_named(name: str) -> Grid:
    """Return the grid of that name; UnknownGridError where there is none."""
    try:
        return GRIDS[name]
    except KeyError:
        raise UnknownGridError(name) from None
