"""Styles over HTTP: MapLibre styles of the city, its groups and horizons."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import FromPool, only
from api.negotiation import JSON, Media, language
from api.ogc.links import Link, link, own, root
from api.ogc.media import STYLE
from gis.features import extents
from gis.styles import WHOLE, Theme, style, theme_named, themes
from gis.tiles import tile_columns
from gis.tilesets import around
from layers.model import Geometry, Horizon, Layer

router = APIRouter(prefix="/styles", tags=["styles"], dependencies=[Depends(only("f", "lang"))])

AS_JSON = Media("json", STYLE.type)
"""The same by its other name."""
_SPECIFICATION = "https://maplibre.org/maplibre-style-spec/"
_KINDS = {Geometry.POINT: "point", Geometry.LINE: "line", Geometry.POLYGON: "polygon"}


@router.get("")
def styles(request: Request) -> Response:
    """List the styles: the whole city and each group, at each horizon."""
    document = {
        "default": f"{WHOLE}-{Horizon.EXISTING.value}",
        "styles": [_summary(theme, request) for theme in themes().values()],
        "links": own(request),
    }
    return pages.answer(request, document, "styles.html", themes=themes())


@router.get("/{style_id}")
def stylesheet(style_id: str, request: Request, database: FromPool) -> Response:
    """Return a style as MapLibre reads it, with our own tiles as its sources."""
    theme = theme_named(style_id)
    with database.city(theme.horizon) as city:
        whole = around(extents(city, theme.layers))
    document = style(theme, tiles=f"{root(request)}/tiles", language=language(request), around=whole)
    media = AS_JSON if request.query_params.get("f") == AS_JSON.name else STYLE
    return pages.answer(request, document, "style.html", media=media, theme=theme, box=whole)


@router.get("/{style_id}/metadata")
def metadata(style_id: str, request: Request) -> Response:
    """Describe a style: its stylesheet, the layers it draws and the attributes it uses."""
    theme = theme_named(style_id)
    at = root(request)
    document = {
        **_summary(theme, request),
        "description": _title(theme, request),
        "scope": "style",
        "stylesheets": [
            {
                "title": "MapLibre",
                "version": "8",
                "specification": _SPECIFICATION,
                "native": True,
                "tilingScheme": "GoogleMapsCompatible",
                "link": link("stylesheet", f"{at}/styles/{theme.name}?f=mbs", STYLE),
            }
        ],
        "layers": [_layer(layer, at) for layer in theme.layers],
        "links": own(request),
    }
    return pages.answer(request, document, "style_metadata.html", theme=theme)


def _layer(layer: Layer, at: str) -> dict[str, object]:
    used = [column for column in tile_columns(layer) if column.name == layer.paint.by]
    return {
        "id": layer.name,
        "type": _KINDS[layer.geometry],
        "attributes": [{"id": column.name, "type": "string"} for column in used],
        "sampleData": link("data", f"{at}/collections/{layer.name}/items", "application/geo+json"),
    }


def _summary(theme: Theme, request: Request) -> dict[str, object]:
    here = f"{root(request)}/styles/{theme.name}"
    title = _title(theme, request)
    links: list[Link] = [
        link("stylesheet", f"{here}?f=mbs", STYLE, title),
        link("describedby", f"{here}/metadata", JSON, title),
    ]
    return {"id": theme.name, "title": title, "links": links}


def _title(theme: Theme, request: Request) -> str:
    return theme.title.vi if language(request) == "vi" else theme.title.en
