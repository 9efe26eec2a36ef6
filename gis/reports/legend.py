"""The features of a finding by how they look, and the entries of the legend that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings import Feature, Finding, Look, Outcome, Subject
from gis.reports import pen
from layers import LAYERS
from layers.model import Words

FAIL_COLOR = "#b3261e"
_COLOR = "#2f6f86"
_AREA, _LINE = 2, 1
_SWATCH = (90, 56)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the legend: what is drawn so, and a small drawing of it."""

    title: str
    swatch: str


def looks(features: Iterable[Feature]) -> dict[Look, list[Feature]]:
    """Return features by look, in the order in which looks first occur; those without one look like their layer."""
    found: dict[Look, list[Feature]] = {}
    for feature in features:
        found.setdefault(feature.look or _look_of(feature.subject.layer), []).append(feature)
    return found


def conflicts(finding: Finding) -> list[BaseGeometry]:
    """Return where rules are broken: the conflicts of failed verdicts; without one, the feature that fails.

    A feature that has a look of its own says itself how it stands.
    """
    failed = [verdict for verdict in finding.verdicts if verdict.outcome is Outcome.FAIL]
    subjects: set[Subject] = {verdict.subject for verdict in failed if verdict.conflict is None}
    places = [verdict.conflict for verdict in failed if verdict.conflict is not None]
    places += [feature.geometry for feature in finding.features if feature.look is None and feature.subject in subjects]
    return [each for each in places if not each.is_empty]


def style_of(look: Look, dimension: int) -> dict[str, str]:
    """Return how features of a look and of a dimension (0 points, 1 lines, 2 areas) are drawn."""
    if dimension == 0:
        return {"fill": look.color, "stroke": "#ffffff", "stroke-width": "3"}
    if dimension == _LINE:
        return {"fill": "none", "stroke": look.color, "stroke-width": "8", "stroke-linecap": "round"}
    if look.is_outline:
        return {"fill": "none", "stroke": look.color, "stroke-width": "8", "stroke-linejoin": "round"}
    return {"fill": look.color, "fill-opacity": "0.55", "stroke": look.color, "stroke-width": "4"}


CONFLICT_LINE = {"fill": "none", "stroke": FAIL_COLOR, "stroke-width": "9", "stroke-linejoin": "round"}
PLACE_LINE = {"fill": "none", "stroke": "#12495a", "stroke-width": "9", "stroke-dasharray": "26 10"}
GROUND_STYLES = {
    "water_body": {"fill": "#d4e4eb", "stroke": "none"},
    "parcel": {"fill": "none", "stroke": "#cfc7b6", "stroke-width": "2"},
    "road": {"fill": "none", "stroke": "#b9ae96", "stroke-width": "7", "stroke-linejoin": "round"},
    "ward": {"fill": "none", "stroke": "#77778f", "stroke-width": "4", "stroke-dasharray": "24 10 5 10"},
}


def entry_of(look: Look, geometries: Iterable[BaseGeometry], title: str) -> Entry:
    """Return the entry of a look, drawn as most of its features are: an area, a line or a point."""
    dimension = max((dimension_of(each) for each in geometries), default=_AREA)
    return entry(title, style_of(look, dimension), dimension)


def entry(title: str, style: dict[str, str], dimension: int = _AREA, *, hatched: bool = False) -> Entry:
    """Return an entry of the legend."""
    width, height = _SWATCH
    root = pen.sheet(width, height, title=title)
    if hatched:
        pen.hatch(root, "fails-swatch", FAIL_COLOR)
        _draw(root, {**style, "fill": "url(#fails-swatch)"}, dimension)
    else:
        _draw(root, style, dimension)
    return Entry(title, pen.text_of(root))


def dimension_of(geometry: BaseGeometry) -> int:
    """Return 0 for points, 1 for lines, 2 for areas."""
    return int(shapely.get_dimensions(geometry))


def _draw(root: Element, style: dict[str, str], dimension: int) -> None:
    width, height = _SWATCH
    if dimension == 0:
        pen.points(root, [shapely.Point(width / 2, height / 2)], 15, style)
    elif dimension == _LINE:
        pen.path(root, [shapely.LineString([(4, height / 2), (width - 4, height / 2)])], style)
    else:
        pen.path(root, [shapely.box(5, 5, width - 5, height - 5)], style)


def _look_of(layer: str) -> Look:
    if layer in LAYERS:
        return Look(LAYERS[layer].title, LAYERS[layer].paint.color)
    return Look(Words(layer or "–", layer or "–"), _COLOR)
