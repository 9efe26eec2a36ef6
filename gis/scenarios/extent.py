"""Whether what is to be stored lies in the city: at its boundary, and for as long as there is none in its extent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shapely
from psycopg import Connection
from psycopg.rows import TupleRow
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")


def outside(connection: Connection[TupleRow], layer: Layer, geometries: Sequence[BaseGeometry]) -> set[int]:
    """Return the places, from 0, of geometries in EPSG:5899 that do not meet the city.

    What a layer may have beyond the boundary, as the intake lets it, still lies in the greatest extent of the city.
    """
    far = {place for place, geometry in enumerate(geometries) if not shapely.intersects(crs.extent(), geometry)}
    if not layer.intake.within_city:
        return far
    given = {"geometries": [shapely.to_wkb(geometry) for geometry in geometries]}
    found = connection.execute(statements(_SQL)["outside"].sql(), given).fetchall()
    return far | {place - 1 for (place,) in found}
