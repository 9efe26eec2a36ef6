"""What zones that are built ask of one part of the city, and whether it holds: a part of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from gis.findings import Feature, Outcome, Quantity, Source, Subject, Table, Verdict
from gis.wording import UNKNOWN
from layers.model import Words


@dataclass(frozen=True, slots=True)
class Chapter:
    """Figures, tables, verdicts, what is drawn, and what all that rests on."""

    quantities: tuple[Quantity, ...] = ()
    tables: tuple[Table, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    features: tuple[Feature, ...] = ()
    notes: tuple[Words, ...] = ()
    sources: tuple[Source, ...] = ()


def together(chapters: Sequence[Chapter]) -> Chapter:
    """Return chapters as one, in their order; a source that several rest on is named once."""
    return Chapter(
        tuple(chain.from_iterable(each.quantities for each in chapters)),
        tuple(chain.from_iterable(each.tables for each in chapters)),
        tuple(chain.from_iterable(each.verdicts for each in chapters)),
        tuple(chain.from_iterable(each.features for each in chapters)),
        tuple(chain.from_iterable(each.notes for each in chapters)),
        tuple(dict.fromkeys(chain.from_iterable(each.sources for each in chapters))),
    )


def unanswered(rule: str, title: Words, zones: str, *, reference: str, reason: Words) -> Chapter:
    """Return a chapter that could not be answered: a verdict that says why."""
    verdict = Verdict(
        outcome=Outcome.UNDECIDED,
        rule=rule,
        reference=reference,
        title=title,
        subject=Subject("zone", zones),
        asked=UNKNOWN,
        found=None,
        unit="",
        certainty=None,
        reason=reason,
    )
    return Chapter(verdicts=(verdict,))
