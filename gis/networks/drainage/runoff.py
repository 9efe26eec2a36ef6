"""What of the rain runs off, and how fast it comes together."""

from __future__ import annotations

import numpy as np

from gis.networks.graph import Numbers

RATIONAL = 0.278
"""Of the rational method: a millimetre an hour on a square kilometre, in m³/s, as it is usually rounded."""
_MM_OF_INCH = 25.4
_INITIAL_SHARE = 0.2
"""What soaks in before any water runs off, as a share of what the ground can hold."""


def scs_runoff_mm(rain_mm: float | Numbers, curve_number: float | Numbers) -> Numbers:
    """Return the depth that runs off of a rain, by the curve-number method of the SCS.

    `Q = (P - 0.2 S)² / (P + 0.8 S)`, where `S = 25400/CN - 254` is what the ground can hold; nothing runs off of a rain
    less than 0.2 S.

    Parameters
    ----------
    rain_mm : depth of the rain.
    curve_number : above 0, at most 100; NaN where it is not known.

    References
    ----------
    USDA Soil Conservation Service, TR-55: Urban Hydrology for Small Watersheds, 1986.
    """
    rain, number = np.asarray(rain_mm, dtype=np.float64), np.asarray(curve_number, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        holds = _MM_OF_INCH * (1000 / np.where(number > 0, number, np.nan) - 10)
        beyond = np.maximum(rain - _INITIAL_SHARE * holds, 0.0)
        runs_off = beyond**2 / (rain + (1 - _INITIAL_SHARE) * holds)
    return np.where((rain == 0) & (number > 0), 0.0, runs_off)


def rational_m3_s(
    coefficient: float | Numbers, intensity_mm_h: float | Numbers, *, area_km2: float | Numbers
) -> Numbers:
    """Return the peak flow by the rational method: `Q = 0.278 C i A`.

    Parameters
    ----------
    coefficient : share of the rain that runs off, 0-1.
    intensity_mm_h : of a rain that lasts as long as water takes from the farthest place.
    area_km2 : of the ground it falls on.
    """
    return np.asarray(RATIONAL * np.asarray(coefficient) * intensity_mm_h * area_km2, dtype=np.float64)


def scs_peak_m3_s(
    volume_km2_mm: float | Numbers, *, duration_min: float, concentration_min: float | Numbers
) -> Numbers:
    """Return the peak flow of the triangular unit hydrograph of the SCS: `q = 0.208 A Q / (D/2 + 0.6 tc)`.

    Parameters
    ----------
    volume_km2_mm : area in km² times the depth that runs off in mm.
    duration_min : how long it rains.
    concentration_min : how long water takes from the farthest place.

    References
    ----------
    USDA, National Engineering Handbook, part 630, chapter 16.
    """
    rise_h = (duration_min / 2 + 0.6 * np.asarray(concentration_min, dtype=np.float64)) / 60
    return np.asarray(0.208 * np.asarray(volume_km2_mm) / rise_h, dtype=np.float64)


def kirpich_min(length_m: float | Numbers, slope: float | Numbers) -> Numbers:
    """Return how long water takes over ground: `t = 0.0195 L^0.77 S^-0.385`; NaN where there is no slope.

    References
    ----------
    Z. P. Kirpich, Time of concentration of small agricultural watersheds, Civil Engineering 10 (1940) 362.
    """
    fall = np.asarray(slope, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.0195 * np.asarray(length_m) ** 0.77 * np.where(fall > 0, fall, np.nan) ** -0.385
