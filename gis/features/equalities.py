"""Features by the values of their columns: `land_use_code=ODT,LUA`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from psycopg import sql

from gis.errors import QuyhoachError
from gis.features.number import read_number
from gis.features.public import questioned_columns
from gis.filters.condition import Binder, Condition
from gis.filters.days import read_day, read_instant
from layers.model import Column, Kind, Layer

MOST_VALUES = 1_000
"""Most values a column may be compared with."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_LAST_INTEGER = 2**63 - 1


class UnknownCodeError(QuyhoachError):
    """A value that is not in the closed list of its column."""

    def __init__(self, column: Column, value: str, known: Sequence[str]) -> None:
        near = get_close_matches(value, known, n=1, cutoff=0.5)
        hint = f"the nearest is {near[0]}" if near else f"there are {', '.join(known)}"
        super().__init__(f"{column.name} has no value {value[:60]!r}; {hint}.")


class ColumnValueError(QuyhoachError):
    """A value that a column of its kind cannot have."""

    def __init__(self, column: Column, value: str) -> None:
        super().__init__(f"{column.name}={value[:60]!r} is refused; it is {_WANTED[column.kind]}.")


class TooManyValuesError(QuyhoachError):
    """A list of values that is too long."""

    def __init__(self, column: Column, given: int) -> None:
        super().__init__(f"{column.name} is compared with {given} values; at most {MOST_VALUES} are taken.")


def chosen(layer: Layer, values: Mapping[str, Sequence[str]]) -> Condition:
    """Return the condition of what has, in each column, one of the values.

    Raises
    ------
    UnknownCodeError, ColumnValueError, TooManyValuesError
        When a value cannot be what was meant.
    """
    known = questioned_columns(layer)
    binder = Binder("equal")
    parts: list[sql.Composable] = []
    for name, texts in values.items():
        column = known[name]
        if len(texts) > MOST_VALUES:
            raise TooManyValuesError(column, len(texts))
        place = binder.bind([_value(column, text) for text in texts], _LISTED[column.kind])
        parts.append(sql.SQL("{} = ANY({})").format(sql.Identifier(name), place))
    return binder.condition(sql.SQL(" AND ").join(parts) if parts else sql.SQL("TRUE"))


def _value(column: Column, text: str) -> object:
    if column.codes is not None and text not in column.codes.values:
        raise UnknownCodeError(column, text, column.codes.values)
    value = _READ[column.kind](text)
    if value is None:
        raise ColumnValueError(column, text)
    return value


def _text(text: str) -> str | None:
    return None if "\0" in text else text


def _integer(text: str) -> int | None:
    value = int(text) if _INTEGER.fullmatch(text) else None
    return value if value is not None and abs(value) <= _LAST_INTEGER else None


def _number(text: str) -> float | None:
    value = read_number(text)
    return value if value is not None and math.isfinite(value) else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


_READ = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: read_day,
    Kind.TIMESTAMP: read_instant,
}
_LISTED = {
    Kind.TEXT: "texts",
    Kind.INTEGER: "bigints",
    Kind.NUMBER: "numbers",
    Kind.BOOLEAN: "booleans",
    Kind.DATE: "dates",
    Kind.TIMESTAMP: "timestamps",
}
_WANTED = {
    Kind.TEXT: "a text",
    Kind.INTEGER: "a whole number of at most 64 bits",
    Kind.NUMBER: "a number, with a point before its decimals",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a day, 2030-12-31",
    Kind.TIMESTAMP: "an instant, 2030-12-31T00:00:00Z",
}
