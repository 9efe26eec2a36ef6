"""The map of a report: the features of a finding over a quiet context, at a round scale, as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import shapely
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.findings import Feature, Finding, Look
from gis.reports import pen
from gis.reports.context import ground, place_asked
from gis.reports.frame import Frame, frame_about
from gis.reports.furniture import furnish
from gis.reports.labels import labels
from gis.reports.legend import (
    CONFLICT_LINE,
    GROUND_STYLES,
    PLACE_LINE,
    Entry,
    conflicts,
    dimension_of,
    entry,
    entry_of,
    looks,
    style_of,
)
from gis.reports.plain import plain
from gis.wording import number_in, words_in

MOST_FEATURES = 5_000
_MOST_NAMED = 30
_NAME_UNITS, _SMALL_NAME_UNITS = 24, 19
_LETTER_SHARE = 0.56
"""Width of a letter, as a share of the height of the writing."""
_POINT_UNITS = 13
_ROOM, _FINEST = {0: 150, 1: 1_000}, 0.35
"""Points and lines that a map has room for at their full size; of more, each is drawn finer, to about a third."""
_PAPER = "#fbfaf6"


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as SVG, true to scale where it is as wide as said; `omitted` counts the features that are not drawn."""

    svg: str
    width_mm: float
    height_mm: float
    scale: str
    legend: tuple[Entry, ...]
    omitted: int


def picture(finding: Finding, *, language: str, city: City | None = None) -> Picture | None:
    """Draw the features and conflicts of a finding; None where there is nothing to be shown on a map."""
    asked = place_asked(city, finding)
    broken = conflicts(finding)
    shown = [each.geometry for each in finding.features if not each.geometry.is_empty] + broken
    if not shown and asked is None:
        return None
    words = labels(language)
    frame = frame_about(_bounds(shown or [each for each in (asked,) if each is not None]))
    drawing = _Drawing(
        frame, pen.sheet(*frame.size, title=f"{words['map']}: {plain(words_in(finding.title, language))}")
    )
    legend = [
        *drawing.context(city, words),
        *drawing.features(finding, language),
        *drawing.conflicts(broken, words["fails"]),
        *drawing.place(asked, words["place_asked"]),
    ]
    drawing.names(finding)
    furnish(drawing.root, frame, language)
    return Picture(
        svg=pen.text_of(drawing.root),
        width_mm=frame.width_mm,
        height_mm=frame.height_mm,
        scale=f"1:{number_in(frame.scale, language, decimals=0)}",
        legend=tuple(legend),
        omitted=max(0, len(finding.features) - MOST_FEATURES),
    )


