"""How many features a layer holds, roughly: as the statistics of the database last saw it, which costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gis.db import City
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers.model import Layer


def tallies(city: City, layers: Iterable[Layer]) -> dict[str, int]:
    """Return the number of stored features of each layer, at all horizons, by name; left out where it is not known."""
    parameters = {"schema": CITY_SCHEMA, "layers": [layer.name for layer in layers]}
    rows = city.connection.execute(statements(_SQL)["tallies"].sql(), parameters)
    return dict(row for row in rows)


_SQL = Path(__file__).with_suffix(".sql")
