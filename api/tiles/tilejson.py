"""TileJSON: what a map needs to know before it asks for tiles."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from api.deps import AtHorizon, FromPool, only
from gis.features import Box, extents
from gis.grids import WEB
from gis.tiles import MOST_FEATURES, layers_named, tile_columns
from layers.model import Horizon, Layer

router = APIRouter(prefix="/tiles", tags=["tiles"])


@router.get("/{names}.json", dependencies=[Depends(only("horizon"))])
def tilejson(names: str, request: Request, database: FromPool, horizon: AtHorizon) -> dict[str, object]:
    """Describe the tiles of layers or groups `a,b` as TileJSON 3.0."""
    layers = layers_named(names)
    with database.city(horizon) as city:
        around = list(extents(city, layers).values())
    root = str(request.base_url).rstrip("/")
    suffix = "" if horizon is Horizon.EXISTING else f"?horizon={horizon.value}"
    document: dict[str, object] = {
        "tilejson": "3.0.0",
        "name": " · ".join(layer.title.vi for layer in layers),
        "scheme": "xyz",
        "tiles": [f"{root}/tiles/{names}/{{z}}/{{x}}/{{y}}.mvt{suffix}"],
        "minzoom": min(layer.zooms[0] for layer in layers),
        "maxzoom": min(WEB.last_zoom, max(layer.zooms[1] for layer in layers)),
        "most_features": MOST_FEATURES,
        "vector_layers": [_vector_layer(layer) for layer in layers],
    }
    if around:
        document["bounds"] = _around(around)
    return document


def _vector_layer(layer: Layer) -> dict[str, object]:
    kinds = {"integer": "Number", "number": "Number", "boolean": "Boolean"}
    return {
        "id": layer.name,
        "description": f"{layer.title.vi} | {layer.title.en}",
        "minzoom": layer.zooms[0],
        "maxzoom": layer.zooms[1],
        "fields": {column.name: kinds.get(column.kind.value, "String") for column in tile_columns(layer)},
    }


def _around(boxes: list[Box]) -> list[float]:
    west, south, east, north = zip(*(box.sides for box in boxes), strict=True)
    return [min(west), min(south), max(east), max(north)]
