"""MapLibre styles of the city, its groups and its horizons, made from what the layers declare.

A style has no labels: they would need glyphs from a server of fonts, and nothing is fetched from another host. Which
column a layer is labelled by stands in its metadata instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from gis.errors import QuyhoachError
from gis.features import Box
from gis.grids import DRAWN_TO
from layers import GROUPS
from layers.kernel import HORIZONS
from layers.model import Geometry, Horizon, Layer, LayerGroup, Paint, Words

WHOLE = "city"
"""Name of the theme that shows every group."""
PAPER = "#f4f1ea"
"""Colour below everything."""
_WHOLE_TITLE = Words("Toàn thành phố", "The whole city")
_VERSION = 8
_DASHES_WIDTHS = [4, 2.5]
_EDGE_PX = 1.0
_ZOOM_OF_WIDTHS = 14
"""Where a line is as wide as declared; half of it four zooms out, twice as much four zooms in."""


class UnknownStyleError(QuyhoachError):
    """There is no style of that name."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name.lower(), themes(), n=1, cutoff=0.4)
        hint = f"the nearest name is {near[0]}" if near else f"there are {', '.join(themes())}"
        super().__init__(f"There is no style {name[:60]!r}; {hint}.")


@dataclass(frozen=True, slots=True)
class Theme:
    """What one style shows: some groups, bottom first, at one horizon; `scope` is its title without the horizon."""

    name: str
    scope: Words
    title: Words
    horizon: Horizon
    groups: tuple[LayerGroup, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The public layers it shows, in drawing order."""
        return tuple(layer for group in self.groups for layer in group.layers if layer.public)


@cache
def themes() -> dict[str, Theme]:
    """Return every theme by name: the whole city, then each group, at each horizon."""
    scopes = [(WHOLE, _WHOLE_TITLE, GROUPS), *((group.name, group.title, (group,)) for group in GROUPS)]
    return {
        f"{name}-{horizon.value}": Theme(
            f"{name}-{horizon.value}", title, _with_horizon(title, horizon), horizon, groups
        )
        for name, title, groups in scopes
        for horizon in Horizon
    }


def theme_named(name: str) -> Theme:
    """Return the theme of that name; UnknownStyleError where there is none."""
    try:
        return themes()[name]
    except KeyError:
        raise UnknownStyleError(name) from None


def _with_horizon(title: Words, horizon: Horizon) -> Words:
    named = next(code.title for code in HORIZONS.codes if code.code == horizon)
    return Words(f"{title.vi}, {named.vi.lower()}", f"{title.en}, {named.en.lower()}")


def style(theme: Theme, *, tiles: str, language: str = "vi", around: Box | None = None) -> dict[str, object]:
    """Return the style of a theme as MapLibre reads it (style specification, version 8).

    Parameters
    ----------
    tiles : address under which the tiles of a group are: `{tiles}/{group}/{z}/{x}/{y}.mvt`.
    language : in which its name stands; its metadata have both.
    around : what the map shows at first; left to the client where not given.
    """
    document: dict[str, object] = {
        "version": _VERSION,
        "name": theme.title.vi if language == "vi" else theme.title.en,
        "metadata": {"quyhoach:horizon": theme.horizon.value, "quyhoach:titles": _both(theme.title)},
        "sources": {group.name: _source(group, theme.horizon, tiles) for group in theme.groups},
        "layers": [_BACKGROUND, *(drawn for group in theme.groups for drawn in _drawn(group))],
    }
    if around is not None:
        document["center"] = [(around.west + around.east) / 2, (around.south + around.north) / 2]
        document["zoom"] = 10
    return document


_BACKGROUND: dict[str, object] = {"id": "background", "type": "background", "paint": {"background-color": PAPER}}


def _both(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}


def _source(group: LayerGroup, horizon: Horizon, tiles: str) -> dict[str, object]:
    shown = [layer.zooms for layer in group.layers if layer.public]
    return {
        "type": "vector",
        "tiles": [f"{tiles}/{group.name}/{{z}}/{{x}}/{{y}}.mvt?horizon={horizon.value}"],
        "minzoom": min(first for first, _ in shown),
        "maxzoom": min(DRAWN_TO, max(last for _, last in shown)),
    }


def _drawn(group: LayerGroup) -> Iterator[dict[str, object]]:
    for layer in group.layers:
        if layer.public:
            for suffix, kind, paint in _parts(layer):
                yield _with_bounds(group, layer, suffix, kind, paint)


def _with_bounds(
    group: LayerGroup, layer: Layer, suffix: str, kind: str, paint: dict[str, object]
) -> dict[str, object]:
    first, last = layer.zooms
    metadata: dict[str, object] = {"quyhoach:titles": _both(layer.title)}
    if layer.paint.label:
        metadata["quyhoach:label"] = layer.paint.label
    document: dict[str, object] = {
        "id": f"{layer.name}{suffix}",
        "type": kind,
        "source": group.name,
        "source-layer": layer.name,
        "metadata": metadata,
        "minzoom": first,
        "paint": paint,
    }
    if last < DRAWN_TO:
        document["maxzoom"] = last + 1  # a style layer ends before its maxzoom
    return document


def _parts(layer: Layer) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Name the parts a layer is drawn in: suffix of the id, type, paint."""
    paint = layer.paint
    if layer.geometry is Geometry.POINT:
        yield "", "circle", _circle(layer)
    elif layer.geometry is Geometry.LINE:
        yield "", "line", _line(paint, color(layer), paint.opacity)
    else:
        if paint.opacity > 0:
            yield "", "fill", {"fill-color": color(layer), "fill-opacity": paint.opacity}
        if paint.outline is not None:
            yield "-outline", "line", _line(paint, paint.outline, 1.0)


def _circle(layer: Layer) -> dict[str, object]:
    paint = layer.paint
    circle: dict[str, object] = {
        "circle-color": color(layer),
        "circle-radius": paint.radius_px,
        "circle-opacity": paint.opacity,
    }
    if paint.outline is not None:
        circle |= {"circle-stroke-color": paint.outline, "circle-stroke-width": _EDGE_PX}
    return circle


def _line(paint: Paint, stroke: object, opacity: float) -> dict[str, object]:
    width = paint.width_px
    stops = [_ZOOM_OF_WIDTHS - 4, width / 2, _ZOOM_OF_WIDTHS, width, _ZOOM_OF_WIDTHS + 4, width * 2]
    line: dict[str, object] = {
        "line-color": stroke,
        "line-width": ["interpolate", ["linear"], ["zoom"], *stops],
        "line-opacity": opacity,
    }
    if paint.dashed:
        line["line-dasharray"] = _DASHES_WIDTHS
    return line


def color(layer: Layer) -> str | list[object]:
    """Return the colour of a layer: one for all, or an expression that finds it by code."""
    paint = layer.paint
    codes = layer.column(paint.by).codes if paint.by is not None else None
    by_color: dict[str, list[str]] = {}
    for code in codes.codes if codes else ():
        if code.color is not None:
            by_color.setdefault(code.color, []).append(code.code)
    if not by_color:
        return paint.color
    pairs: Sequence[object] = [part for shade, listed in by_color.items() for part in (listed, shade)]
    return ["match", ["get", paint.by], *pairs, paint.color]
