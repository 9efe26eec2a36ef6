"""From what was found and what is asked to a verdict; what cannot be decided is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isclose

from shapely.geometry.base import BaseGeometry

from gis.certainty import Certainty
from gis.findings import NOT_APPLICABLE, Outcome, Subject, Verdict
from gis.findings.figures import figure
from gis.standards import Edition, MissingFactError, NotApplicableError, UnknownRuleError, UnknownValueError, terms
from gis.standards.rule import Case
from gis.wording import NUMBER, UNKNOWN, unit_in
from layers.model import Words

_SAME = 1e-9
NOT_GIVEN = Words("Đề xuất không nêu giá trị này", "The proposal does not say it")
ON_THE_LINE = Words("Nằm trong sai số nét vẽ của đồ án", "Within the line tolerance of the plan")
_NOT_SET = Words("Quy chuẩn không quy định cho trường hợp này", "The standard sets nothing for such a case")


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that objects are held against: its name, and what it is called."""

    name: str
    title: Words


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, in `unit`; a share is 0-1.

    `off` is how far it may be wrong either way, `missing` says why there is no value, `conflict` is where the rule
    would be broken, in EPSG:5899.
    """

    value: float | None
    unit: str
    arithmetic: Words | None = None
    missing: Words = NOT_GIVEN
    inputs: Mapping[str, float | str | None] = field(default_factory=dict)
    off: float = 0.0
    conflict: BaseGeometry | None = None
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, in the unit of what was found: at least, at most, or both; where it stands, and how sure it is."""

    minimum: float | None
    maximum: float | None
    reference: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Judge:
    """Holds one subject against one rule of an edition of the standards."""

    edition: Edition
    check: Check
    subject: Subject

    def judged(self, asked: Asked, found: Found) -> Verdict:
        """Return the verdict on what was found."""
        outcome, reason = Outcome.UNDECIDED, found.missing
        if found.value is not None:
            outcome = _outcome(found.value, found.off, asked)
            reason = ON_THE_LINE if outcome is Outcome.UNDECIDED else None
        return Verdict(
            outcome=outcome,
            rule=self.check.name,
            reference=asked.reference,
            title=self.check.title,
            subject=self.subject,
            asked=_words(asked, found),
            found=found.value,
            unit=found.unit,
            certainty=asked.certainty,
            arithmetic=found.arithmetic,
            reason=reason,
            inputs=found.inputs,
            tolerance_m=found.off or None,
            conflict=found.conflict if outcome is Outcome.FAIL else None,
            is_share=found.is_share,
        )

    def undecided(self, reference: str, reason: Words, found: Found | None = None) -> Verdict:
        """Return the verdict that it cannot be decided, with what was found nevertheless."""
        verdict = self._unasked(Outcome.UNDECIDED, reference, reason)
        if found is None:
            return verdict
        return replace(
            verdict, found=found.value, unit=found.unit, arithmetic=found.arithmetic, is_share=found.is_share
        )

    def not_applicable(self, reference: str, reason: Words = _NOT_SET) -> Verdict:
        """Return the verdict that the rule does not speak of it."""
        return self._unasked(Outcome.NOT_APPLICABLE, reference, reason)

    def by_standard(self, rule: str, case: Case, found: Found) -> Verdict:
        """Hold what was found against a rule of the edition; `case` is what is known, by the axes of the rule."""
        edition = self.edition
        try:
            named = edition.rule(rule)
        except UnknownRuleError:
            reason = Words(f"{edition.code}: chưa có giá trị", f"{edition.code}: its value is not known here")
            return self.undecided(edition.code, reason, found)
        try:
            norm = named.norm(case)
        except NotApplicableError:
            return self.not_applicable(named.reference)
        except UnknownValueError:
            reason = Words("Chưa đọc được giá trị trong quy chuẩn", "The value it sets was not read")
            return self.undecided(named.reference, reason, found)
        except MissingFactError as error:
            title = terms()[error.missing].title
            reason = Words(f"Chưa rõ: {title.vi.lower()}", f"Not known: {title.en.lower()}")
            return self.undecided(named.reference, reason, found)
        asked = Asked(norm.minimum, norm.maximum, named.reference, norm.certainty)
        return self.judged(asked, replace(found, inputs={**norm.case, **found.inputs}))

    def _unasked(self, outcome: Outcome, reference: str, reason: Words) -> Verdict:
        return Verdict(
            outcome=outcome,
            rule=self.check.name,
            reference=reference,
            title=self.check.title,
            subject=self.subject,
            asked=NOT_APPLICABLE if outcome is Outcome.NOT_APPLICABLE else UNKNOWN,
            found=None,
            unit="",
            certainty=None,
            reason=reason,
        )


def _outcome(value: float, off: float, asked: Asked) -> Outcome:
    least, most = value - off, value + off
    if _below(most, asked.minimum) or _below(asked.maximum, least):
        return Outcome.FAIL
    if _below(least, asked.minimum) or _below(asked.maximum, most):
        return Outcome.UNDECIDED
    return Outcome.PASS


def _below(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return False
    return first < second and not isclose(first, second, rel_tol=_SAME, abs_tol=_SAME)


def _words(asked: Asked, found: Found) -> Words:
    both = [_bound("≥", asked.minimum, found), _bound("≤", asked.maximum, found)]
    parts = [each for each in both if each is not None]
    return (
        Words("; ".join(each.vi for each in parts), "; ".join(each.en for each in parts)) if parts else NOT_APPLICABLE
    )


def _bound(sign: str, number: float | None, found: Found) -> Words | None:
    if number is None:
        return None
    shown, unit = (100 * number, "%") if found.is_share else (number, "" if found.unit == NUMBER else found.unit)
    vi, en = (f"{sign} {figure(shown, language)} {unit_in(unit, language)}".rstrip() for language in ("vi", "en"))
    return Words(vi, en)
