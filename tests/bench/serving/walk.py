"""Distinct tiles of the city, each at most once, in an order that jumps about."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg

from gis.statements import statements

AROUND_M = 40_075_016.685578488
_DEEPEST_ZOOM = 18
_SEED = 1
_WHOLE_SHARE = 0.99


class Tile(NamedTuple):
    """Address of a tile in the web grid."""

    z: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the parcels of today lie: their number in each tile of the deepest zoom."""

    parcels: Mapping[tuple[int, int], int]

    @property
    def count(self) -> int:
        """Parcels of today."""
        return sum(self.parcels.values())

    def counted(self, z: int) -> Counter[Tile]:
        """Return the tiles of a zoom that hold the middle of a parcel, with how many they hold."""
        up = _DEEPEST_ZOOM - z
        counted: Counter[Tile] = Counter()
        for (x, y), parcels in self.parcels.items():
            counted[Tile(z, x >> up, y >> up)] += parcels
        return counted

    def tiles(self, *zooms: int) -> list[Tile]:
        """Return every tile of these zooms that holds parcels, each once, shuffled the same way each time."""
        found = sorted(tile for z in zooms for tile in self.counted(z))
        random.Random(_SEED).shuffle(found)
        return found

    def fullest_first(self, tiles: Sequence[Tile]) -> list[Tile]:
        """Return tiles by the parcels they hold, so that nobody idles at the end behind a last full one."""
        counted = {z: self.counted(z) for z in {tile.z for tile in tiles}}
        return sorted(tiles, key=lambda tile: -counted[tile.z][tile])

    def whole(self) -> Tile:
        """Return the deepest tile that holds nearly every parcel."""
        for z in range(_DEEPEST_ZOOM, 0, -1):
            tile, parcels = self.counted(z).most_common(1)[0]
            if parcels >= _WHOLE_SHARE * self.count:
                return tile
        return Tile(0, 0, 0)


def walk(url: str) -> Walk:
    """Read where the parcels of a database lie."""
    statement = statements(Path(__file__).with_suffix(".sql"))["middles"]
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(statement.sql(), {"z": _DEEPEST_ZOOM}).fetchall()
    return Walk({(x, y): parcels for x, y, parcels in rows})


def covered_share(url: str, tile: Tile) -> float:
    """Return the share of a tile's square that parcels of today cover, as the database measures it; 0 to 1."""
    statement = statements(Path(__file__).with_suffix(".sql"))["area"]
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.sql(), tile._asdict()).fetchone()
    return (row[0] if row else 0.0) / (AROUND_M / (1 << tile.z)) ** 2
