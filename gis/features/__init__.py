"""Features of the layers: what may be seen of them, and how they are asked for."""

from __future__ import annotations

from gis.features.box import WORLD, Box, BoxError
from gis.features.extents import extents, intervals
from gis.features.public import UnknownColumnError, public_columns, public_layer, public_layers, questioned_columns
from gis.features.query import Query
from gis.features.system import CRS84, SYSTEMS, System

__all__ = [
    "CRS84",
    "SYSTEMS",
    "WORLD",
    "Box",
    "BoxError",
    "Query",
    "System",
    "UnknownColumnError",
    "extents",
    "intervals",
    "public_columns",
    "public_layer",
    "public_layers",
    "questioned_columns",
]
