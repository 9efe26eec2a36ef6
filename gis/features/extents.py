"""How far a layer reaches, in space and in time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from psycopg import sql

from gis.db import City
from gis.features.box import Box
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")


def extents(city: City, layers: Iterable[Layer]) -> dict[str, Box]:
    """Return the box around what each layer holds, by name; a layer that holds nothing is left out.

    It is read from the spatial index: never too small, and too large only while removed rows are not yet cleared away.
    """
    names = [layer.name for layer in layers]
    rows = city.connection.execute(statements(_SQL)["extents"].sql(), {"layers": names})
    return {name: Box(west, south, east, north) for name, west, south, east, north in rows}


def intervals(city: City, layers: Iterable[Layer]) -> dict[str, tuple[str | None, str | None]]:
    """Return the first and the last day of each layer, by name; None where it has no first or no last day."""
    query = statements(_SQL)["interval"]
    listed = list(layers)
    if not listed:
        return {}
    each = (query.sql(table=sql.Identifier(CITY_SCHEMA, layer.name)) for layer in listed)
    rows = city.connection.execute(sql.SQL("\nUNION ALL\n").join(each)).fetchall()
    return {layer.name: (first, last) for layer, (first, last) in zip(listed, rows, strict=True)}
