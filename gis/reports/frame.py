"""The frame of a map on paper: which part of the ground it shows, at which scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

WIDTH_MM = 170.0
UNITS_PER_MM = 10
"""Coordinates of the drawing are tenths of a millimetre: no printer shows less."""

_LOWEST_MM, _HIGHEST_MM = 80.0, 100.0
_MARGIN = 0.1
"""Room about what is shown, as a share of the frame, on each side."""
_FOOT_MM = 11.0
"""Room for the scale bar, below all that is shown."""
_LEAST_M = 20.0
"""Nothing smaller than this is looked at closer."""
_DENOMINATORS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_BAR_STEPS = (5, 2, 1)
_BAR_SHARE = 0.22
_MM_OF_M = 1_000

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in metres of EPSG:5899."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the ground on paper; `scale` is the 5 000 of 1:5 000."""

    west_m: float
    north_m: float
    scale: float
    height_mm: float
    width_mm: float = WIDTH_MM

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in units of the drawing."""
        return round(self.width_mm * UNITS_PER_MM), round(self.height_mm * UNITS_PER_MM)

    @property
    def unit_m(self) -> float:
        """Metres on the ground that one unit of the drawing stands for."""
        return self.scale / (_MM_OF_M * UNITS_PER_MM)

    @property
    def bounds(self) -> Bounds:
        """The part of the ground that is shown."""
        width, height = self.size
        return (
            self.west_m,
            self.north_m - height * self.unit_m,
            self.west_m + width * self.unit_m,
            self.north_m,
        )

    @property
    def bar_m(self) -> int:
        """A round length for the scale bar: 1, 2 or 5 with zeros, at most a fifth of the width or so."""
        most_m = _BAR_SHARE * self.width_mm * self.scale / _MM_OF_M
        decade = 10 ** floor(log10(most_m))
        return max(1, round(decade * next((step for step in _BAR_STEPS if step * decade <= most_m), 1)))

    def drawn(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in units of the drawing, its bends that nobody would see taken out."""
        seen = shapely.simplify(shapely.force_2d(geometry), self.unit_m, preserve_topology=True)
        return shapely.transform(seen, self._placed)

    def _placed(self, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(
            ((places[:, 0] - self.west_m) / self.unit_m, (self.north_m - places[:, 1]) / self.unit_m)
        )


def frame_about(bounds: Bounds) -> Frame:
    """Return the frame at the largest round scale in which what lies in the bounds is shown with room about it."""
    west, south, east, north = bounds
    width_m, height_m = max(east - west, _LEAST_M), max(north - south, _LEAST_M)
    room = 1 - 2 * _MARGIN
    needed = max(width_m / (WIDTH_MM * room), height_m / (_HIGHEST_MM * room - _FOOT_MM)) * _MM_OF_M
    scale = _round_up(needed)
    m_of_mm = scale / _MM_OF_M
    height_mm = min(max((height_m / m_of_mm + _FOOT_MM) / room, _LOWEST_MM), _HIGHEST_MM)
    return Frame(
        west_m=(west + east - WIDTH_MM * m_of_mm) / 2,
        north_m=(south + north + (height_mm - _FOOT_MM) * m_of_mm) / 2,
        scale=scale,
        height_mm=height_mm,
    )


def _round_up(needed: float) -> float:
    decade = 10.0 ** floor(log10(needed))
    return next((each * decade for each in _DENOMINATORS if each * decade >= needed), 10 * decade)
