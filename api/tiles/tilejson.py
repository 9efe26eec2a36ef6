"""TileJSON: what a map needs to know before it asks for tiles."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from api.deps import FromPool, only, standpoints
from api.documents import FRESH_IN_ONE_FORM, answered, said
from api.negotiation import language
from api.ogc.links import root
from api.tiles.answers import OMITTED
from gis.differences import CHANGE
from gis.features import Box, extents
from gis.grids import DRAWN_TO
from gis.overviews.drawn import GATHERED
from gis.tiles import MOST_FEATURES, layers_named, tile_columns
from layers.model import Layer, Words

router = APIRouter(prefix="/tiles", tags=["tiles"])


_MEANING = Words(
    f"Khi một lớp có hơn {MOST_FEATURES:,} đối tượng trong một ô thì chỉ vẽ những đối tượng lớn nhất; tiêu đề "
    f"{OMITTED} của ô đó nêu tên lớp và số đối tượng. Dưới mức phóng `gathered_below` của một lớp, các đối tượng nhỏ "
    "cùng loại được gộp thành mảng, có số đối tượng (`features`) và diện tích (`area_m2`).",
    f"Of more than {MOST_FEATURES:,} features of one layer in one tile the largest are drawn; the header {OMITTED} of "
    "that tile then names the layer and how many there are. Below the zoom `gathered_below` of a layer, small features "
    "of one kind are gathered into patches that say how many they are (`features`) and their area (`area_m2`).",
)
_DIFFERENCE = Words(
    "Chỉ hiện những gì khác, từng đối tượng một: `change` là added, changed hoặc removed.",
    "Shown is what differs, feature by feature: `change` is added, changed or removed.",
)


@router.get("/{names}.json", dependencies=[Depends(only("horizon", "scenario", "against", "lang"))])
def tilejson(names: str, request: Request, database: FromPool) -> Response:
    """Describe the tiles of layers or groups `a,b` as TileJSON 3.0."""
    layers, (shown, former), spoken = layers_named(names), standpoints(request.query_params), language(request)
    around: list[Box] = []
    for standpoint in (shown, former):
        if standpoint is not None:
            with database.city(*standpoint) as city:
                around.extend(extents(city, layers).values())
    document: dict[str, object] = {
        "tilejson": "3.0.0",
        "name": " · ".join(said(layer.title, spoken) for layer in layers),
        "description": " ".join(said(each, spoken) for each in (_MEANING, *([_DIFFERENCE] if former else []))),
        "scheme": "xyz",
        "tiles": [f"{root(request)}/tiles/{names}/{{z}}/{{x}}/{{y}}.mvt{_view(request)}"],
        "minzoom": min(layer.zooms[0] for layer in layers),
        "maxzoom": min(DRAWN_TO, max(layer.zooms[1] for layer in layers)),
        "most_features": MOST_FEATURES,
        "vector_layers": [_vector_layer(layer, differs=former is not None) for layer in layers],
    }
    if around:
        document["bounds"] = _around(around)
    return answered(request, document, headers=FRESH_IN_ONE_FORM)


def _view(request: Request) -> str:
    """Return the query of the tiles: that of their description without its language, of which they have none."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"?{urlencode(kept, safe=',')}" if kept else ""


def _vector_layer(layer: Layer, *, differs: bool) -> dict[str, object]:
    kinds = {"integer": "Number", "number": "Number", "boolean": "Boolean"}
    is_gathered = layer.gathered_below is not None and not differs
    carried = (*tile_columns(layer), *GATHERED) if is_gathered else tile_columns(layer)
    fields = {column.name: kinds.get(column.kind.value, "String") for column in carried}
    document: dict[str, object] = {
        "id": layer.name,
        "description": f"{layer.title.vi} | {layer.title.en}",
        "minzoom": layer.zooms[0],
        "maxzoom": layer.zooms[1],
        "fields": {**fields, CHANGE: "String"} if differs else fields,
    }
    if is_gathered:
        document["gathered_below"] = layer.gathered_below
    return document


def _around(boxes: list[Box]) -> list[float]:
    west, south, east, north = zip(*(box.sides for box in boxes), strict=True)
    return [min(west), min(south), max(east), max(north)]
