"""The measure of the sample city: how large it is, where it lies, how its straight plan is bent onto the ground.

The city is first drawn in a *plan* whose unit is the metre, whose origin is the old centre, with the bay to the north,
the sea to the east and streets running straight. `Frame.ground` bends that plan onto EPSG:5899, so that coast, river
and streets bend together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.sample.arrays import Floats, on_grid
from gis.sample.waves import Sway, sway

_CORNER_EASTING_M = 553_200.0
_CORNER_NORTHING_M = 1_780_300.0
_RADIUS_AT_25_000_M = 1_500.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Size and position of one sample city.

    `radius_m` : the length the plan is drawn in; the area grows with the number of parcels, the parcels do not.
    """

    parcels: int
    seed: int
    radius_m: float
    centre: Floats
    long_sway: Sway
    short_sway: Sway

    def rng(self, *purpose: int) -> np.random.Generator:
        """Return the chance of one purpose: the same for the same seed, whatever was drawn before."""
        return np.random.default_rng([self.seed, *purpose])

    def ground(self, plan: Floats) -> Floats:
        """Bend points of the plan onto the ground, EPSG:5899, on the millimetre."""
        radius = self.radius_m
        u, v = plan[..., 0] / radius, plan[..., 1] / radius
        bent = np.stack(
            [
                plan[..., 0] - radius * (0.16 * v + 0.05 * v * v - 0.03 * np.sin(2.3 * v)),
                plan[..., 1] + radius * (0.10 * np.minimum(u, 0) ** 2 + 0.07 * u),
            ],
            axis=-1,
        )
        bent += self.long_sway.at(plan) * 0.045 * radius
        bent += self.short_sway.at(plan) * min(38.0, 0.03 * radius)
        return on_grid(bent + self.centre)


def frame(*, parcels: int, seed: int) -> Frame:
    """Return the frame of a city of so many parcels; its bay and beach stay at the same place, it grows inland."""
    radius = _RADIUS_AT_25_000_M * float(np.sqrt(parcels / 25_000) * (1 + 0.3 * np.exp(-parcels / 8_000)))
    centre = np.array([_CORNER_EASTING_M - 1.0 * radius, _CORNER_NORTHING_M - 0.6 * radius])
    rng = np.random.default_rng([seed, 1])
    short = min(900.0, 0.7 * radius)
    return Frame(parcels, seed, radius, centre, sway(rng, length_m=2.4 * radius), sway(rng, length_m=short))
