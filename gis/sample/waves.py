"""Smooth chance: sums of sine waves, the same for the same seed, evaluated anywhere without a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.sample.arrays import Floats


@dataclass(frozen=True, slots=True)
class Waves:
    """A smooth random field over the plane with values around -1 to 1."""

    wave_vectors: Floats
    phases: Floats

    def at(self, points: Floats) -> Floats:
        """Return the value at points of shape (..., 2)."""
        total = np.zeros(points.shape[:-1])
        for (east, north), phase in zip(self.wave_vectors, self.phases, strict=True):
            total += np.sin(points[..., 0] * east + points[..., 1] * north + phase)
        return total / np.sqrt(len(self.phases))


def waves(rng: np.random.Generator, *, length_m: float, count: int = 4) -> Waves:
    """Return a field whose waves have lengths around `length_m` and directions all round."""
    angles = (np.arange(count) + rng.uniform(0, 1, count)) * np.pi / count
    numbers = 2 * np.pi / (length_m * rng.uniform(0.75, 1.35, count))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1) * numbers[:, None]
    return Waves(vectors, rng.uniform(0, 2 * np.pi, count))


@dataclass(frozen=True, slots=True)
class Sway:
    """A smooth displacement of the plane that keeps it whole while its amplitude stays well below its wave length."""

    east: Waves
    north: Waves

    def at(self, points: Floats) -> Floats:
        """Return the displacement for an amplitude of one metre."""
        return np.stack([self.east.at(points), self.north.at(points)], axis=-1)


def sway(rng: np.random.Generator, *, length_m: float, count: int = 3) -> Sway:
    """Return a displacement field with waves around `length_m` long."""
    return Sway(waves(rng, length_m=length_m, count=count), waves(rng, length_m=length_m, count=count))
