"""The supply written out: pipes, and the nodes between them: junctions, valves, hydrants, pumps, tanks, works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # columns are arrays of many kinds

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shapes, keys, lines_through, on_grid, points_at
from gis.sample.arterials import SUB_DISTRICT
from gis.sample.layout import Layout
from gis.sample.parcels import STAGES
from gis.sample.splitting import split_lines
from gis.sample.stream import Batch, batches
from gis.sample.supply import ROUGHNESS_HW, SIZES_MM, Supply

HYDRANT_EVERY_M = 120.0
_VALVE_AT_M = 6.0
_LEAST_M = 16.0
_CLEAR_WATER_M = 6.0
_TANK_DEPTH_M = 5.0
_VALVES = {"valve": "gate", "gate": "gate", "check": "check"}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Pipes between nodes. `kind` : of each node. `street` : the street each pipe follows, -1 for a connection."""

    pipes: Shapes
    street: Ints
    ends: Ints
    points: Floats
    kind: np.ndarray


def water(plan: Layout, net: Supply) -> Iterator[Batch]:
    """Yield pipes, nodes and treatment works."""
    fitted = _with_works(net, _fitted(net))
    stage = np.where(fitted.street >= 0, net.ways.stage[fitted.street], 0)
    node_stage = np.full(len(fitted.points), 2)
    np.minimum.at(node_stage, fitted.ends.reshape(-1), np.repeat(stage, 2))
    codes = np.array([f"N{number + 1:06d}" for number in range(len(fitted.points))], dtype=object)
    size = _sizes(net, fitted)
    rng = plan.frame.rng(110)
    columns = {
        "code": [f"P{number + 1:06d}" for number in range(len(fitted.pipes))],
        "pipe_role": np.where(size >= 300, "transmission", np.where(size >= 150, "distribution", "service")).astype(
            object
        ),
        "start_node": codes[fitted.ends[:, 0]],
        "end_node": codes[fitted.ends[:, 1]],
        "diameter_mm": size.astype(float),
        "material": np.where(size >= 300, "ductile iron", "HDPE").astype(object),
        "roughness_hw": ROUGHNESS_HW,
        "length_m": np.round(np.asarray(shapely.length(fitted.pipes)), 2),
        "closed": False,
        "year_laid": np.where(stage > 0, np.array([0, 2029, 2044])[stage], rng.integers(1985, 2024, len(stage))),
        "stage": STAGES[stage],
    }
    yield from batches("pipe", fitted.pipes, columns)
    yield from _nodes(plan, net, fitted, codes, node_stage)
    yield from _plants(net)


def _fitted(net: Supply) -> Fitted:
    """Set valves and hydrants along the streets and cut the pipes there."""
    lengths = net.network.lengths
    spots, streets, kinds = [], [], []
    fit = np.flatnonzero(lengths > _LEAST_M)
    valved = fit[(net.ways.rank[fit] <= SUB_DISTRICT) & (lengths[fit] > 2 * _LEAST_M)]
    spots.append(np.full(len(valved), _VALVE_AT_M))
    streets.append(valved)
    kinds.append(np.full(len(valved), "valve", dtype=object))
    count = np.ceil(lengths[fit] / HYDRANT_EVERY_M).astype(np.int64)
    street = np.repeat(fit, count)
    place = np.arange(len(street)) - np.repeat(np.cumsum(count) - count, count)
    spots.append((place + 0.5) / np.repeat(count, count) * lengths[street])
    streets.append(street)
    kinds.append(np.full(len(street), "hydrant", dtype=object))
    onto, along, kind = (np.concatenate(parts) for parts in (streets, spots, kinds))
    points = on_grid(shapely.get_coordinates(shapely.line_interpolate_point(net.lines[onto], along)))
    pipes, source = split_lines(net.lines, onto, points)
    ends = np.stack([shapely.get_coordinates(shapely.get_point(pipes, end)) for end in (0, -1)], axis=1).reshape(-1, 2)
    mark, first, node = np.unique(keys(ends), return_index=True, return_inverse=True)
    kinds_of = np.full(len(mark), "junction", dtype=object)
    where = np.searchsorted(mark, keys(points))
    kinds_of[where] = kind
    return Fitted(pipes, source, node.reshape(-1, 2), ends[first], kinds_of)


