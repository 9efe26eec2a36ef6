"""What every map on paper has: an edge, a scale bar in round metres, an arrow to the north."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import shapely

from gis.reports import pen
from gis.reports.frame import Frame
from gis.reports.labels import labels
from gis.wording import number_in

_INK = "#1d2a33"
_EDGE = {"fill": "none", "stroke": "#8b8577", "stroke-width": "3"}
_INSET = 40
_BAR_HEIGHT = 12
_PLATE = {"fill": "#fffefa", "fill-opacity": "0.86"}
_WORD_UNITS = 24
_M_OF_KM = 1_000


def furnish(root: Element, frame: Frame, language: str) -> None:
    """Draw edge, scale bar and arrow over a map."""
    width, height = frame.size
    _scale_bar(pen.group(root), frame, language)
    _arrow(pen.group(root), width, labels(language)["north"])
    pen.path(root, [shapely.box(1.5, 1.5, width - 1.5, height - 1.5)], _EDGE)


def _scale_bar(parent: Element, frame: Frame, language: str) -> None:
    """Draw a bar in four parts, black and white in turn, with zero and its length written over it."""
    _, height = frame.size
    length = frame.bar_m / frame.unit_m
    top = height - _INSET - _BAR_HEIGHT
    plate = shapely.box(_INSET - 22, top - 46, _INSET + length + 52, height - _INSET + 18)
    pen.path(parent, [plate], _PLATE)
    for part in range(4):
        piece = shapely.box(_INSET + length * part / 4, top, _INSET + length * (part + 1) / 4, top + _BAR_HEIGHT)
        pen.path(parent, [piece], {"fill": _INK if part % 2 == 0 else "#ffffff", "stroke": _INK, "stroke-width": "2"})
    pen.word(parent, "0", (_INSET, top - 12), size=_WORD_UNITS, style={"fill": _INK})
    pen.word(
        parent, _length(frame.bar_m, language), (_INSET + length, top - 12), size=_WORD_UNITS, style={"fill": _INK}
    )


def _arrow(parent: Element, width: int, north: str) -> None:
    middle = width - 62
    pen.path(parent, [shapely.box(middle - 40, 22, middle + 40, 134)], _PLATE)
    dark = shapely.Polygon([(middle, 62), (middle, 106), (middle - 20, 122)])
    light = shapely.Polygon([(middle, 62), (middle + 20, 122), (middle, 106)])
    line = {"stroke": _INK, "stroke-width": "2", "stroke-linejoin": "round"}
    pen.path(parent, [dark], {"fill": _INK, **line})
    pen.path(parent, [light], {"fill": "#ffffff", **line})
    pen.word(parent, north, (middle, 52), size=_WORD_UNITS, style={"fill": _INK, "font-weight": "600"})


def _length(metres: int, language: str) -> str:
    if metres < _M_OF_KM:
        return f"{number_in(metres, language, decimals=0)} m"
    return f"{number_in(metres / _M_OF_KM, language, decimals=0)} km"
