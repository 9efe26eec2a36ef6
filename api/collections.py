"""A layer as it is described to clients: titles, columns, code lists and paint, in both languages."""

from __future__ import annotations

from gis.features import Box, public_columns
from layers import GROUPS
from layers.model import Code, Column, Layer, Words

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
JSON = "application/json"


def collection(layer: Layer, *, root: str, extent: Box | None) -> dict[str, object]:
    """Describe a layer: what it is, where it lies, where its features and tiles are."""
    here = f"{root}/collections/{layer.name}"
    tiles = f"{root}/tiles/{layer.name}.json"
    document: dict[str, object] = {
        "id": layer.name,
        "title": layer.title.vi,
        "titles": _words(layer.title),
        "description": layer.meaning.vi,
        "descriptions": _words(layer.meaning),
        "group": next(group.name for group in GROUPS if layer in group.layers),
        "geometry": layer.geometry.value,
        "zooms": list(layer.zooms),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link("self", here, JSON, layer.title),
            link("items", f"{here}/items", GEOJSON, layer.title),
            link("tiles", tiles, JSON, layer.title),
        ],
    }
    if extent is not None:
        document["extent"] = {"spatial": {"bbox": [extent.sides], "crs": CRS84}}
    return document


def collection_in_full(layer: Layer, *, root: str, extent: Box | None) -> dict[str, object]:
    """Describe a layer with its columns, code lists and paint."""
    paint = layer.paint
    return {
        **collection(layer, root=root, extent=extent),
        "paint": {
            "color": paint.color,
            "by": paint.by,
            "outline": paint.outline,
            "width_px": paint.width_px,
            "radius_px": paint.radius_px,
            "opacity": paint.opacity,
            "dashed": paint.dashed,
            "label": paint.label,
        },
        "columns": [_column(column) for column in public_columns(layer)],
    }


def link(rel: str, href: str, media: str, title: Words | None = None) -> dict[str, str]:
    """Return a link; its title is Vietnamese, as the documents are by default."""
    document = {"rel": rel, "href": href, "type": media}
    return {**document, "title": title.vi, "hreflang": "vi"} if title else document


def _column(column: Column) -> dict[str, object]:
    document: dict[str, object] = {
        "name": column.name,
        "kind": column.kind.value,
        "titles": _words(column.title),
        "meanings": _words(column.meaning),
    }
    if column.unit:
        document["unit"] = column.unit
    if column.codes:
        document["codes"] = [_code(code) for code in column.codes.codes]
        document["codes_source"] = column.codes.source
    return document


def _code(code: Code) -> dict[str, object]:
    extra = {"color": code.color, "certainty": code.certainty, "conflict": code.conflict, "note": code.note}
    return {"code": code.code, "titles": _words(code.title), **{name: text for name, text in extra.items() if text}}


def _words(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
