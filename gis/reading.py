"""The rows of a query in batches, which say to who listens how far the reading has come."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any  # psycopg's connections are generic over the rows they return

import pyarrow as pa
from psycopg import Connection, sql

from gis.answering import is_heard, told
from gis.export.rows import rows


def batches(
    connection: Connection[Any], query: sql.Composed, values: Mapping[str, object], schema: pa.Schema
) -> Generator[pa.RecordBatch]:
    """Yield the rows of a query as batches of bounded size, as `gis.export.rows.rows` does.

    How far they have come is told after each batch, by the number of rows the database expects: a guess that costs no
    reading, and is asked for only where somebody listens.
    """
    expected = _expected(connection, query, values) if is_heard() else 0.0
    done = 0
    for batch in rows(connection, query, values, schema):
        yield batch
        done += batch.num_rows
        told(done / max(expected, done))
    told(1.0)


def _expected(connection: Connection[Any], query: sql.Composed, values: Mapping[str, object]) -> float:
    """Return how many rows the database expects of a query."""
    ((planned,),) = connection.execute(sql.SQL("EXPLAIN (FORMAT JSON) {}").format(query), values).fetchall()
    return float(planned[0]["Plan"]["Plan Rows"])
