"""The verdicts of a finding as a table, what fails first."""

from __future__ import annotations

from collections.abc import Sequence

from gis.findings.table import Heading, Table
from gis.findings.verdict import Outcome, Verdict
from gis.wording import measure_in
from layers.model import Words

_ORDER = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS, Outcome.NOT_APPLICABLE)
_UNKNOWN = Words("–", "–")


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
        (each.subject.label, each.title, each.asked, _found(each), each.outcome.words, _why(each), each.reference)
        for each in in_order
    )
    return Table("judgements", Words("Kết luận theo quy định", "Verdicts"), headings, rows)


def _found(verdict: Verdict) -> Words:
    found = verdict.found
    if found is None or isinstance(found, Words):
        return found or _UNKNOWN
    written = (measure_in(found, verdict.unit, language, is_share=verdict.is_share) for language in ("vi", "en"))
    return Words(*written)


def _why(verdict: Verdict) -> Words | None:
    return verdict.reason or verdict.arithmetic
