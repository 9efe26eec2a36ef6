"""Cross sections of sewers and channels, and the flow they carry by Manning, full and partly full.

Sections are arrays: one of a thousand sewers is asked as one of a single sewer. What is not known is NaN, and so is
what would follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.networks.graph import Marks, Numbers, Places

CIRCULAR, BOX, TRAPEZOID = 0, 1, 2
"""Kinds of sections; any other number is a section that is not known."""
_FULLEST_SHARE = 0.9381
"""Share of its diameter to which a circular sewer carries the most water."""
_HALVINGS = 40


@dataclass(frozen=True)
class Sections:
    """Cross sections.

    Parameters
    ----------
    kind : circular, box (closed), or trapezoid (open).
    width_m : diameter, width of the box, or width of the bed.
    height_m : diameter, height of the box, or depth from bank to bed.
    side_slope : of a trapezoid, horizontal over vertical.
    """

    kind: Places
    width_m: Numbers
    height_m: Numbers
    side_slope: Numbers

    @classmethod
    def circular(cls, diameter_m: Numbers) -> Sections:
        """Return circular sections."""
        return cls(np.full(len(diameter_m), CIRCULAR), diameter_m, diameter_m, np.zeros(len(diameter_m)))

    def __len__(self) -> int:
        return len(self.kind)

    def some(self, chosen: Places | Marks) -> Sections:
        """Return some of them."""
        return Sections(self.kind[chosen], self.width_m[chosen], self.height_m[chosen], self.side_slope[chosen])

    @property
    def is_known(self) -> Marks:
        """Which of them have a shape, and a size that is not zero."""
        there = (self.width_m > 0) & (self.height_m > 0) | self._is_ditch
        return np.isin(self.kind, (CIRCULAR, BOX, TRAPEZOID)) & there & np.isfinite(self.side_slope)

    @property
    def _is_ditch(self) -> Marks:
        """Which are trapezoids without a bed: triangles."""
        return (self.kind == TRAPEZOID) & (self.width_m == 0) & (self.height_m > 0) & (self.side_slope > 0)

    def wetted(self, depth_m: Numbers) -> tuple[Numbers, Numbers]:
        """Return the area (m²) and the wetted perimeter (m) of water of a depth under a free surface."""
        wide, side = self.width_m, self.side_slope
        with np.errstate(invalid="ignore", divide="ignore"):
            angle = 2 * np.arccos(np.clip(1 - 2 * depth_m / wide, -1, 1))
            round_ = wide**2 / 8 * (angle - np.sin(angle)), wide * angle / 2
        straight = wide * depth_m, wide + 2 * depth_m
        sloped = (wide + side * depth_m) * depth_m, wide + 2 * depth_m * np.hypot(1, side)
        kinds = [self.kind == CIRCULAR, self.kind == BOX, self.kind == TRAPEZOID]
        area, perimeter = (
            np.select(kinds, [round_[place], straight[place], sloped[place]], np.nan) for place in (0, 1)
        )
        return area, perimeter

    @property
    def full(self) -> tuple[Numbers, Numbers]:
        """Area and wetted perimeter when a sewer runs full, or a channel to its banks."""
        area, perimeter = self.wetted(self.height_m)
        return area, np.where(self.kind == BOX, perimeter + self.width_m, perimeter)

    @property
    def size_m(self) -> Numbers:
        """Diameter, or width."""
        return self.width_m


@dataclass(frozen=True)
class Conduits:
    """Sections laid at a slope (m/m) with a roughness (Manning's n); NaN where one is not known or not above zero."""

    sections: Sections
    slope: Numbers
    roughness_n: Numbers

    def some(self, chosen: Places | Marks) -> Conduits:
        """Return some of them."""
        return Conduits(self.sections.some(chosen), self.slope[chosen], self.roughness_n[chosen])

    @property
    def _pull(self) -> Numbers:
        with np.errstate(invalid="ignore", divide="ignore"):
            pull = np.sqrt(self.slope) / self.roughness_n
        fit = (self.slope > 0) & (self.roughness_n > 0) & self.sections.is_known
        return np.where(fit, pull, np.nan)

    def flow_m3_s(self, depth_m: Numbers) -> Numbers:
        """Return what flows at a depth under a free surface."""
        return _flow(*self.sections.wetted(depth_m), self._pull)

    @property
    def full_flow_m3_s(self) -> Numbers:
        """What a full sewer carries without pressure; a channel to its banks."""
        return _flow(*self.sections.full, self._pull)

    @property
    def full_velocity_m_s(self) -> Numbers:
        """How fast water goes in a full sewer."""
        return self.full_flow_m3_s / np.where(self.sections.is_known, self.sections.full[0], np.nan)

    def depth_m(self, flow_m3_s: Numbers) -> Numbers:
        """Return the depth at which a flow runs evenly; the full height where it is more than a full sewer carries.

        Where a flow has two depths, as in a circular sewer that is nearly full, it is the lesser.
        """
        height, full = self.sections.height_m, self.full_flow_m3_s
        low = np.zeros(len(height))
        high = np.where(self.sections.kind == CIRCULAR, _FULLEST_SHARE * height, height)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            less = self.flow_m3_s(middle) < flow_m3_s
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        known = np.isfinite(full) & np.isfinite(flow_m3_s)
        return np.where(known, np.where(flow_m3_s >= full, height, high), np.nan)

    def velocity_m_s(self, flow_m3_s: Numbers) -> Numbers:
        """Return how fast a flow goes: evenly at its depth; as in a full sewer where it is more, or none is known."""
        velocity = self.full_velocity_m_s
        less = np.flatnonzero((flow_m3_s > 0) & (flow_m3_s < self.full_flow_m3_s))
        if len(less):
            some, flow = self.some(less), flow_m3_s[less]
            velocity[less] = flow / some.sections.wetted(some.depth_m(flow))[0]
        return velocity


def _flow(area_m2: Numbers, perimeter_m: Numbers, pull: Numbers) -> Numbers:
    """Return Manning's flow: area times the hydraulic radius to the power of two thirds, times the root of the fall."""
    with np.errstate(invalid="ignore", divide="ignore"):
        radius = np.where(perimeter_m > 0, area_m2 / np.where(perimeter_m > 0, perimeter_m, 1.0), 0.0)
    return area_m2 * radius ** (2 / 3) * pull
