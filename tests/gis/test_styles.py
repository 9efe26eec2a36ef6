"""Styles say of every layer what it declares, in the words of the MapLibre style specification."""

from __future__ import annotations

import json
import re

import pytest

from gis.features import Box, public_layers
from gis.grids import DRAWN_TO
from gis.styles import Theme, UnknownStyleError, style, theme_named, themes
from gis.tiles import tile_columns
from layers import GROUPS, LAYERS
from layers.model import Horizon

TILES = "http://here/tiles"
EVERY = pytest.mark.parametrize("theme", themes().values(), ids=lambda theme: theme.name)
PAINT = {
    "background": {"background-color"},
    "fill": {"fill-color", "fill-opacity"},
    "line": {"line-color", "line-width", "line-opacity", "line-dasharray"},
    "circle": {"circle-color", "circle-radius", "circle-opacity", "circle-stroke-color", "circle-stroke-width"},
}
"""The paint properties used here; each stands in the style specification for that type of layer."""
COLOR = re.compile(r"#[0-9a-f]{6}")


def drawn(theme: Theme) -> list[dict]:
    return [layer for layer in style(theme, tiles=TILES)["layers"] if layer["type"] != "background"]


def is_color(value: object) -> bool:
    return isinstance(value, str) and COLOR.fullmatch(value) is not None


def test_there_is_a_style_of_the_city_and_of_each_group_at_each_horizon():
    assert set(themes()) == {
        f"{name}-{horizon}" for name in ("city", *(group.name for group in GROUPS)) for horizon in Horizon
    }


@EVERY
def test_a_style_is_complete_and_names_nothing_that_is_not_there(theme: Theme):
    document = style(theme, tiles=TILES)
    assert document["version"] == 8
    assert set(document) == {"version", "name", "metadata", "sources", "layers"}
    ids = [layer["id"] for layer in document["layers"]]
    assert len(ids) == len(set(ids))
    assert document["layers"][0]["type"] == "background"
    for layer in document["layers"][1:]:
        declared = LAYERS[layer["source-layer"]]
        assert declared.public
        assert declared in next(group for group in GROUPS if group.name == layer["source"]).layers
        assert layer["source"] in document["sources"]
    assert json.loads(json.dumps(document)) == document


@EVERY
def test_sources_are_our_tiles_at_that_horizon(theme: Theme):
    sources = style(theme, tiles=TILES)["sources"]
    assert list(sources) == [group.name for group in theme.groups]
    for name, source in sources.items():
        assert source["type"] == "vector"
        assert source["tiles"] == [f"{TILES}/{name}/{{z}}/{{x}}/{{y}}.mvt?horizon={theme.horizon}"]
        assert 0 <= source["minzoom"] < source["maxzoom"] <= DRAWN_TO


@EVERY
def test_every_public_layer_is_drawn_in_drawing_order(theme: Theme):
    order = list(dict.fromkeys(layer["source-layer"] for layer in drawn(theme)))
    assert order == [name for name in public_layers() if LAYERS[name] in theme.layers]


@EVERY
def test_paint_is_of_the_right_kind_and_in_range(theme: Theme):
    kinds = {"Point": {"circle"}, "MultiLineString": {"line"}, "MultiPolygon": {"fill", "line"}}
    for layer in drawn(theme):
        declared = LAYERS[layer["source-layer"]]
        assert layer["type"] in kinds[declared.geometry.value]
        assert set(layer["paint"]) <= PAINT[layer["type"]]
        for name, value in layer["paint"].items():
            if name.endswith("opacity"):
                assert 0 < value <= 1
            elif name.endswith("radius"):
                assert value == declared.paint.radius_px
        assert layer["minzoom"] == declared.zooms[0]
        assert layer["minzoom"] < layer.get("maxzoom", 24) <= 24


@EVERY
def test_colours_by_code_name_the_declared_codes_each_once(theme: Theme):
    for layer in drawn(theme):
        declared = LAYERS[layer["source-layer"]]
        value = layer["paint"].get(f"{layer['type']}-color")
        if not isinstance(value, list):
            assert is_color(value)
            continue
        operator, (get, column), *pairs, otherwise = value
        assert (operator, get, column, otherwise) == ("match", "get", declared.paint.by, declared.paint.color)
        assert column in {tile_column.name for tile_column in tile_columns(declared)}
        codes = [code for listed in pairs[0::2] for code in listed]
        assert all(map(is_color, pairs[1::2]))
        assert len(codes) == len(set(codes))
        colors = {code: shade for listed, shade in zip(pairs[0::2], pairs[1::2], strict=True) for code in listed}
        assert colors == {code.code: code.color for code in declared.column(column).codes.codes if code.color}


@EVERY
def test_widths_grow_with_the_zoom_and_are_the_declared_at_14(theme: Theme):
    for layer in drawn(theme):
        if layer["type"] != "line":
            continue
        operator, curve, variable, *stops = layer["paint"]["line-width"]
        assert (operator, curve, variable) == ("interpolate", ["linear"], ["zoom"])
        zooms, widths = stops[0::2], stops[1::2]
        assert zooms == sorted(set(zooms))
        assert widths == sorted(widths)
        assert dict(zip(zooms, widths, strict=True))[14] == LAYERS[layer["source-layer"]].paint.width_px


def test_parts_are_those_the_paint_declares():
    ids = {layer["id"]: layer for layer in drawn(theme_named("city-2030"))}
    assert {"zone", "zone-outline", "ward-outline", "road", "facility"} <= set(ids)
    assert "ward" not in ids  # its opacity is 0
    assert "land_use-outline" not in ids  # it declares no outline
    assert ids["rail"]["paint"]["line-dasharray"]
    assert "line-dasharray" not in ids["road"]["paint"]
    assert ids["facility"]["paint"]["circle-stroke-color"] == "#ffffff"
    assert ids["district-outline"]["maxzoom"] == 15  # shown up to zoom 14


def test_there_are_no_fonts_and_images_from_anywhere():
    for theme in themes().values():
        document = style(theme, tiles=TILES)
        assert not {"glyphs", "sprite"} & set(document)
        assert "symbol" not in {layer["type"] for layer in document["layers"]}
    road = next(layer for layer in drawn(theme_named("transport-2030")) if layer["id"] == "road")
    assert road["metadata"]["quyhoach:label"] == "name"


def test_the_first_view_is_the_middle_of_what_there_is():
    document = style(theme_named("land-2030"), tiles=TILES, around=Box(108, 15, 109, 17))
    assert document["center"] == [108.5, 16]


def test_an_unknown_style_names_the_nearest():
    with pytest.raises(UnknownStyleError, match="the nearest name is zoning-2030"):
        theme_named("zoning-2031")
    with pytest.raises(UnknownStyleError, match="there are city-existing"):
        theme_named("%")
