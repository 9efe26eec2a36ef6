"""The ground: low along the waters, rising inland, hills in the west, five rocks, a mountainous peninsula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Floats, points_at
from gis.sample.frame import Frame
from gis.sample.shore import PENINSULA, Shore
from gis.sample.waves import waves

_ROCKS = np.array([(0.80, -0.92), (0.86, -0.86), (0.77, -0.83), (0.90, -0.95), (0.83, -0.79)])
_RISE = 0.0030
_RIVER_BANK_M = 1.7
_SEA_BANK_M = 3.4


@dataclass(frozen=True, slots=True)
class Terrain:
    """Ground levels on a grid over the city, in metres above Hòn Dấu; between its points they are interpolated."""

    west_m: float
    south_m: float
    step_m: float
    levels: Floats

    def at(self, points: Floats) -> Floats:
        """Return the ground level at points of shape (..., 2) in EPSG:5899."""
        rows, columns = self.levels.shape
        column = np.clip((points[..., 0] - self.west_m) / self.step_m, 0, columns - 1.001)
        row = np.clip((points[..., 1] - self.south_m) / self.step_m, 0, rows - 1.001)
        j, i = column.astype(np.int64), row.astype(np.int64)
        east, north = column - j, row - i
        lower = self.levels[i, j] * (1 - east) + self.levels[i, j + 1] * east
        upper = self.levels[i + 1, j] * (1 - east) + self.levels[i + 1, j + 1] * east
        return lower * (1 - north) + upper * north


def terrain(frame: Frame, shore: Shore) -> Terrain:
    """Model the ground of a city on a grid of some two hundred steps each way."""
    west, south, east, north = shapely.bounds(shapely.transform(shore.land, frame.ground))
    step = frame.radius_m / 50
    eastings = np.arange(west - 3 * step, east + 3 * step, step)
    northings = np.arange(south - 3 * step, north + 3 * step, step)
    grid = np.stack(np.meshgrid(eastings, northings), axis=-1)
    return Terrain(float(eastings[0]), float(northings[0]), float(step), _levels(frame, shore, plan_of(frame, grid)))


def plan_of(frame: Frame, ground: Floats) -> Floats:
    """Return the points of the plan that lie at these points of the ground, by fixed-point iteration."""
    plan = ground - frame.centre
    for _ in range(14):
        plan = plan + (ground - frame.ground(plan))
    return plan


def _levels(frame: Frame, shore: Shore, plan: Floats) -> Floats:
    points = points_at(plan)
    for area in (shore.flowing, shore.land):
        shapely.prepare(area)
    river = shapely.distance(points, shore.flowing)
    sea = shapely.distance(points, shore.coast)
    rise = _RISE * max(1.0, float(np.sqrt(1500 / frame.radius_m)))
    base = np.minimum(_RIVER_BANK_M + rise * river, _SEA_BANK_M + rise * sea)
    uneven = waves(frame.rng(5), length_m=min(1100.0, 0.6 * frame.radius_m)).at(plan)
    base += 0.28 * uneven * np.clip(np.minimum(river, sea) / 250, 0, 1)
    return base + relief(frame, plan)


def relief(frame: Frame, plan: Floats) -> Floats:
    """Return the height of hills and mountains above the plain, at points of the plan."""
    radius = frame.radius_m
    u, v = plan[..., 0] / radius, plan[..., 1] / radius
    rough = waves(frame.rng(6), length_m=0.42 * radius, count=6).at(plan)
    west = np.clip(-1.42 - u + 0.13 * rough + 0.12 * np.abs(v + 0.75) - 0.06, 0, 0.7)
    heights = min(0.16 * radius, 620.0) * west * (1.1 + 0.3 * rough)
    apart = ((u - PENINSULA[0]) / 0.34) ** 2 + ((v - PENINSULA[1]) / 0.22) ** 2
    heights += min(0.17 * radius, 690.0) * np.clip(np.exp(-apart) - 0.16, 0, 1) * (1 + 0.25 * rough)
    for east, north in _ROCKS:
        near = ((u - east) ** 2 + (v - north) ** 2) / 0.022**2
        heights += min(0.045 * radius, 100.0) * np.clip(np.exp(-near) - 0.15, 0, 1)
    return heights
