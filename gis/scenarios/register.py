"""The register of scenarios: opened, listed, dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow, class_row

from gis.changes.ledger import EVERY_LAYER
from gis.changes.triggers import CHANNEL
from gis.lineage import UnknownScenarioError, lineage, read_name
from gis.scenarios.errors import (
    BusyScenarioError,
    ChildrenError,
    ReservedNameError,
    TakenNameError,
    TooManyGenerationsError,
)
from gis.schema import BASELINE, CITY_SCHEMA, HISTORY_SCHEMA, REGISTER_SCHEMA, scenario_horizon_schema, scenario_schema
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")

MOST_GENERATIONS = 8
"""Scenarios in one line, the baseline not counted: a layer is read through all of them."""
WAIT_S = 5.0
"""Longest wait for those who read or edit a scenario."""
_RESERVED = {BASELINE, *Horizon, CITY_SCHEMA, HISTORY_SCHEMA, REGISTER_SCHEMA, "public", "information_schema"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """An entry of the register.

    `number` is never given twice: one that was dropped and opened again under its name has another. `parent` is the
    scenario it was opened from, or `baseline`.
    """

    name: str
    number: int
    title: str | None
    parent: str
    note: str | None
    opened_at: dt.datetime


def scenarios(connection: Connection[TupleRow]) -> tuple[Scenario, ...]:
    """Return every open scenario, in the order in which they were opened."""
    with connection.cursor(row_factory=class_row(Scenario)) as cursor:
        return tuple(cursor.execute(statements(_SQL)["scenarios"].sql()).fetchall())


def scenario_named(connection: Connection[TupleRow], name: str) -> Scenario:
    """Return an open scenario; ScenarioNameError, ReservedNameError or UnknownScenarioError where there is none."""
    if is_reserved(name):
        raise ReservedNameError(name)
    lineage(connection, name)
    with connection.cursor(row_factory=class_row(Scenario)) as cursor:
        found = cursor.execute(statements(_SQL)["scenario"].sql(), {"name": name}).fetchone()
    if found is None:
        raise UnknownScenarioError(name, [])
    return found


def is_reserved(name: str) -> bool:
    """Return whether a name means a part of the system, so that no scenario can bear it."""
    return name in _RESERVED or name.startswith("pg_")


def open_scenario(
    connection: Connection[TupleRow],
    name: str,
    *,
    title: str | None = None,
    parent: str = BASELINE,
    note: str | None = None,
) -> Scenario:
    """Open a scenario from the baseline or from another; it shows what its parent shows, now and later.

    Opening is one row in the register, however large the city.

    Raises
    ------
    ScenarioNameError, ReservedNameError, TakenNameError
        When the name cannot be had.
    UnknownScenarioError
        When there is no such parent.
    TooManyGenerationsError
        When the parent is the last that its line may have.
    """
    if is_reserved(read_name(name)):
        raise ReservedNameError(name)
    if len(lineage(connection, parent)) >= MOST_GENERATIONS:
        raise TooManyGenerationsError(parent, MOST_GENERATIONS)
    entry = {"name": name, "title": title, "parent": None if parent == BASELINE else parent, "note": note}
    try:
        with connection.transaction(), connection.cursor(row_factory=class_row(Scenario)) as cursor:
            (opened,) = cursor.execute(statements(_SQL)["open"].sql(), entry).fetchall()
            log_everything(connection, name)
    except psycopg.errors.UniqueViolation:
        raise TakenNameError(name) from None
    except psycopg.errors.ForeignKeyViolation:
        raise UnknownScenarioError(parent, []) from None
    return opened


def children(connection: Connection[TupleRow], name: str) -> list[str]:
    """Return the names of the scenarios that were opened from one."""
    return [child for (child,) in connection.execute(statements(_SQL)["children"].sql(), {"name": name})]


def drop_scenario(connection: Connection[TupleRow], name: str) -> None:
    """Drop a scenario with all it changes and with the history of its changes.

    Who reads it is let finish; who asks for it meanwhile waits, and is then told that it is gone.

    Raises
    ------
    ScenarioNameError, UnknownScenarioError
        When there is none of that name.
    ChildrenError
        When others were opened from it.
    BusyScenarioError
        When others do not leave it in time.
    """
    if name == BASELINE:
        raise ReservedNameError(name)
    lineage(connection, name)
    try:
        with connection.transaction():
            _drop(connection, name)
    except psycopg.errors.LockNotAvailable:
        raise BusyScenarioError(name, WAIT_S) from None
    except psycopg.errors.ForeignKeyViolation:
        raise ChildrenError(name, children(connection, name)) from None


def _drop(connection: Connection[TupleRow], name: str) -> None:
    wait_at_most(connection, WAIT_S)
    connection.execute(statements(_SQL)["claim"].sql(), {"name": name})
    connection.execute(statements(_SQL)["drop"].sql(), {"name": name})
    schemas = [scenario_schema(name), *(scenario_horizon_schema(name, horizon) for horizon in Horizon)]
    listed = sql.SQL(", ").join(map(sql.Identifier, schemas))
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(listed))
    log_everything(connection, name)


def log_everything(connection: Connection[TupleRow], name: str) -> None:
    """Log a change of everything in a scenario: it begins, ends, or was merged."""
    said = {"layer": EVERY_LAYER, "scenario": name, "channel": CHANNEL}
    connection.execute(statements(_SQL)["log_everything"].sql(), said)


def wait_at_most(connection: Connection[TupleRow], seconds: float) -> None:
    """Wait no longer than this for a lock, until the transaction ends."""
    connection.execute("SELECT set_config('lock_timeout', %s, TRUE)", [f"{int(seconds * 1000)}ms"])
