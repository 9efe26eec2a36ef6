"""Draw layers of the city on one map."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any  # what the drawing code is told is a tree of plain values

import folium

from gis.db import City
from gis.errors import QuyhoachError
from gis.export.place import place
from gis.features import Box, public_layer
from gis.maps.leaflet import CityMap, Context, PaintedLayer, Panel
from gis.maps.reading import Shown, context, read
from layers import LAYERS
from layers.kernel import HORIZONS
from layers.model import Code, Column, Layer, Words

MOST_FEATURES = 12_000
"""Features of one layer that a browser still draws without delay."""
_SAMPLE = "sample"


class NothingToDrawError(QuyhoachError):
    """None of the layers asked for has a feature in the box."""

    def __init__(self, layers: Sequence[Layer], box: Box | None, city: City) -> None:
        named = ", ".join(layer.name for layer in layers)
        where = f" in the box {','.join(f'{side:g}' for side in box.sides)}" if box else ""
        super().__init__(
            f"There is nothing to draw of {named}{where} at the horizon {city.horizon}; "
            "load the layer, widen the box, or ask for another horizon."
        )


def draw(city: City, layers: Sequence[str], *, box: Box | None = None, limit: int = MOST_FEATURES) -> folium.Map:
    """Draw layers as they are declared, over quiet water, streets and ward outlines.

    A layer that has more features than the limit is shown nearest to the middle, and the map says how many of how many.
    The map needs no network: Leaflet and everything else stand in the page.

    Parameters
    ----------
    city : the city at the horizon to be drawn.
    layers : names of the layers; the first decides the middle where no box is given.
    box : part of the city, in degrees; all of it where none is given.
    limit : most features of each layer.

    Raises
    ------
    UnknownLayerError
        When a name is no layer.
    NothingToDrawError
        When there is nothing of these layers there.
    """
    declared = [public_layer(name) for name in dict.fromkeys(layers)]
    shown = read(city, declared, box=box, limit=limit)
    reaches = [part.reach for part in shown if part.reach is not None]
    if not reaches:
        raise NothingToDrawError(declared, box, city)
    around = box or _union(reaches)
    drawn = CityMap(" · ".join(layer.title.vi for layer in declared), around)
    drawn.add_child(Context(context(city, around, without=declared)))
    in_order = sorted(shown, key=lambda part: list(LAYERS).index(part.layer.name))
    painted = [_painted(part) for part in in_order]
    for layer in painted:
        drawn.add_child(layer)
    drawn.add_child(Panel(_said(city, shown), painted, around))
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


def _union(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*(box.sides for box in boxes), strict=True)
    return Box(min(west), min(south), max(east), max(north))


def _painted(part: Shown) -> PaintedLayer:
    rows = (f"[{uid},{_json(values)},{outline}]" for uid, values, outline in part.features)
    return PaintedLayer(part.layer.title.vi, declared=_declared(part), features=f"[{','.join(rows)}]", reach=part.reach)


def _json(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _declared(part: Shown) -> dict[str, Any]:
    layer, paint = part.layer, part.layer.paint
    counts = part.codes
    return {
        "name": layer.name,
        "title": _pair(layer.title),
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
        "shown": len(part.features),
        "total": part.total,
    }


def _codes_of(layer: Layer) -> tuple[Code, ...]:
    codes = layer.column(layer.paint.by).codes if layer.paint.by else None
    return codes.codes if codes else ()


def _code(code: Code, rank: int, counts: Counter[str | None]) -> dict[str, Any]:
    return {
        "code": code.code,
        "title": _pair(code.title),
        "color": code.color,
        "rank": rank,
        "count": counts[code.code],
    }


def _column(column: Column, part: Shown) -> dict[str, Any]:
    described: dict[str, Any] = {"title": _pair(column.title), "unit": column.unit, "kind": column.kind.value}
    if column.codes:
        place = part.columns.index(column)
        used = {values[place] for _, values, _ in part.features}
        described["values"] = {code.code: _pair(code.title) for code in column.codes.codes if code.code in used}
    return described


def _said(city: City, shown: Sequence[Shown]) -> dict[str, Any]:
    horizon = next(code.title for code in HORIZONS.codes if code.code == city.horizon)
    sources = sorted(frozenset[str]().union(*(part.sources for part in shown)))
    return {
        "horizon": _pair(horizon),
        "sources": sources,
        "sample": _SAMPLE in sources,
    }


def _pair(words: Words) -> list[str]:
    return [words.vi, words.en]
