"""Rows stored by their key: what a delivery changes, adds, and, where it is the whole layer, no longer holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import shapely
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.copy import GEOMETRY, Rows, copy_rows
from gis.intake.errors import NoKeyError, UnfilledKeyError
from gis.intake.mapping import Mapping
from gis.intake.refused import RefusedRows
from gis.intake.remarks import Reason
from gis.statements import Statement, statements
from layers.model import Layer

ROW_NUMBER = "row_number"
_INCOMING = sql.Identifier("incoming_delivery")
_UID = ("uid",)
_SQL = Path(__file__).with_suffix(".sql")
_RECEIVE = sql.SQL("""
CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS
SELECT
    {columns},
    geom,
    0::bigint AS row_number
FROM {layer}
WITH NO DATA
""")
_LEAVE = sql.SQL("DROP TABLE {incoming}")
"""Another layer may be loaded in the same transaction."""


def key_of(layer: Layer, mapping: Mapping) -> tuple[str, ...]:
    """Return the columns by which features are found: `uid` where the mapping fills it, else the layer's key.

    Raises
    ------
    NoKeyError
        When there is neither.
    """
    if "uid" in mapping.columns:
        return _UID
    if not layer.key:
        raise NoKeyError(layer.name)
    return layer.key


def upsert(
    connection: Connection[TupleRow],
    layer: Layer,
    stored: sql.Identifier,
    rows: Iterator[Rows],
    *,
    key: Sequence[str],
    columns: Sequence[str],
    refused: RefusedRows,
) -> dict[str, int]:
    """Store rows by key, in the caller's transaction; a feature keeps its uid, and its old state goes to the history.

    Rows without a key, and rows whose key is not unique in the delivery or in the layer, are refused. A row that
    changes nothing leaves its feature untouched.

    Parameters
    ----------
    stored : the layer as it is stored.

    Returns
    -------
    dict
        How many rows were updated, unchanged and inserted.
    """
    if missing := [name for name in key if name not in columns]:
        raise UnfilledKeyError(layer.name, missing)
    work = _Work(connection, stored, key, columns, keeps_uid=False)
    work.receive(columns, rows)
    work.refuse(refused)
    done = {"unchanged": work.run("unchanged"), "updated": work.run("update"), "inserted": work.run("insert")}
    work.leave()
    return {name: done[name] for name in ("updated", "unchanged", "inserted")}


def reconcile(
    connection: Connection[TupleRow],
    stored: sql.Identifier,
    rows: Iterator[Rows],
    *,
    columns: Sequence[str],
    refused: RefusedRows,
) -> dict[str, int]:
    """Make a layer what the rows are, by uid, in the caller's transaction: only what differs is stored.

    Rows without a uid are new. Rows whose uid stands more than once are refused, and the feature stays as it is.

    Returns
    -------
    dict
        How many features were removed, and how many rows were updated, unchanged and inserted.
    """
    work = _Work(connection, stored, _UID, columns, keeps_uid=True)
    work.receive(columns, rows)
    removed = work.run("remove")
    work.refuse(refused)
    done = {"unchanged": work.run("unchanged"), "updated": work.run("update"), "inserted": work.run("insert")}
    work.leave()
    return {"removed": removed, **{name: done[name] for name in ("updated", "unchanged", "inserted")}}


class _Work:
    """The statements of one load by key, with the identifiers of its layer, key and columns in their places.

    Where it keeps uids, a new row keeps the one it has, and gets one where it has none; else it gets one in any case.
    """

    def __init__(
        self,
        connection: Connection[TupleRow],
        stored: sql.Identifier,
        key: Sequence[str],
        columns: Sequence[str],
        *,
        keeps_uid: bool,
    ) -> None:
        self._connection, self._key = connection, key
        given = [name for name in columns if name not in {GEOMETRY, ROW_NUMBER, *_UID}]
        received = [*given, *_UID] if keeps_uid or "uid" in columns else given
        compared = [name for name in given if name != "delivery"]
        missing = sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in key)
        self._places: dict[str, sql.Composable] = {
            "incoming": _INCOMING,
            "layer": stored,
            "columns": _listed(received),
            "assigned": _listed(given),
            "incoming_assigned": _listed(given, of="incoming"),
            "inserted": _listed(received if keeps_uid else given),
            "key": _listed(key),
            "is_new": missing if keeps_uid else sql.SQL("FALSE"),
            "key_missing": missing,
            "must_be_there": sql.Literal(tuple(key) == _UID and not keeps_uid),
            "same_key": sql.SQL(" AND ").join(
                sql.SQL("{} = {}").format(sql.Identifier("kept", name), sql.Identifier("incoming", name))
                for name in key
            ),
            "incoming_values": _listed(compared, of="incoming"),
            "kept_values": _listed(compared, of="kept"),
        }

    def receive(self, columns: Sequence[str], rows: Iterator[Rows]) -> None:
        self._connection.execute(_RECEIVE.format(**self._places))
        copy_rows(self._connection, _INCOMING, columns, rows)
        self._connection.execute(sql.SQL("ANALYZE {}").format(_INCOMING))

    def leave(self) -> None:
        self._connection.execute(_LEAVE.format(**self._places))

    def run(self, name: str) -> int:
        return self._connection.execute(self._statement(name).sql(**self._places)).rowcount

    def refuse(self, refused: RefusedRows) -> None:
        found = self._connection.execute(self._statement("refuse").sql(**self._places)).fetchall()
        if not found:
            return
        name = ", ".join(self._key)
        words = {
            "missing_key": (Reason.MISSING_KEY, f"its key ({name}) is not filled"),
            "twice": (Reason.AMBIGUOUS_KEY, f"its key ({name}) stands more than once in the delivery"),
            "several": (Reason.AMBIGUOUS_KEY, f"its key ({name}) fits several stored features"),
            "none": (Reason.AMBIGUOUS_KEY, "no stored feature has its uid"),
        }
        refused.write(
            [row[0] for row in found],
            [words[row[1]][0] for row in found],
            [f"{words[row[1]][1]}: {_key_values(row[2], self._key)}" for row in found],
            [row[2] for row in found],
            [shapely.to_wkb(shapely.from_wkb(row[3])) for row in found],
        )

    @staticmethod
    def _statement(name: str) -> Statement:
        return statements(_SQL)[name]


def _listed(names: Sequence[str], *, of: str | None = None) -> sql.Composable:
    places = [sql.Identifier(name) if of is None else sql.Identifier(of, name) for name in names]
    return sql.SQL(", ").join(places)


def _key_values(attributes: str, key: Sequence[str]) -> str:
    given = json.loads(attributes)
    return ", ".join(str(given[name]) for name in key)
