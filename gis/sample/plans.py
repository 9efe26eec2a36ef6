"""The register of sample plans. None of them is law; every name and number says that it is a sample."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.arrays import Shapes
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.stream import Batch, batches

GENERAL = "MAU-QHC-2025"
FORMER = "MAU-QHC-2013"
LAND = "MAU-SDD-2030"
DETAILED = "MAU-QCT-01"
_AUTHORITY = "Dữ liệu mẫu, không cơ quan nào phê duyệt"


def detailed_cell(plan: Layout) -> int:
    """Return the cell that has a detailed plan: the best built-up one of those nearest the centre."""
    home = plan.home
    weight = np.where(home.town & (home.made != Make.PARK), home.area_ha * np.exp(-3 * home.share), 0.0)
    return int(np.argmax(np.bincount(home.cell, weight)))


def plans(plan: Layout) -> Iterator[Batch]:
    """Yield the general plan, the one it adjusts, a land-use plan, sub-area plans by district, a detailed plan."""
    whole = shapely.coverage_union_all(plan.wards.shapes)
    cell = plan.bones.cell_shapes[detailed_cell(plan)]
    names = plan.wards.district_names
    rows: list[tuple[str, str, str, str, int, str, str | None]] = [
        (FORMER, "Quy hoạch chung (mẫu) năm 2013", "construction", "general", 25_000, "superseded", None),
        (GENERAL, "Điều chỉnh quy hoạch chung (mẫu) năm 2025", "construction", "general", 10_000, "approved", FORMER),
        (LAND, "Quy hoạch sử dụng đất (mẫu) đến năm 2030", "land_use", "general", 25_000, "approved", None),
        (DETAILED, "Quy hoạch chi tiết (mẫu) khu trung tâm", "construction", "detailed", 500, "consultation", None),
    ]
    statuses = ("approved", "draft", "consultation")
    for number, name in enumerate(names):
        title = f"Quy hoạch phân khu (mẫu) {name}"
        status = statuses[number % len(statuses)]
        rows.append((f"MAU-QPK-{number + 1:02d}", title, "construction", "sub_area", 5_000, status, None))
    shapes: Shapes = np.array([whole, whole, whole, cell, *plan.wards.district_shapes], dtype=object)
    days = [datetime.date(2013, 12, 4), datetime.date(2025, 3, 1), datetime.date(2024, 10, 1), None]
    signed = [row[5] in {"approved", "superseded"} for row in rows]
    columns = {
        "code": [row[0] for row in rows],
        "name": [row[1] for row in rows],
        "plan_system": [row[2] for row in rows],
        "plan_level": [row[3] for row in rows],
        "scale_denominator": [row[4] for row in rows],
        "decision_number": [f"MẪU/{number + 1}" if done else None for number, done in enumerate(signed)],
        "decision_date": [*days, *(datetime.date(2025, 6, 1) if done else None for done in signed[4:])],
        "authority": _AUTHORITY,
        "status": [row[5] for row in rows],
        "adjusts": [row[6] for row in rows],
    }
    yield from batches("plan", shapes, columns)
