"""Draw layers of the city on one map."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any  # what the drawing code is told is a tree of plain values
from urllib.parse import urlencode

import folium
from folium.map import Layer as FoliumLayer

from gis.db import City
from gis.errors import QuyhoachError
from gis.export.place import place
from gis.features import Box, BoxGiven, public_layer
from gis.maps.columns import described, pair
from gis.maps.leaflet import CityMap, Context, PaintedLayer, Panel, TiledLayer
from gis.maps.loose import frame_layers
from gis.maps.reading import Shown, context, read, tallied
from gis.schema import BASELINE
from layers import LAYERS
from layers.kernel import HORIZONS, SAMPLE
from layers.model import Code, Column, Geometry, Layer, Words

if TYPE_CHECKING:
    import geopandas

MOST_FEATURES = 12_000
"""Features of one layer that a browser still draws without delay."""


class NothingToDrawError(QuyhoachError):
    """None of the layers asked for has a feature in the box."""

    def __init__(self, layers: Sequence[Layer], box: Box | None, city: City) -> None:
        named = ", ".join(layer.name for layer in layers)
        where = f" in the box {','.join(f'{side:g}' for side in box.sides)}" if box else ""
        super().__init__(
            f"There is nothing to draw of {named}{where} at the horizon {city.horizon}; "
            "load the layer, widen the box, or ask for another horizon."
        )


def draw(
    city: City,
    layers: Sequence[str],
    *,
    box: BoxGiven | None = None,
    limit: int | None = None,
    over: Mapping[Words | str, geopandas.GeoDataFrame] | None = None,
    service: str | None = None,
) -> folium.Map:
    """Draw layers as they are declared, over quiet water, streets and ward outlines.

    A layer that has more features than the limit is shown nearest to the middle, and the map says how many of how many.
    The map needs no network: Leaflet and everything else stand in the page.

    Parameters
    ----------
    city : the city at the horizon to be drawn.
    layers : names of the layers; the first decides the middle where no box is given.
    box : part of the city, in degrees; all of it where none is given.
    limit : most features of each layer; without it, as many as a browser draws without delay.
    over : frames that are drawn over the layers as outlines, each under what the legend calls it.
    service : address of a service of this city, such as `http://127.0.0.1:8000`; what has more features than the limit
        is drawn whole, from its vector tiles, and asks it while it is looked at.

    Raises
    ------
    UnknownLayerError
        When a name is no layer.
    NothingToDrawError
        When there is nothing of these layers there.
    """
    declared = [public_layer(name) for name in dict.fromkeys(layers)]
    asked = None if box is None else Box.of(box)
    most = MOST_FEATURES if limit is None else limit
    large = [] if service is None else [part for part in _counted(city, declared, asked) if part.total > most]
    left = [layer for layer in declared if layer not in [part.layer for part in large]]
    shown = [*large, *read(city, left, box=asked, limit=most)]
    around = asked or around_all(shown)
    if around is None or not any(part.shown for part in shown):
        raise NothingToDrawError(declared, asked, city)
    drawn = CityMap(" · ".join(layer.title.vi for layer in declared), around)
    drawn.add_child(Context(context(city, around, without=declared)))
    layers_drawn: list[FoliumLayer] = [
        painted(part) if part.counted is None else _tiled(part, city, service or "") for part in in_drawing_order(shown)
    ]
    layers_drawn += [layer for title, frame in (over or {}).items() for layer in frame_layers(title, frame)]
    for layer in layers_drawn:
        drawn.add_child(layer)
    drawn.add_child(
        Panel({"horizon": pair(horizon_words(city)), **sources(shown)}, [[layer] for layer in layers_drawn], around)
    )
    return drawn


def save(drawn: folium.Map, path: Path, *, overwrite: bool = False) -> Path:
    """Write a map as one HTML file, which takes its place when it is complete; return the path.

    Parameters
    ----------
    overwrite : whether a file that stands there may be replaced.

    Raises
    ------
    FileExistsAlreadyError, NotOrdinaryError, FileNameError, NoFolderError
        When the place is taken, or not there, or nothing may be written there.
    DiskFullError, WritingFailedError
        When writing failed; an older file stands untouched.
    """
    page = drawn.get_root().render()
    with place(path, written_as=path.name, overwrite=overwrite) as beside:
        beside.write_text(page, encoding="utf-8")
    return path


def around_all(shown: Sequence[Shown]) -> Box | None:
    """Return the box around all that is shown; None where nothing is."""
    reaches = [part.reach.sides for part in shown if part.reach is not None]
    if not reaches:
        return None
    west, south, east, north = zip(*reaches, strict=True)
    return Box(min(west), min(south), max(east), max(north))


def _counted(city: City, layers: Sequence[Layer], box: Box | None) -> list[Shown]:
    return [tallied(city, layer, box=box) for layer in layers]


def _tiled(part: Shown, city: City, service: str) -> TiledLayer:
    seen = {"horizon": city.horizon.value} | ({} if city.scenario == BASELINE else {"scenario": city.scenario})
    tiles = f"{service.rstrip('/')}/tiles/{part.layer.name}/{{z}}/{{x}}/{{y}}.mvt?{urlencode(seen)}"
    return TiledLayer(part.layer.title.vi, declared=_declared(part), tiles=tiles)


def painted(part: Shown, *, side: str | None = None) -> PaintedLayer:
    """Return what is shown of a layer as the map draws it; on a divided map on one of its sides."""
    rows = (f"[{uid},{_json(values)},{outline}]" for uid, values, outline in part.features)
    return PaintedLayer(
        part.layer.title.vi,
        declared=_declared(part),
        features=f"[{','.join(rows)}]",
        reach=part.reach,
        side=side,
    )


def _json(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _declared(part: Shown) -> dict[str, Any]:
    layer, paint = part.layer, part.layer.paint
    counts = part.codes
    return {
        "name": layer.name,
        "title": pair(layer.title),
        "geometry": layer.geometry.value,
        "paint": {
            "color": paint.color,
            "outline": paint.outline,
            "width": paint.width_px,
            "radius": paint.radius_px,
            "opacity": paint.opacity,
            "dashed": paint.dashed,
        },
        "by": part.painted_by,
        "label": next((at for at, column in enumerate(part.columns) if column.name == paint.label), None),
        "columns": [_column(column, part) for column in part.columns],
        "codes": [_code(code, rank, counts) for rank, code in enumerate(_codes_of(layer)) if counts[code.code]],
        "others": sum(counts.values()) - sum(counts[code.code] for code in _codes_of(layer)),
        "shown": part.shown,
        "total": part.total,
    }


def _codes_of(layer: Layer) -> tuple[Code, ...]:
    codes = layer.column(layer.paint.by).codes if layer.paint.by else None
    return codes.codes if codes else ()


def _code(code: Code, rank: int, counts: Counter[str | None]) -> dict[str, Any]:
    return {
        "code": code.code,
        "title": pair(code.title),
        "color": code.color,
        "rank": rank,
        "count": counts[code.code],
    }


def _column(column: Column, part: Shown) -> dict[str, Any]:
    told = described(column.name, column.title, column.unit, kind=column.kind.value)
    if part.counted is not None:
        told["name"] = column.name
    if column.codes and part.counted is not None:
        told["values"] = {code.code: pair(code.title) for code in column.codes.codes}
    elif column.codes:
        place = part.columns.index(column)
        used = {values[place] for _, values, _ in part.features}
        told["values"] = {code.code: pair(code.title) for code in column.codes.codes if code.code in used}
    return told


def in_drawing_order(shown: Sequence[Shown]) -> list[Shown]:
    """Return what is shown, what lies beneath first: in the order of the layers, but points above all areas."""
    order = list(LAYERS)
    return sorted(shown, key=lambda part: (part.layer.geometry is Geometry.POINT, order.index(part.layer.name)))


def horizon_words(city: City) -> Words:
    """Return what the horizon is called at which a city is seen."""
    return next(code.title for code in HORIZONS.codes if code.code == city.horizon)


def sources(shown: Sequence[Shown]) -> dict[str, Any]:
    """Return who delivered what is shown, and whether some of it is generated."""
    named = sorted(frozenset[str]().union(*(part.sources for part in shown)))
    return {"sources": named, "sample": SAMPLE in named}
