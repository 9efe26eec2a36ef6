"""What stands inside a filter: terms, each with its sort, over the columns a question may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from psycopg import sql

from gis.filters.condition import Binder
from gis.filters.days import AHEAD, city_time, read_day, read_instant
from gis.filters.errors import FilterTypeError, UnknownPropertyError
from layers.model import Column, Kind

GEOMETRY = "geometry"
"""Name under which a filter speaks of where a feature lies."""
_ALSO_GEOMETRY = "geom"


class Sort(StrEnum):
    """What a term holds."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    GEOMETRY = "geometry"

    @property
    def numeric(self) -> bool:
        """Whether it can be calculated with."""
        return self in (Sort.NUMBER, Sort.INTEGER)

    @property
    def temporal(self) -> bool:
        """Whether it is a day or an instant."""
        return self in (Sort.DATE, Sort.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Term:
    """A value as written, not yet bound (`sql` is None), or an expression of the database."""

    sort: Sort
    sql: sql.Composable | None = None
    value: object = None


@dataclass(slots=True)
class Scope:
    """What a filter may speak of, and the values it has bound so far."""

    columns: Mapping[str, Column]
    binder: Binder

    def property(self, name: str) -> Term:
        """Return a column or the geometry as a term; UnknownPropertyError where there is none."""
        if name in self.columns:
            return Term(_SORTS[self.columns[name].kind], sql.Identifier(name))
        if name in (GEOMETRY, _ALSO_GEOMETRY):
            return Term(Sort.GEOMETRY, sql.SQL("geom"))
        raise UnknownPropertyError(name, (*self.columns, GEOMETRY))

    def place(self, term: Term, sort: Sort) -> sql.Composable:
        """Return a term as PostgreSQL reads it: a value bound as this sort, an expression turned into it."""
        is_day = sort is Sort.DATE and term.sort is Sort.TIMESTAMP
        if term.sql is not None:
            return sql.SQL("({} + {})::date").format(term.sql, sql.Literal(AHEAD)) if is_day else term.sql
        value = city_time(term.value).date() if is_day and isinstance(term.value, datetime) else term.value
        return self.binder.bind(value, _BOUND[sort])


_SORTS = {kind: Sort(kind.value) for kind in Kind}
_BOUND = {**{sort: sort.value for sort in Sort}, Sort.INTEGER: "bigint"}


def common(*terms: Term) -> Sort:
    """Return the sort in which terms are held against one another; a day and an instant are, as days of Đà Nẵng.

    Raises
    ------
    FilterTypeError
        When there is none.
    """
    sorts = {term.sort for term in terms}
    if len(sorts) == 1 and Sort.NUMBER not in sorts:
        return sorts.pop()
    if all(sort.numeric for sort in sorts):
        exact = all(term.sort is Sort.INTEGER or (term.sql is None and _whole(term.value)) for term in terms)
        return Sort.INTEGER if exact else Sort.NUMBER
    if all(sort.temporal for sort in sorts):
        return Sort.DATE
    hint = "; a day is written DATE('2030-12-31')" if Sort.TEXT in sorts and len(sorts & _TEMPORAL) else ""
    named = " and ".join(dict.fromkeys(_said(term) for term in terms))
    raise FilterTypeError(f"{named} cannot be compared{hint}")


_TEMPORAL = {Sort.DATE, Sort.TIMESTAMP}
_LAST_EXACT = 2**53


def _whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer() and abs(value) <= _LAST_EXACT


def _said(term: Term) -> str:
    if isinstance(term.sql, sql.Identifier):
        return f"{term.sql.as_string().strip(chr(34))} ({term.sort})"
    return f"{term.value!r:.40} ({term.sort})" if term.sql is None else f"an expression ({term.sort})"


def written_time(text: str) -> Term | None:
    """Return a day or an instant as written; None where the text is neither."""
    day, instant = read_day(text), read_instant(text)
    if day is not None:
        return Term(Sort.DATE, value=day)
    return None if instant is None else Term(Sort.TIMESTAMP, value=instant)


def whole(term: Term) -> Term:
    """Return a number as written as the whole number it is, for a place that takes those."""
    return replace(term, value=int(term.value)) if isinstance(term.value, float) else term
