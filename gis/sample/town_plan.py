"""The town's plans, zones, corridors and road reserves (see `gis.sample.town`)."""

from __future__ import annotations

import datetime

from gis.sample.squares import Rows, rectangle, tile

PLAN = "TOWN-QHC"
FORMER = "TOWN-QHC-2010"

_HOUSING, _MIXED = "DAT_O_Nhomnhao", "DAT_O_Honhop_Nhomo"


def plan_features() -> dict[str, Rows]:
    """Return the features of the zoning layers, by layer."""
    return {"plan": _plans(), "zone": _zones(), "corridor": _corridors(), "road_reserve": _reserves()}


def _plans() -> Rows:
    common = {"geometry": tile(0, 0, 500, 200), "plan_system": "construction", "plan_level": "general"}
    by = {"authority": "Dữ liệu mẫu", "scale_denominator": 10_000}
    first = {"decision_number": "MẪU/1", "decision_date": datetime.date(2010, 1, 1), "status": "superseded"}
    second = {"decision_number": "MẪU/2", "decision_date": datetime.date(2025, 1, 1), "status": "approved"}
    return [
        {"code": FORMER, "name": "Quy hoạch chung (mẫu) 2010", **common, **by, **first},
        {"code": PLAN, "name": "Quy hoạch chung (mẫu) 2025", **common, **by, **second, "adjusts": FORMER},
    ]


def _zones() -> Rows:
    rows: Rows = []

    def add(
        horizon: str,
        code: str,
        use: str,
        box: tuple[float, float, float, float],
        limit: tuple[float, int] | None = None,
    ) -> None:
        ratio, height = limit or (None, None)
        built = {"max_built_share": 0.6, "min_green_share": 0.1, "setback_m": 3.0} if ratio else {}
        limits = {"max_floor_area_ratio": ratio, "max_height_m": height, "min_storeys": 1 if ratio else None}
        storeys = {"max_storeys": int(height / 4) if height else None, "population": 300 if ratio else None}
        names = {"plan_code": PLAN, "horizon": horizon, "code": code, "plan_use": use}
        rows.append({"geometry": tile(*box), **names, **limits, **storeys, **built})

    for horizon in ("2030", "2045"):
        add(horizon, "Z1", _HOUSING, (0, 0, 200, 100), (2.0, 16))
        add(horizon, "Z2", "DAT_HTXH_CayxanhCC", (0, 100, 100, 200))
        add(horizon, "Z3", "DAT_HTXH_Truonghoc", (100, 100, 200, 200), (1.2, 16))
        add(horizon, "Z7", "DAT_KHAC_Songsuoi", (450, 0, 500, 200))
    add("2030", "Z4", _HOUSING, (200, 0, 300, 200), (2.0, 16))
    add("2030", "Z5", _HOUSING, (300, 0, 450, 100), (2.0, 16))
    add("2030", "Z6", _MIXED, (300, 100, 450, 200), (4.0, 36))
    add("2045", "Z4", _MIXED, (200, 0, 250, 200), (4.0, 36))
    add("2045", "Z5", _HOUSING, (250, 0, 450, 100), (2.5, 20))
    add("2045", "Z6", _MIXED, (250, 100, 450, 200), (6.0, 60))
    return rows


def _corridors() -> Rows:
    rows: Rows = []
    for horizon in ("2030", "2045"):
        rows.append(
            {
                "geometry": rectangle(430, 0, 450, 200),
                "corridor_type": "river_bank",
                "name": "Bờ sông",
                "width_m": 20.0,
                "basis": "Mẫu",
                "horizon": horizon,
            }
        )
        rows.append(
            {
                "geometry": rectangle(0, 80, 200, 100),
                "corridor_type": "power_line",
                "name": "Đường dây 110 kV",
                "width_m": 10.0,
                "max_height_m": 4.0,
                "basis": "Mẫu",
                "horizon": horizon,
            }
        )
    return rows


def _reserves() -> Rows:
    box = rectangle(0, 86.5, 500, 113.5)
    return [
        {"geometry": box, "plan_code": PLAN, "horizon": horizon, "name": "Phố Giữa", "red_line_width_m": 27.0}
        for horizon in ("2030", "2045")
    ]
