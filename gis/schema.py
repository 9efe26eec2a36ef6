"""Where things stand in the database: schemas, coordinate systems, the columns of a layer's table."""

from __future__ import annotations

from layers.kernel import KERNEL
from layers.model import Column, Horizon, Layer

CITY_SCHEMA = "city"
"""Where the layers are stored."""
HISTORY_SCHEMA = "history"
"""Where superseded rows are kept."""
REGISTER_SCHEMA = "register"
"""Where the system keeps its books."""
STORED_SRID = 5899
"""VN-2000 / TM-3 107-45, in which everything is measured."""
WEB_SRID = 3857
"""Web Mercator, for tiles; nothing is measured in it."""


def horizon_schema(horizon: Horizon) -> str:
    """Return the schema whose views show the city at this horizon."""
    return f"at_{horizon.value}"


def stored_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns of a layer as stored: the declared ones, then those every feature carries."""
    return (*layer.columns, *KERNEL)


def seen_columns(layer: Layer) -> tuple[str, ...]:
    """Return the name of every column of a layer's table, in order."""
    return ("uid", *(column.name for column in stored_columns(layer)), "recorded_at", "geom", "web_geom")
