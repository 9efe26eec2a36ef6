"""Vector tiles: one statement for each tile, drawn by PostGIS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from gis.db import City
from gis.errors import QuyhoachError, UnknownLayerError
from gis.features import public_layers
from gis.statements import statements
from layers import GROUPS
from layers.model import Column, Layer, LayerGroup

LAST_ZOOM = 22
MOST_NAMES = 32
"""Names one address may list; the layers themselves are counted once each."""


class TileAddressError(QuyhoachError):
    """A tile that does not exist in the grid."""

    def __init__(self, z: int, x: int, y: int) -> None:
        last = f"x and y run from 0 to {2**z - 1} there" if 0 <= z <= LAST_ZOOM else f"z runs from 0 to {LAST_ZOOM}"
        super().__init__(f"There is no tile {z}/{x}/{y}; {last}.")


class TooManyLayersError(QuyhoachError):
    """A list of layers that is longer than any map needs."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} names are listed; a tile takes at most {MOST_NAMES}.")


@dataclass(frozen=True, slots=True)
class TileAddress:
    """A tile of the usual web grid: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= LAST_ZOOM and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise TileAddressError(self.z, self.x, self.y)


def layers_named(names: str, groups: Sequence[LayerGroup] = GROUPS) -> tuple[Layer, ...]:
    """Return the public layers of a list `a,b` of layers and groups, each once, in drawing order.

    Raises
    ------
    UnknownLayerError
        When a name is neither a public layer nor a group.
    TooManyLayersError
        When the list is too long.
    """
    listed = names.split(",")
    if len(listed) > MOST_NAMES:
        raise TooManyLayersError(len(listed))
    layers = public_layers({layer.name: layer for group in groups for layer in group.layers})
    of_group = {group.name: [layer.name for layer in group.layers if layer.public] for group in groups}
    wanted: set[str] = set()
    for name in listed:
        if name not in layers and name not in of_group:
            raise UnknownLayerError(name, {*layers, *of_group})
        wanted.update([name] if name in layers else of_group[name])
    return tuple(layer for layer in layers.values() if layer.name in wanted)


def tile_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns a tile carries: the declared public ones."""
    return tuple(column for column in layer.columns if column.public)


def tile(city: City, layers: Sequence[Layer], *, address: TileAddress) -> bytes:
    """Draw one vector tile of the layers that are shown at its zoom.

    Coordinates are 0-4096 with a margin of 64 on each side; a feature's id is its uid. Returns no bytes where no layer
    is shown at this zoom or nothing lies there.
    """
    shown = [layer for layer in layers if layer.zooms[0] <= address.z <= layer.zooms[1]]
    if not shown:
        return b""
    parts = sql.SQL("\n|| ").join(sql.SQL("({})").format(_statement(layer)) for layer in shown)
    parameters = {"z": address.z, "x": address.x, "y": address.y}
    row = city.connection.execute(sql.SQL("SELECT {}").format(parts), parameters, binary=True).fetchone()
    return bytes(row[0]) if row else b""


_SQL = Path(__file__).with_suffix(".sql")


def _statement(layer: Layer) -> sql.Composed:
    return statements(_SQL)["tile"].sql(
        layer=sql.Identifier(layer.name),
        name=sql.Literal(layer.name),
        attributes=sql.SQL(", ").join(sql.Identifier(column.name) for column in tile_columns(layer)),
    )
