"""A layer as it is described to clients: titles in their language and in both, columns, code lists and paint."""

from __future__ import annotations

from api.documents import said
from api.negotiation import FEATURES_MEDIA, GEOJSON, JSON, Media
from api.ogc.links import OGC_REL, TILESETS, Link, link
from gis.features import SYSTEMS, Box, public_columns
from gis.features.system import STORED
from layers import GROUPS
from layers.model import Code, Column, Layer, Words

SCHEMA_JSON = "application/schema+json"
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

Days = tuple[str | None, str | None]
"""First and last day a layer's features hold; None where it is open."""


def collection(
    layer: Layer, language: str, *, root: str, extent: Box | None, interval: Days = (None, None)
) -> dict[str, object]:
    """Describe a layer: what it is, where it lies and when it holds, where its features and tiles are."""
    title = said(layer.title, language)
    document: dict[str, object] = {
        "id": layer.name,
        "title": title,
        "titles": _words(layer.title),
        "description": said(layer.meaning, language),
        "descriptions": _words(layer.meaning),
        "group": next(group.name for group in GROUPS if layer in group.layers),
        "geometry": layer.geometry.value,
        "zooms": list(layer.zooms),
        "itemType": "feature",
        "crs": [system.uri for system in SYSTEMS],
        "storageCrs": STORED.uri,
        "links": [link("self", f"{root}/collections/{layer.name}", JSON, title), *links(layer, language, root)],
    }
    if extent is not None:
        document["extent"] = {"spatial": {"bbox": [extent.sides], "crs": SYSTEMS[0].uri}, **_temporal(interval)}
    return document


def _temporal(interval: Days) -> dict[str, object]:
    """Return when a layer holds; nothing where that is open on both sides, which says nothing and trips clients."""
    if interval == (None, None):
        return {}
    return {"temporal": {"interval": [[_instant(day) for day in interval]], "trs": _GREGORIAN}}


def _instant(day: str | None) -> str | None:
    return None if day is None else f"{day}T00:00:00Z"


def links(layer: Layer, language: str, root: str) -> list[Link]:
    """Return the links from a layer to what belongs to it."""
    here, title = f"{root}/collections/{layer.name}", said(layer.title, language)
    return [
        *(link("items", f"{here}/items{_asked_for(media)}", media, title) for media in FEATURES_MEDIA),
        link(f"{OGC_REL}/queryables", f"{here}/queryables", SCHEMA_JSON, title),
        link(f"{OGC_REL}/sortables", f"{here}/sortables", SCHEMA_JSON, title),
        link(f"{OGC_REL}/schema", f"{here}/schema", SCHEMA_JSON, title),
        link("describedby", f"{here}/schema", SCHEMA_JSON, title),
        link(TILESETS, f"{here}/tiles", JSON, title),
        link("tiles", f"{root}/tiles/{layer.name}.json", JSON, title),
    ]


def _asked_for(media: Media) -> str:
    """Return the query that asks for a representation; none for the one that is answered without."""
    return "" if media is GEOJSON else f"?f={media.name}"


def collection_in_full(
    layer: Layer, language: str, *, root: str, extent: Box | None, interval: Days = (None, None)
) -> dict[str, object]:
    """Describe a layer with its columns, code lists and paint."""
    paint = layer.paint
    return {
        **collection(layer, language, root=root, extent=extent, interval=interval),
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
