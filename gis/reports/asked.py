"""What was asked, as people say it: parameters by their titles, codes by what they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from gis.analyses import QUESTIONS
from gis.asking import question_named
from gis.findings import Finding
from gis.named import Named
from gis.reports.labels import ARGUMENTS, LABELS
from gis.reports.plain import plain, shortened
from gis.schema import BASELINE
from gis.standards import terms
from gis.wording import boolean_in, figure_in, text_in, words_in
from layers.kernel import HORIZONS
from layers.model import Words

_MOST = 240
_PLACES: Mapping[str, Words] = {
    "ward": Words("Phường, xã {}", "Ward {}"),
    "plan": Words("Khu vực của đồ án {}", "The area of plan {}"),
    "scenario": Words("Kịch bản {}", "Scenario {}"),
}
"""What is meant by a code behind a colon, where nobody has looked it up."""
_CITY = Words("Toàn thành phố", "The whole city")


def asked(finding: Finding, words: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    """Return what was asked: the question, of which city, how."""
    horizon = next(code.title for code in HORIZONS.codes if code.code == finding.horizon)
    named = Named(question_named(finding.question), language) if finding.question in QUESTIONS else None
    question = plain(finding.question if named is None else named.title)
    return (
        (words["question"], question),
        *(
            (title_of(name, named, language), _called(finding, name, named, language))
            for name, value in finding.arguments.items()
            if value not in (None, "")
        ),
        (words["horizon"], words_in(horizon, language)),
        *_scenario(finding, words),
    )


def _scenario(finding: Finding, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the scenario that was looked at, but where it is what was asked about."""
    if "scenario" not in finding.arguments:
        yield words["scenario"], words["baseline"] if finding.scenario == BASELINE else plain(finding.scenario)


def title_of(name: str, named: Named | None, language: str) -> str:
    """Return what an argument is called."""
    if name in ARGUMENTS:
        return words_in(ARGUMENTS[name], language)
    parameter = None if named is None else named.parameter(name)
    return plain(name) if named is None or parameter is None else plain(named.title_of(parameter))


def argument_in(name: str, value: object, named: Named | None, language: str) -> str:
    """Return the value of an argument in words, as far as it says itself what it is."""
    chosen = _chosen(name, value, named, language)
    if chosen is not None:
        return chosen
    if isinstance(value, bool):
        return boolean_in(value, language)
    if isinstance(value, float):
        return figure_in(value, language)
    return plain(shortened(_text(name, str(value), language), _MOST))


def _called(finding: Finding, name: str, named: Named | None, language: str) -> str:
    called = finding.argument_words.get(name)
    if called is None:
        return argument_in(name, finding.arguments[name], named, language)
    return plain(shortened(words_in(called, language), _MOST))


def _chosen(name: str, value: object, named: Named | None, language: str) -> str | None:
    """Return what a value that is chosen from a list is called, where there are words for it."""
    term = terms().get(name)
    words = None if term is None else term.codes.get(str(value))
    if words is not None:
        return plain(words_in(words, language))
    parameter = None if named is None else named.parameter(name)
    if named is None or parameter is None or value not in parameter.choices:
        return None
    return plain(named.choice(parameter, str(value)))


def _text(name: str, said: str, language: str) -> str:
    if said.lstrip().startswith("{"):
        return words_in(LABELS["given_geojson" if name == "proposal" else "drawn_area"], language)
    if name == "within" and said == "city":
        return words_in(_CITY, language)
    kind, colon, code = said.partition(":")
    if colon and kind in _PLACES:
        return words_in(_PLACES[kind], language).format(code)
    return PurePath(said).name if name == "proposal" else text_in(said, language)
