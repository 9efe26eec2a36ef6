"""The verdicts of a finding, written in a language and grouped by what they are about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from gis.findings import Outcome, Subject, Verdict
from gis.reports.inputs import inputs_in
from gis.reports.plain import plain
from gis.wording import figure_in, measure_in, reference_in, unit_in, unknown_in, words_in
from layers import LAYERS
from layers.model import Words

ORDER = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS, Outcome.NOT_APPLICABLE)
"""What is looked for first stands first."""
NOT_ASKED = "–"
"""What was found where a rule does not apply and nothing was looked for."""
_LONG = 700
"""Letters of a verdict that may be divided between two pages."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many verdicts have an outcome, and which share of all (0-1)."""

    outcome: str
    word: str
    number: int
    written: str
    share: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as it is read.

    `basis` says in one line what it rests on: the reference, how far a line may lie off, how sure it is. `remarks` are
    further lines, each with what it is about.
    """

    outcome: str
    word: str
    title: str
    reference: str
    certainty: str
    tolerance: str
    basis: str
    asked: str
    found: str
    unit: str
    remarks: tuple[tuple[str, str], ...]
    is_long: bool


@dataclass(frozen=True, slots=True)
class Group:
    """All verdicts about one subject."""

    subject: str
    layer: str
    verdicts: tuple[Judged, ...]


def tally(verdicts: tuple[Verdict, ...], language: str) -> tuple[Count, ...]:
    """Return how many verdicts have each outcome, of all four, in their order."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    return tuple(
        Count(
            outcome=outcome.value,
            word=words_in(outcome.words, language),
            number=counts[outcome],
            written=figure_in(counts[outcome], language),
            share=counts[outcome] / len(verdicts) if verdicts else 0.0,
        )
        for outcome in ORDER
    )


def groups(verdicts: tuple[Verdict, ...], words: dict[str, str], language: str) -> tuple[Group, ...]:
    """Return the verdicts by subject, in the order in which subjects first occur; what fails comes first.

    Rules that do not apply for the same reason are one.
    """
    by_subject: dict[Subject, list[Verdict]] = {}
    for verdict in verdicts:
        by_subject.setdefault(verdict.subject, []).append(verdict)
    return tuple(
        Group(
            subject=plain(subject.label),
            layer=layer_in(subject.layer, language),
            verdicts=tuple(judged(each, words, language) for each in _folded(sorted(found, key=_urgency))),
        )
        for subject, found in by_subject.items()
    )


def _folded(verdicts: list[Verdict]) -> list[Verdict]:
    """Return verdicts, those that do not apply for the same reason and of which nothing was found as one."""
    alike: dict[tuple[object, ...], list[Verdict]] = {}
    for place, each in enumerate(verdicts):
        is_bare = each.outcome is Outcome.NOT_APPLICABLE and each.reason is not None and each.arithmetic is None
        alike.setdefault((each.reason, each.asked) if is_bare else (place,), []).append(each)
    return [found[0] if len(found) == 1 else _one(found) for found in alike.values()]


def _one(alike: list[Verdict]) -> Verdict:
    titles = [each.title for each in alike]
    return replace(
        alike[0],
        title=Words("; ".join(each.vi for each in titles), "; ".join(each.en for each in titles)),
        reference="; ".join(dict.fromkeys(each.reference for each in alike)),
        found=None,
        inputs={},
    )


def _urgency(verdict: Verdict) -> int:
    return ORDER.index(verdict.outcome)


def layer_in(layer: str, language: str) -> str:
    """Return the title of a layer; its name where it is none of the declared ones."""
    return words_in(LAYERS[layer].title, language) if layer in LAYERS else plain(layer)


def judged(verdict: Verdict, words: dict[str, str], language: str) -> Judged:
    """Return a verdict in a language."""
    remarks = tuple((words[name], plain(text)) for name, text in _remarks(verdict, language) if text)
    title, reference = plain(words_in(verdict.title, language)), plain(reference_in(verdict.reference, language))
    found = _found(verdict, language)
    certainty = words_in(verdict.certainty.words, language) if verdict.certainty else ""
    tolerance = "" if verdict.tolerance_m is None else f"± {measure_in(verdict.tolerance_m, 'm', language)}"
    return Judged(
        outcome=verdict.outcome.value,
        word=words_in(verdict.outcome.words, language),
        title=title,
        reference=reference,
        certainty=certainty,
        tolerance=tolerance,
        basis=" · ".join(filter(None, (reference, tolerance, certainty))),
        asked=plain(words_in(verdict.asked, language)),
        found=found,
        unit="" if verdict.found is None else plain(unit_in(verdict.unit, language)),
        remarks=remarks,
        is_long=sum(
            map(len, (title, reference, found, words_in(verdict.asked, language), *(text for _, text in remarks)))
        )
        > _LONG,
    )


def _found(verdict: Verdict, language: str) -> str:
    if verdict.found is None:
        return NOT_ASKED if verdict.outcome is Outcome.NOT_APPLICABLE else unknown_in(language)
    if isinstance(verdict.found, Words):
        return plain(words_in(verdict.found, language))
    return figure_in(verdict.found, language, unit=verdict.unit, is_share=verdict.is_share)


def _remarks(verdict: Verdict, language: str) -> list[tuple[str, str]]:
    """Return further lines by the name of their label; those without text are left out."""
    inputs = inputs_in(verdict, language)
    if verdict.arithmetic is not None and verdict.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
        inputs = ""  # the equation has them, and nobody has to look into what went well
    return [
        ("reason", words_in(verdict.reason, language) if verdict.reason else ""),
        ("arithmetic", words_in(verdict.arithmetic, language) if verdict.arithmetic else ""),
        ("inputs", inputs),
    ]
