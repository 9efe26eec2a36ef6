"""Shares: what area the features of one code, seen at the same horizons, cover in each pixel of a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import numpy.typing as npt
import shapely
from psycopg import Connection, sql

from gis.overviews.blocks import PIXELS, Block, pixel_side
from gis.overviews.coverage import Numbers, covered, covered_by_each, edges
from gis.schema import CITY_SCHEMA, stands_at
from gis.statements import statements
from layers.model import Horizon, Layer

_SQL = Path(__file__).with_suffix(".sql")
_REACH_M = 0.001
"""By so much a block is searched beyond its sides, against rounding."""
_HALF = PIXELS // 2

Key = tuple[str | None, tuple[Horizon, ...]]
Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """The features of one code that are seen at the same horizons, in one block.

    `area_m2` : what they cover of the block, measured in EPSG:5899. `features` : how many have their middle in it.
    `pixels` : what they cover of each pixel, 1 being all of it.
    """

    code: str | None
    horizons: tuple[Horizon, ...]
    area_m2: float
    features: int
    pixels: Pixels

    @property
    def key(self) -> Key:
        """What the features have in common."""
        return self.code, self.horizons

    def equals(self, other: Share) -> bool:
        """Return whether two shares say the same."""
        return (self.key, self.area_m2, self.features) == (other.key, other.area_m2, other.features) and np.array_equal(
            self.pixels, other.pixels
        )


def alike(some: Sequence[Share], others: Sequence[Share]) -> bool:
    """Return whether two lists of shares say the same."""
    return len(some) == len(others) and all(one.equals(other) for one, other in zip(some, others, strict=True))


def shares_of(connection: Connection[Any], layer: Layer, block: Block) -> list[Share]:
    """Measure the features of a layer in a block of its base level."""
    rows = connection.execute(_features(layer), _searched(block), binary=True).fetchall()
    if not rows:
        return []
    codes, seen, areas_m2, shapes = zip(*rows, strict=True)
    keys = sorted(set(zip(codes, seen, strict=True)), key=lambda key: (key[0] is not None, key[0] or "", key[1]))
    number_of = {key: number for number, key in enumerate(keys)}
    kinds = np.array([number_of[key] for key in zip(codes, seen, strict=True)])
    polygons = shapely.from_wkb(shapes)
    outlines = edges(polygons, block)
    pixels = covered(outlines, kinds, len(keys)).astype(np.float32)
    whole = shapely.area(polygons) / pixel_side(block.level) ** 2
    part = np.clip(covered_by_each(outlines, len(rows)) / np.where(whole > 0, whole, 1), 0, 1)
    areas = np.bincount(kinds, part * np.array(areas_m2), minlength=len(keys))
    counts = np.bincount(kinds[_in_the_middle(polygons, block)], minlength=len(keys))
    found = (
        Share(code, _horizons(flags), float(areas[number]), int(counts[number]), pixels[number])
        for number, (code, flags) in enumerate(keys)
    )
    return [share for share in found if share.features or share.pixels.any()]


def _features(layer: Layer) -> sql.Composed:
    flags = [
        sql.SQL("CASE WHEN {} THEN {} ELSE 0 END").format(stands_at(layer, horizon), sql.Literal(1 << place))
        for place, horizon in enumerate(Horizon)
    ]
    return statements(_SQL)["features"].sql(
        layer=sql.Identifier(CITY_SCHEMA, layer.name),
        code=sql.Identifier(str(layer.paint.by)),
        flags=sql.SQL(" + ").join(flags),
    )


def _searched(block: Block) -> dict[str, float]:
    place = block.place
    return {
        "west": place.west - _REACH_M,
        "south": place.south - _REACH_M,
        "east": place.east + _REACH_M,
        "north": place.north + _REACH_M,
    }


def _horizons(flags: int) -> tuple[Horizon, ...]:
    return tuple(horizon for place, horizon in enumerate(Horizon) if flags >> place & 1)


def _in_the_middle(polygons: npt.NDArray[Any], block: Block) -> Numbers:
    """Return the numbers of the polygons whose boxes have their middle in the block."""
    west, south, east, north = shapely.bounds(polygons).T
    place = block.place
    easting, northing = (west + east) / 2, (south + north) / 2
    inside = (place.west <= easting) & (easting < place.east) & (place.south < northing) & (northing <= place.north)
    return np.flatnonzero(inside)


def summed(quarters: Mapping[Block, Sequence[Share]], block: Block) -> list[Share]:
    """Return the shares of a block from those of the four of the next finer level that it consists of."""
    sums: dict[Key, Share] = {}
    for quarter in block.children:
        east, south = quarter.column % 2 * _HALF, quarter.row % 2 * _HALF
        for share in quarters.get(quarter, ()):
            so_far = sums.get(share.key) or Share(*share.key, 0.0, 0, np.zeros((PIXELS, PIXELS), np.float32))
            so_far.pixels[south : south + _HALF, east : east + _HALF] = _halved(share.pixels)
            area_m2, features = so_far.area_m2 + share.area_m2, so_far.features + share.features
            sums[share.key] = Share(*share.key, area_m2, features, so_far.pixels)
    return sorted(sums.values(), key=lambda share: (share.code is not None, share.code or "", share.horizons))


def _halved(pixels: Pixels) -> Pixels:
    return pixels.reshape(_HALF, 2, _HALF, 2).mean(axis=(1, 3), dtype=np.float64).astype(np.float32)
