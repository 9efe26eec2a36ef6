"""What polygons cover of each pixel of a block: exact areas, found from their edges alone.

Each edge adds what lies to the east of it: more where the ground is entered, less where it is left. Summed over all
edges and along each row this is the area covered, whatever the number, the shapes or the sizes of the polygons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any  # arrays of shapes have no public type

import numpy as np
import numpy.typing as npt
import shapely

from gis.overviews.blocks import PIXELS, Block, pixel_side

_NOISE = 1e-6
"""Areas below this, in pixels, are what rounding leaves of nothing."""

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Edges:
    """Pieces of outlines inside a block, in pixels from its north-west corner; all of them go from north to south.

    `x0, y0, x1, y1` : ends. `sign` : 1 where the polygon lies to the east, -1 where it lies to the west.
    `owner` : number of the polygon.
    """

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    sign: Floats
    owner: Numbers

    def taken(self, chosen: Numbers | npt.NDArray[np.bool_]) -> Edges:
        """Return the chosen ones."""
        return Edges(*(getattr(self, name)[chosen] for name in self.__slots__))

    def between(self, north: Floats, south: Floats) -> Edges:
        """Return the part of each that lies between two rows; rows outside of it give no length."""
        slope = (self.x1 - self.x0) / (self.y1 - self.y0)
        y0, y1 = np.clip(north, self.y0, self.y1), np.clip(south, self.y0, self.y1)
        return Edges(self.x0 + (y0 - self.y0) * slope, y0, self.x0 + (y1 - self.y0) * slope, y1, self.sign, self.owner)


def edges(polygons: npt.NDArray[Any], block: Block) -> Edges:
    """Return the outlines of polygons in EPSG:3857, cut at the northern and southern side of a block."""
    parts, polygon_of = shapely.get_parts(polygons, return_index=True)
    rings, part_of = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    place, side = block.place, pixel_side(block.level)
    points = (points - [place.west, place.north]) * [1 / side, -1 / side]
    joined = ring_of[1:] == ring_of[:-1]
    x0, y0 = points[:-1][joined].T
    x1, y1 = points[1:][joined].T
    down = y1 > y0
    found = Edges(
        np.where(down, x0, x1),
        np.minimum(y0, y1),
        np.where(down, x1, x0),
        np.maximum(y0, y1),
        np.where(down, 1.0, -1.0),
        polygon_of[part_of[ring_of[1:][joined]]],
    )
    found = found.taken((found.y1 > np.maximum(found.y0, 0)) & (found.y0 < PIXELS))
    return found.between(np.zeros(len(found.y0)), np.full(len(found.y0), float(PIXELS)))


def covered_by_each(outlines: Edges, count: int) -> Floats:
    """Return what each of `count` polygons covers of the block, in pixels."""
    height = outlines.y1 - outlines.y0
    weight = outlines.sign * height * (PIXELS - _mean_column(outlines))
    return np.maximum(np.bincount(outlines.owner, weight, minlength=count), 0)


def _mean_column(outlines: Edges) -> Floats:
    """Return the mean column of each edge, where it is west or east of the block that of its side."""
    low, high = np.minimum(outlines.x0, outlines.x1), np.maximum(outlines.x0, outlines.x1)
    inner_low, inner_high = np.clip(low, 0, PIXELS), np.clip(high, 0, PIXELS)
    width = high - low
    beyond = np.where(width > 0, (high - np.maximum(low, PIXELS)).clip(0) / np.where(width > 0, width, 1), 0)
    inside = np.where(width > 0, (inner_high - inner_low) / np.where(width > 0, width, 1), 1)
    within = inside * (inner_low + inner_high) / 2
    return within + beyond * PIXELS


def covered(outlines: Edges, kinds: Numbers, count: int) -> Floats:
    """Return what the polygons of each kind cover of each pixel, 1 being all of it: kinds × 64 × 64.

    Parameters
    ----------
    kinds : the kind of each polygon, below `count`; where polygons of a kind overlap, their areas add up.
    """
    pieces = _by_column(_by_row(outlines))
    row = np.floor((pieces.y0 + pieces.y1) / 2).astype(np.int64).clip(0, PIXELS - 1)
    middle = ((pieces.x0 + pieces.x1) / 2).clip(0, None)
    column = np.floor(middle).astype(np.int64)
    weight, east = pieces.sign * (pieces.y1 - pieces.y0), middle - column
    place = (kinds[pieces.owner] * PIXELS + row) * (PIXELS + 1) + column
    size = count * PIXELS * (PIXELS + 1)
    steps = (
        np.bincount(place, weight * (1 - east), minlength=size)
        + np.bincount(place + 1, weight * east, minlength=size + 1)[:size]
    )
    areas = steps.reshape(count, PIXELS, PIXELS + 1)[:, :, :PIXELS].cumsum(axis=2)
    return np.where(areas < _NOISE, 0, areas)


def _by_row(outlines: Edges) -> Edges:
    """Cut edges where they pass from one row of pixels to the next."""
    first = np.floor(outlines.y0)
    which, number = _repeated(np.ceil(outlines.y1) - first)
    north = first[which] + number.astype(np.float64)
    return outlines.taken(which).between(north, north + 1)


def _by_column(outlines: Edges) -> Edges:
    """Cut edges where they pass from one column of pixels to the next; leave out what lies to the east of the block.

    What lies to the west is pushed to the western side, from where it counts for the whole row.
    """
    low, high = np.minimum(outlines.x0, outlines.x1), np.maximum(outlines.x0, outlines.x1)
    first, last = np.floor(low).clip(-1, PIXELS), np.ceil(high).clip(0, PIXELS + 1)
    which, number = _repeated(np.maximum(last - first, 1))
    cut, column = outlines.taken(which), first[which] + number
    low, high = low[which], high[which]
    west = np.where(column < 0, low, np.maximum(low, column))
    east = np.where(column >= PIXELS, high, np.minimum(high, column + 1))
    west, east = np.where(column < 0, np.minimum(west, 0), west), np.where(column < 0, np.minimum(high, 0), east)
    width = high - low
    part = np.where(width > 0, (east - west) / np.where(width > 0, width, 1), 1)
    height = (cut.y1 - cut.y0) * part
    north = np.floor((cut.y0 + cut.y1) / 2)
    pieces = Edges(west.clip(0, None), north, east.clip(0, None), north + height, cut.sign, cut.owner)
    return pieces.taken(column < PIXELS)


def _repeated(counts: Floats) -> tuple[Numbers, Numbers]:
    """Return 0 repeated as often as the first count, 1 as often as the second, …; and how often before, each time."""
    times = counts.astype(np.int64)
    which = np.repeat(np.arange(len(times)), times)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
