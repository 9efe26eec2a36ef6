"""The verdicts of a finding as a table, what fails first."""

from __future__ import annotations

from collections.abc import Sequence

from gis.findings.table import NOT_APPLICABLE, Heading, Table
from gis.findings.verdict import Outcome, Verdict
from gis.wording import LANGUAGES, UNKNOWN, measure_in, reference_in
from layers.model import Words

_ORDER = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS, Outcome.NOT_APPLICABLE)


def judgements(verdicts: Sequence[Verdict], outcome: Outcome | None = None) -> Table:
    """Return verdicts, all or those of one outcome: what was held against which rule, what was found, and why."""
    headings = (
        Heading("subject", Words("Đối tượng", "Subject")),
        Heading("title", Words("Quy định", "Rule")),
        Heading("asked", Words("Yêu cầu", "Required")),
        Heading("found", Words("Kết quả", "Found")),
        Heading("outcome", Words("Kết luận", "Outcome")),
        Heading("why", Words("Cách tính, lý do", "Arithmetic, reason")),
        Heading("reference", Words("Căn cứ", "Reference")),
    )
    chosen = [each for each in verdicts if outcome in (None, each.outcome)]
    in_order = sorted(chosen, key=lambda each: _ORDER.index(each.outcome))
    rows = tuple(
        (each.subject.label, each.title, each.asked, _found(each), each.outcome.words, _why(each), _reference(each))
        for each in in_order
    )
    return Table("judgements", Words("Kết luận theo quy định", "Verdicts"), headings, rows)


def _found(verdict: Verdict) -> Words:
    found = verdict.found
    if isinstance(found, Words):
        return found
    if found is None:
        return NOT_APPLICABLE if verdict.outcome is Outcome.NOT_APPLICABLE else UNKNOWN
    return Words(*(measure_in(found, verdict.unit, language, is_share=verdict.is_share) for language in LANGUAGES))


def _why(verdict: Verdict) -> Words:
    return verdict.reason or verdict.arithmetic or NOT_APPLICABLE


def _reference(verdict: Verdict) -> Words:
    return Words(*(reference_in(verdict.reference, language) for language in LANGUAGES))
