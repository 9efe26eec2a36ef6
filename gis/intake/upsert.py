"""An upsert: a delivery that changes the features it names, by their key, and adds the ones that are new."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any  # psycopg's connections are generic over the rows they return

import shapely
from psycopg import Connection, sql

from gis.copy import GEOMETRY, Rows, copy_rows
from gis.intake.errors import NoKeyError, UnfilledKeyError
from gis.intake.mapping import Mapping
from gis.intake.refused import RefusedRows
from gis.intake.remarks import Reason
from gis.schema import CITY_SCHEMA
from layers.model import Layer

ROW_NUMBER = "row_number"
_INCOMING = sql.Identifier("incoming_delivery")


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of the rows of an upsert."""

    updated: int
    unchanged: int
    inserted: int


def key_of(layer: Layer, mapping: Mapping) -> tuple[str, ...]:
    """Return the columns by which features are found: `uid` where the mapping fills it, else the layer's key.

    Raises
    ------
    NoKeyError
        When there is neither.
    """
    if "uid" in mapping.columns:
        return ("uid",)
    if not layer.key:
        raise NoKeyError(layer.name)
    return layer.key


def upsert(
    connection: Connection[Any],
    layer: Layer,
    rows: Iterator[Rows],
    *,
    key: Sequence[str],
    columns: Sequence[str],
    refused: RefusedRows,
) -> Upserted:
    """Store rows by key, in the caller's transaction; a feature keeps its uid, and its old state goes to the history.

    Rows without a key, and rows whose key is not unique in the delivery or in the layer, are refused. A row that
    changes nothing leaves its feature untouched.
    """
    if missing := [name for name in key if name not in columns]:
        raise UnfilledKeyError(layer.name, missing)
    work = _Work(connection, layer, key, [name for name in columns if name not in {GEOMETRY, ROW_NUMBER}])
    work.receive(columns, rows)
    work.refuse(refused)
    unchanged = work.run(_UNCHANGED)
    updated = work.run(_UPDATE)
    inserted = work.run(_INSERT)
    work.run(_LEAVE)
    return Upserted(updated, unchanged, inserted)


_RECEIVE = sql.SQL("""
CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS
SELECT
    {columns},
    geom,
    0::bigint AS row_number
FROM {layer}
WITH NO DATA
""")

_REFUSE = sql.SQL("""
WITH fault AS (
    SELECT
        row_number,
        CASE
            WHEN {key_missing} THEN 'missing_key'
            WHEN count(*) OVER (PARTITION BY {key}) > 1 THEN 'twice'
            WHEN (SELECT count(*) FROM {layer} AS kept WHERE {same_key}) > 1 THEN 'several'
            WHEN {is_uid} AND NOT EXISTS (SELECT FROM {layer} AS kept WHERE {same_key}) THEN 'none'
        END AS fault
    FROM {incoming} AS incoming
)
DELETE FROM {incoming} AS incoming
USING fault
WHERE fault.row_number = incoming.row_number AND fault.fault IS NOT NULL
RETURNING
    incoming.row_number,
    fault.fault,
    (to_jsonb(incoming) - 'geom' - 'row_number')::text,
    ST_AsBinary(incoming.geom)
""")

_UNCHANGED = sql.SQL("""
DELETE FROM {incoming} AS incoming
USING {layer} AS kept
WHERE {same_key} AND ({incoming_values}, incoming.geom::bytea) IS NOT DISTINCT FROM ({kept_values}, kept.geom::bytea)
""")

_UPDATE = sql.SQL("""
UPDATE {layer} AS kept
SET {assignments}, geom = incoming.geom
FROM {incoming} AS incoming
WHERE {same_key}
""")

_INSERT = sql.SQL("""
INSERT INTO {layer} ({inserted}, geom)
SELECT
    {inserted},
    geom
FROM {incoming} AS incoming
WHERE NOT EXISTS (SELECT FROM {layer} AS kept WHERE {same_key})
""")

_LEAVE = sql.SQL("DROP TABLE {incoming}")
"""Another layer may be loaded in the same transaction."""


class _Work:
    """The statements of one upsert, with the identifiers of its layer, key and columns in their places."""

    def __init__(self, connection: Connection[Any], layer: Layer, key: Sequence[str], columns: Sequence[str]) -> None:
        self._connection, self._key = connection, key
        stored = [sql.Identifier(name) for name in columns if name != "uid"]
        compared = [name for name in columns if name not in {"uid", "delivery"}]
        comma = sql.SQL(", ")
        self._places: dict[str, sql.Composable] = {
            "incoming": _INCOMING,
            "layer": sql.Identifier(CITY_SCHEMA, layer.name),
            "columns": comma.join(map(sql.Identifier, columns)),
            "inserted": comma.join(stored),
            "key": comma.join(map(sql.Identifier, key)),
            "is_uid": sql.Literal(tuple(key) == ("uid",)),
            "key_missing": sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in key),
            "same_key": sql.SQL(" AND ").join(
                sql.SQL("{} = {}").format(sql.Identifier("kept", name), sql.Identifier("incoming", name))
                for name in key
            ),
            "assignments": comma.join(
                sql.SQL("{} = {}").format(name, sql.SQL("incoming.{}").format(name)) for name in stored
            ),
            "incoming_values": comma.join(sql.Identifier("incoming", name) for name in compared),
            "kept_values": comma.join(sql.Identifier("kept", name) for name in compared),
        }

    def receive(self, columns: Sequence[str], rows: Iterator[Rows]) -> None:
        self.run(_RECEIVE)
        copy_rows(self._connection, _INCOMING, columns, rows)
        self._connection.execute(sql.SQL("ANALYZE {}").format(_INCOMING))

    def run(self, statement: sql.SQL) -> int:
        return self._connection.execute(statement.format(**self._places)).rowcount

    def refuse(self, refused: RefusedRows) -> None:
        found = self._connection.execute(_REFUSE.format(**self._places)).fetchall()
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


def _key_values(attributes: str, key: Sequence[str]) -> str:
    given = json.loads(attributes)
    return ", ".join(str(given[name]) for name in key)
