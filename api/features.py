"""Layers and their features over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.collections import CRS84, GEOJSON, JSON, collection, collection_in_full, link
from api.deps import AtHorizon, FromPool, only
from api.errors import UnknownParameterError
from api.negotiation import GEOJSON as GEOJSON_MEDIA
from api.negotiation import HTML, representation
from api.negotiation import JSON as JSON_MEDIA
from api.pages import layers as layer_pages
from gis.features import WORLD, Box, extents, feature, page, public_columns, public_layer, public_layers
from gis.tallies import tallies
from layers.model import Horizon, Layer

router = APIRouter(prefix="/collections", tags=["features"])

MOST_FEATURES = 10_000
"""Features on the largest page; a larger `limit` means this one."""
_LAST_UID = 2**63 - 1
_ITEMS = ("limit", "bbox", "horizon", "after", "f", "lang")


@dataclass(frozen=True, slots=True)
class _Asked:
    limit: Annotated[int, Query(ge=1, description=f"most features on the page; {MOST_FEATURES} at most")] = 100
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees")] = None
    after: Annotated[int, Query(ge=0, le=_LAST_UID, description="uid after which the page begins")] = 0


@router.get("", dependencies=[Depends(only("f", "lang"))], response_model=None)
def collections(request: Request, database: FromPool) -> dict[str, object] | Response:
    """List the layers that everyone may see, in drawing order."""
    root = _root(request)
    layers = public_layers().values()
    with database.city(Horizon.EXISTING) as city:
        if representation(request, (JSON_MEDIA, HTML)) is HTML:
            return layer_pages.collections(request, tallies(city, layers))
        around = extents(city, layers)
    return {
        "links": [link("self", f"{root}/collections", JSON)],
        "collections": [collection(layer, root=root, extent=around.get(layer.name)) for layer in layers],
    }


@router.get("/{layer}", dependencies=[Depends(only("f", "lang"))], response_model=None)
def one_collection(layer: str, request: Request, database: FromPool) -> dict[str, object] | Response:
    """Describe a layer with its columns, code lists and paint."""
    declared = public_layer(layer)
    with database.city(Horizon.EXISTING) as city:
        around = extents(city, [declared])
        tally = tallies(city, [declared]).get(layer)
    if representation(request, (JSON_MEDIA, HTML)) is HTML:
        return layer_pages.collection(request, declared, box=around.get(layer), tally=tally)
    return collection_in_full(declared, root=_root(request), extent=around.get(layer))


@router.get("/{layer}/items")
def items(
    layer: str, request: Request, database: FromPool, asked: Annotated[_Asked, Depends()], horizon: AtHorizon
) -> Response:
    """Read features as GeoJSON, in the order of their id; a coded column chooses: `road_class=city_main,district`."""
    declared = public_layer(layer)
    chosen = _chosen(declared, request)
    box = WORLD if asked.bbox is None else Box.read(asked.bbox)
    limit = min(asked.limit, MOST_FEATURES)
    with database.city(horizon) as city:
        found = page(city, declared, box=box, limit=limit, after=asked.after, chosen=chosen)
    links = [link("self", str(request.url), GEOJSON)]
    if found.after is not None:
        following = urlencode({**request.query_params, "after": found.after})
        links.append(link("next", f"{_root(request)}/collections/{layer}/items?{following}", GEOJSON))
    head = {"numberReturned": len(found.features), "links": links}
    if representation(request, (GEOJSON_MEDIA, HTML)) is HTML:
        document = {**head, "features": [json.loads(text) for text in found.features]}
        return layer_pages.items(request, declared, horizon, document)
    text = f'{{"type":"FeatureCollection",{json.dumps(head)[1:-1]},"features":[{",".join(found.features)}]}}'
    return Response(text, media_type=GEOJSON, headers=_AS_CRS84)


@router.get("/{layer}/items/{uid}", dependencies=[Depends(only("horizon", "f", "lang"))])
def item(
    layer: str,
    uid: Annotated[int, Path(ge=0, le=_LAST_UID)],
    request: Request,
    database: FromPool,
    horizon: AtHorizon,
) -> Response:
    """Read one feature as GeoJSON."""
    declared = public_layer(layer)
    with database.city(horizon) as city:
        found = feature(city, declared, uid)
    if representation(request, (GEOJSON_MEDIA, HTML)) is HTML:
        return layer_pages.item(request, declared, horizon, json.loads(found))
    return Response(found, media_type=GEOJSON, headers=_AS_CRS84)


_AS_CRS84 = {"Content-Crs": f"<{CRS84}>", "Cache-Control": "no-cache"}


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _chosen(layer: Layer, request: Request) -> dict[str, list[str]]:
    coded = {column.name for column in public_columns(layer) if column.codes} - set(_ITEMS)
    chosen: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name in coded:
            chosen.setdefault(name, []).extend(value.split(","))
        elif name not in _ITEMS:
            raise UnknownParameterError(name, (*_ITEMS, *sorted(coded)))
    return chosen
