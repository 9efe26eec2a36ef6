"""Which uses of land count for what, in the codes of the land law and of the planning law; a grouping of ours."""

from __future__ import annotations

from collections.abc import Mapping

from layers.land import LAND_USES
from layers.zoning import PLAN_USES

_HOUSING = ("ODT", "ONT", "OCT")
_CIVIL = (*_HOUSING, "DGD", "DYT", "DVH", "DTT", "DXH", "DKV", "DCH", "DSH", "DGT")
_FARMING = (
    *("NNP", "SXN", "CHN", "LUA", "LUC", "LUK", "LUN", "HNK", "BHK", "NHK", "CLN", "LNP", "RSX", "RPH", "RDD"),
    *("NTS", "LMU", "NKH", "CNT"),
)
_EMPTY = ("CSD", "BCS", "DCS", "NCS", "SON", "MNC", "MVB", "MVT", "MVR", "MVK")
_PLANNED_HOUSING = ("DAT_O_Nhomnhao", "DAT_O_Honhop_Nhomo", "DAT_O_Langxom")

PRESENT: Mapping[str, frozenset[str]] = {
    "housing_m2": frozenset(_HOUSING),
    "civil_m2": frozenset(_CIVIL),
    "green_m2": frozenset({"DKV"}),
    "health_m2": frozenset({"DYT"}),
    "sport_m2": frozenset({"DTT"}),
    "transport_m2": frozenset({"DGT"}),
    "open_space_m2": frozenset({"DKV", "DGT"}),
    "construction_m2": frozenset(set(LAND_USES.values) - set(_FARMING) - set(_EMPTY)),
}
"""Present uses, by what they count for."""

PLANNED: Mapping[str, frozenset[str]] = {
    "housing_m2": frozenset(_PLANNED_HOUSING),
    "civil_m2": frozenset(
        {*_PLANNED_HOUSING, "DAT_HTKT_DuongGT", "DAT_HTKT_Baidoxe"}
        | {code for code in PLAN_USES.values if code.startswith("DAT_HTXH_")}
    ),
    "green_m2": frozenset({"DAT_HTXH_CayxanhCC"}),
    "health_m2": frozenset({"DAT_HTXH_Yte"}),
    "sport_m2": frozenset({"DAT_HTXH_Theducthethao"}),
    "upper_secondary_m2": frozenset({"DAT_HTXH_TruongTHPT"}),
    "transport_m2": frozenset({"DAT_HTKT_DuongGT"}),
    "open_space_m2": frozenset({"DAT_HTXH_CayxanhCC", "DAT_HTKT_DuongGT"}),
    "construction_m2": frozenset(code for code in PLAN_USES.values if not code.startswith(("DAT_NN_", "DAT_KHAC_"))),
}
"""Planned uses, by what they count for."""
