"""The sample city into the tables, by binary COPY, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pyarrow as pa
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.ahead import ahead
from gis.copy import copied_columns, copy_rows, encoded
from gis.db import City
from gis.indexes import deferred_indexes
from gis.sample.city import generate
from gis.sample.stream import Batch
from gis.schema import CITY_SCHEMA
from layers import LAYERS

Progress = Callable[[str, int], None]
"""Told the layer and the number of rows after each batch."""


def load_sample(
    city: City, *, parcels: int = 25_000, seed: int = 1, progress: Progress | None = None
) -> dict[str, int]:
    """Generate a city and store it beside whatever is there, in one transaction.

    Parameters
    ----------
    parcels, seed
        As for `gis.sample.generate`.
    progress
        Called with the layer and the rows stored, after each batch.

    Returns
    -------
    dict
        Rows stored by layer.
    """
    return load_batches(city, generate(parcels=parcels, seed=seed), progress=progress)


def load_batches(city: City, batches: Iterator[Batch], *, progress: Progress | None = None) -> dict[str, int]:
    """Store named batches in one transaction; indexes of empty tables are built at the end."""
    counts: Counter[str] = Counter()
    connection = city.connection
    with connection.transaction(), ExitStack() as stack:
        for name in LAYERS:
            stack.enter_context(deferred_indexes(connection, sql.Identifier(CITY_SCHEMA, name)))
        waiting = stack.enter_context(closing(ahead(batches)))
        for name, batch in waiting:
            rows = _stored(connection, name, batch)
            counts[name] += rows
            if progress is not None:
                progress(name, rows)
    return dict(counts)


def _stored(connection: Connection[TupleRow], name: str, batch: pa.RecordBatch) -> int:
    layer = LAYERS[name]
    columns = copied_columns(layer, batch.schema.names, {})
    rows = iter([encoded(batch, layer, columns, {})])
    return copy_rows(connection, sql.Identifier(CITY_SCHEMA, name), columns, rows)
