"""A condition on features as the database is asked it: SQL whose values are bound, never written into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import sql


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean expression over the columns of a layer, and the values it binds by name."""

    sql: sql.Composable
    values: Mapping[str, object] = field(default_factory=dict[str, object])


ALWAYS = Condition(sql.SQL("TRUE"))
"""The condition of every feature."""


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition of what meets each of them."""
    listed = [condition for condition in conditions if condition is not ALWAYS]
    if not listed:
        return ALWAYS
    parts = (sql.SQL("({})").format(condition.sql) for condition in listed)
    values = {name: value for condition in listed for name, value in condition.values.items()}
    return Condition(sql.SQL("\n    AND ").join(parts), values)


@dataclass(slots=True)
class Binder:
    """Gives each value a name of its own under one prefix, and remembers it."""

    prefix: str
    values: dict[str, object] = field(default_factory=dict[str, object])

    def bind(self, value: object, kind: str) -> sql.Composable:
        """Return the place of a value, as one of the PostgreSQL types of `_KINDS`."""
        name = f"{self.prefix}_{len(self.values)}"
        self.values[name] = value
        return sql.SQL("{}::{}").format(sql.Placeholder(name), _KINDS[kind])

    def condition(self, expression: sql.Composable) -> Condition:
        """Return an expression with everything bound so far."""
        return Condition(expression, dict(self.values))


_KINDS = {
    "text": sql.SQL("text"),
    "texts": sql.SQL("text[]"),
    "bigint": sql.SQL("bigint"),
    "bigints": sql.SQL("bigint[]"),
    "number": sql.SQL("double precision"),
    "numbers": sql.SQL("double precision[]"),
    "boolean": sql.SQL("boolean"),
    "booleans": sql.SQL("boolean[]"),
    "date": sql.SQL("date"),
    "dates": sql.SQL("date[]"),
    "timestamp": sql.SQL("timestamp"),
    "timestamps": sql.SQL("timestamp[]"),
    "wkb": sql.SQL("bytea"),
}
