"""How densely a lot is built: the share of its ground under buildings, its floor area over its area."""

from __future__ import annotations

from collections.abc import Iterator

from gis.certainty import Certainty
from gis.conformance.ground import Ground
from gis.conformance.judging import Asked, Check, Found, Judge
from gis.conformance.lots import Lot
from gis.conformance.norms import built_share_rule, floor_area_ratio_rule
from gis.findings import Verdict
from gis.findings.figures import said
from gis.standards.rule import Case
from layers.model import Words

_BUILT = Words("Mật độ xây dựng", "Built share")
_RATIO = Words("Hệ số sử dụng đất", "Floor area ratio")
_BUILT_PLAN = Check("built_share.plan", Words(f"{_BUILT.vi} theo đồ án", f"{_BUILT.en}, plan"))
_BUILT_STANDARD = Check("built_share.standard", Words(f"{_BUILT.vi} theo quy chuẩn", f"{_BUILT.en}, standard"))
_BUILT_OWN = Check("built_share.own", Words(f"{_BUILT.vi} của chính đề xuất", f"{_BUILT.en}, as the lot itself says"))
_RATIO_PLAN = Check("floor_area_ratio.plan", Words(f"{_RATIO.vi} theo đồ án", f"{_RATIO.en}, plan"))
_RATIO_STANDARD = Check("floor_area_ratio.standard", Words(f"{_RATIO.vi} theo quy chuẩn", f"{_RATIO.en}, standard"))
_SEVERAL = Words("Lô đất có nhiều loại công trình", "The lot has buildings of several uses")
_NO_USE = Words("Chưa rõ loại công trình trên lô đất", "What is built on the lot is not known")
_PUBLIC_LOTS = frozenset(
    {"DAT_HTXH_Yte", "DAT_HTXH_Vanhoa", "DAT_HTXH_Theducthethao", "DAT_HTXH_Truonghoc", "DAT_HTXH_TruongTHPT"}
)
_OF_LOTS = {
    "DAT_O_Honhop_Nhomo": "mixed",
    "DAT_Dichvu": "commercial",
    "DAT_SX_Congnghiep": "industry",
    "DAT_HTXH_CayxanhCC": "park",
    "DAT_Cayxanhchuyendung": "specialised_green",
}


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each lot whether it is built as densely as plan and standard allow."""
    for lot in ground.lots:
        built, ratio = _built(lot), _ratio(lot)
        if lot.subject.layer == "zone" or lot.buildings:
            yield Judge.on(ground, _BUILT_PLAN, lot.subject).by_plan(lot.geometry, "max_built_share", built)
            yield _built_standard(ground, lot, built)
            yield from _built_own(ground, lot, built)
            yield Judge.on(ground, _RATIO_PLAN, lot.subject).by_plan(lot.geometry, "max_floor_area_ratio", ratio)
            yield _ratio_standard(ground, lot, ratio)


def _built(lot: Lot) -> Found:
    """Return the built share of a lot: of its buildings where some are proposed, else what it says itself."""
    built_m2 = lot.built_m2
    if built_m2 is None:
        return Found(lot.values.get("max_built_share"), "1", is_share=True)
    share = built_m2 / lot.area_m2
    arithmetic = said("{built} m² / {lot} m² = {share} %", built=built_m2, lot=lot.area_m2, share=100 * share)
    return Found(share, "1", arithmetic, inputs={"built_m2": built_m2, "lot_m2": lot.area_m2}, is_share=True)


def _ratio(lot: Lot) -> Found:
    if not lot.buildings:
        return Found(lot.values.get("max_floor_area_ratio"), "1")
    floors_m2 = lot.floors_m2
    if floors_m2 is None:
        missing = Words(
            "Có công trình không nêu diện tích sàn hoặc số tầng", "A building says neither floors nor storeys"
        )
        return Found(None, "1", missing=missing)
    ratio = floors_m2 / lot.area_m2
    arithmetic = said("{floors} m² / {lot} m² = {ratio}", floors=floors_m2, lot=lot.area_m2, ratio=ratio)
    return Found(ratio, "1", arithmetic, inputs={"floors_m2": floors_m2, "lot_m2": lot.area_m2})


def _built_standard(ground: Ground, lot: Lot, found: Found) -> Verdict:
    judge = Judge.on(ground, _BUILT_STANDARD, lot.subject)
    use = _use(lot)
    if use is None:
        return judge.undecided(ground.terms.edition.code, _SEVERAL if len(lot.uses) > 1 else _NO_USE, found)
    if use in ("park", "specialised_green"):
        return judge.by_standard("gross_density", {"place": use}, found)
    rule = built_share_rule(use)
    if rule is None:
        return judge.not_applicable(ground.terms.edition.code)
    return judge.by_standard(rule, _case(ground, lot), found)


def _built_own(ground: Ground, lot: Lot, found: Found) -> Iterator[Verdict]:
    """Yield whether the buildings of a lot keep to what the lot itself allows, where it says so."""
    allowed = lot.values.get("max_built_share")
    if lot.buildings and allowed is not None:
        asked = Asked(None, allowed, lot.subject.label, Certainty.REGISTERED)
        yield Judge.on(ground, _BUILT_OWN, lot.subject).judged(asked, found)


def _ratio_standard(ground: Ground, lot: Lot, found: Found) -> Verdict:
    judge = Judge.on(ground, _RATIO_STANDARD, lot.subject)
    use = _use(lot)
    if use is None:
        return judge.undecided(ground.terms.edition.code, _SEVERAL if len(lot.uses) > 1 else _NO_USE, found)
    rule = floor_area_ratio_rule(use, area=ground.terms.area)
    if rule is None:
        return judge.not_applicable(ground.terms.edition.code)
    return judge.by_standard(rule, _case(ground, lot), found)


def _use(lot: Lot) -> str | None:
    """Return the use the standard speaks of; None where that is not known, or there are several."""
    if lot.buildings:
        return lot.uses[0] if len(lot.uses) == 1 else None
    planned = lot.values.get("plan_use")
    return "public" if planned in _PUBLIC_LOTS else _OF_LOTS.get(str(planned))


def _case(ground: Ground, lot: Lot) -> Case:
    """Return what is known of a lot, by the axes of the rules."""
    storeys = [each.values["storeys"] for each in lot.buildings] or [lot.values.get("max_storeys")]
    known = {
        "area": ground.terms.area,
        "lot_area_m2": lot.area_m2,
        "height_m": lot.height_m,
        "storeys": None if any(each is None for each in storeys) else max(storeys),
    }
    return {name: value for name, value in known.items() if value is not None}
