"""The pages of layers and their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from fastapi import Request, Response

from api.negotiation import GEOJSON, JSON, Media, language
from api.pages import page, words
from api.pages.view import View
from gis.features import Box, public_columns, public_layers
from layers import GROUPS
from layers.kernel import KERNEL
from layers.model import Column, Horizon, Layer

_PASSING = ("bookmark", "f", "lang")
"""Parameters that end with the page of a list; the others are kept by all that leads to the list again."""
_STANDPOINT = ("scenario", "horizon")
"""Parameters that a feature is asked for with as well."""
_ALWAYS = ("source",)
"""Columns of every feature that a table of features shows too."""


def collections(request: Request, tallies: Mapping[str, int]) -> Response:
    """Show every layer, by group."""
    return page(request, "collections.html", groups=GROUPS, public=public_layers(), tallies=tallies)


def collection(request: Request, layer: Layer, *, box: Box | None, tally: int | None) -> Response:
    """Show a layer: what it is, its attributes, a map of it."""
    group = next(group for group in GROUPS if layer in group.layers)
    return page(request, "collection.html", layer=layer, group=group, box=box, tally=tally, kernel=KERNEL)


def columns(request: Request, layer: Layer, shown: Sequence[Column], *, heading: str, media: Media = JSON) -> Response:
    """Show columns of a layer: those that can be asked for (`queryables`), or those a feature carries (`schema`)."""
    named = words(language(request))
    return page(
        request,
        "schema.html",
        media=media,
        layer=layer,
        columns=shown,
        heading=named[heading],
        lead=named[f"{heading}_lead"],
    )


def items(
    request: Request, layer: Layer, horizon: Horizon, document: Mapping[str, object], *, media: Media = GEOJSON
) -> Response:
    """Show a page of features, a GeoJSON feature collection, as a map and a table."""
    view = View.of(request, media)
    rows = cast("list[Mapping[str, object]]", document["features"])
    addresses = _addresses(rows, layer, view)
    kept = {name: value for name, value in view.query.items() if name not in _PASSING}
    return page(
        request,
        "items.html",
        media=media,
        layer=layer,
        chosen=horizon,
        rows=rows,
        columns=_filled(layer, rows),
        shapes=_shapes(rows, addresses),
        addresses=addresses,
        painted=layer.column(layer.paint.by) if layer.paint.by else None,
        counted=_counted(document, len(rows), words(view.language), view),
        following=_following(document, view),
        kept=kept,
        unchosen={name: value for name, value in kept.items() if name != layer.paint.by},
        later="bookmark" in view.query,
    )


def item(
    request: Request, layer: Layer, horizon: Horizon, document: Mapping[str, object], *, media: Media = GEOJSON
) -> Response:
    """Show one feature, a GeoJSON feature: its attributes in words, and where it lies."""
    properties = cast("Mapping[str, object]", document["properties"])
    named = (layer.paint.label, *layer.key)
    parts = [str(properties[name]) for name in named if name and properties.get(name) is not None]
    view = View.of(request, media)
    return page(
        request,
        "item.html",
        media=media,
        layer=layer,
        chosen=horizon,
        document=document,
        name=parts[0] if parts else f"{view.text(layer.title)} {document['id']}",
        kernel=KERNEL,
        shapes={"type": "FeatureCollection", "features": [_shape(document)]},
    )


def _filled(layer: Layer, rows: Sequence[Mapping[str, object]]) -> list[Column]:
    """Return the columns that say something on this page."""
    shown = [*(column.name for column in layer.columns), *_ALWAYS]
    held = [cast("Mapping[str, object]", row["properties"]) for row in rows]
    return [
        column
        for column in public_columns(layer)
        if column.name in shown and any(properties.get(column.name) is not None for properties in held)
    ]


def _addresses(rows: Sequence[Mapping[str, object]], layer: Layer, view: View) -> dict[object, str]:
    """Return the address of each feature by its id, seen from where the list is."""
    seen = {name: view.query[name] for name in _STANDPOINT if name in view.query}
    return {row["id"]: view.to(f"/collections/{layer.name}/items/{row['id']}", **seen) for row in rows}


def _shapes(rows: Sequence[Mapping[str, object]], addresses: Mapping[object, str]) -> dict[str, object]:
    features = [{**_shape(row), "href": addresses[row["id"]]} for row in rows]
    return {"type": "FeatureCollection", "features": features}


def _shape(feature: Mapping[str, object]) -> dict[str, object]:
    return {"type": "Feature", "id": feature["id"], "geometry": feature["geometry"], "properties": {}}


def _counted(document: Mapping[str, object], shown: int, named: Mapping[str, str], view: View) -> str:
    here = f"{view.number(shown)} {named['on_page']}"
    matched = document.get("numberMatched")
    if isinstance(matched, int):
        return f"{here}, {named['of']} {view.number(matched)}"
    estimate = document.get("numberMatchedEstimate")
    return f"{here}, {named['of']} {named['about']} {view.number(estimate)}" if isinstance(estimate, int) else here


def _following(document: Mapping[str, object], view: View) -> str | None:
    links = cast("list[Mapping[str, str]]", document.get("links", []))
    address = next((link["href"] for link in links if link["rel"] == "next"), None)
    return None if address is None else view.again(address)
