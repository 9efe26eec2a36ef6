"""Geometries as a filter writes them: WKT, GeoJSON or a box, in one of the coordinate systems spoken at the door."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import cast

import numpy as np
import shapely

from gis.filters.errors import FilterBoundError, LiteralError
from gis.filters.parsing import Node
from gis.filters.place import Place

MOST_VERTICES = 2_500
"""Most positions of one geometry."""
_FLAT, _SOLID = 4, 6


def geometry(parts: Mapping[str, Node], place: Place) -> shapely.Geometry:
    """Return a literal as a geometry, east before north; valid, not empty, within the limits of its system.

    Raises
    ------
    LiteralError
        When it is no such geometry; the sentence says why.
    FilterBoundError
        When it has too many vertices.
    """
    drawn = _box(parts["bbox"], place) if "bbox" in parts else _drawn(parts, place)
    vertices = shapely.get_num_coordinates(drawn)
    if vertices > MOST_VERTICES:
        raise FilterBoundError("vertices in a geometry", int(vertices), MOST_VERTICES)
    if shapely.is_empty(drawn):
        raise LiteralError("a geometry is empty")
    if not shapely.is_valid(drawn):
        raise LiteralError(f"a geometry is not valid: {shapely.is_valid_reason(drawn)}")
    _refuse_outside(drawn, place)
    return drawn


def _drawn(parts: Mapping[str, Node], place: Place) -> shapely.Geometry:
    try:
        drawn = shapely.force_2d(shapely.from_geojson(json.dumps(parts)))
    except (shapely.GEOSException, ValueError) as error:
        raise LiteralError(f"a geometry cannot be read: {' '.join(str(error).split())[:160]}") from None
    return shapely.transform(drawn, lambda positions: positions[:, ::-1]) if place.north_first else drawn


def _box(numbers: Node, place: Place) -> shapely.Geometry:
    if not isinstance(numbers, list) or not all(map(_is_number, cast("list[Node]", numbers))):
        raise LiteralError("a side of a BBOX is a number, not a text, a property or a calculation")
    sides = cast("list[float]", numbers)
    if len(sides) not in (_FLAT, _SOLID):
        raise LiteralError(f"a BBOX has four numbers, or six with heights, given {len(sides)}")
    half = len(sides) // 2
    (west, south), (east, north) = sides[:2], sides[half : half + 2]
    if place.north_first:
        west, south, east, north = south, west, north, east
    if south > north:
        raise LiteralError(f"a BBOX has its south {south:g} north of its north {north:g}")
    if west > east and not place.geographic:
        raise LiteralError(f"a BBOX has its west {west:g} east of its east {east:g}")
    if west > east:
        return shapely.union(_outline(west, south, 180.0, north), _outline(-180.0, south, east, north))
    return _outline(west, south, east, north)


def _is_number(side: Node) -> bool:
    return isinstance(side, int | float) and not isinstance(side, bool) and math.isfinite(side)


def _outline(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _refuse_outside(drawn: shapely.Geometry, place: Place) -> None:
    positions = shapely.get_coordinates(drawn)
    if not np.isfinite(positions).all():
        raise LiteralError("a position of a geometry is not a number")
    if (np.abs(positions) > place.limits).any():
        east, north = place.limits
        raise LiteralError(
            f"a geometry leaves {place.name}, which ends at ±{east:g} to the east and ±{north:g} to the north; "
            f"its positions are {'north before east' if place.north_first else 'east before north'}"
        )
