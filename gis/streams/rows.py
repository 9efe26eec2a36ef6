"""Rows of a query as the server sends them, one message each, held back by whoever reads them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any  # psycopg's connections are generic over the rows they return

from psycopg import Connection, sql
from psycopg.abc import Buffer

from gis.export.rows import without_header

_TRAILER_BYTES = 2
_NULL = -1


def rows(connection: Connection[Any], query: sql.Composed, values: Mapping[str, object]) -> Generator[bytes]:
    """Yield the rows of a query as binary COPY writes them; closing the generator ends the query in the server."""
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(query)
    messages = copied(connection, statement, values)
    try:
        header = next(messages, None)
        first = b"" if header is None else without_header(bytes(header))
        if len(first) > _TRAILER_BYTES:
            yield first
        for row in messages:
            if len(row) > _TRAILER_BYTES:
                yield bytes(row)
    finally:
        messages.close()


def copied(connection: Connection[Any], statement: sql.Composed, values: Mapping[str, object]) -> Generator[Buffer]:
    """Yield what a COPY to standard output sends, message by message."""
    with connection.cursor() as cursor, cursor.copy(statement, values) as copy:
        yield from copy


def fields(row: bytes) -> list[bytes | None]:
    """Return the fields of a row as binary COPY writes them."""
    found: list[bytes | None] = []
    place = 2
    for _ in range(int.from_bytes(row[:2], "big")):
        length = int.from_bytes(row[place : place + 4], "big", signed=True)
        place += 4
        found.append(None if length == _NULL else row[place : place + length])
        place += max(length, 0)
    return found
