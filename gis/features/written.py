"""Features written as GeoJSON by the database."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from gis.features.public import UID
from gis.features.query import Query
from gis.statements import statements
from layers.model import Column, Kind

_SQL = Path(__file__).with_suffix(".sql")
_LARGEST = 1.7976931348623157e308


def written(query: Query, *, keys: int) -> sql.Composed:
    """Return the statement that yields each feature of a query as GeoJSON text, then the keys of the order.

    Parameters
    ----------
    keys : number of the keys.

    References
    ----------
    RFC 7946, The GeoJSON Format.
    """
    named = (
        sql.SQL("{} AS {}").format(finite(column), sql.Identifier(column.name))
        for column in query.columns
        if column.name != UID.name
    )
    return statements(_SQL)["features"].sql(
        query=query.statement,
        drawn=query.drawn,
        decimals=sql.Literal(query.system.decimals),
        attributes=sql.SQL(", ").join(named),
        keys=sql.SQL(", ").join(sql.Identifier(f"key_{number}") for number in range(1, keys + 1)),
    )


def finite(column: Column) -> sql.Composable:
    """Return a column as an expression whose numbers are finite: NaN and the infinities are not known."""
    name = sql.Identifier(column.name)
    if column.kind is not Kind.NUMBER:
        return name
    largest = sql.Literal(_LARGEST)
    # PostgreSQL sorts NaN after every number.
    return sql.SQL("CASE WHEN {name} BETWEEN -{largest} AND {largest} THEN {name} END").format(
        name=name, largest=largest
    )
