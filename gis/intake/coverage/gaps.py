"""Gaps between features that should leave none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import shapely
from psycopg import Connection, sql

from gis.intake.coverage.footprints import Shapes
from gis.intake.coverage.overlaps import DETAILED, TOLERANCE_M
from gis.intake.coverage.stored import together
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")
_MOST_FOR_GAPS = 50_000


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole between features that should leave none: how large, and a position in it."""

    together: str
    area_m2: float
    easting_m: float
    northing_m: float


@dataclass(frozen=True, slots=True)
class Gaps:
    """Holes between features: how many, their area, the largest in detail."""

    holes: int
    area_m2: float
    largest: tuple[Gap, ...]


def all_gaps(connection: Connection[Any], layer: Layer, stored: sql.Identifier) -> Gaps | None:
    """Return the gaps of a layer as stored, together; None where it may have gaps, or is too large to be joined."""
    found = gaps(connection, layer, stored) if layer.intake.gapless else None
    if found is None:
        return None
    largest = sorted(found, key=lambda gap: -gap.area_m2)[:DETAILED]
    return Gaps(len(found), sum(gap.area_m2 for gap in found), tuple(largest))


def gaps(connection: Connection[Any], layer: Layer, stored: sql.Identifier) -> list[Gap] | None:
    """Return the holes between features that should leave none; None where the layer is too large to be joined."""
    known = statements(_SQL)
    places = {"layer": stored, "together": together(layer)}
    found: list[Gap] = []
    for shared, features in connection.execute(known["together"].sql(**places)).fetchall():
        if features > _MOST_FOR_GAPS:
            return None
        with connection.cursor(binary=True) as cursor:
            cursor.execute(known["members"].sql(**places), {"together": shared})
            members = np.asarray(shapely.from_wkb([row[0] for row in cursor.fetchall()]), dtype=object)
        found.extend(_holes(str(shared), members))
    return found


def _holes(shared: str, members: Shapes) -> Iterator[Gap]:
    """Yield the holes of the union that are wider than the tolerance."""
    parts = shapely.get_parts(shapely.union_all(members))
    rings = shapely.get_rings(parts[shapely.get_num_interior_rings(parts) > 0], return_index=True)
    outer = np.r_[True, rings[1][1:] != rings[1][:-1]] if len(rings[1]) else np.zeros(0, dtype=np.bool_)
    holes = shapely.polygons(rings[0][~outer])
    wide = 2 * shapely.area(holes) > TOLERANCE_M * shapely.length(holes)
    for hole in np.atleast_1d(np.asarray(holes, dtype=object))[wide]:
        point = shapely.point_on_surface(hole)
        yield Gap(shared, float(shapely.area(hole)), float(shapely.get_x(point)), float(shapely.get_y(point)))
