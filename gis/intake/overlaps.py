"""Overlaps and gaps of features that must not overlap, looked for window by window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import numpy.typing as npt
import shapely
from psycopg import Connection, sql

from gis.ahead import ahead
from gis.intake.apart import Shapes, not_apart
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers.model import Layer

TOLERANCE_M = 0.01
"""An overlap or gap is one where it is wider than this, taken as twice its area over its perimeter."""
_SQL = Path(__file__).with_suffix(".sql")
_CROWD = 20_000
_SMALLEST_M = 20.0
_MOST_FOR_GAPS = 50_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two features that overlap: how much, a position in the overlap, and whether one lies wholly in the other."""

    uid: int
    other_uid: int
    area_m2: float
    easting_m: float
    northing_m: float
    is_contained: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole between features that should leave none: how large, and a position in it."""

    together: str
    area_m2: float
    easting_m: float
    northing_m: float


def overlaps(connection: Connection[Any], layer: Layer, delivery: int) -> Iterator[Overlap]:
    """Yield each pair of overlapping features of which at least one came with this delivery, once.

    Windows hold some ten thousand features, so memory does not grow with the layer. The next window is fetched while
    one is examined; the connection must not be used for anything else meanwhile.
    """
    with closing(ahead(_windows(connection, layer, delivery))) as windows:
        for box, window in windows:
            yield from _overlaps_within(box, window)


@dataclass(frozen=True, slots=True)
class _Window:
    uids: npt.NDArray[np.int64]
    is_new: npt.NDArray[np.bool_]
    together: npt.NDArray[np.int64]
    shapes: Shapes


def _windows(connection: Connection[Any], layer: Layer, delivery: int) -> Iterator[tuple[Box, _Window]]:
    known = statements(_SQL)
    places = {"layer": sql.Identifier(CITY_SCHEMA, layer.name), "together": _together(layer)}
    reach = connection.execute(known["reach"].sql(**places), {"delivery": delivery}).fetchone()
    waiting: list[Box] = [] if reach is None or reach[0] is None else [reach]
    while waiting:
        box = waiting.pop()
        corners = dict(zip(("west_m", "south_m", "east_m", "north_m"), box, strict=True))
        found = connection.execute(known["crowd"].sql(**places), {**corners, "most": _CROWD + 1}).fetchone()
        if found and found[0] > _CROWD and box[2] - box[0] > _SMALLEST_M:
            waiting.extend(_quarters(box))
        elif found and found[0] > 1:
            with connection.cursor(binary=True) as cursor:
                cursor.execute(known["window"].sql(**places), {**corners, "delivery": delivery})
                row = cursor.fetchone()
            if row is not None and row[0] is not None:
                yield box, _window(*row)


def _together(layer: Layer) -> sql.Composable:
    columns = [sql.Identifier(name) for name in layer.intake.exclusive or ()]
    if not columns:
        return sql.Literal("")
    return sql.SQL("concat_ws({})").format(sql.SQL(", ").join([sql.Literal(" · "), *columns]))


def _quarters(box: Box) -> list[Box]:
    west, south, east, north = box
    middle_m, centre_m = (west + east) / 2, (south + north) / 2
    return [
        (west, south, middle_m, centre_m),
        (middle_m, south, east, centre_m),
        (west, centre_m, middle_m, north),
        (middle_m, centre_m, east, north),
    ]


def _window(uids: list[int], are_new: list[int], together: list[int], shapes: bytes) -> _Window:
    parts = shapely.get_parts(shapely.from_wkb(shapes))
    return _Window(np.asarray(uids), np.asarray(are_new, dtype=np.bool_), np.asarray(together), parts)


def _overlaps_within(box: Box, window: _Window) -> Iterator[Overlap]:
    left, right = _pairs_of(box, window)
    left, right = not_apart(window.shapes, left, right, TOLERANCE_M)
    for start in range(0, len(left), _CROWD):
        one, other = left[start : start + _CROWD], right[start : start + _CROWD]
        common = shapely.intersection(window.shapes[one], window.shapes[other])
        area_m2, edge_m = shapely.area(common), shapely.length(common)
        wide = np.flatnonzero(2 * area_m2 > TOLERANCE_M * edge_m)
        points = shapely.get_coordinates(shapely.point_on_surface(common[wide]))
        contained = _is_contained(window.shapes[one[wide]], window.shapes[other[wide]], area_m2[wide])
        for place, (easting_m, northing_m), inside in zip(wide, points, contained, strict=True):
            uid, other_uid = sorted((int(window.uids[one[place]]), int(window.uids[other[place]])))
            yield Overlap(uid, other_uid, float(area_m2[place]), float(easting_m), float(northing_m), bool(inside))


def _is_contained(one: Shapes, other: Shapes, common_m2: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return whether what is left of the smaller of two overlapping features is narrower than the tolerance."""
    smaller = np.where(shapely.area(one) <= shapely.area(other), one, other)
    return 2 * (shapely.area(smaller) - common_m2) <= TOLERANCE_M * shapely.length(smaller)


def _pairs_of(box: Box, window: _Window) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pairs whose boxes overlap by more than the tolerance and that belong to this window.

    A pair belongs to the window that holds the lower left corner of what the two boxes share, so that it is met once.
    """
    left, right = shapely.STRtree(window.shapes).query(window.shapes)
    once = left < right
    left, right = left[once].astype(np.int64), right[once].astype(np.int64)
    bounds = shapely.bounds(window.shapes)
    low = np.maximum(bounds[left, :2], bounds[right, :2])
    high = np.minimum(bounds[left, 2:], bounds[right, 2:])
    chosen = ((high - low) > TOLERANCE_M).all(axis=1)
    chosen &= window.together[left] == window.together[right]
    chosen &= window.is_new[left] | window.is_new[right]
    chosen &= ((low >= box[:2]) & (low < box[2:])).all(axis=1)
    return left[chosen], right[chosen]


def gaps(connection: Connection[Any], layer: Layer) -> list[Gap] | None:
    """Return the holes between features that should leave none; None where the layer is too large to be joined."""
    known = statements(_SQL)
    places = {"layer": sql.Identifier(CITY_SCHEMA, layer.name), "together": _together(layer)}
    found: list[Gap] = []
    for together, features in connection.execute(known["together"].sql(**places)).fetchall():
        if features > _MOST_FOR_GAPS:
            return None
        with connection.cursor(binary=True) as cursor:
            cursor.execute(known["members"].sql(**places), {"together": together})
            members = np.asarray(shapely.from_wkb([row[0] for row in cursor.fetchall()]), dtype=object)
        found.extend(_holes(str(together), members))
    return found


def _holes(together: str, members: Shapes) -> Iterator[Gap]:
    """Yield the holes of the union that are wider than the tolerance."""
    parts = shapely.get_parts(shapely.union_all(members))
    rings = shapely.get_rings(parts[shapely.get_num_interior_rings(parts) > 0], return_index=True)
    outer = np.r_[True, rings[1][1:] != rings[1][:-1]] if len(rings[1]) else np.zeros(0, dtype=np.bool_)
    holes = shapely.polygons(rings[0][~outer])
    wide = 2 * shapely.area(holes) > TOLERANCE_M * shapely.length(holes)
    for hole in np.atleast_1d(np.asarray(holes, dtype=object))[wide]:
        point = shapely.point_on_surface(hole)
        yield Gap(together, float(shapely.area(hole)), float(shapely.get_x(point)), float(shapely.get_y(point)))
