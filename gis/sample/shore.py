"""Where land ends: coast, bay, peninsula, river, stream and lakes, drawn in the straight plan.

The shapes are given in radii of the city, then roughened by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Floats, Shape, lines_through
from gis.sample.frame import Frame
from gis.sample.waves import sway

_SHORE = [
    (-2.1, 0.78), (-1.75, 0.72), (-1.4, 0.60), (-1.0, 0.53), (-0.6, 0.47), (-0.15, 0.48), (0.16, 0.55),
    (0.30, 0.57), (0.46, 0.54), (0.66, 0.58), (0.84, 0.68), (0.93, 0.84), (0.98, 1.05), (1.16, 1.24), (1.42, 1.32),
    (1.72, 1.24), (1.93, 1.02), (1.86, 0.84), (1.62, 0.74), (1.36, 0.64), (1.17, 0.50), (1.08, 0.30), (1.05, 0.0),
    (1.05, -0.5), (1.08, -1.0), (1.12, -1.5),
]  # fmt: skip
_INLAND = [(1.12, -1.5), (-2.1, -1.5), (-2.1, 0.78)]
_RIVER = [
    (-0.55, -1.62), (-0.42, -1.36), (-0.12, -1.18), (0.14, -1.00), (0.06, -0.74), (0.10, -0.52), (0.30, -0.30),
    (0.36, -0.06), (0.28, 0.18), (0.24, 0.40), (0.31, 0.60), (0.33, 0.72),
]  # fmt: skip
_STREAM = [(-2.2, -0.70), (-1.8, -0.86), (-1.45, -0.74), (-1.1, -0.90), (-0.72, -0.78), (-0.4, -0.94), (-0.08, -0.86)]
PENINSULA = (1.42, 0.99)
"""Centre of the mountain peninsula, in radii."""


@dataclass(frozen=True, slots=True)
class Shore:
    """Land and water in the plan: `land` holds the waters that flow through it."""

    land: shapely.Polygon
    coast: shapely.LineString
    river: Shape
    stream: Shape
    river_axis: shapely.LineString
    stream_axis: shapely.LineString
    river_width_m: float
    stream_width_m: float

    @property
    def flowing(self) -> Shape:
        """The river and the stream as one area, within the land."""
        return shapely.intersection(shapely.union(self.river, self.stream), self.land)


def shore(frame: Frame) -> Shore:
    """Draw the shore of a city."""
    radius = frame.radius_m
    rough = sway(frame.rng(2), length_m=0.34 * radius)
    fine = sway(frame.rng(3), length_m=0.09 * radius)

    def roughened(points: Floats) -> Floats:
        return points + rough.at(points) * 0.014 * radius + fine.at(points) * 0.0035 * radius

    coast = roughened(_smooth(np.array(_SHORE) * radius))
    inland = np.array(_INLAND) * radius
    land = shapely.Polygon(np.concatenate([coast, inland[1:2], coast[:1]]))
    river_width = float(np.clip(0.085 * radius, 45, 620))
    stream_width = float(np.clip(0.022 * radius, 14, 120))
    river_axis = roughened(_smooth(np.array(_RIVER) * radius))
    stream_axis = roughened(_smooth(np.array(_STREAM) * radius))
    return Shore(
        land,
        shapely.LineString(coast),
        _ribbon(river_axis, river_width),
        _ribbon(stream_axis, stream_width),
        shapely.LineString(river_axis),
        shapely.LineString(stream_axis),
        river_width,
        stream_width,
    )


def _smooth(points: Floats, times: int = 4) -> Floats:
    """Round the corners of a line (Chaikin's corner cutting), keeping its ends."""
    for _ in range(times):
        cut = np.stack([0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]], axis=1)
        points = np.concatenate([points[:1], cut.reshape(-1, 2), points[-1:]])
    return points


def _ribbon(axis: Floats, width: float) -> Shape:
    """Return the area along an axis, widening towards its end as a river does towards its mouth."""
    count = len(axis)
    along = np.linspace(0, 1, count)
    widths = width * (0.62 + 0.38 * along + 0.9 * np.clip(along - 0.9, 0, 1) * 4)
    segments = lines_through(np.stack([axis[:-1], axis[1:]], axis=1))
    return shapely.union_all(shapely.buffer(segments, widths[:-1] / 2, quad_segs=4)).simplify(width * 0.01)
