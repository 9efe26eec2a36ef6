"""How much of a lot is planted."""

from __future__ import annotations

from collections.abc import Iterator

from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Found, Judge
from gis.conformance.lots import Lot
from gis.conformance.norms import planted_use
from gis.findings import Verdict
from layers.model import Words

_PLAN = Check("green_share.plan", Words("Tỷ lệ cây xanh theo đồ án", "Green share, plan"))
_STANDARD = Check("green_share.standard", Words("Tỷ lệ cây xanh theo quy chuẩn", "Green share, standard"))
_OF_LOTS = {
    "DAT_HTXH_Truonghoc": "education",
    "DAT_HTXH_TruongTHPT": "education",
    "DAT_HTXH_Yte": "health",
    "DAT_HTXH_Vanhoa": "culture",
    "DAT_SX_Congnghiep": "factory",
}


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each proposed lot whether it is planted as plan and standard ask."""
    for lot in ground.lots:
        if lot.subject.layer != "zone":
            continue
        found = Found(lot.values["min_green_share"], "1", is_share=True)
        yield Judge.on(ground, _PLAN, lot.subject).by_plan(lot.geometry, "min_green_share", found)
        use = _use(lot)
        judge = Judge.on(ground, _STANDARD, lot.subject)
        if use is None:
            yield judge.not_applicable(ground.terms.edition.code)
        else:
            yield judge.by_standard("planted_share", {"lot_use": use}, found)


def _use(lot: Lot) -> str | None:
    for use in lot.uses:
        if planted := planted_use(use):
            return planted
    return _OF_LOTS.get(str(lot.values.get("plan_use")))
