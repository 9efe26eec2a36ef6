"""Whether the views, triggers and comments of a database were made from the declarations as they are now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.schema import horizon_schema
from layers.model import Horizon, Layer

_MAKERS = ("tables.py", "views.py", "changes/triggers.py", "overviews/tables.py", "overviews/marks.py")
_MARKED = horizon_schema(Horizon.EXISTING)


def is_current(connection: Connection[TupleRow], layers: Iterable[Layer]) -> bool:
    """Return whether the database carries the fingerprint of these declarations."""
    row = connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [_MARKED]).fetchone()
    return row is not None and row[0] == _note(layers)


def mark(connection: Connection[TupleRow], layers: Iterable[Layer]) -> None:
    """Leave the fingerprint of these declarations in the database."""
    place = sql.Identifier(_MARKED)
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(place, sql.Literal(_note(layers))))


def _note(layers: Iterable[Layer]) -> str:
    digest = hashlib.sha256(repr(tuple(layers)).encode())
    for name in _MAKERS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return f"made from declarations {digest.hexdigest()}"
