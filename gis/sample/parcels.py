"""Parcels: lots with their cadastral numbers, use and certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # columns are arrays of many kinds

import numpy as np

from gis.sample.arrays import Ints
from gis.sample.layout import Layout
from gis.sample.patterns import PATTERNS, Make
from gis.sample.plots import Plots
from gis.sample.services import SERVICES
from gis.sample.stream import Batch, batches

STAGES = np.array(["existing", "2030", "2045", None], dtype=object)

_QUARTERS_A_SHEET = 2
_NUMBERS_A_QUARTER = 4_000
_LATER = 10_000
_TWICE_NUMBERED = 0.004
_OTHER_USES: dict[Make, tuple[tuple[str, float], ...]] = {
    Make.OLD: (("ODT", 0.93), ("TMD", 0.04), ("TIN", 0.01), ("SKC", 0.01), ("DSH", 0.01)),
    Make.ROW: (("ODT", 0.95), ("TMD", 0.035), ("DSH", 0.005), ("BCS", 0.01)),
    Make.VILLA: (("ODT", 0.97), ("TMD", 0.03)),
    Make.VILLAGE: (("ONT", 0.72), ("CLN", 0.18), ("HNK", 0.07), ("TIN", 0.01), ("NTD", 0.02)),
    Make.MIXED: (("TMD", 0.62), ("ODT", 0.22), ("TSC", 0.06), ("DTS", 0.05), ("SKC", 0.05)),
    Make.PADDY: (("LUC", 0.93), ("LUK", 0.05), ("NTD", 0.02)),
    Make.CROPS: (("HNK", 0.48), ("CLN", 0.34), ("BHK", 0.12), ("BCS", 0.06)),
    Make.INDUSTRY: (("SKK", 0.9), ("SKC", 0.06), ("DNL", 0.04)),
    Make.CAMPUS: (("DGD", 0.55), ("DKH", 0.15), ("DTT", 0.1), ("DXH", 0.1), ("CQP", 0.1)),
    Make.OFFICE: (("TSC", 0.6), ("DTS", 0.2), ("CAN", 0.06), ("TMD", 0.14)),
    Make.GREEN: (("DKV", 0.7), ("BCS", 0.3)),
    Make.FOREST: (("RSX", 0.55), ("RPH", 0.4), ("DCS", 0.05)),
}


def land_use_codes(plan: Layout, table: Plots) -> np.ndarray:
    """Return the land-use code of each lot."""
    codes = np.empty(len(table.made), dtype=object)
    luck = plan.frame.rng(51, int(table.quarter[0])).random(len(codes))
    for kind in np.unique(table.made):
        here = np.flatnonzero(table.made == kind)
        shares = _OTHER_USES.get(Make(kind), ((PATTERNS[Make(kind)].land_use, 1.0),))
        bounds = np.cumsum([share for _, share in shares])
        names = np.array([code for code, _ in shares], dtype=object)
        codes[here] = names[np.searchsorted(bounds, luck[here]).clip(0, len(names) - 1)]
    peninsula = (table.made == Make.FOREST) & (plan.home.centre[table.quarter, 1] > _peninsula_northing(plan))
    codes[peninsula] = "RDD"
    served = table.service >= 0
    uses = np.array([service.land_use for service in SERVICES], dtype=object)
    codes[served] = uses[table.service[served]]
    return codes


def _peninsula_northing(plan: Layout) -> float:
    return float(plan.frame.centre[1] + 0.62 * plan.frame.radius_m)


def sheets(plan: Layout) -> Ints:
    """Return for each quarter its place among those of its ward; a few consecutive ones share a cadastral map sheet."""
    ward = plan.wards.of_face
    order = np.lexsort((np.arange(len(ward)), ward))
    starts = np.searchsorted(ward[order], np.arange(int(ward.max()) + 1))
    within = np.empty(len(ward), dtype=np.int64)
    within[order] = np.arange(len(ward)) - starts[ward[order]]
    return within


def parcels(plan: Layout, table: Plots, codes: np.ndarray, within: Ints) -> Iterator[Batch]:
    """Yield the parcels of a table of lots.

    (map sheet, parcel number) comes twice where a parcel was divided and not numbered anew, as happens in real
    registers: about four in a thousand within a ward, and everywhere across wards.
    """
    rng = plan.frame.rng(52, int(table.quarter[0]))
    count = len(table.shapes)
    numbers = _numbers(table, within)
    twice = rng.random(count) < _TWICE_NUMBERED
    numbers[twice] = np.maximum(numbers[twice] - 1, 1)
    measured = table.areas
    off = rng.normal(0, 0.006, count) + np.where(rng.random(count) < 0.03, rng.normal(0, 0.05, count), 0)
    wards = np.array(plan.wards.codes, dtype=object)
    sheet = within // _QUARTERS_A_SHEET + 1
    columns: dict[str, Any] = {
        "ward_code": wards[plan.wards.of_face[table.quarter]],
        "map_sheet": sheet[table.quarter].astype(str).astype(object),
        "parcel_number": numbers.astype(str).astype(object),
        "land_use_code": codes,
        "area_legal_m2": np.round(measured * (1 + off), 1),
        "frontage_m": np.round(table.frontage_m, 2),
        "stage": STAGES[table.stage],
        "stage_end": STAGES[table.stage_end],
    }
    yield from batches("parcel", table.shapes, columns)


def _numbers(table: Plots, within: Ints) -> Ints:
    """Return parcel numbers that run on over the quarters of a sheet; lots of a later stage are numbered apart."""
    base = within[table.quarter] % _QUARTERS_A_SHEET * _NUMBERS_A_QUARTER + np.where(table.stage > 0, _LATER, 0)
    return base + table.place + 1
