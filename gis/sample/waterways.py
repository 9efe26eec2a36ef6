"""Open water as features: sea, river, stream, lakes and ponds; the channels that flow, drawn downstream."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.arrays import Shape, Shapes, lines_through, points_at, polygons_of, shapes_on_grid
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.stream import Batch, batches

_SEA_REACH = 0.35
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
    shapes = np.concatenate([ground, brooks])
    lengths = np.asarray(shapely.length(shapes))
    ends = np.concatenate([[-3.2, -1.4], np.full(len(brooks), 0.6)])
    slopes = np.concatenate([[0.0003, 0.0012], np.full(len(brooks), 0.004)])
    columns = {
        "name": [RIVER_NAME, STREAM_NAME, *(f"Suối {number + 1}" for number in range(len(brooks)))],
        "channel_type": ["river", "stream", *(["ditch"] * len(brooks))],
        "bed_width_m": np.round(
            [plan.shore.river_width_m * 0.7, plan.shore.stream_width_m * 0.6, *([2.5] * len(brooks))], 1
        ),
        "depth_m": [5.0, 3.0, *([1.6] * len(brooks))],
        "side_slope": [2.0, 1.5, *([1.0] * len(brooks))],
        "invert_start_m": np.round(ends + slopes * lengths, 2),
        "invert_end_m": ends,
        "roughness_n": [0.03, 0.035, *([0.04] * len(brooks))],
        "stage": "existing",
    }
    yield from batches("channel", shapes, columns)


def _brooks(plan: Layout) -> Shapes:
    """Return ditches from the fields to the nearest flowing water."""
    rng = plan.frame.rng(81)
    fields = np.flatnonzero(np.isin(plan.home.made, (Make.PADDY, Make.CROPS, Make.FOREST)))
    if len(fields) == 0:
        return np.empty(0, dtype=object)
    chosen = rng.choice(fields, max(1, len(fields) // 14), replace=False)
    source = plan.home.centre[chosen]
    ways = shapely.shortest_line(points_at(source), river_shape(plan))
    points = shapely.get_coordinates(ways).reshape(-1, 2, 2)
    steps = np.linspace(0, 1, 12)[None, :, None]
    lines = points[:, :1] * (1 - steps) + points[:, 1:] * steps
    bend = plan.sway.at(lines) * 14 * np.sin(np.pi * steps)
    return shapes_on_grid(lines_through(lines + bend))
