"""CSV, as the database writes it: a line of names, empty where nothing is known, the geometry as well-known text."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from psycopg import sql

from gis.features.public import UID
from gis.features.written import finite
from gis.statements import statements
from gis.streams.chunks import gathered, plain
from gis.streams.rows import copied
from gis.streams.traversal import Traversal
from layers.model import Column, Kind

_SQL = Path(__file__).with_suffix(".sql")


def csv(traversal: Traversal) -> Generator[bytes]:
    """Yield features as CSV in UTF-8; an empty text is written `""`, what is not known is left empty.

    References
    ----------
    RFC 4180, Common Format for CSV Files.
    """
    question = traversal.part
    query = traversal.query()
    others = (column for column in question.columns if column.name != UID.name)
    statement = statements(_SQL)["features"].sql(
        query=query.statement,
        attributes=sql.SQL(",\n    ").join(
            sql.SQL("{} AS {}").format(_written(column), sql.Identifier(column.name)) for column in (UID, *others)
        ),
        drawn=traversal.drawn(),
        decimals=sql.Literal(question.system.decimals),
    )
    copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT CSV, HEADER)").format(statement)
    messages = copied(traversal.city.connection, copy, query.values)
    try:
        yield from gathered(plain(bytes(message) for message in messages))
    finally:
        messages.close()


def _written(column: Column) -> sql.Composable:
    """Return a column as the words that other programs read."""
    if column.kind is Kind.BOOLEAN:
        return sql.SQL("{}::text").format(sql.Identifier(column.name))
    if column.kind is Kind.TIMESTAMP:
        return sql.SQL("to_json({})#>>'{{}}'").format(sql.Identifier(column.name))
    return finite(column)
