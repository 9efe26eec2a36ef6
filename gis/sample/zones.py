"""Zones of the sample general plan for 2030 and 2045: what each part of the city is to be, and how high and dense.

The zones of one horizon cover the city without gap or overlap. They differ from what stands, and from each other:

- extension quarters become town in 2030 or in 2045, where there are fields today;
- in 2045 old industry near the centre becomes mixed use, and along arterials a strip 40 m deep is raised: its border
runs
  through parcels;
- floor area ratios rise from 2030 to 2045.

Conflicts put in on purpose, to be found by whoever checks the plan against the city:

- the largest factory quarter lies in a housing zone of 2030;
- houses stand within the corridors of river bank, coast and power line;
- parcels are split by the border of the raised strips;
- some schools stand in zones of mixed use; some towers are higher than their zone allows;
- a detailed plan gives one cell another floor area ratio than the general plan does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # columns are arrays of many kinds

import numpy as np
import shapely

from gis.sample.arrays import GRID_M, Flags, Floats, Ints, Shape, Shapes, merged_by
from gis.sample.arterials import CITY_MAIN, DISTRICT_MAIN, EXPRESSWAY, RAIL
from gis.sample.layout import Layout
from gis.sample.patterns import RAILWAY_LAND_M, RED_LINES_M, Make
from gis.sample.plans import DETAILED, GENERAL, detailed_cell
from gis.sample.skeleton import containing
from gis.sample.stream import Batch, batches

ROADS = "DAT_HTKT_DuongGT"
RAISED = "DAT_O_Honhop_Nhomo"
_STRIP_M = 40.0
_RAISED_SHARE = 0.5
_LAST = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """What a use allows: built share, floor area ratio at centre and edge, most storeys there, green share, setback."""

    built: float
    ratio: tuple[float, float]
    storeys: tuple[int, int]
    green: float
    setback_m: float
    land_use: str


USES: dict[Make, str] = {
    Make.WATER: "DAT_KHAC_Songsuoi", Make.BEACH: "DAT_HTXH_CayxanhCC", Make.GREEN: "DAT_HTXH_CayxanhCC",
    Make.FOREST: "DAT_NN_Rungphongho", Make.PADDY: "DAT_NN_Nongnghiep", Make.CROPS: "DAT_NN_Nongnghiep",
    Make.FISH: "DAT_NN_Thuysan", Make.VILLAGE: "DAT_O_Langxom", Make.OLD: "DAT_O_Nhomnhao", Make.ROW: "DAT_O_Nhomnhao",
    Make.VILLA: "DAT_O_Nhomnhao", Make.APARTMENT: RAISED, Make.MIXED: RAISED, Make.RESORT: "DAT_Dulich",
    Make.INDUSTRY: "DAT_SX_Congnghiep", Make.CAMPUS: "DAT_HTXH_Truonghoc", Make.PARK: "DAT_HTXH_CayxanhCC",
    Make.OFFICE: "DAT_Coquan", Make.CEMETERY: "DAT_HTKT_Nghiatrang",
}  # fmt: skip
RULES: dict[str, Rule] = {
    "DAT_O_Nhomnhao": Rule(0.80, (4.2, 2.6), (6, 4), 0.05, 0.0, "ODT"),
    RAISED: Rule(0.60, (8.5, 4.2), (25, 12), 0.20, 6.0, "ODT"),
    "DAT_O_Langxom": Rule(0.55, (1.6, 1.2), (3, 3), 0.20, 2.0, "ONT"),
    "DAT_Dulich": Rule(0.45, (6.0, 3.0), (25, 12), 0.25, 10.0, "TMD"),
    "DAT_SX_Congnghiep": Rule(0.70, (1.6, 1.4), (3, 3), 0.20, 10.0, "SKK"),
    "DAT_HTXH_Truonghoc": Rule(0.40, (2.0, 1.6), (5, 4), 0.30, 6.0, "DGD"),
    "DAT_Coquan": Rule(0.50, (5.0, 3.0), (12, 7), 0.30, 6.0, "TSC"),
    "DAT_HTXH_CayxanhCC": Rule(0.05, (0.1, 0.05), (1, 1), 0.65, 0.0, "DKV"),
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """The city divided by all borders of zones. `kept` : outside the streets drawn; `strip` : along an arterial."""

    shapes: Shapes
    face: Ints
    kept: Flags
    strip: Flags


def zones(plan: Layout) -> Iterator[Batch]:
    """Yield the zones of the general plan for both horizons, and those of the detailed plan."""
    pieces = _pieces(plan)
    for stage, horizon in ((1, "2030"), (2, "2045")):
        yield from _horizon(plan, pieces, stage, horizon)
    yield from _detailed(plan)


def uses_at(plan: Layout, stage: int) -> np.ndarray:
    """Return the planned use of each face at a stage."""
    home = plan.home
    made = np.where(home.changes <= stage, home.becomes, home.made)
    uses = np.array([USES[Make(kind)] for kind in made], dtype=object)
    industry = np.flatnonzero(home.made == Make.INDUSTRY)
    if stage == 1 and len(industry):
        uses[industry[np.argmax(home.area_ha[industry])]] = USES[Make.ROW]
    if stage == _LAST:
        old = industry[home.share[industry] < np.median(home.share[industry])] if len(industry) else industry
        uses[old] = RAISED
        uses[(home.made == Make.OLD) & (plan.frame.rng(100).random(len(made)) < 0.18)] = RAISED
    return uses


def _pieces(plan: Layout) -> Pieces:
    """Divide the city by the borders of faces, of street reserves and of the raised strips, all noded together."""
    reserve = _reserve(plan, slice(EXPRESSWAY, DISTRICT_MAIN + 1))
    major = plan.bones.edges[(plan.bones.ranks <= CITY_MAIN) & (plan.bones.ranks > EXPRESSWAY)]
    belt = shapely.union_all(shapely.buffer(major, RED_LINES_M[CITY_MAIN] / 2 + _STRIP_M, cap_style="flat"))
    borders = [*plan.bones.edges[_dividing(plan)], shapely.boundary(reserve), shapely.boundary(belt)]
    noded = shapely.union_all(np.array(borders, dtype=object), grid_size=GRID_M)
    shapes = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    inside = shapely.point_on_surface(shapes)
    face = containing(plan.home.face, inside)
    shapes, inside, face = shapes[face >= 0], inside[face >= 0], face[face >= 0]
    kept = containing(shapely.get_parts(reserve), inside) < 0
    return Pieces(shapes, face, kept, containing(shapely.get_parts(belt), inside) >= 0)


def _dividing(plan: Layout) -> Flags:
    """Return which edges may lie between two zones: not those inside a cell whose sides have the same uses always."""
    either = plan.bones.beside
    same = (either >= 0).all(axis=1) & (plan.home.cell[either[:, 0]] == plan.home.cell[either[:, 1]])
    for stage in range(1, _LAST + 1):
        use = uses_at(plan, stage)
        same &= use[either[:, 0]] == use[either[:, 1]]
    return ~same


def _reserve(plan: Layout, ranks: slice) -> Shape:
    """Return the land of the streets that the general plan draws, district main and above, and of the railway."""
    widths = np.zeros(16)
    widths[ranks] = RED_LINES_M[ranks]
    widths[RAIL] = RAILWAY_LAND_M
    drawn = (widths[plan.bones.ranks] > 0) & (plan.road | (plan.bones.ranks == RAIL))
    return shapely.union_all(shapely.buffer(plan.bones.edges[drawn], widths[plan.bones.ranks[drawn]] / 2, quad_segs=2))


def _horizon(plan: Layout, pieces: Pieces, stage: int, horizon: str) -> Iterator[Batch]:
    use = uses_at(plan, stage)[pieces.face]
    share = plan.home.share[pieces.face]
    if stage == _LAST:
        use[pieces.strip & (use == USES[Make.ROW]) & (share < _RAISED_SHARE)] = RAISED
    ward, cell = plan.wards.of_face[pieces.face], plan.home.cell[pieces.face]
    names, code = np.unique(use.astype(str), return_inverse=True)
    group = np.where(pieces.kept, cell * len(names) + code, -1 - ward)
    number, shapes = merged_by(pieces.shapes, group)
    place = np.searchsorted(number, group)
    kinds = np.where(number < 0, ROADS, names[number % len(names)]).astype(object)
    weight = np.asarray(shapely.area(pieces.shapes))
    shares = np.bincount(place, share * weight) / np.bincount(place, weight)
    wards = np.zeros(len(number), dtype=np.int64)
    wards[place] = ward
    yield from batches("zone", shapes, _columns(shapes, kinds, shares, wards, horizon=horizon, code=GENERAL))


def _columns(
    shapes: Shapes, kinds: np.ndarray, share: Floats, ward: Ints, *, horizon: str, code: str
) -> dict[str, Any]:
    near = np.exp(-2.2 * share)
    later = horizon == "2045"
    values = {name: np.full(len(kinds), np.nan) for name in ("built", "ratio", "storeys", "green", "setback")}
    land = np.full(len(kinds), None, dtype=object)
    for use, rule in RULES.items():
        here = kinds == use
        values["built"][here] = rule.built
        ratio = rule.ratio[1] + (rule.ratio[0] - rule.ratio[1]) * near[here]
        values["ratio"][here] = np.round(ratio * (1.25 if later else 1.0), 1)
        storeys = rule.storeys[1] + (rule.storeys[0] - rule.storeys[1]) * near[here]
        values["storeys"][here] = np.round(storeys * (1.2 if later else 1.0))
        values["green"][here], values["setback"][here] = rule.green, rule.setback_m
        land[here] = rule.land_use
    areas = np.asarray(shapely.area(shapes))
    housing: Flags = np.isin(kinds, (USES[Make.ROW], RAISED, USES[Make.VILLAGE]))
    people = areas / 10_000 * np.where(kinds == RAISED, 380, np.where(kinds == USES[Make.ROW], 230, 60))
    letters = np.array([chr(65 + number % 26) for number in ward], dtype=object)
    return {
        "plan_code": code,
        "horizon": horizon,
        "code": [
            f"{letter}{number // 26 or ''}-{place + 1:04d}"
            for place, (letter, number) in enumerate(zip(letters, ward, strict=True))
        ],
        "plan_use": kinds,
        "land_use_code": land,
        "max_built_share": values["built"],
        "max_floor_area_ratio": values["ratio"],
        "max_height_m": values["storeys"] * 3.6 + 2.0,
        "min_storeys": _whole(np.where(housing, 1.0, np.nan)),
        "max_storeys": _whole(values["storeys"]),
        "min_green_share": values["green"],
        "setback_m": values["setback"],
        "population": _whole(np.where(housing, np.round(people), np.nan)),
    }


def _whole(values: Floats) -> list[int | None]:
    return [None if np.isnan(value) else int(value) for value in values]


def _detailed(plan: Layout) -> Iterator[Batch]:
    """Yield the zones of the detailed plan: the quarters of one cell, each on its own site."""
    faces = np.flatnonzero((plan.home.cell == detailed_cell(plan)) & (shapely.area(plan.home.site) > 400))
    shapes = plan.home.site[faces]
    kinds = np.full(len(faces), RAISED, dtype=object)
    columns = _columns(shapes, kinds, plan.home.share[faces], plan.wards.of_face[faces], horizon="2030", code=DETAILED)
    columns["max_floor_area_ratio"] = np.round(columns["max_floor_area_ratio"] + 1.5, 1)
    yield from batches("zone", shapes, columns)
