"""A tile that is asked for: layers, seen at a horizon, at an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from gis.changes.ledger import Place, Subject
from gis.overviews.drawn import drawn_from, is_gathered
from gis.schema import CITY_SCHEMA, horizon_schema
from gis.tiles.address import TileAddress
from layers.model import Horizon, Layer


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A layer that a scenario changes: where it is read, and the box in EPSG:3857 that holds the changes, if any."""

    layer: str
    schema: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class View:
    """The city as a tile shows it: at a horizon, and in a scenario where `line` names it and its forebears."""

    horizon: Horizon = Horizon.EXISTING
    line: tuple[str, ...] = ()
    overlaid: tuple[Overlaid, ...] = ()

    @property
    def name(self) -> str:
        """A name that no other view has."""
        return "/".join([self.horizon.value, *self.line[-1:], *(each.layer for each in self.overlaid)])

    @property
    def scenarios(self) -> frozenset[str | None]:
        """Names under which the log of changes tells what may alter it; None is the baseline."""
        return frozenset([None, *self.line])

    @property
    def layers(self) -> frozenset[str]:
        """The layers that are not the baseline's."""
        return frozenset(each.layer for each in self.overlaid)

    def table(self, layer: Layer) -> sql.Identifier:
        """Return where a layer is read."""
        for each in self.overlaid:
            if each.layer == layer.name:
                return sql.Identifier(each.schema, layer.name)
        seen = layer.staged or layer.planned
        return sql.Identifier(horizon_schema(self.horizon) if seen else CITY_SCHEMA, layer.name)

    def of(self, layers: Sequence[Layer], place: Place) -> View:
        """Return the view that shows the same of some layers at a place: the baseline's where nothing changes."""
        names = {layer.name for layer in layers}
        over = tuple(
            each for each in self.overlaid if each.layer in names and each.place is not None and each.place.meets(place)
        )
        return View(self.horizon, self.line, over) if over else View(self.horizon)


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
        own = self.view.layers
        return tuple(
            layer for layer in self.shown if layer.name not in own and is_gathered(layer, self.address.web_zoom)
        )

    def seen_in(self, view: View) -> Tile:
        """Return the tile in another view; the baseline's where that view does not touch it."""
        place = self.address.place
        wide = [layer for layer in self.shown if is_gathered(layer, self.address.web_zoom)]
        if wide:
            place = drawn_from(self.address.web_zoom, place)
        return Tile(self.layers, view.of(self.shown, place), self.address)

    @cached_property
    def subject(self) -> Subject:
        """What the tile is made from; a change that does not touch it leaves the tile as it is."""
        place = self.address.place
        if self.gathered:
            place = drawn_from(self.address.web_zoom, place)
        return Subject(frozenset(layer.name for layer in self.shown), self.view.scenarios, place)


def tile_of(layers: Sequence[Layer], address: TileAddress, *, horizon: Horizon = Horizon.EXISTING) -> Tile:
    """Return the tile of some layers at an address."""
    return Tile(tuple(layers), View(horizon), address)
