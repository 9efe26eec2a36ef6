"""Whether a proposed use fits into the uses that the plan gives the ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.compatibility import Fit, compatibility
from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Judge
from gis.findings import Outcome, Verdict
from gis.findings.figures import said
from gis.planning.parts import Part, Reading
from gis.planning.zoned import Zoned
from gis.wording import UNKNOWN
from layers.land import BUILDING_USES
from layers.model import CodeList, Words
from layers.zoning import PLAN_USES

_CHECK = Check("use", Words("Chức năng phù hợp quy hoạch", "Use fits the plan"))
_NOT_SAID = Words("Đề xuất không nêu chức năng", "The proposal names no use")
_NO_RULE = Words("Bảng tương thích không có chức năng này", "The table of compatibility has no such use")
_NO_ZONE = Words("Đồ án không có ô quy hoạch tại đây", "The plan has no zone here")
_ON_THE_LINE = Words("Phần không phù hợp nằm trong sai số nét vẽ", "What does not fit lies within the line tolerance")
_PARTLY = Words("Một phần nằm ngoài các ô quy hoạch", "A part lies outside of all zones")
_CONDITIONAL = Words("Chỉ phù hợp khi cơ quan quản lý đồng ý", "Fits only where the authority agrees")
_SMALL_M2 = 1.0
_KINDS: tuple[tuple[str, str, str, CodeList], ...] = (
    ("zone", "lot", "plan_use", PLAN_USES),
    ("building", "building", "building_use", BUILDING_USES),
)


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each lot and building whether its use fits."""
    for layer, kind, column, codes in _KINDS:
        for each in ground.proposal.of(layer):
            judge = Judge.on(ground, _CHECK, each.subject)
            use = each.values[column]
            if use is None:
                yield judge.undecided(ground.terms.plan.reference, _NOT_SAID)
            elif not compatibility().knows(kind, use):
                yield judge.undecided(ground.terms.plan.reference, _NO_RULE)
            else:
                code = codes.named(use)
                yield _Use(judge, kind, use, code.title if code else Words(use, use)).verdict(each.geometry)


class _Use:
    """One use of one object, held against the zones it lies in."""

    def __init__(self, judge: Judge, kind: str, use: str, title: Words) -> None:
        self._judge, self._kind, self._use, self._title = judge, kind, use, title

    def verdict(self, site: BaseGeometry) -> Verdict:
        zoned = self._judge.ground.zoned(site)
        reference = self._judge.ground.terms.plan.reference
        if zoned is None:
            return self._said(self._judge.undecided(reference, _NO_ZONE), None)
        fits = [
            (compatibility().fit(self._kind, self._use, zone.values["plan_use"]), part) for zone, part in zoned.drawn()
        ]
        unfit = [part for fit, part in fits if fit is Fit.NOT]
        sure = [part for part in unfit if part.reading is not Reading.WITHIN_TOLERANCE]
        conditional = [
            part for fit, part in fits if fit is Fit.CONDITIONAL and part.reading is not Reading.WITHIN_TOLERANCE
        ]
        if sure:
            verdict = replace(
                self._judge.undecided(reference, _NOT_SAID),
                outcome=Outcome.FAIL,
                reason=None,
                conflict=shapely.union_all([part.geometry for part in sure]),
            )
        elif zoned.parts.none_m2 > _SMALL_M2:
            verdict = self._judge.undecided(reference, _PARTLY)
        elif unfit:
            verdict = self._judge.undecided(reference, _ON_THE_LINE)
        elif conditional:
            verdict = self._judge.undecided(reference, _CONDITIONAL)
        else:
            verdict = replace(self._judge.undecided(reference, _NOT_SAID), outcome=Outcome.PASS, reason=None)
        return self._said(verdict, zoned)

    def _said(self, verdict: Verdict, zoned: Zoned | None) -> Verdict:
        """Add what was asked and found: the planned uses with their ground, and the proposed use."""
        planned = list(zoned.each()) if zoned else []
        parts = [_part(str(zone.values["code"] or zone.uid), zone.values["plan_use"], part) for zone, part in planned]
        titles = [PLAN_USES.named(zone.values["plan_use"]) for zone, part in planned if not part.beside]
        named = {each.code: each.title for each in titles if each}
        return replace(
            verdict,
            asked=_joined(list(named.values()), ", ") or UNKNOWN,
            found=self._title,
            arithmetic=_joined(parts, "; "),
            certainty=compatibility().certainty,
            tolerance_m=self._judge.ground.terms.plan.tolerance_m,
        )


def _part(zone: str, use: str, part: Part) -> Words:
    """Return what a zone has of the site, with the least and the most it may have where lines may lie off."""
    code = PLAN_USES.named(use)
    title = Words(use, use) if code is None else code.title
    if part.least_m2 is None or part.most_m2 is None:
        area = said("{area} m² (chưa rõ sai số)", "{area} m² (tolerance not known)", area=part.area_m2)
    elif part.most_m2 - part.least_m2 < _SMALL_M2:
        area = said("{area} m²", area=part.area_m2)
    else:
        area = said("{area} m² ({least}–{most})", area=part.area_m2, least=part.least_m2, most=part.most_m2)
    return Words(f"{zone} {title.vi} {area.vi}", f"{zone} {title.en} {area.en}")


def _joined(words: list[Words], sign: str) -> Words | None:
    return Words(sign.join(each.vi for each in words), sign.join(each.en for each in words)) if words else None
