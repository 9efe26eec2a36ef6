"""Verdicts on the objects of a proposal, by the standards and by the zones that they lie in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from gis.certainty import Certainty
from gis.conformance.ground import Ground
from gis.findings import Outcome, Subject, Verdict
from gis.planning import judging
from gis.planning.judging import ON_THE_LINE, Asked, Check, Found
from gis.planning.parts import Reading
from layers.model import Words

__all__ = ["Asked", "Check", "Found", "Judge"]

_WORST_FIRST = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS, Outcome.NOT_APPLICABLE)
_NO_ZONE = Words("Đồ án không có ô quy hoạch tại đây", "The plan has no zone here")
_NO_LIMIT = Words("Ô quy hoạch không nêu chỉ tiêu này", "The zone names no such limit")


@dataclass(frozen=True, slots=True)
class Judge(judging.Judge):
    """Holds one subject against one rule, on the ground of a proposal."""

    ground: Ground

    @classmethod
    def on(cls, ground: Ground, check: Check, subject: Subject) -> Judge:
        """Return the one who holds a subject against a check."""
        return cls(ground.terms.edition, check, subject, ground)

    def by_plan(self, site: BaseGeometry, column: str, found: Found) -> Verdict:
        """Hold what was found against the limits of the zones that a site lies in; the worst of them counts.

        Parameters
        ----------
        column : the limit, a column of `zone`: what begins with `min`, and the setback, is asked at least, the rest
            at most.
        """
        verdicts = list(self._by_zones(site, column, found))
        if not verdicts:
            reason = _NO_ZONE if self.ground.zoned(site) is None else _NO_LIMIT
            return self.undecided(self.ground.terms.plan.reference, reason, found)
        return min(verdicts, key=lambda each: _WORST_FIRST.index(each.outcome))

    def _by_zones(self, site: BaseGeometry, column: str, found: Found) -> Iterator[Verdict]:
        plan = self.ground.terms.plan
        zoned = self.ground.zoned(site)
        for zone, part in zoned.drawn() if zoned else ():
            limit = zone.values[column]
            if limit is None:
                continue
            reference = f"{plan.reference}, {zone.values['code'] or zone.uid}"
            bounds = (limit, None) if column.startswith("min") or column == "setback_m" else (None, limit)
            verdict = self.judged(Asked(*bounds, reference, Certainty.REGISTERED), found)
            if part.reading is Reading.WITHIN_TOLERANCE and verdict.outcome is Outcome.FAIL:
                verdict = replace(verdict, outcome=Outcome.UNDECIDED, reason=ON_THE_LINE, conflict=None)
            yield replace(verdict, tolerance_m=plan.tolerance_m)
