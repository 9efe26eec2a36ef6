"""A tile that is asked for: layers, seen at a horizon, at an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from gis.changes.ledger import Subject
from gis.overviews.drawn import drawn_from, is_gathered
from gis.schema import CITY_SCHEMA, horizon_schema
from gis.tiles.address import TileAddress
from layers.model import Horizon, Layer


@dataclass(frozen=True, slots=True)
class View:
    """The city as a tile shows it."""

    horizon: Horizon = Horizon.EXISTING

    @property
    def name(self) -> str:
        """A name that no other view has."""
        return self.horizon.value

    def table(self, layer: Layer) -> sql.Identifier:
        """Return where a layer is read."""
        seen = layer.staged or layer.planned
        return sql.Identifier(horizon_schema(self.horizon) if seen else CITY_SCHEMA, layer.name)


@dataclass(frozen=True)
class Tile:
    """Layers in drawing order, seen in a view, at an address."""

    layers: tuple[Layer, ...]
    view: View
    address: TileAddress

    @cached_property
    def shown(self) -> tuple[Layer, ...]:
        """The layers that are drawn at this zoom; none where the city's coordinates have no meaning."""
        zoom = self.address.web_zoom
        if self.address.search is None:
            return ()
        return tuple(layer for layer in self.layers if layer.zooms[0] <= zoom <= layer.zooms[1])

    @cached_property
    def key(self) -> bytes:
        """A name that no other tile has; tiles that show the same have the same."""
        address = self.address
        place = f"{address.grid.name}/{address.z}/{address.row}/{address.column}"
        return f"{self.view.name}/{place}/{','.join(layer.name for layer in self.shown)}".encode()

    @cached_property
    def gathered(self) -> tuple[Layer, ...]:
        """The layers that are drawn from their overviews."""
        return tuple(layer for layer in self.shown if is_gathered(layer, self.address.web_zoom))

    @cached_property
    def subject(self) -> Subject:
        """What the tile is made from; a change that does not touch it leaves the tile as it is."""
        place = self.address.place
        if self.gathered:
            place = drawn_from(self.address.web_zoom, place)
        return Subject(frozenset(layer.name for layer in self.shown), frozenset([None]), place)


def tile_of(layers: Sequence[Layer], address: TileAddress, *, horizon: Horizon = Horizon.EXISTING) -> Tile:
    """Return the tile of some layers at an address."""
    return Tile(tuple(layers), View(horizon), address)
