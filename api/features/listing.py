"""Layers over HTTP: all of them, and each by itself."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from api.collections import collection, collection_in_full, link
from api.deps import FromPool, only
from api.negotiation import JSON, representation
from gis.features import SYSTEMS, extents, intervals, public_layer, public_layers
from layers.model import Horizon

router = APIRouter(prefix="/collections", tags=["features"], dependencies=[Depends(only("f", "lang"))])

OFFERED = (JSON,)
"""The representations of layers."""


@router.get("")
def collections(request: Request, database: FromPool) -> dict[str, object]:
    """List the layers that everyone may see, in drawing order."""
    representation(request, OFFERED)
    root = _root(request)
    layers = public_layers().values()
    with database.city(Horizon.EXISTING) as city:
        around, during = extents(city, layers), intervals(city, layers)
    return {
        "links": [link("self", f"{root}/collections", JSON.type)],
        "crs": [system.uri for system in SYSTEMS],
        "collections": [
            collection(layer, root=root, extent=around.get(layer.name), interval=during[layer.name]) for layer in layers
        ],
    }


@router.get("/{layer}")
def one_collection(layer: str, request: Request, database: FromPool) -> dict[str, object]:
    """Describe a layer with its columns, code lists and paint."""
    declared = public_layer(layer)
    representation(request, OFFERED)
    with database.city(Horizon.EXISTING) as city:
        around, during = extents(city, [declared]), intervals(city, [declared])
    return collection_in_full(declared, root=_root(request), extent=around.get(layer), interval=during[layer])


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/")
