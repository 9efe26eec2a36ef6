"""TileJSON: what a map needs to know before it asks for tiles."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from api.deps import FromPool, only, standpoints
from api.tiles.answers import OMITTED
from gis.differences import CHANGE
from gis.features import Box, extents
from gis.grids import WEB
from gis.tiles import MOST_FEATURES, layers_named, tile_columns
from layers.model import Layer

router = APIRouter(prefix="/tiles", tags=["tiles"])


_MEANING = (
    f"Of more than {MOST_FEATURES:,} features of one layer in one tile the largest are drawn; the header {OMITTED} of "
    "that tile then names the layer and how many there are. Below the zoom `gathered_below` of a layer, small features "
    "of one kind are gathered into patches that say how many they are (`features`) and their area (`area_m2`)."
)
_DIFFERENCE = " Shown is what differs, feature by feature: `change` is added, changed or removed."


@router.get("/{names}.json", dependencies=[Depends(only("horizon", "scenario", "against"))])
def tilejson(names: str, request: Request, database: FromPool) -> dict[str, object]:
    """Describe the tiles of layers or groups `a,b` as TileJSON 3.0."""
    layers, (shown, former) = layers_named(names), standpoints(request.query_params)
    around: list[Box] = []
    for standpoint in (shown, former):
        if standpoint is not None:
            with database.city(*standpoint) as city:
                around.extend(extents(city, layers).values())
    suffix = f"?{request.url.query}" if request.url.query else ""
    document: dict[str, object] = {
        "tilejson": "3.0.0",
        "name": " · ".join(layer.title.vi for layer in layers),
        "description": _MEANING if former is None else _MEANING + _DIFFERENCE,
        "scheme": "xyz",
        "tiles": [f"{str(request.base_url).rstrip('/')}/tiles/{names}/{{z}}/{{x}}/{{y}}.mvt{suffix}"],
        "minzoom": min(layer.zooms[0] for layer in layers),
        "maxzoom": min(WEB.last_zoom, max(layer.zooms[1] for layer in layers)),
        "most_features": MOST_FEATURES,
        "vector_layers": [_vector_layer(layer, differs=former is not None) for layer in layers],
    }
    if around:
        document["bounds"] = _around(around)
    return document


def _vector_layer(layer: Layer, *, differs: bool) -> dict[str, object]:
    kinds = {"integer": "Number", "number": "Number", "boolean": "Boolean"}
    fields = {column.name: kinds.get(column.kind.value, "String") for column in tile_columns(layer)}
    document: dict[str, object] = {
        "id": layer.name,
        "description": f"{layer.title.vi} | {layer.title.en}",
        "minzoom": layer.zooms[0],
        "maxzoom": layer.zooms[1],
        "fields": {**fields, CHANGE: "String"} if differs else fields,
    }
    if layer.gathered_below is not None and not differs:
        document["gathered_below"] = layer.gathered_below
    return document


def _around(boxes: list[Box]) -> list[float]:
    west, south, east, north = zip(*(box.sides for box in boxes), strict=True)
    return [min(west), min(south), max(east), max(north)]
