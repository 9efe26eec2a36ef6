"""Streets and railways as features: names, lanes, widths, speeds; bridges and the raised motorway."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any  # columns are arrays of many kinds

import numpy as np
import shapely

from gis.sample.arrays import Flags, Ints, Shapes, keys
from gis.sample.arterials import EXPRESSWAY, INTER_DISTRICT, RAIL, SUB_DISTRICT
from gis.sample.chains import chains
from gis.sample.lanes import ALLEY
from gis.sample.layout import Layout
from gis.sample.parcels import STAGES
from gis.sample.patterns import RED_LINES_M, Make
from gis.sample.roads import Streets
from gis.sample.stream import Batch, batches
from gis.sample.words import place_names, street_names

CLASSES = np.array(
    ["expressway", "main_arterial", "city_main", "inter_district", "district_main", "district", "sub_district",
     "housing_group", "service", "", "track"], dtype=object,
)  # fmt: skip
_LANES = np.array([6, 6, 4, 4, 2, 2, 2, 2, 1, 0, 1])
_CARRIAGEWAY_M = np.array([27.0, 24.0, 18.0, 15.0, 10.5, 10.5, 7.5, 6.0, 3.0, 0, 3.0])
_SPEED_KMH = np.array([80, 60, 60, 50, 50, 40, 40, 30, 20, 0, 20])
_RED_LINE_M = np.array([*RED_LINES_M, 0, 5.0])


def edge_names(plan: Layout) -> list[str | None]:
    """Return a name for each edge of the skeleton that carries a road; edges that run on into each other share it."""
    number = np.flatnonzero(plan.road)
    chain = chains(plan.bones.edges[number], plan.bones.ranks[number])
    pool = street_names(int(chain.max()) + 1 if len(chain) else 0, plan.frame.rng(90))
    names: list[str | None] = [None] * len(plan.road)
    for place, edge in enumerate(number):
        names[edge] = pool[chain[place]]
    return names


def roads(plan: Layout, ways: Streets, named: list[str | None]) -> Iterator[Batch]:
    """Yield the streets."""
    shapes, kept, raised = _raised(ways)
    rank, bridge = ways.rank[kept], ways.bridge[kept] | raised
    hard = rank < 10
    columns: dict[str, Any] = {
        "name": _names(plan, ways, named, kept=kept, bridge=bridge),
        "road_class": CLASSES[rank],
        "oneway": _oneways(plan, ways, kept),
        "lanes": _LANES[rank],
        "carriageway_width_m": _CARRIAGEWAY_M[rank],
        "red_line_width_m": _RED_LINE_M[rank],
        "max_speed_kmh": _SPEED_KMH[rank],
        "surface": np.where(hard, np.where(rank >= ALLEY, "concrete", "asphalt"), "earth").astype(object),
        "walkable": rank != EXPRESSWAY,
        "bridge": bridge,
        "tunnel": False,
        "level": bridge.astype(np.int64),
        "stage": STAGES[ways.stage[kept]],
        "stage_end": STAGES[ways.stage_end[kept]],
    }
    yield from batches("road", shapes, columns)


def _raised(ways: Streets) -> tuple[Shapes, Ints, Flags]:
    """Carry the motorway over the lesser streets it crosses, without a junction there.

    Returns the lines, the number of the street each one is, and which were raised. Between two interchanges the
    motorway is one line, without the vertices of the streets below.
    """
    express = np.flatnonzero((ways.rank == EXPRESSWAY) & (ways.stage == 0))
    others = np.setdiff1d(np.arange(len(ways.shapes)), express)
    everything = np.ones(len(ways.shapes), dtype=np.int64)
    if len(express) < 2:
        return ways.shapes, np.arange(len(ways.shapes)), np.zeros(len(everything), dtype=np.bool_)
    high = others[ways.rank[others] < INTER_DISTRICT]
    low = others[ways.rank[others] >= INTER_DISTRICT]
    interchange = np.unique(keys(_ends(ways.shapes[high])).reshape(-1))
    crossed = np.setdiff1d(np.unique(keys(_ends(ways.shapes[low])).reshape(-1)), interchange)
    whole = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(ways.shapes[express])))
    lines: list[Any] = []
    over: list[bool] = []
    for line in whole:
        points = shapely.get_coordinates(line)
        mark = keys(points)
        inner_stops = np.flatnonzero(np.isin(mark, interchange))
        stops = np.unique(np.concatenate([[0], inner_stops, [len(points) - 1]]))
        for start, stop in pairwise(stops):
            part, marks = points[start : stop + 1], mark[start : stop + 1]
            inner = np.r_[False, np.isin(marks[1:-1], crossed), False]
            lines.append(shapely.LineString(part[~inner]))
            over.append(bool(inner.any()))
    shapes = np.concatenate([ways.shapes[others], np.array(lines, dtype=object)])
    kept = np.concatenate([others, np.full(len(lines), express[0])])
    return shapes, kept, np.concatenate([np.zeros(len(others), dtype=np.bool_), np.array(over)])


def _ends(lines: Shapes) -> np.ndarray:
    return np.stack([shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)], axis=1)


def _names(plan: Layout, ways: Streets, named: list[str | None], *, kept: Ints, bridge: Flags) -> list[str | None]:
    """Return the name of each street: of its edge, or of its quarter with the number of the lane."""
    quarters = place_names(len(plan.home.made), plan.frame.rng(91))
    number = ways.line[kept]
    names: list[str | None] = []
    for place, street in enumerate(kept):
        edge, quarter, rank = int(ways.edge[street]), int(ways.quarter[street]), int(ways.rank[street])
        if rank == EXPRESSWAY:
            names.append("Đường trên cao Vành đai" if bridge[place] else "Đường Vành đai")
        elif edge >= 0:
            names.append(f"Cầu {named[edge]}" if bridge[place] else named[edge])
        elif rank == ALLEY:
            names.append(f"Kiệt {number[place] * 7 + 12}")
        else:
            names.append(f"{quarters[quarter]} {number[place] + 1}" if rank < ALLEY else None)
    return names


def _oneways(plan: Layout, ways: Streets, kept: Ints) -> np.ndarray:
    """Return the direction of each street: pairs of one-way lanes in the old quarters, both ways elsewhere."""
    quarter = ways.quarter[kept]
    old = (quarter >= 0) & (plan.home.made[quarter] == Make.OLD) & (ways.rank[kept] < ALLEY)
    paired = old & (plan.home.share[quarter] < 0.3) & (ways.rank[kept] > SUB_DISTRICT)
    way = np.where(ways.line[kept] % 2 == 0, "forward", "backward").astype(object)
    return np.where(paired, way, "both").astype(object)


def railways(plan: Layout) -> Iterator[Batch]:
    """Yield the railway, bridged where it crosses water."""
    rail = np.flatnonzero(plan.bones.ranks == RAIL)
    beside = plan.bones.beside[rail]
    wet = (np.where(beside >= 0, plan.home.made[beside], -1) == Make.WATER).any(axis=1)
    columns = {
        "name": "Đường sắt mẫu",
        "rail_type": "national",
        "gauge_mm": 1000,
        "tracks": 1,
        "bridge": wet,
        "tunnel": False,
        "level": wet.astype(np.int64),
        "stage": "existing",
    }
    yield from batches("rail", plan.bones.edges[rail], columns)
