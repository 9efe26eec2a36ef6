"""Folium without a network: Leaflet and our drawing code written into the page itself."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any  # folium's elements take whatever Leaflet's options may be

import folium
from branca.element import Element, Figure, MacroElement
from folium.map import Layer as FoliumLayer
from folium.template import Template

from gis.assets import LEAFLET_CSS, LEAFLET_JS, asset
from gis.features import Box
from gis.tiles import READER_JS

_HERE = Path(__file__).parent
_PICTURE = re.compile(r"url\((images/[\w.-]+)\)")
_OPENS_TEMPLATE = re.compile(r"\{(?=[{%#])")
_MARKERS = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}


def as_script(value: object) -> str:
    """Return a value as JSON that can stand inside a script element."""
    return in_script(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def in_script(written: str) -> str:
    """Return JSON that can stand inside a script element, and that branca, which reads scripts as templates, leaves be.

    A brace before a brace, a per cent or a number sign occurs in JSON inside of texts alone.
    """
    return _OPENS_TEMPLATE.sub(r"\\u007b", written.replace("<", "\\u003c"))


class CityMap(folium.Map):
    """A Folium map whose JavaScript and CSS stand in the page; it has no base map and asks nothing of any network."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 — declared so by folium
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 — declared so by folium

    def __init__(self, title: str, around: Box, *, divided: bool = False) -> None:
        middle = [(around.south + around.north) / 2, (around.west + around.east) / 2]
        super().__init__(
            middle,
            zoom_start=14,
            tiles=None,
            max_zoom=21,
            prefer_canvas=True,
            zoom_control="bottomright",
            font_size="14px",
            zoom_animation=not divided,  # the divider cuts panes where they are, not where they are going
        )
        figure = self.get_root()
        assert isinstance(figure, Figure)  # noqa: S101 — folium puts every map in one
        figure.title = escape(title)
        figure.header.add_child(_Style(_leaflet_css()), name="leaflet_css")
        figure.header.add_child(_Style(_text("painted.css")), name="painted_css")
        figure.header.add_child(_Script(_leaflet_js()), name="leaflet_js")
        figure.header.add_child(_Script(_text("painted.js")), name="painted_js")
        figure.header.add_child(_Script(_reader_js()), name="mvt_js")
        figure.header.add_child(_Script(_text("tiled.js")), name="tiled_js")
        if divided:
            figure.header.add_child(_Script(_text("divided.js")), name="divided_js")


class PaintedLayer(FoliumLayer):
    """One layer of the city on the map, painted as declared.

    Parameters
    ----------
    declared : what the drawing code needs to know: titles, columns, codes, paint.
    features : text of a JSON list of [uid, attributes, GeoJSON geometry].
    side : on a divided map `former`, `latter`, or `both` for what lies over it and cannot be touched.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} ="
        " quyhoach.layer({{ this._parent.get_name() }}, {{ this.declared }}, {{ this.features }}, {{ this.side }});"
        "{% endmacro %}"
    )

    def __init__(
        self, name: str, *, declared: dict[str, Any], features: str, reach: Box | None, side: str | None = None
    ) -> None:
        super().__init__(name=name, overlay=True, control=True, show=True)
        self._name = "PaintedLayer"
        self.side = as_script(side)
        self.declared = as_script(declared)
        self.features = in_script(features)
        self._reach = reach

    def _get_self_bounds(self) -> list[list[float | None]]:
        if self._reach is None:
            return [[None, None], [None, None]]
        return [[self._reach.south, self._reach.west], [self._reach.north, self._reach.east]]


class TiledLayer(FoliumLayer):
    """One layer of the city, painted as declared from the vector tiles of the service.

    Parameters
    ----------
    declared : as for `PaintedLayer`.
    tiles : address of the tiles, with `{z}`, `{x}` and `{y}` in it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} ="
        " quyhoach.tiled({{ this._parent.get_name() }}, {{ this.declared }}, {{ this.tiles }});"
        "{% endmacro %}"
    )

    def __init__(self, name: str, *, declared: dict[str, Any], tiles: str) -> None:
        super().__init__(name=name, overlay=True, control=True, show=True)
        self._name = "TiledLayer"
        self.declared = as_script(declared)
        self.tiles = as_script(tiles)


class Context(MacroElement):
    """Water, streets and ward outlines beneath the layers, quiet and untouchable."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "quyhoach.context({{ this._parent.get_name() }}, {{ this.outlines }}, {{ this.side }});"
        "{% endmacro %}"
    )

    def __init__(self, outlines: Mapping[str, Sequence[str]], *, side: str | None = None) -> None:
        super().__init__()
        self._name = "Context"
        self.side = as_script(side)
        layers = (f"{json.dumps(name)}:[{','.join(texts)}]" for name, texts in outlines.items())
        self.outlines = f"{{{','.join(layers)}}}"


class Panel(MacroElement):
    """Title, layer control, legend, notices and sources in one panel; it also fits the view.

    Parameters
    ----------
    groups : the layers of the legend, each with what is painted of it: once, or on a divided map once on each side.
    sights : what the sides of a divided map are called.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} ="
        " quyhoach.panel({{ this._parent.get_name() }}, {{ this.said }}, [{{ this.layers }}], {{ this.around }});"
        "{% if this.sights %}"
        "quyhoach.divide({{ this._parent.get_name() }}, {{ this.sights }}, {{ this.get_name() }});"
        "{% endif %}"
        "{% endmacro %}"
    )

    def __init__(
        self,
        said: dict[str, Any],
        groups: Sequence[Sequence[FoliumLayer]],
        around: Box,
        *,
        sights: Sequence[list[str]] = (),
    ) -> None:
        super().__init__()
        self._name = "Panel"
        self.said = as_script(said)
        self.layers = ",".join(f"[{','.join(layer.get_name() for layer in group)}]" for group in groups)
        self.around = as_script([[around.south, around.west], [around.north, around.east]])
        self.sights = as_script(sights) if sights else ""


class _Style(Element):
    _template = Template("<style>{{ this.text }}</style>")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Script(Element):
    _template = Template("<script>{{ this.text }}</script>")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _picture(name: str) -> str:
    content = asset(LEAFLET_CSS).with_name("images").joinpath(name).read_bytes()
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _leaflet_css() -> str:
    css = asset(LEAFLET_CSS).read_text(encoding="utf-8")
    return _PICTURE.sub(lambda match: f"url({_picture(Path(match[1]).name)})", css)


def _reader_js() -> str:
    """Return what reads vector tiles, which is a module for the pages of the service, as a part of our own code."""
    code = READER_JS.read_text(encoding="utf-8").replace("export function", "function")
    return f"quyhoach.mvt = (function () {{\n{code}\nreturn {{ attribute, decode, trace }};\n}})();"


def _leaflet_js() -> str:
    """Return Leaflet with its marker's pictures, without the address of its sources that a browser would ask for."""
    code = asset(LEAFLET_JS).read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
    markers = as_script({option: _picture(name) for option, name in _MARKERS.items()})
    return f"{code}\ndelete L.Icon.Default.prototype._getIconUrl;L.Icon.Default.mergeOptions({markers});"
