"""Open water as features: sea, river, stream, lakes and ponds; the channels that flow, drawn downstream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shape, Shapes, lines_through, points_at, polygons_of, shapes_on_grid
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.stream import Batch, batches

_SEA_REACH = 0.35
_MOUTH_M = 0.6
"""Level of a ditch where it meets open water."""
_DITCH_FALL = 0.004
_LEAST_GAIN = 0.4
"""How much nearer to the water a ditch brings, at least, of each metre it is long."""
RIVER_NAME = "Sông Mẫu"
STREAM_NAME = "Sông Nhánh"
BAY_NAME = "Vịnh Mẫu"


def river_shape(plan: Layout) -> Shape:
    """Return the flowing water of the city as one area."""
    return shapely.coverage_union_all(plan.home.face[plan.home.made == Make.WATER])


def sea_shape(plan: Layout) -> Shape:
    """Return the sea around the city: the box around it, wider to the north and east, less the land."""
    land = shapely.coverage_union_all(plan.wards.shapes)
    west, south, east, north = shapely.bounds(land)
    reach = _SEA_REACH * plan.frame.radius_m
    around = shapely.box(west, south, np.ceil(east + reach), np.ceil(north + reach))
    parts = shapely.get_parts(shapely.difference(around, land))
    return max(parts, key=shapely.area)


def ponds(plan: Layout) -> Shapes:
    """Return lakes in the parks of the city and ponds among its fields, inside their quarters."""
    rng = plan.frame.rng(80)
    fit = np.isin(plan.home.made, (Make.PARK, Make.PADDY, Make.CROPS, Make.CAMPUS)) & (plan.home.area_ha > 1.2)
    number = np.flatnonzero(fit)
    parks = plan.home.made[number] == Make.PARK
    number = number[parks | (rng.random(len(number)) < 0.12)]
    if len(number) == 0:
        number = np.argsort(-plan.home.area_ha * plan.home.town)[:1]
    turns = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    radius = np.sqrt(plan.home.area_ha[number] * 10_000 * rng.uniform(0.08, 0.22, len(number)) / np.pi)
    wobble = sum(0.16 / k * np.sin(k * turns[None] + rng.uniform(0, 6.3, (len(number), 1))) for k in (2, 3, 5))
    rings = radius[:, None] * (1 + wobble)
    around = np.stack([rings * np.cos(turns), rings * np.sin(turns)], axis=-1)
    lakes = polygons_of(plan.home.centre[number][:, None] + around)
    inner = shapely.buffer(plan.home.site[number], -6)
    cut = shapes_on_grid(shapely.intersection(lakes, inner))
    return cut[(shapely.get_type_id(cut) == 3) & (shapely.area(cut) > 200)]


def waters(plan: Layout, lakes: Shapes) -> Iterator[Batch]:
    """Yield the water bodies and the channels."""
    still = len(lakes)
    shapes = np.array([sea_shape(plan), river_shape(plan), *lakes], dtype=object)
    kinds = ["sea", "river", *("basin" if number % 4 == 3 else "lake" for number in range(still))]
    levels = np.concatenate(
        [[0.0, 0.4], np.round(plan.ground.at(shapely.get_coordinates(shapely.centroid(lakes))) - 0.9, 2)]
    )
    columns = {
        "name": [BAY_NAME, RIVER_NAME, *(f"Hồ số {number + 1}" for number in range(still))],
        "water_body_type": kinds,
        "normal_level_m": levels,
        "stage": "existing",
    }
    yield from batches("water_body", shapes, columns)
    yield from _channels(plan)


def _channels(plan: Layout) -> Iterator[Batch]:
    """Yield river and stream, and brooks from the hills to them; each bed falls along its drawing."""
    land = plan.shore.land
    axes = [plan.shore.river_axis, plan.shore.stream_axis]
    lines = [shapely.intersection(axis, land) for axis in axes]
    ground = shapes_on_grid(shapely.transform(np.array(lines, dtype=object), plan.frame.ground))
    brooks = _brooks(plan)
    count = len(brooks.lines)
    shapes = np.concatenate([ground, brooks.lines])
    ends = np.array([-3.2, -1.4])
    starts = ends + np.array([0.0003, 0.0012]) * np.asarray(shapely.length(ground))
    columns = {
        "name": [RIVER_NAME, STREAM_NAME, *(f"Suối {number + 1}" for number in range(count))],
        "channel_type": ["river", "stream", *(["ditch"] * count)],
        "bed_width_m": np.round([plan.shore.river_width_m * 0.7, plan.shore.stream_width_m * 0.6, *([2.5] * count)], 1),
        "depth_m": [5.0, 3.0, *([1.6] * count)],
        "side_slope": [2.0, 1.5, *([1.0] * count)],
        "invert_start_m": np.round(np.concatenate([starts, brooks.start_m]), 2),
        "invert_end_m": np.round(np.concatenate([ends, brooks.end_m]), 2),
        "roughness_n": [0.03, 0.035, *([0.04] * count)],
        "stage": "existing",
    }
    yield from batches("channel", shapes, columns)


@dataclass(frozen=True, slots=True)
class _Brooks:
    """Ditches from the fields, joining on their way to open water: their lines and the level at either end, m."""

    lines: Shapes
    start_m: Floats
    end_m: Floats


def _brooks(plan: Layout) -> _Brooks:
    """Return a ditch from each of some fields to the next one nearer to the water, or to the water itself."""
    rng = plan.frame.rng(81)
    fields = np.flatnonzero(np.isin(plan.home.made, (Make.PADDY, Make.CROPS, Make.FOREST)))
    if len(fields) == 0:
        return _Brooks(np.empty(0, dtype=object), np.empty(0), np.empty(0))
    chosen = rng.choice(fields, max(1, len(fields) // 14), replace=False)
    source = plan.home.centre[chosen]
    coast = shapely.transform(plan.shore.coast, plan.frame.ground)
    shore = shapely.shortest_line(points_at(source), shapely.union_all([river_shape(plan), coast]))
    away_m = np.asarray(shapely.length(shore))
    below = _next_below(source, away_m)
    end = np.where((below < 0)[:, None], shapely.get_coordinates(shore)[1::2], source[below])
    lines = _swaying(plan, source, end)
    start_m = np.full(len(source), _MOUTH_M)
    end_m = start_m.copy()
    for number in np.argsort(away_m).tolist():  # what is nearer to the water first
        end_m[number] = start_m[below[number]] if below[number] >= 0 else _MOUTH_M
        start_m[number] = end_m[number] + _DITCH_FALL * shapely.length(lines[number])
    return _Brooks(lines, start_m, end_m)


def _next_below(source: Floats, away_m: Floats) -> Ints:
    """Return for each source the nearest other that brings it nearer to the water, -1 where the water comes first."""
    below = np.full(len(source), -1)
    for number, place in enumerate(source):
        far = np.hypot(*(source - place).T)
        gain = away_m[number] - away_m
        far[(gain <= _LEAST_GAIN * far) | (far >= away_m[number])] = np.inf
        nearest = int(np.argmin(far))
        if np.isfinite(far[nearest]):
            below[number] = nearest
    return below


def _swaying(plan: Layout, start: Floats, end: Floats) -> Shapes:
    """Return lines from start to end that wind as the city's streets do."""
    steps = np.linspace(0, 1, 12)[None, :, None]
    straight = start[:, None] * (1 - steps) + end[:, None] * steps
    return shapes_on_grid(lines_through(straight + plan.sway.at(straight) * 14 * np.sin(np.pi * steps)))
