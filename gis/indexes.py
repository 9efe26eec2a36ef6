"""Indexes of an empty table that is to be filled: dropped before, built once all rows are there."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString  # psycopg's connections are generic over the rows they return

from psycopg import Connection, sql

from gis.changes.triggers import LOGGED_INSERT
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")


@contextmanager
def deferred_indexes(connection: Connection[Any], table: sql.Composable) -> Generator[None]:
    """Build the indexes of an empty table at the end; leave those of a filled one in use.

    To be used inside a transaction. An empty table cannot be read while this lasts, a filled one can.
    """
    again: list[sql.Composed] = []
    if is_empty(connection, table):
        again += _put_aside_log(connection, table)
        for without, made in _indexes(connection, table):
            connection.execute(without)
            again.append(made)
        # A table that is new to the transaction goes to disk once, without the log in between.
        connection.execute(sql.SQL("TRUNCATE {}").format(table))
    yield
    for made in again:
        connection.execute(made)
    _analyze(connection, table)


def _put_aside_log(connection: Connection[Any], table: sql.Composable) -> list[sql.Composed]:
    """Let the rows that come not be logged one by one: emptying the table is logged as a change of everything."""
    asked = {"table": table.as_string(connection), "trigger": LOGGED_INSERT}
    if connection.execute(statements(_SQL)["trigger"].sql(), asked).fetchone() is None:
        return []
    places = {"table": table, "trigger": sql.Identifier(LOGGED_INSERT)}
    connection.execute(sql.SQL("ALTER TABLE {table} DISABLE TRIGGER {trigger}").format(**places))
    return [sql.SQL("ALTER TABLE {table} ENABLE TRIGGER {trigger}").format(**places)]


def _indexes(connection: Connection[Any], table: sql.Composable) -> list[tuple[sql.Composed, sql.Composed]]:
    """Return for each index what drops it and what makes it again."""
    asked = {"table": table.as_string(connection)}
    found = connection.execute(statements(_SQL)["indexes"].sql(), asked).fetchall()
    return [_dropped_and_made(table, *index) for index in found]


def _dropped_and_made(
    table: sql.Composable, schema: str, name: str, definition: LiteralString, primary_key: LiteralString | None
) -> tuple[sql.Composed, sql.Composed]:
    # The definitions are the server's own words.
    if primary_key is None:
        return sql.SQL("DROP INDEX {}").format(sql.Identifier(schema, name)), sql.Composed([sql.SQL(definition)])
    alter, constraint = sql.SQL("ALTER TABLE {} ").format(table), sql.SQL(" CONSTRAINT {}").format(sql.Identifier(name))
    without, again = (alter + sql.SQL(verb) + constraint for verb in ("DROP", "ADD"))
    return without, again + sql.SQL(" ") + sql.SQL(primary_key)


def _analyze(connection: Connection[Any], table: sql.Composable) -> None:
    """Let the planner know a filled table by 9,000 of its rows; the server itself looks closer when it has time."""
    connection.execute("SET LOCAL default_statistics_target = 30")
    connection.execute(sql.SQL("ANALYZE {}").format(table))
    connection.execute("SET LOCAL default_statistics_target TO DEFAULT")


def is_empty(connection: Connection[Any], table: sql.Composable) -> bool:
    """Return whether a table holds no row."""
    return connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone() is None
