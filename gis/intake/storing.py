"""Rows are stored: appended, put in the place of all others, or by key; and entered into the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from gis.copy import Rows, copy_rows
from gis.indexes import deferred_indexes, is_empty
from gis.intake.destination import Destination
from gis.intake.errors import TakenUidError
from gis.intake.keyed import key_of, reconcile, upsert
from gis.intake.mapping import Mapping
from gis.intake.refused import RefusedRows
from gis.intake.report import Report
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers import LAYERS

_SQL = Path(__file__).with_name("store.sql")


class Mode(StrEnum):
    """What a load does with what the layer holds."""

    APPEND = "append"
    REPLACE = "replace"
    UPSERT = "upsert"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows were stored, and what became of which."""

    rows: int
    outcome: dict[str, int]


def next_delivery(connection: Connection[Any]) -> int:
    """Take the next number of the register; one that is not used in the end leaves a gap."""
    row = connection.execute(statements(_SQL)["next_delivery"].sql()).fetchone()
    return int(row[0]) if row else 0


def earlier_delivery(connection: Connection[Any], into: Destination, sha256: str | None) -> int | None:
    """Return the last delivery of the same bytes of which features still stand in the layer; None without one."""
    query = statements(_SQL)["earlier_delivery"].sql(layer=into.stored)
    row = connection.execute(query, {"layer": into.layer.name, "sha256": sha256}).fetchone()
    return int(row[0]) if row else None


def lock(connection: Connection[Any], into: Destination) -> bool:
    """Let two loads into one layer take turns; return whether it holds features, or may."""
    connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(into.table))
    return into.is_scenario or not is_empty(connection, into.table)


def dates(connection: Connection[Any], into: Destination) -> dict[str, int]:
    """Return how many features of a layer hold for each stage or horizon; nothing where the layer knows neither."""
    if not into.layer.staged and not into.layer.planned:
        return {}
    places = {"layer": into.stored, "date": sql.Identifier("stage" if into.layer.staged else "horizon")}
    return dict(connection.execute(statements(_SQL)["dates"].sql(**places)).fetchall())


def refuse_taken_uids(connection: Connection[Any], into: Destination, delivery: int) -> None:
    """Raise TakenUidError where features of a delivery bear the uid of a feature of another layer."""
    for other in LAYERS:
        if other == into.layer.name:
            continue
        query = statements(_SQL)["taken_uids"].sql(layer=into.stored, other=sql.Identifier(CITY_SCHEMA, other))
        taken = connection.execute(query, {"delivery": delivery}).fetchall()
        if taken:
            raise TakenUidError([uid for (uid,) in taken], other)


def store(
    connection: Connection[Any],
    into: Destination,
    rows: Iterator[Rows],
    *,
    columns: Sequence[str],
    mode: Mode,
    mapping: Mapping,
    refused: RefusedRows,
) -> Stored:
    """Store the rows of a load, in the caller's transaction; readers see the old state until it is committed."""
    if is_by_key(into, mode):
        if mode is Mode.UPSERT:
            key = key_of(into.layer, mapping)
            outcome = upsert(connection, into.layer, into.stored, rows, key=key, columns=columns, refused=refused)
        else:
            outcome = reconcile(connection, into.stored, rows, columns=columns, refused=refused)
        return Stored(sum(rows for what, rows in outcome.items() if what != "removed"), outcome)
    if into.is_scenario:
        return Stored(copy_rows(connection, into.stored, columns, rows), {})
    with deferred_indexes(connection, into.table):
        outcome = {}
        if mode is Mode.REPLACE:
            outcome["removed"] = connection.execute(statements(_SQL)["remove_all"].sql(layer=into.table)).rowcount
        return Stored(copy_rows(connection, into.table, columns, rows), outcome)


def is_by_key(into: Destination, mode: Mode) -> bool:
    """Return whether rows are held against what is stored: a scenario keeps nothing but what differs."""
    return mode is Mode.UPSERT or (mode is Mode.REPLACE and into.is_scenario)


def register(connection: Connection[Any], report: Report, *, sha256: str | None, started_at: dt.datetime) -> None:
    """Enter a delivery into the register."""
    entry = {
        "number": report.delivery,
        "layer": report.layer,
        "file_name": report.file_name,
        "sha256": sha256,
        "mode": report.mode,
        "mapping": Jsonb(dict(report.mapping)),
        "crs": report.crs,
        "rows_read": report.read,
        "rows_stored": report.stored,
        "rows_refused": report.refused,
        "findings": Jsonb(report.findings()),
        "started_at": started_at,
        "software": software(),
    }
    connection.execute(statements(_SQL)["register"].sql(), entry)


def software() -> str:
    """Return name and version of this program."""
    try:
        return f"quyhoach {version('quyhoach')}"
    except PackageNotFoundError:
        return "quyhoach"
