"""A question about a layer: which features, in which order, showing what, in which coordinate system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg import sql

from gis.db import City
from gis.features.order import BY_UID, Key, after
from gis.features.query import Query
from gis.features.system import CRS84, System
from gis.filters.condition import ALWAYS, Condition, all_of
from gis.statements import statements
from layers.model import Column, Layer

_SQL = Path(__file__).with_name("query.sql")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a layer.

    Parameters
    ----------
    columns : attributes to show, in order.
    condition : what a feature must meet.
    order : keys of which the last is the uid.
    system : coordinate system of the answer.
    """

    layer: Layer
    columns: tuple[Column, ...]
    condition: Condition = ALWAYS
    order: tuple[Key, ...] = BY_UID
    system: System = CRS84

    def query(self) -> Query:
        """Return the query that answers it whole."""
        statement = statements(_SQL)["features"].sql(**self._places())
        return Query(self.layer, statement, dict(self.condition.values), self.columns, self.system)

    def first(self, limit: int) -> Query:
        """Return the query for its first features, with the keys of the order as text besides."""
        columns = sql.SQL(",\n    ").join([self._columns(), *self._keys()])
        statement = statements(_SQL)["first_features"].sql(**{**self._places(), "columns": columns})
        values = {**self.condition.values, "rows": limit}
        return Query(self.layer, statement, values, self.columns, self.system, limit)

    def following(self, keys: Iterable[str | None]) -> Question:
        """Return the same question about what comes after a feature, given by what it has under each key."""
        return replace(self, condition=all_of((self.condition, after(self.order, tuple(keys)))))

    def fingerprint(self, city: City) -> str:
        """Return what tells this question from another: the features it means and their order, not how they look."""
        meant = (city.scenario, city.horizon, self.layer.name, self.condition.sql, self.condition.values, self.order)
        return hashlib.sha256(repr(meant).encode()).hexdigest()[:24]

    def _places(self) -> dict[str, sql.Composable]:
        return {
            "layer": sql.Identifier(self.layer.name),
            "columns": self._columns(),
            "chosen": self.condition.sql,
            "order": sql.SQL(", ").join(key.sql for key in self.order),
        }

    def _columns(self) -> sql.Composed:
        names = ("uid", *(column.name for column in self.columns if column.name != "uid"), "geom")
        return sql.SQL(",\n    ").join(map(sql.Identifier, names))

    def _keys(self) -> list[sql.Composed]:
        numbered = enumerate(self.order, 1)
        return [
            sql.SQL("{}::text AS {}").format(key.place, sql.Identifier(f"key_{number}")) for number, key in numbered
        ]
