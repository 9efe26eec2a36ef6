"""What a report says, in the order in which it is read: written in a language, laid out nowhere yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gis.findings import Finding, Outcome, Quantity, Source
from gis.reports.asked import asked
from gis.reports.judged import Count, Group, groups, tally
from gis.reports.labels import labels
from gis.reports.plain import plain, shortened
from gis.reports.tabulated import Figure, Written, figure, written
from gis.wording import check_language, reference_in, text_in, words_in

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
