"""Layers over HTTP: all of them, and each by itself."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.collections import collection, collection_in_full, links
from api.deps import FromPool, only
from api.documents import answered
from api.negotiation import HTML, JSON, language, representation
from api.ogc.links import own, root
from api.pages import layers as pages
from gis.features import SYSTEMS, extents, intervals, public_layer, public_layers
from gis.tallies import tallies
from layers.model import Horizon

router = APIRouter(prefix="/collections", tags=["features"], dependencies=[Depends(only("f", "lang"))])

OFFERED = (JSON, HTML)
"""The representations of layers."""


@router.get("")
def collections(request: Request, database: FromPool) -> Response:
    """List the layers that everyone may see, in drawing order."""
    layers = public_layers().values()
    shown, spoken = representation(request, OFFERED), language(request)
    with database.city(Horizon.EXISTING) as city:
        if shown is HTML:
            return pages.collections(request, tallies(city, layers))
        around, during = extents(city, layers), intervals(city, layers)
    at = root(request)
    document = {
        "links": own(request, OFFERED),
        "crs": [system.uri for system in SYSTEMS],
        "collections": [
            collection(layer, spoken, root=at, extent=around.get(layer.name), interval=during[layer.name])
            for layer in layers
        ],
    }
    return answered(request, document)


@router.get("/{layer}")
def one_collection(layer: str, request: Request, database: FromPool) -> Response:
    """Describe a layer with its columns, code lists and paint."""
    declared = public_layer(layer)
    shown, spoken = representation(request, OFFERED), language(request)
    with database.city(Horizon.EXISTING) as city:
        around, during = extents(city, [declared]), intervals(city, [declared])
        tally = tallies(city, [declared]).get(layer)
    if shown is HTML:
        return pages.collection(request, declared, box=around.get(layer), tally=tally)
    at = root(request)
    document = collection_in_full(declared, spoken, root=at, extent=around.get(layer), interval=during[layer])
    return answered(request, {**document, "links": [*own(request, OFFERED), *links(declared, spoken, at)]})
