"""Draws shapes as SVG: paths, points, words, each element with its attributes escaped by the writer of the XML."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

import shapely
from shapely.geometry.base import BaseGeometry

NAMESPACE = "http://www.w3.org/2000/svg"
_FONT = "'IBM Plex Sans', 'Be Vietnam Pro', 'Segoe UI', 'Noto Sans', sans-serif"
_HATCH_UNITS = 16


def sheet(width: int, height: int, *, title: str) -> Element:
    """Return an empty drawing of this size, in units, with what it is called by who reads it aloud."""
    root = Element("svg", xmlns=NAMESPACE, viewBox=f"0 0 {width} {height}", role="img")
    SubElement(root, "title").text = title
    return root


def hatch(parent: Element, name: str, color: str) -> None:
    """Define a hatching of oblique lines."""
    side = str(_HATCH_UNITS)
    pattern = SubElement(
        SubElement(parent, "defs"),
        "pattern",
        {"id": name, "width": side, "height": side, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"},
    )
    SubElement(pattern, "rect", width="4", height=side, fill=color)


def path(parent: Element, geometries: Iterable[BaseGeometry], style: dict[str, str]) -> None:
    """Draw lines and areas; points are left out. What is filled has a path each, so that none is a hole in another."""
    runs = ["".join(map(_steps, _parts(geometry))) for geometry in geometries]
    if style.get("fill") == "none":
        runs = ["".join(runs)]
    for steps in filter(None, runs):
        SubElement(parent, "path", {"d": steps, "fill-rule": "evenodd", **style})


def points(parent: Element, geometries: Iterable[BaseGeometry], radius: float, style: dict[str, str]) -> None:
    """Draw the points among geometries as discs."""
    for geometry in geometries:
        for part in _parts(geometry):
            if isinstance(part, shapely.Point):
                place = {"cx": _number(part.x), "cy": _number(part.y), "r": _number(radius)}
                SubElement(parent, "circle", {**place, **style})


def word(parent: Element, text: str, at: tuple[float, float], *, size: float, style: dict[str, str]) -> None:
    """Write a word; its middle, on the line, is at the place."""
    place = {"x": _number(at[0]), "y": _number(at[1]), "font-size": _number(size)}
    written = SubElement(parent, "text", {**place, "font-family": _FONT, "text-anchor": "middle", **style})
    written.text = text


def group(parent: Element, **attributes: str) -> Element:
    """Return a group of what belongs together."""
    return SubElement(parent, "g", attributes)


def text_of(root: Element) -> str:
    """Return a drawing as text; the same drawing has the same text."""
    return tostring(root, encoding="unicode")


def _parts(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(geometry).tolist():
        if hasattr(part, "geoms"):
            yield from _parts(part)
        elif not part.is_empty:
            yield part


def _steps(part: BaseGeometry) -> str:
    if isinstance(part, shapely.Polygon):
        return "".join(f"M{_run(ring)}Z" for ring in (part.exterior, *part.interiors))
    if isinstance(part, shapely.LineString):
        return f"M{_run(part)}"
    return ""


def _run(line: BaseGeometry) -> str:
    return "L".join(f"{_number(across)} {_number(down)}" for across, down in shapely.get_coordinates(line).tolist())


def _number(number: float) -> str:
    written = f"{number:.1f}"
    return written.removesuffix(".0")
