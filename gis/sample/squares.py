"""Points, lines and rectangles of the town, given in metres east and north of its south-west corner."""

from __future__ import annotations

from typing import Any, TypeAlias  # values of declared columns, of any kind

import shapely

WEST_M, SOUTH_M = 550_000.0, 1_776_000.0

Rows: TypeAlias = list[dict[str, Any]]


def point(east: float, north: float) -> shapely.Point:
    """Return a point."""
    return shapely.Point(WEST_M + east, SOUTH_M + north)


def line(*places: tuple[float, float]) -> shapely.MultiLineString:
    """Return a line through the places, as a multi-line of one part."""
    return shapely.MultiLineString([[(WEST_M + east, SOUTH_M + north) for east, north in places]])


def rectangle(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    """Return a rectangle between two easts and two norths, as a multi-polygon of one part."""
    return shapely.MultiPolygon([shapely.box(WEST_M + west, SOUTH_M + south, WEST_M + east, SOUTH_M + north)])


def tile(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    """Return a rectangle with a vertex every 10 m, so that it shares vertices with smaller ones beside it."""
    step = 10.0
    across = [west + step * k for k in range(round((east - west) / step))]
    upward = [south + step * k for k in range(round((north - south) / step))]
    ring = [(place, south) for place in across] + [(east, place) for place in upward]
    ring += [(west + east - place, north) for place in across] + [(west, south + north - place) for place in upward]
    return shapely.MultiPolygon(
        [shapely.Polygon([(WEST_M + easting, SOUTH_M + northing) for easting, northing in ring])]
    )