def _with_works(net: Supply, fitted: Fitted) -> Fitted:
    """Connect works (reservoir, pump, check valve) and tanks (valve, tank) to the nodes they feed."""
    points, kinds = list(fitted.points), list(fitted.kind)
    ends: list[tuple[int, int]] = []
    mark = keys(fitted.points)
    order = np.argsort(mark)
    for nodes, equipment, step in (
        (net.works, ("reservoir", "pump", "check"), np.array([14.0, -11.0])),
        (net.tanks, ("tank", "gate"), np.array([-12.0, 13.0])),
    ):
        for node in nodes:
            place = int(order[np.searchsorted(mark[order], keys(net.network.points[node]))])
            chain = []
            for number, kind in enumerate(equipment):
                chain.append(len(points))
                points.append(on_grid(fitted.points[place] + step * (len(equipment) - number)))
                kinds.append(kind)
            ends.extend(zip(chain, [*chain[1:], place], strict=True))
    spots = np.array(points)
    pairs = np.array(ends)
    pipes = lines_through(spots[pairs])
    return Fitted(
        np.concatenate([fitted.pipes, pipes]),
        np.concatenate([fitted.street, np.full(len(pairs), -1)]),
        np.concatenate([fitted.ends, pairs]),
        spots,
        np.array(kinds, dtype=object),
    )


def _sizes(net: Supply, fitted: Fitted) -> Ints:
    flow = net.inflow.max() / 86_400 * 1.4
    main = SIZES_MM[np.searchsorted(SIZES_MM, 1000 * np.sqrt(4 * flow / np.pi / 1.1)).clip(0, len(SIZES_MM) - 1)]
    return np.where(fitted.street >= 0, net.diameter_mm[fitted.street], max(main, 300))


def _nodes(plan: Layout, net: Supply, fitted: Fitted, codes: np.ndarray, stage: Ints) -> Iterator[Batch]:
    kind, points = fitted.kind, fitted.points
    level = np.round(plan.ground.at(points), 2)
    demand = np.full(len(points), np.nan)
    demand[kind == "junction"] = 0.0
    mark = keys(points)
    order = np.argsort(mark)
    place = order[np.searchsorted(mark[order], keys(net.network.points))]
    demand[place] = np.round(net.demand, 3)
    tank, pump = kind == "tank", kind == "pump"
    floor = np.full(len(points), np.nan)
    floor[tank] = np.round(net.head[net.tanks] - 0.6 * _TANK_DEPTH_M, 2)
    volume = max(400.0, 0.12 * float(net.demand.sum()) / max(1, len(net.tanks)))
    shut = [False if each in _VALVES or each == "pump" else None for each in kind]
    columns: dict[str, Any] = {
        "code": codes,
        "node_type": np.where(np.isin(kind, ("check", "gate")), "valve", kind).astype(object),
        "elevation_m": np.where(tank, floor, level),
        "demand_m3_day": demand,
        "head_m": np.where(kind == "reservoir", _CLEAR_WATER_M, np.nan),
        "tank_diameter_m": np.where(tank, np.round(np.sqrt(4 * volume / np.pi / _TANK_DEPTH_M), 1), np.nan),
        "tank_min_level_m": np.where(tank, 0.3, np.nan),
        "tank_initial_level_m": np.where(tank, 0.6 * _TANK_DEPTH_M, np.nan),
        "tank_max_level_m": np.where(tank, _TANK_DEPTH_M, np.nan),
        "pump_flow_m3_h": np.full(len(points), np.nan),
        "pump_head_m": np.where(pump, np.round(net.source_head_m + 2 - _CLEAR_WATER_M, 1), np.nan),
        "valve_type": [_VALVES.get(each) for each in kind],
        "closed": shut,
        "broken": shut,
        "stage": STAGES[stage],
    }
    columns["pump_flow_m3_h"][pump] = np.round(net.inflow / 24, 1)
    yield from batches("node", points_at(points), columns)


def _plants(net: Supply) -> Iterator[Batch]:
    count = len(net.works)
    points = on_grid(net.network.points[net.works] + np.array([55.0, -40.0]))
    columns = {
        "name": [f"Nhà máy nước mẫu {number + 1}" for number in range(count)],
        "plant_type": "water_treatment",
        "capacity_m3_day": np.round(net.inflow * 1.3, -2),
        "land_area_m2": np.round(np.maximum(2_500, net.inflow * 0.4), -2),
        "stage": "existing",
    }
    yield from batches("plant", points_at(points), columns)


def main_line(net: Supply) -> Floats:
    """Return the points of the greatest main, from the first works onwards along the widest pipes."""
    node = int(net.works[0])
    starts, beside, edges = net.network.neighbours()
    line, seen = [net.network.points[node]], {node}
    for _ in range(200):
        options = [(int(net.diameter_mm[edges[k]]), int(beside[k])) for k in range(starts[node], starts[node + 1])]
        options = [(size, other) for size, other in options if other not in seen and size >= 300]
        if not options:
            break
        node = max(options)[1]
        seen.add(node)
        line.append(net.network.points[node])
    return np.array(line if len(line) > 1 else [line[0], line[0] + 50.0])
