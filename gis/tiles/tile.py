"""A tile that is asked for: layers, seen in a view, or what differs between two views, at an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gis.changes.ledger import EVERYWHERE, Place, Subject
from gis.differences import is_empty
from gis.overviews.drawn import drawn_from, is_gathered
from gis.scenarios.reach import Sight
from gis.tiles.address import TileAddress
from layers.model import Horizon, Layer


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A layer that a scenario changes, the scenarios of its line that do, and the box of all changes, if any."""

    layer: str
    scenarios: tuple[str, ...]
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

    @property
    def sight(self) -> Sight:
        """Where the layers are read."""
        return Sight(self.line, {each.layer: each.scenarios for each in self.overlaid}, self.horizon)

    def of(self, layers: Sequence[Layer], place: Place) -> View:
        """Return the view that shows the same of some layers at a place: the baseline's where nothing changes."""
        names = {layer.name for layer in layers}
        over = tuple(
            each for each in self.overlaid if each.layer in names and each.place is not None and each.place.meets(place)
        )
        return View(self.horizon, self.line, over) if over else View(self.horizon)


@dataclass(frozen=True)
class Tile:
    """Layers in drawing order, seen in a view, at an address; with a `former` view, what differs from that one."""

    layers: tuple[Layer, ...]
    view: View
    address: TileAddress
    former: View | None = None

    @cached_property
    def shown(self) -> tuple[Layer, ...]:
        """The layers that are drawn at this zoom; none where the city's coordinates have no meaning.

        Where a difference is shown, only the layers that may differ.
        """
        zoom = self.address.web_zoom
        if not self.address.is_near:
            return ()
        shown = tuple(layer for layer in self.layers if layer.zooms[0] <= zoom <= layer.zooms[1])
        if self.former is None:
            return shown
        former, latter = self.former.sight, self.view.sight
        return tuple(layer for layer in shown if not is_empty(layer, former, latter))

    @cached_property
    def key(self) -> bytes:
        """A name that no other tile has; tiles that show the same have the same."""
        address = self.address
        place = f"{address.grid.name}/{address.z}/{address.row}/{address.column}"
        views = self.view.name if self.former is None else f"{self.former.name}~{self.view.name}"
        return f"{views}/{place}/{','.join(layer.name for layer in self.shown)}".encode()

    @cached_property
    def gathered(self) -> tuple[Layer, ...]:
        """The layers that are drawn from their overviews; a difference is always drawn feature by feature."""
        if self.former is not None:
            return ()
        own = self.view.layers
        return tuple(
            layer for layer in self.shown if layer.name not in own and is_gathered(layer, self.address.web_zoom)
        )

    def seen_in(self, view: View, former: View | None = None) -> Tile:
        """Return the tile in another view; the baseline's where that view does not touch it.

        With a former view, return the tile of what differs between the two.
        """
        place = self.address.place
        if former is not None:
            return Tile(self.layers, view.of(self.layers, place), self.address, former.of(self.layers, place))
        wide = [layer for layer in self.shown if is_gathered(layer, self.address.web_zoom)]
        if wide:
            place = drawn_from(self.address.web_zoom, place)
        return Tile(self.layers, view.of(self.shown, place), self.address)

    @cached_property
    def subject(self) -> Subject:
        """What the tile is made from; a change that does not touch it leaves the tile as it is."""
        layers = frozenset(layer.name for layer in self.shown)
        scenarios, place = self.view.scenarios, self.address.place
        if self.former is not None:
            scenarios |= self.former.scenarios
            if self.former.overlaid or self.view.overlaid:
                # What a feature here is compared with may lie anywhere.
                place = EVERYWHERE
        elif self.gathered:
            place = drawn_from(self.address.web_zoom, place)
        return Subject(layers, scenarios, place)


def tile_of(layers: Sequence[Layer], address: TileAddress, *, horizon: Horizon = Horizon.EXISTING) -> Tile:
    """Return the tile of some layers at an address."""
    return Tile(tuple(layers), View(horizon), address)
