"""Blocks of pixels in which an overview is kept: a quarter of a tile of the usual web grid on each side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gis.changes.ledger import Place
from gis.grids import WEB
from gis.overviews.errors import UngatheredError
from layers.model import Layer

PIXELS = 64
"""Pixels on a side of a block."""
TILE_BLOCKS = 4
"""Blocks on a side of a tile; a tile has 256 pixels on a side."""


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A block of a level; a level is a zoom of the usual web grid, columns count from the west, rows from the north."""

    level: int
    column: int
    row: int

    @property
    def parent(self) -> Block:
        """The block of the next coarser level that this one is a quarter of."""
        return Block(self.level - 1, self.column // 2, self.row // 2)

    @property
    def children(self) -> tuple[Block, ...]:
        """The four blocks of the next finer level, row by row."""
        return tuple(
            Block(self.level + 1, 2 * self.column + east, 2 * self.row + south) for south in (0, 1) for east in (0, 1)
        )

    @property
    def place(self) -> Place:
        """The block in EPSG:3857."""
        side = block_side(self.level)
        west, north = WEB.west + self.column * side, WEB.north - self.row * side
        return Place(west, north - side, west + side, north)


def block_side(level: int) -> float:
    """Return the side of a block, metres in EPSG:3857."""
    return WEB.tile_side(level) / TILE_BLOCKS


def pixel_side(level: int) -> float:
    """Return the side of a pixel, metres in EPSG:3857."""
    return block_side(level) / PIXELS


def gathered_layers(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return those of the layers that have an overview."""
    return tuple(layer for layer in layers if layer.gathered_below is not None)


def base_level(layer: Layer) -> int:
    """Return the finest level of a layer's overview: the last zoom at which it is drawn gathered.

    Raises
    ------
    UngatheredError
        When the layer has no overview.
    """
    if layer.gathered_below is None:
        raise UngatheredError(layer)
    return layer.gathered_below - 1


def levels(layer: Layer) -> range:
    """Return the levels of a layer's overview, finest first."""
    return range(base_level(layer), layer.zooms[0] - 1, -1)


def blocks_meeting(level: int, place: Place) -> list[Block]:
    """Return the blocks of a level that a box meets."""
    first, last = corner_blocks(level, place)
    return [
        Block(level, column, row)
        for row in range(first.row, last.row + 1)
        for column in range(first.column, last.column + 1)
    ]


def corner_blocks(level: int, place: Place) -> tuple[Block, Block]:
    """Return the blocks of a level in which the north-west and the south-east corner of a box lie."""
    side = block_side(level)
    return (
        Block(level, int((place.west - WEB.west) // side), int((WEB.north - place.north) // side)),
        Block(level, int((place.east - WEB.west) // side), int((WEB.north - place.south) // side)),
    )
