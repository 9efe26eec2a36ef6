"""A finding on a map: its features as they look, what was found of each, where rules are broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any  # what the drawing code is told is a tree of plain values

import folium
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.errors import QuyhoachError
from gis.findings import Feature, Finding, Look, Outcome, Subject, Verdict
from gis.maps.columns import declared, described, pair
from gis.maps.leaflet import CityMap, Context, PaintedLayer, Panel
from gis.maps.loose import KINDS, around_shapes, kind_of, loose_layer
from gis.maps.reading import context
from gis.reports.labels import LABELS
from gis.reports.legend import FAIL_COLOR, conflicts, looks
from gis.reports.plain import plain
from gis.wording import check_language, measure_in, words_in
from layers.kernel import HORIZONS
from layers.model import Words

_SUBJECT = Words("Đối tượng", "Subject")
_VERDICTS = Words("Kết luận", "Verdicts")
_BROKEN = Look(LABELS["fails"], FAIL_COLOR)


class NothingFoundToDrawError(QuyhoachError):
    """A finding that is about no feature."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(
            f"The finding of {finding.question} names no feature that could be drawn; "
            "its figures and tables are in .report()."
        )


def draw_finding(finding: Finding, *, city: City | None = None, language: str = "vi") -> folium.Map:
    """Draw the features of a finding as they look, where rules are broken in red, over quiet context.

    Legend and pop-ups are in both languages; the map needs no network.

    Parameters
    ----------
    city : the city that was asked, for water, streets and wards beneath; without it there are none.
    language : the language that stands first, `vi` or `en`.

    Raises
    ------
    NothingFoundToDrawError, LanguageError
        When the finding names no feature, or nothing is written in that language.
    """
    check_language(language)
    broken = conflicts(finding)
    around = around_shapes([*(each.geometry for each in finding.features), *broken])
    if around is None:
        raise NothingFoundToDrawError(finding)
    drawn = CityMap(words_in(finding.title, language), around)
    drawn.add_child(Context({} if city is None else context(city, around, without=())))
    painted = [_painted(finding, look, kind, part) for look, kind, part in _parts(finding)]
    painted += [_conflicts(kind, part) for kind, part in _by_kind(broken)]
    for layer in painted:
        drawn.add_child(layer)
    drawn.add_child(Panel(_said(finding, language), [[layer] for layer in painted], around))
    return drawn


def _parts(finding: Finding) -> Iterable[tuple[Look, str, list[Feature]]]:
    """Yield the features of each look by kind, areas first, so that nothing small lies under them."""
    drawn = [each for each in finding.features if not each.geometry.is_empty]
    parts = [
        (look, kind, [each for each in features if kind_of(each.geometry) == kind])
        for look, features in looks(drawn).items()
        for kind in KINDS
    ]
    in_order = sorted(parts, key=lambda part: (-KINDS.index(part[1]), part[0].is_outline))
    return [part for part in in_order if part[2]]


def _by_kind(geometries: Sequence[BaseGeometry]) -> Iterable[tuple[str, list[BaseGeometry]]]:
    for kind in KINDS:
        if part := [each for each in geometries if kind_of(each) == kind]:
            yield kind, part


def _painted(finding: Finding, look: Look, kind: str, features: list[Feature]) -> PaintedLayer:
    names = list(dict.fromkeys(name for each in features for name in each.properties))
    told = _told(finding)
    verdicts = {name: words for name, words in told.values() if name}
    columns = [
        described("subject", _SUBJECT),
        *(_column(finding, name) for name in names),
        described("verdicts", _VERDICTS, values=verdicts),
    ]
    rows = [
        [
            each.subject.uid,
            [
                plain(each.subject.label),
                *(_property(each.properties.get(name)) for name in names),
                told.get(each.subject, (None, None))[0],
            ],
            each.geometry,
        ]
        for each in features
    ]
    return loose_layer(look.title, kind, _paint(look, kind), columns, rows)


def _conflicts(kind: str, broken: list[BaseGeometry]) -> PaintedLayer:
    paint = {**_paint(_BROKEN, kind), "width": 3.5, "radius": 7}
    if kind == KINDS[-1]:
        paint["opacity"] = 0.3
    return loose_layer(_BROKEN.title, kind, paint, [], [[None, [], each] for each in broken])


def _paint(look: Look, kind: str) -> dict[str, Any]:
    """Return how a look is drawn: areas let through what is beneath, lines and points do not."""
    is_area = kind == KINDS[-1]
    opacity = 0.95 if not is_area else 0.0 if look.is_outline else 0.55
    width = 3.5 if not is_area else 2.5 if look.is_outline else 1.2
    outline = look.color if is_area else "#ffffff"
    return {"color": look.color, "outline": outline, "width": width, "radius": 6, "opacity": opacity, "dashed": False}


def _column(finding: Finding, name: str) -> dict[str, Any]:
    """Return what a property is called: as in the layers, or as in a table of the finding; else by its own name."""
    known = declared(name, tuple(dict.fromkeys(each.subject.layer for each in finding.features)))
    if known is not None:
        return known
    for table in finding.tables:
        for heading in table.headings:
            if heading.name == name:
                return described(name, heading.title, heading.unit)
    return described(name, Words(name, name))


def _property(value: float | str | bool | None) -> float | str | bool | None:
    return plain(value) if isinstance(value, str) else value


def _told(finding: Finding) -> dict[Subject, tuple[str, Words]]:
    """Return what the verdicts say of each subject, in both languages, under a name of its own."""
    told: dict[Subject, list[Verdict]] = {}
    for each in finding.verdicts:
        told.setdefault(each.subject, []).append(each)
    return {
        subject: (f"verdict {place}", Words(_verdicts(found, "vi"), _verdicts(found, "en")))
        for place, (subject, found) in enumerate(told.items())
    }


def _verdicts(found: Sequence[Verdict], language: str) -> str:
    """Return verdicts in a few words: the rules that are broken or open by name, the others by their number."""
    said: list[str] = []
    for outcome in (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS):
        titles = dict.fromkeys(words_in(each.title, language) for each in found if each.outcome is outcome)
        if titles:
            listed = ", ".join(titles) if outcome is not Outcome.PASS else _rules(len(titles), language)
            said.append(f"{words_in(outcome.words, language)}: {listed}")
    return ". ".join(said) or words_in(Outcome.NOT_APPLICABLE.words, language)


def _rules(number: int, language: str) -> str:
    return measure_in(number, "rules", language)


def _said(finding: Finding, language: str) -> dict[str, Any]:
    horizon = next(code.title for code in HORIZONS.codes if code.code == finding.horizon)
    return {
        "language": language,
        "title": pair(finding.title),
        "horizon": pair(horizon),
        "sources": [],
        "cited": [pair(source.title) for source in finding.sources],
        "hash": finding.hash,
    }
