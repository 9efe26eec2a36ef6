"""Features of the layers: what may be seen of them, and how they are asked for.

A `Question` says which features of a layer, in which order, showing what, in which coordinate system. Who writes them
in a form of his own takes `question.query()`, or `question.first(limit)`, and runs on a cursor of his own

    query.encoded(expressions), query.values

where the expressions see `uid`, the columns of the layer and `geom`, and `query.drawn` is the geometry in the system
of the answer, its axes in the order of that system. `question.following(keys)` is the same question behind a feature.
All that is read inside `gis.features.snapshot.snapshot` sees one state of the database. `page` does all of this
for GeoJSON, a page at a time.
"""

from __future__ import annotations

from gis.features.box import WORLD, Box, BoxError, BoxGiven, written_box
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
    "BoxGiven",
    "Query",
    "System",
    "UnknownColumnError",
    "extents",
    "intervals",
    "public_columns",
    "public_layer",
    "public_layers",
    "questioned_columns",
    "written_box",
]
