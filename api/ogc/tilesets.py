"""Tilesets over HTTP: what the tiles of the city and of each layer hold, in each grid."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import FromPool, only
from api.negotiation import language
from api.ogc.links import own
from api.ogc.tileset import Tiled, summary, tileset
from gis.features import Box, extents, public_layer, public_layers
from gis.grids import GRIDS, Grid, grid_named
from layers.model import Horizon, Layer, Words

router = APIRouter(tags=["tiles"], dependencies=[Depends(only("f", "lang"))])

_CITY = Words("Toàn thành phố", "The whole city")


@router.get("/tiles")
def of_the_city(request: Request) -> Response:
    """List the tilesets that hold every layer, one for each grid."""
    return _list(request, _whole(request))


@router.get("/tiles/{grid}")
def one_of_the_city(grid: str, request: Request, database: FromPool) -> Response:
    """Describe the tileset that holds every layer, in one grid."""
    declared = grid_named(grid)
    return _one(request, _whole(request), declared, _extents(database, tuple(public_layers().values())))


@router.get("/collections/{layer}/tiles", tags=["tiles"])
def of_a_layer(layer: str, request: Request) -> Response:
    """List the tilesets of a layer, one for each grid."""
    return _list(request, _single(request, layer))


@router.get("/collections/{layer}/tiles/{grid}")
def one_of_a_layer(layer: str, grid: str, request: Request, database: FromPool) -> Response:
    """Describe the tileset of a layer in one grid: what a feature carries, and where tiles are."""
    tiled, declared = _single(request, layer), grid_named(grid)
    return _one(request, tiled, declared, _extents(database, tiled.layers))


def _whole(request: Request) -> Tiled:
    spoken = language(request)
    return Tiled(_CITY.vi if spoken == "vi" else _CITY.en, "", tuple(public_layers().values()), spoken)


def _single(request: Request, name: str) -> Tiled:
    layer, spoken = public_layer(name), language(request)
    return Tiled(layer.title.vi if spoken == "vi" else layer.title.en, f"/collections/{name}", (layer,), spoken)


def _extents(database: FromPool, layers: Sequence[Layer]) -> dict[str, Box]:
    with database.city(Horizon.EXISTING) as city:
        return extents(city, layers)


def _list(request: Request, tiled: Tiled) -> Response:
    document = {
        "title": tiled.title,
        "links": own(request, title=tiled.title),
        "tilesets": [summary(tiled, grid, request) for grid in GRIDS.values()],
    }
    return pages.answer(request, document, "tilesets.html", tiled=tiled, grids=GRIDS)


def _one(request: Request, tiled: Tiled, grid: Grid, around: dict[str, Box]) -> Response:
    document = tileset(tiled, grid, around, request)
    return pages.answer(request, document, "tileset.html", tiled=tiled, grid=grid)
