"""An edition of a standard: the days on which it is in force, and its rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis.certainty import Certainty
from gis.errors import QuyhoachError, nearest_of
from gis.standards.rule import Rule
from layers.model import Words


class UnknownRuleError(QuyhoachError):
    """An edition has no rule of that name, as far as it is known."""

    def __init__(self, edition: Edition, name: str) -> None:
        super().__init__(f"{edition.code} has no rule {name[:60]!r} here; {nearest_of(name, list(edition.rules))}.")


class UnknownEditionError(QuyhoachError):
    """There is no edition of that code."""

    def __init__(self, code: str, known: Sequence[Edition]) -> None:
        numbers = [edition.number for edition in known]
        super().__init__(f"There is no edition {code[:60]!r} of QCVN 01; {nearest_of(code, numbers)}.")


class NoEditionError(QuyhoachError):
    """No edition was, or is known to be, in force on a day."""

    def __init__(self, on: dt.date, known: Sequence[Edition]) -> None:
        first = known[0]
        super().__init__(
            f"No edition is known to be in force on {on}; the first is {first.code}, in force from {first.first_day}."
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a standard, in force from `first_day` to `last_day`, or until it is replaced where that is None.

    `replaces` is the code of the one before. `certainty` and `source` are those of its rules where they say no other.
    """

    code: str
    title: Words
    instrument: str
    instrument_date: dt.date
    first_day: dt.date
    last_day: dt.date | None
    replaces: str
    certainty: Certainty
    source: str
    source_note: Words | None
    rules: Mapping[str, Rule]

    @property
    def number(self) -> str:
        """The number alone: 01:2021."""
        return self.code.removeprefix("QCVN ").partition("/")[0]

    @property
    def label(self) -> Words:
        """What it is cited by."""
        return Words(self.code, self.code)

    def rule(self, name: str) -> Rule:
        """Return the rule of that name; UnknownRuleError where there is none."""
        try:
            return self.rules[name]
        except KeyError:
            raise UnknownRuleError(self, name) from None

    def holds(self, on: dt.date) -> bool:
        """Return whether it is in force on a day."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)
