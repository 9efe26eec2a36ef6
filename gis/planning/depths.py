"""What lies under a water level on an elevation model, by classes of depth: ground, areas, lines and points.

Ground is measured on a grid of the model's own width, in squares cut into triangles between whose corners the ground is
taken to be even, so that a slope is filled exactly. Areas and lines are sampled at points, each of which stands for as
much. What the model does not know is counted apart, and is never dry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.elevation import Surface
from gis.networks.graph import Marks, Numbers, Places
from gis.overlay import Shapes

BOUNDS_M = (0.0, 0.5, 1.0, 2.0)
"""Where the classes of depth begin; the last has no end."""
LEVELS = len(BOUNDS_M) + 2
"""Levels below which is counted: one for each bound of depth, then the least and the most that the error allows."""
LEAST, MOST = len(BOUNDS_M), len(BOUNDS_M) + 1
_FINEST_M, _COARSEST_M = 2.0, 10.0
_TILE = 256
_AT_ONCE = 200_000
"""Points that are looked at together."""
_MOST_POINTS = 100_000
"""Points of one area at the most: a larger one is sampled more coarsely."""


@dataclass(frozen=True)
class Depths:
    """How much lies how deep: below each bound of depth, and where the level is `off_m` lower or higher.

    Parameters
    ----------
    level_m : water level, in the levels of the model.
    off_m : error of the model; None where nobody states it.
    """

    surface: Surface
    level_m: float
    off_m: float | None
    step_m: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_m", min(max(self.surface.cell_m / 3, _FINEST_M), _COARSEST_M))

    @property
    def levels(self) -> Numbers:
        """The levels below which what lies is counted: for each bound of depth, then the least and the most for 0 m."""
        off = self.off_m or 0.0
        return np.array([*(self.level_m - bound for bound in BOUNDS_M), self.level_m - off, self.level_m + off])

    def of_points(self, positions: Numbers) -> Numbers:
        """Return the height of the ground at positions in EPSG:5899; NaN where it is not known."""
        parts = [self.surface.heights(positions[at : at + _AT_ONCE]) for at in range(0, len(positions), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty(0)

    def points_in(self, areas: Shapes) -> Numbers:
        """Return points spread over areas, at which they are sampled."""
        return _sampled(areas, self.step_m)[0]

    def of_areas(self, areas: Shapes) -> tuple[Numbers, Numbers]:
        """Return for each area which share (0-1) lies below each level, (areas, levels), and which is unknown."""
        points, owner = _sampled(areas, self.step_m)
        return self._shares(points, owner, np.ones(len(points)), len(areas))

    def of_lines(self, lines: Shapes) -> tuple[Numbers, Numbers]:
        """Return for each line which share (0-1) of its length lies below each level, and which is unknown."""
        parts, line = shapely.get_parts(lines, return_index=True)
        lengths = np.asarray(shapely.length(parts), dtype=np.float64)
        number = np.maximum(np.ceil(lengths / self.step_m).astype(np.int64), 1)
        owner = np.repeat(np.arange(len(parts)), number)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
        along = (place + 0.5) * (lengths / number)[owner]
        points = shapely.get_coordinates(shapely.line_interpolate_point(parts[owner], along))
        return self._shares(points, line[owner], (lengths / number)[owner], len(lines))

    def _shares(self, points: Numbers, owner: Places, weights: Numbers, number: int) -> tuple[Numbers, Numbers]:
        heights = self.of_points(points)
        whole = np.maximum(np.bincount(owner, weights, minlength=number), 1e-12)
        known = np.isfinite(heights)
        shares = np.stack(
            [
                np.bincount(owner[known], weights[known] * (heights[known] < level), minlength=number) / whole
                for level in self.levels
            ],
            axis=1,
        )
        return shares, np.bincount(owner[~known], weights[~known], minlength=number) / whole

    def of_ground(self, outline: BaseGeometry | None) -> tuple[Numbers, float]:
        """Return how much ground within an outline lies below each of the levels, and how much is not known, in m².

        Without an outline it is all that the model covers.
        """
        below, unknown = np.zeros(len(self.levels)), 0.0
        for corners, inside in _squares(self.surface, outline):
            heights = self.of_points(corners.reshape(-1, 2)).reshape(*corners.shape[:2])
            known = np.isfinite(heights).all(axis=1) & inside
            area = float(np.prod(np.ptp(corners[0], axis=0))) if len(corners) else 0.0
            unknown += area * int((inside & ~known).sum())
            for triangle in ((0, 1, 2), (0, 2, 3)):
                low, middle, high = np.sort(heights[known][:, triangle], axis=1).T
                below += area / 2 * np.array([_filled(low, middle, high, level).sum() for level in self.levels])
        return below, unknown


def _filled(low: Numbers, middle: Numbers, high: Numbers, level: float) -> Numbers:
    """Return which share of triangles lies below a level, by the heights of their corners."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = (level - low) ** 2 / ((middle - low) * (high - low))
        falling = 1 - (high - level) ** 2 / ((high - middle) * (high - low))
    return np.select([level <= low, level >= high, level < middle], [0.0, 1.0, rising], falling)


