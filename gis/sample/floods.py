"""Flood zones: where the ground lies below the water of a flood, by return period and depth."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely

from gis.sample.arrays import GRID_M, Floats, Shape, areal, on_grid, polygons_of
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.stream import Batch, batches
from gis.sample.terrain import Terrain

LEVELS_M = {5: 1.95, 10: 2.15, 20: 2.4, 50: 2.7, 100: 3.05}
"""Water level of a flood, by its return period in years."""

_DEPTHS_M = (0.0, 0.5, 1.0, 30.0)
_SLIVER_M2 = 0.5


def floods(plan: Layout) -> Iterator[Batch]:
    """Yield flood zones for five return periods, each in classes of depth; the rarer flood contains the commoner."""
    home = plan.home
    dry = shapely.coverage_union_all(home.face[(home.made != Make.WATER) & (home.made != Make.BEACH)])
    known: dict[float, Shape] = {}
    commoner: Shape = shapely.Polygon()
    for years, level in LEVELS_M.items():
        wet = shapely.union(_below(plan, known, level, dry), commoner)
        commoner = wet
        deeper = [shapely.intersection(wet, _below(plan, known, level - depth, dry)) for depth in _DEPTHS_M[1:-1]]
        classes = [wet, *deeper, shapely.Polygon()]
        shapes, rows = [], []
        for number, (low, high) in enumerate(pairwise(_DEPTHS_M)):
            area = shapely.difference(classes[number], classes[number + 1])
            if area.area > _SLIVER_M2:
                shapes.append(area)
                rows.append((low, high if high < _DEPTHS_M[-1] else None))
        columns = {
            "return_period_years": years,
            "min_depth_m": [low for low, _ in rows],
            "max_depth_m": [high for _, high in rows],
            "water_level_m": level,
            "stage": "existing",
        }
        yield from batches("flood_zone", areal(np.array(shapes, dtype=object)), columns)


def _below(plan: Layout, known: dict[float, Shape], level: float, dry: Shape) -> Shape:
    """Return the dry land below a level, smoothed as floods are drawn."""
    key = round(level, 3)
    if key not in known:
        rough = below(plan.ground, level)
        step = plan.ground.step_m
        smooth = shapely.buffer(shapely.buffer(rough, 0.6 * step, quad_segs=3), -0.6 * step, quad_segs=3)
        known[key] = shapely.intersection(smooth.simplify(0.04 * step), dry)
    return known[key]


def below(ground: Terrain, level: float) -> Shape:
    """Return the area whose ground lies below a level, from the triangles of the terrain's grid."""
    z = ground.levels
    rows, columns = z.shape
    east, north = np.meshgrid(np.arange(columns), np.arange(rows))
    places = on_grid(np.stack([ground.west_m + east * ground.step_m, ground.south_m + north * ground.step_m], axis=-1))
    grid = np.concatenate([places, z[..., None]], axis=-1)
    a, b, c, d = grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]
    triangles = np.concatenate([np.stack(corners, axis=-2).reshape(-1, 3, 3) for corners in ((a, b, c), (a, c, d))])
    under = triangles[..., 2] < level
    whole = polygons_of(triangles[under.all(axis=1), :, :2])
    some = under.any(axis=1) & ~under.all(axis=1)
    shores = np.concatenate([*_cut(triangles[some], under[some], level), np.empty(0, dtype=object)])
    return shapely.union(shapely.coverage_union_all(whole), shapely.union_all(shores), grid_size=GRID_M)


def _cut(triangles: Floats, under: np.ndarray, level: float) -> list[np.ndarray]:
    """Return the parts below the level of triangles that it cuts: a corner, or what a corner leaves."""
    pieces: list[np.ndarray] = []
    single = under.sum(axis=1) == 1
    for lone, chosen in ((under, single), (~under, ~single)):
        first = np.argmax(lone[chosen], axis=1)
        turn = (first[:, None] + np.arange(3)) % 3
        corner = np.take_along_axis(triangles[chosen], turn[..., None], axis=1)
        tip, left, right = (corner[:, k] for k in range(3))
        on_left, on_right = (_crossing(tip, other, level) for other in (left, right))
        rings = [tip[:, :2], on_left, on_right] if lone is under else [on_left, left[:, :2], right[:, :2], on_right]
        if chosen.any():
            pieces.append(polygons_of(np.stack(rings, axis=1)))
    return pieces


def _crossing(one: Floats, other: Floats, level: float) -> Floats:
    """Return where the level crosses the sides between two corners, the same whichever is named first."""
    swapped = (one[:, 2] > other[:, 2])[:, None]
    low, high = np.where(swapped, other, one), np.where(swapped, one, other)
    share = (level - low[:, 2]) / (high[:, 2] - low[:, 2])
    return on_grid(low[:, :2] + (high[:, :2] - low[:, :2]) * share[:, None])
