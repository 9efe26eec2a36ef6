"""Web Mercator (EPSG:3857), in which maps are tiled: from degrees and back."""

from __future__ import annotations

import math

_EARTH_RADIUS_M = 6_378_137.0
LAST_LATITUDE = 85.051128
"""Where EPSG:3857 ends."""


def web_position(lon: float, lat: float) -> tuple[float, float]:
    """Return metres east and north of 0° E, 0° N; latitudes beyond the last one are drawn at it."""
    inside = math.radians(max(-LAST_LATITUDE, min(LAST_LATITUDE, lat)))
    return _EARTH_RADIUS_M * math.radians(lon), _EARTH_RADIUS_M * math.asinh(math.tan(inside))


def lonlat(east_m: float, north_m: float) -> tuple[float, float]:
    """Return longitude and latitude of a position in EPSG:3857, in degrees."""
    return math.degrees(east_m / _EARTH_RADIUS_M), math.degrees(math.atan(math.sinh(north_m / _EARTH_RADIUS_M)))