def _squares(surface: Surface, outline: BaseGeometry | None) -> Iterator[tuple[Numbers, Marks]]:
    """Yield the squares of a grid some at a time: their corners, and which have their middle within the outline."""
    west, south, east, north = surface.bounds if outline is None else outline.bounds
    step = surface.cell_m
    columns, rows = (max(int(np.ceil((high - low) / step - 1e-9)), 1) for low, high in ((west, east), (south, north)))
    wide, high = (east - west) / columns, (north - south) / rows
    if outline is not None:
        shapely.prepare(outline)
    for row in range(0, rows, _TILE):
        for column in range(0, columns, _TILE):
            lefts = (west + wide * np.arange(column, min(column + _TILE, columns))).astype(np.float64)
            lows = (south + high * np.arange(row, min(row + _TILE, rows))).astype(np.float64)
            left, low = (each.ravel() for each in np.meshgrid(lefts, lows))
            corners = np.stack(
                [np.stack([left + a * wide, low + b * high], axis=1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))],
                axis=1,
            )
            middle = left + wide / 2, low + high / 2
            yield corners, _inside(outline, *middle)


def _inside(outline: BaseGeometry | None, easts: Numbers, norths: Numbers) -> Marks:
    if outline is None:
        return np.ones(len(easts), dtype=np.bool_)
    return np.asarray(shapely.contains_xy(outline, easts, norths), dtype=np.bool_)


def _sampled(areas: Shapes, step_m: float) -> tuple[Numbers, Places]:
    """Return points of a grid that lie in each area, and whose they are; one within an area that holds none."""
    if not len(areas):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    west, south, east, north = shapely.bounds(areas).T
    step = np.maximum(step_m, np.sqrt((east - west) * (north - south) / _MOST_POINTS))
    across, up = (
        np.maximum(np.ceil((high - low) / step), 1).astype(np.int64) for low, high in ((west, east), (south, north))
    )
    shapely.prepare(areas)
    points: list[Numbers] = []
    owners: list[Places] = []
    for some in _groups(across * up):
        number = across[some] * up[some]
        owner = np.repeat(some, number)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
        eastings = west[owner] + (place % across[owner] + 0.5) * ((east - west) / across)[owner]
        northings = south[owner] + (place // across[owner] + 0.5) * ((north - south) / up)[owner]
        inside = shapely.contains_xy(areas[owner], eastings, northings)
        points.append(np.stack([eastings[inside], northings[inside]], axis=1))
        owners.append(owner[inside])
    without = np.setdiff1d(np.arange(len(areas)), np.concatenate(owners))
    points.append(shapely.get_coordinates(shapely.point_on_surface(areas[without])))
    owners.append(without)
    return np.concatenate(points), np.concatenate(owners)


def _groups(sizes: Places) -> Iterator[Places]:
    """Yield places in groups of so many points."""
    group = np.cumsum(sizes) // _AT_ONCE
    yield from np.split(np.arange(len(sizes)), np.flatnonzero(np.diff(group)) + 1)
