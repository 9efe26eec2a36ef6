"""How many features a question means: exact where that is cheap, else an estimate that says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from psycopg import errors, sql

from gis.db import City
from gis.filters.condition import Condition
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")
COUNTED = 10_000
"""Features that are counted one by one; where there are more, the number is estimated."""
_COUNTING = "500ms"


@dataclass(frozen=True, slots=True)
class Matched:
    """A number of features: exact, or an estimate, or neither where nobody asked."""

    exact: int | None = None
    estimate: int | None = None


def matched(city: City, layer: Layer, condition: Condition) -> Matched:
    """Count the features that meet a condition, for half a second at most; estimate where that does not do.

    To be called inside a transaction.
    """
    counted = _counted(city, layer, condition)
    if counted is not None and counted <= COUNTED:
        return Matched(exact=counted)
    return Matched(estimate=max(_expected(city, layer, condition), counted or 0))


def _counted(city: City, layer: Layer, condition: Condition) -> int | None:
    """Return the number as far as one more than `COUNTED`; None where counting takes too long."""
    connection = city.connection
    query = statements(_SQL)["bounded"].sql(**_places(layer, condition))
    try:
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(_COUNTING))
            row = connection.execute(query, {**condition.values, "bound": COUNTED + 1}).fetchone()
            connection.execute("SET LOCAL statement_timeout TO DEFAULT")
    except errors.QueryCanceled:
        return None
    return row[0] if row else 0


def _expected(city: City, layer: Layer, condition: Condition) -> int:
    query = sql.SQL("EXPLAIN (FORMAT JSON) ") + statements(_SQL)["meant"].sql(**_places(layer, condition))
    row = city.connection.execute(query, condition.values).fetchone()
    plan = cast("list[dict[str, dict[str, float]]]", row[0] if row else [])
    return int(plan[0]["Plan"]["Plan Rows"]) if plan else 0


def _places(layer: Layer, condition: Condition) -> dict[str, sql.Composable]:
    return {"layer": sql.Identifier(layer.name), "chosen": condition.sql}
