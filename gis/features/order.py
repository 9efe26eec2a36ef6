"""In which order features come, and what comes after one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from gis.errors import QuyhoachError
from gis.features.public import UID, UnknownColumnError, questioned_columns
from gis.filters.condition import ALWAYS, Binder, Condition
from layers.model import Column, Kind, Layer

MOST_KEYS = 8
"""Most columns an order may name."""


class OrderError(QuyhoachError):
    """An order that cannot be followed."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(f"sortby={given[:80]!r} is refused: {reason}. It is written +ward_code,-area_legal_m2.")


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. What is not known comes last, in both directions."""

    column: Column
    descending: bool = False

    @property
    def place(self) -> sql.Identifier:
        """The column."""
        return sql.Identifier(self.column.name)

    @property
    def sql(self) -> sql.Composed:
        """The key as ORDER BY takes it."""
        direction = sql.SQL("DESC" if self.descending else "ASC")
        # Without NULLS LAST an index is read backwards; where nothing is unknown it says nothing.
        nulls = sql.SQL("" if self.column.required else " NULLS LAST")
        return sql.SQL("{} {}{}").format(self.place, direction, nulls)


BY_UID = (Key(UID),)
"""The order in which features come where nobody asks for another."""


def read_order(layer: Layer, text: str | None) -> tuple[Key, ...]:
    """Read `+a,-b`; the last key is always the uid, so that no two features tie.

    Raises
    ------
    UnknownColumnError, OrderError
        When a column is not there, stands twice, or there are too many.
    """
    if text is None:
        return BY_UID
    known = questioned_columns(layer)
    keys: list[Key] = []
    for word in text.split(","):
        # A plus sign in an address means a blank.
        name = word.strip().removeprefix("+").removeprefix("-")
        if name not in known:
            raise UnknownColumnError(layer, name)
        if any(key.column.name == name for key in keys):
            raise OrderError(text, f"{name} stands twice")
        keys.append(Key(known[name], descending=word.strip().startswith("-")))
    if len(keys) > MOST_KEYS:
        raise OrderError(text, f"it names {len(keys)} columns, and may name {MOST_KEYS}")
    return _until_uid(keys)


def after(keys: Sequence[Key], values: Sequence[str | None]) -> Condition:
    """Return the condition of what comes after a feature.

    Parameters
    ----------
    values : what that feature has under each key, as PostgreSQL writes it.
    """
    binder = Binder("after")
    following: sql.Composable | None = None
    for key, value in reversed(list(zip(keys, values, strict=True))):
        following = _after(binder, key, value, following)
    return ALWAYS if following is None else binder.condition(following)


def _after(binder: Binder, key: Key, value: str | None, following: sql.Composable | None) -> sql.Composable:
    """Return what comes later by this key, or equals it and comes later by those that follow."""
    if value is None:
        tied: sql.Composable = sql.SQL("{} IS NULL").format(key.place)
        return tied if following is None else sql.SQL("({} AND {})").format(tied, following)
    bound = binder.bind(value, _BOUND[key.column.kind])
    later: sql.Composable = sql.SQL("{} {} {}").format(key.place, sql.SQL("<" if key.descending else ">"), bound)
    if not key.column.required:
        later = sql.SQL("({} OR {} IS NULL)").format(later, key.place)
    if following is None:
        return later
    return sql.SQL("({} OR ({} = {} AND {}))").format(later, key.place, bound, following)


_BOUND = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamp",
}


def _until_uid(keys: list[Key]) -> tuple[Key, ...]:
    names = [key.column.name for key in keys]
    return tuple(keys[: names.index(UID.name) + 1]) if UID.name in names else (*keys, *BY_UID)
