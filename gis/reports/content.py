"""What a report says, in the order in which it is read: written in a language, laid out nowhere yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gis.analyses import QUESTIONS
from gis.asking import question_named
from gis.findings import Finding, Outcome, Quantity, Source
from gis.named import Named
from gis.reports.judged import Count, Group, groups, tally
from gis.reports.labels import ARGUMENTS, labels
from gis.reports.plain import plain, shortened
from gis.reports.tabulated import Figure, Written, figure, written
from gis.schema import BASELINE
from gis.standards import terms
from gis.wording import boolean_in, check_language, figure_in, reference_in, text_in, words_in
from layers.kernel import HORIZONS

_MOST_OF_ARGUMENT = 240
_MOST_OF_COMMAND = 1_600
_MOST_IN_FOOT = 104
_ADDRESS = re.compile(r"https?://[^\s;]+")
_VERSION = re.compile(r"\b([0-9a-f]{7})[0-9a-f]{33}\b")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as it is read; `address` is where it lies, and `shown` the address without the names of versions."""

    title: str
    reference: str
    address: str
    shown: str
    certainty: str
    note: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a report says but its map; texts are plain and come to no document as its markup."""

    language: str
    words: Mapping[str, str]
    title: str
    asked: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    tally: tuple[Count, ...]
    tables: tuple[Written, ...]
    groups: tuple[Group, ...]
    sources: tuple[Cited, ...]
    hash: str
    command: str
    command_in_foot: str


def content(finding: Finding, language: str) -> Content:
    """Return what a report of a finding says in a language; LanguageError where it is none."""
    check_language(language)
    words = labels(language)
    command = plain(finding.command)
    return Content(
        language=language,
        words=words,
        title=plain(words_in(finding.title, language)),
        asked=asked(finding, words, language),
        notes=tuple(plain(words_in(note, language)) for note in finding.notes),
        figures=tuple(figure(each, language) for each in key_quantities(finding)),
        tally=tally(finding.verdicts, language) if finding.verdicts else (),
        tables=tuple(written(each, language) for each in finding.tables),
        groups=groups(finding.verdicts, words, language),
        sources=tuple(_cited(each, language) for each in finding.sources),
        hash=finding.hash,
        command=shortened(command, _MOST_OF_COMMAND),
        command_in_foot=shortened(command, _MOST_IN_FOOT),
    )


def key_quantities(finding: Finding) -> tuple[Quantity, ...]:
    """Return the quantities that are told as key figures; the others are in the tally of verdicts."""
    return tuple(each for each in finding.quantities if not _is_tallied(each, finding))


def _is_tallied(quantity: Quantity, finding: Finding) -> bool:
    """Return whether a figure counts verdicts, which the tally does already."""
    return bool(finding.verdicts) and quantity.name in list(Outcome)


def asked(finding: Finding, words: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    """Return what was asked: the question, of which city, how."""
    horizon = next(code.title for code in HORIZONS.codes if code.code == finding.horizon)
    named = Named(question_named(finding.question), language) if finding.question in QUESTIONS else None
    question = plain(finding.question if named is None else named.title)
    return (
        (words["question"], question),
        *(
            (_titled(name, named, language), _chosen(name, value, named, language) or _argument(value, language))
            for name, value in finding.arguments.items()
            if value not in (None, "")
        ),
        (words["horizon"], words_in(horizon, language)),
        (words["scenario"], words["baseline"] if finding.scenario == BASELINE else plain(finding.scenario)),
    )


def _titled(name: str, named: Named | None, language: str) -> str:
    if name in ARGUMENTS:
        return words_in(ARGUMENTS[name], language)
    parameter = None if named is None else named.parameter(name)
    return plain(name) if named is None or parameter is None else plain(named.title_of(parameter))


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


def _argument(value: object, language: str) -> str:
    if isinstance(value, bool):
        return boolean_in(value, language)
    if isinstance(value, float):
        return figure_in(value, language)
    said = str(value)
    if said.lstrip().startswith("{"):
        return labels(language)["drawn_area"]
    return plain(shortened(text_in(said, language), _MOST_OF_ARGUMENT))


def _cited(source: Source, language: str) -> Cited:
    address = _ADDRESS.search(source.reference)
    found = "" if address is None else address[0]
    reference = source.reference.replace(found, "").strip(" ;,")
    return Cited(
        title=plain(words_in(source.title, language)),
        reference=plain(_DAY.sub(lambda day: text_in(day[0], language), reference_in(reference, language))),
        address=plain(found),
        shown=plain(_VERSION.sub(r"\1…", found.partition("://")[2])),
        certainty=words_in(source.certainty.words, language) if source.certainty else "",
        note=plain(words_in(source.note, language)) if source.note else "",
    )
