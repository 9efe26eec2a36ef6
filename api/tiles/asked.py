"""What an address of a tile asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from api.deps import standpoints
from api.errors import ParameterError
from api.negotiation import MVT
from api.query import single
from api.refusals import NoTileError
from gis.features import public_layer
from gis.grids import grid_named
from gis.schema import BASELINE
from gis.tiles import Tile, TileAddress, View, address_in, layers_named, web_tile
from layers import LAYERS
from layers.model import Layer

_NUMBER = r"([0-9]{1,9})"
_PLACE = rf"{_NUMBER}/{_NUMBER}/{_NUMBER}"
_SHORT = re.compile(rf"/tiles/([^/]+)/{_PLACE}\.mvt")
_OF_LAYER = re.compile(rf"(?:/ogc)?/collections/([^/]+)/tiles/([^/]+)/{_PLACE}")
_OF_CITY = re.compile(rf"(?:/ogc)?/tiles/([^/]+)/{_PLACE}")
_LIKELY = re.compile(r"/tiles/.*\.mvt|(?:/ogc)?(?:/collections/[^/]+)?/tiles/[^/]+/[^/]+/[^/]+/[^/]+")
_VIEW = ("horizon", "scenario", "against")
_FORMATS = (MVT.name, MVT.type)


def is_tile(path: str) -> bool:
    """Return whether a path is that of a tile, or meant to be."""
    return _LIKELY.fullmatch(path) is not None


class Asked(NamedTuple):
    """A tile of the baseline, and the scenarios in which it, and what it is held against, are to be seen.

    `tileset` has the layers of the tileset whose limits bound it; None where it is asked for in the short form.
    `is_named` says that the address names the format, so that Accept has no say.
    """

    tile: Tile
    scenario: str
    former: str
    tileset: tuple[Layer, ...] | None
    is_named: bool


@lru_cache(maxsize=16_384)
def asked(path: str, query: bytes) -> Asked:
    """Read what is asked for.

    Raises
    ------
    NoTileError, UnknownLayerError, UnknownGridError, TileAddressError
        When there is no such tile.
    TooManyLayersError, ParameterError, and the refusals of a query
        When it is asked for wrongly.
    """
    if match := _SHORT.fullmatch(path):
        z, x, y = map(int, match.groups()[1:])
        parameters = _parameters(query, _VIEW)
        return _tile(layers_named(match[1]), web_tile(z, x, y), parameters, tileset=None)
    if match := _OF_LAYER.fullmatch(path):
        parameters = _parameters(query, (*_VIEW, "f"))
        layers = (public_layer(match[1]),)
        return _tile(layers, _address(match[2], match.groups()[2:]), parameters, tileset=layers)
    if match := _OF_CITY.fullmatch(path):
        parameters = _parameters(query, (*_VIEW, "f", "collections"))
        address = _address(match[1], match.groups()[1:])
        return _tile(_collections(parameters), address, parameters, tileset=_every_layer())
    raise NoTileError


def _tile(
    layers: tuple[Layer, ...],
    address: TileAddress,
    parameters: Mapping[str, str],
    *,
    tileset: tuple[Layer, ...] | None,
) -> Asked:
    wanted = parameters.get("f")
    if wanted is not None and wanted not in _FORMATS:
        raise ParameterError("f", wanted, "mvt for a tile")
    is_named = wanted is not None
    shown, former = standpoints(parameters)
    if former is None:
        return Asked(Tile(layers, View(shown.horizon), address), shown.scenario, BASELINE, tileset, is_named)
    tile = Tile(layers, View(shown.horizon), address, View(former.horizon))
    return Asked(tile, shown.scenario, former.scenario, tileset, is_named)


def _address(grid: str, place: tuple[str, ...]) -> TileAddress:
    z, row, column = map(int, place)
    return address_in(grid_named(grid), z, row, column)


def _collections(parameters: Mapping[str, str]) -> tuple[Layer, ...]:
    if "collections" in parameters:
        return layers_named(parameters["collections"])
    return _every_layer()


def _every_layer() -> tuple[Layer, ...]:
    return tuple(layer for layer in LAYERS.values() if layer.public)


def _parameters(query: bytes, known: tuple[str, ...]) -> dict[str, str]:
    return single(query, known) if query else {}
