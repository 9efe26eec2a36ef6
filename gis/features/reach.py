"""Features by where they lie: `bbox` and `bbox-crs`."""

from __future__ import annotations

import math

from psycopg import sql

from gis.errors import QuyhoachError
from gis.features.box import Box, BoxError
from gis.features.number import read_number
from gis.features.system import STORED, System
from gis.filters.condition import Binder, Condition

_FLAT, _SOLID = 4, 6


class BoundsError(QuyhoachError):
    """Numbers that are no box in a coordinate system."""

    def __init__(self, reason: str, system: System) -> None:
        axes = "south,west,north,east" if system.north_first else "west,south,east,north"
        unit = "degrees" if system.geographic else "metres"
        super().__init__(
            f"bbox is refused: {reason}. It is {axes} in {unit} of {system.curie}; heights, where given, stand after "
            "each corner and are not looked at."
        )


def reached(text: str, system: System) -> Condition:
    """Return the condition of what meets a box of four numbers, or of six with heights.

    Where longitudes are given and west is greater than east, the box goes across the antimeridian.

    Raises
    ------
    BoundsError
        When the numbers are no box of that system.
    """
    west, south, east, north = _sides(text, system)
    if not system.geographic:
        if west > east:
            raise BoundsError(f"west {west:g} lies east of {east:g}", system)
        return _meeting([(west, south, east, north)], system.srid)
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    try:
        boxes = [Box(one, south, other, north).web for one, other in parts]
    except BoxError as error:
        raise BoundsError(str(error).partition(";")[0], system) from None
    return _meeting(boxes, _WEB)


_WEB = 3857


def _sides(text: str, system: System) -> tuple[float, float, float, float]:
    numbers = [number for side in text.split(",") if (number := read_number(side.strip(" "))) is not None]
    if len(numbers) not in (_FLAT, _SOLID) or len(numbers) != text.count(",") + 1:
        raise BoundsError(f"{text[:80]!r} is not four numbers, or six", system)
    if not all(map(math.isfinite, numbers)):
        raise BoundsError("a side is larger than can be held", system)
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if system.north_first:
        west, south, east, north = south, west, north, east
    if south > north:
        raise BoundsError(f"south {south:g} lies north of {north:g}", system)
    if half > 2 and numbers[2] > numbers[5]:  # noqa: PLR2004 — a corner of three numbers ends with its height
        raise BoundsError(f"the lower height {numbers[2]:g} lies above {numbers[5]:g}", system)
    return west, south, east, north


def _meeting(boxes: list[tuple[float, float, float, float]], srid: int) -> Condition:
    binder = Binder("bbox")
    parts: list[sql.Composable] = []
    for box in boxes:
        sides = sql.SQL(", ").join(binder.bind(side, "number") for side in box)
        outline = sql.SQL("ST_MakeEnvelope({}, {})").format(sides, sql.Literal(srid))
        parts.append((_STORED if srid == STORED.srid else _SEARCHED).format(outline=outline))
    return binder.condition(sql.SQL(" OR ").join(parts))


# Boxes are kept rounded outwards by as much as a metre: only a look at the geometry itself is exact.
_STORED = sql.SQL("ST_Intersects(geom, {outline})")
_SEARCHED = sql.SQL("(geom && city.searched({outline}) AND ST_Intersects(web_geom, {outline}))")
