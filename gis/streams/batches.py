"""Features as Arrow batches, for formats that are written from whole columns."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pyarrow as pa
from psycopg import sql

from gis.export.rows import rows
from gis.export.selection import arrow_schema
from gis.features.public import UID
from gis.features.written import finite
from gis.statements import statements
from gis.streams.traversal import Traversal
from layers.model import Column

_SQL = Path(__file__).with_suffix(".sql")


def columns(traversal: Traversal) -> tuple[Column, ...]:
    """Return the columns of the batches before the geometry: the uid, then those that are asked for."""
    return (UID, *(column for column in traversal.part.columns if column.name != UID.name))


def schema(traversal: Traversal) -> pa.Schema:
    """Return the Arrow schema of the batches."""
    return arrow_schema(columns(traversal))


def batches(traversal: Traversal) -> Generator[pa.RecordBatch]:
    """Yield features as batches of bounded size; east stands before north, as these formats have it."""
    query = traversal.query()
    statement = statements(_SQL)["features"].sql(
        query=query.statement,
        attributes=sql.SQL(",\n    ").join(
            sql.SQL("{} AS {}").format(finite(column), sql.Identifier(column.name)) for column in columns(traversal)
        ),
        drawn=traversal.drawn(native_order=False),
    )
    return rows(traversal.city.connection, statement, query.values, schema(traversal))