def _bounds(geometries: list[BaseGeometry]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(geometries).tolist()
    return west, south, east, north


class _Drawing:
    """A drawing in the making; each part returns the entries that it needs in the legend."""

    def __init__(self, frame: Frame, root: Element) -> None:
        self.frame, self.root = frame, root
        width, height = frame.size
        pen.path(root, [shapely.box(0, 0, width, height)], {"fill": _PAPER})
        self._ground = pen.group(root)
        self._body = pen.group(root)
        self._above = pen.group(root)

    def context(self, city: City | None, words: dict[str, str]) -> list[Entry]:
        titles = {"water_body": "water", "parcel": "parcels", "road": "roads", "ward": "wards"}
        entries: list[Entry] = []
        for layer, outlines in ground(city, self.frame).outlines.items():
            style, dimension = GROUND_STYLES[layer], 2 if layer == "water_body" else 1
            parent = self._above if layer == "ward" else self._ground
            pen.path(parent, map(self.frame.drawn, outlines), style)
            if outlines:
                entries.append(entry(words[titles[layer]], style, dimension))
        return entries

    def features(self, finding: Finding, language: str) -> list[Entry]:
        entries: list[Entry] = []
        drawn = _largest(tuple(each for each in finding.features if not each.geometry.is_empty))
        fine = _fineness([each.geometry for each in drawn])
        for look, features in looks(drawn).items():
            geometries = [each.geometry for each in features]
            self._of_look(look, geometries, fine)
            entries.append(entry_of(look, geometries, plain(words_in(look.title, language))))
        return entries

    def conflicts(self, broken: list[BaseGeometry], title: str) -> list[Entry]:
        if not broken:
            return []
        pen.hatch(self.root, "fails", CONFLICT_LINE["stroke"])
        places = [self.frame.drawn(each) for each in broken]
        areas = [each for each in places if dimension_of(each) == 2]  # noqa: PLR2004 - areas
        pen.path(self._above, areas, {"fill": "url(#fails)", "stroke": "none"})
        pen.path(self._above, places, CONFLICT_LINE)
        pen.points(self._above, places, 1.6 * _POINT_UNITS, CONFLICT_LINE)
        return [entry(title, CONFLICT_LINE, hatched=True)]

    def place(self, asked: BaseGeometry | None, title: str) -> list[Entry]:
        if asked is None:
            return []
        pen.path(self._above, [self.frame.drawn(asked)], PLACE_LINE)
        return [entry(title, PLACE_LINE)]

    def names(self, finding: Finding) -> None:
        """Write the names of features that have room for them, where there are few."""
        if len(finding.features) > _MOST_NAMED:
            return
        layer = pen.group(self._above)
        style = {
            "fill": "#1d2a33",
            "font-weight": "600",
            "stroke": _PAPER,
            "stroke-width": "7",
            "paint-order": "stroke",
        }
        taken: list[BaseGeometry] = []
        for feature in finding.features:
            if feature.geometry.is_empty:
                continue
            found = _name_in(self.frame.drawn(feature.geometry), plain(feature.subject.label), taken)
            if found is not None:
                name, size, plate = found
                taken.append(plate)
                at = (plate.centroid.x, plate.centroid.y + size / 3)
                pen.word(layer, name, at, size=size, style=style)

    def _of_look(self, look: Look, geometries: list[BaseGeometry], fine: Mapping[int, float]) -> None:
        by_dimension: dict[int, list[BaseGeometry]] = {}
        for each in geometries:
            by_dimension.setdefault(dimension_of(each), []).append(self.frame.drawn(each))
        for dimension, places in sorted(by_dimension.items(), reverse=True):
            style = style_of(look, dimension)
            thin = fine.get(dimension, 1.0)
            width = f"{thin * float(style.get('stroke-width', '0')):.3g}"
            pen.points(self._body, places, thin * _POINT_UNITS, {**style, "stroke-width": width})
            pen.path(self._body, places, {**style, "stroke-width": width} if dimension == 1 else style)


def _fineness(geometries: list[BaseGeometry]) -> Mapping[int, float]:
    """Return by what points (0) and lines (1) are drawn finer, where there are so many that they would merge."""
    numbers: dict[int, int] = {}
    for each in geometries:
        dimension = dimension_of(each)
        numbers[dimension] = numbers.get(dimension, 0) + int(shapely.get_num_geometries(each))
    return {of: max(_FINEST, min(1.0, (_ROOM[of] / number) ** 0.5)) for of, number in numbers.items() if of in _ROOM}


def _name_in(place: BaseGeometry, name: str, taken: list[BaseGeometry]) -> tuple[str, float, BaseGeometry] | None:
    """Return how a feature is named within its bounds, beside other names: whole, without its code, or smaller."""
    west, south, east, north = place.bounds
    middle = place.representative_point()
    for size in (_NAME_UNITS, _SMALL_NAME_UNITS):
        for said in dict.fromkeys((name, name.partition(" (")[0])):
            width = len(said) * size * _LETTER_SHARE
            plate = shapely.box(middle.x - width / 2, middle.y - size / 2, middle.x + width / 2, middle.y + size / 2)
            if width <= east - west and size <= north - south and not any(map(plate.intersects, taken)):
                return said, size, plate
    return None


def _largest(features: tuple[Feature, ...]) -> list[Feature]:
    """Return the largest features, in their order, where there are more than are drawn."""
    if len(features) <= MOST_FEATURES:
        return list(features)
    west, south, east, north = shapely.bounds([each.geometry for each in features]).T
    extents = (east - west + north - south).tolist()
    ranked = sorted(range(len(features)), key=lambda place: (-extents[place], place))
    return [features[place] for place in sorted(ranked[:MOST_FEATURES])]
