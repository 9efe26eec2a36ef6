"""Where a scenario stands: its name, the scenarios it was opened from, the search path by which a session sees it."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from gis.errors import QuyhoachError, nearest_of
from gis.schema import BASELINE, CITY_SCHEMA, horizon_schema, scenario_horizon_schema, scenario_schema
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_SHOWN = 60


class ScenarioNameError(QuyhoachError):
    """A name no scenario can have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No scenario is called {name[:_SHOWN]!r}; a name begins with a lower case letter and goes on with "
            "at most 39 lower case letters, digits and _."
        )


class UnknownScenarioError(QuyhoachError):
    """There is no scenario of that name, or it was dropped."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = [BASELINE, *known]
        super().__init__(f"There is no scenario {name[:_SHOWN]!r}; {nearest_of(name, names)}.")


def read_name(name: str) -> str:
    """Return a name as it was given; ScenarioNameError where no scenario can have it."""
    if not _NAME.fullmatch(name):
        raise ScenarioNameError(name)
    return name


def lineage(connection: Connection[TupleRow], scenario: str) -> tuple[str, ...]:
    """Return the scenarios that make one, the oldest first and itself last; none for the baseline.

    Raises
    ------
    ScenarioNameError
        When no scenario can have that name.
    UnknownScenarioError
        When there is none of that name, or no longer.
    """
    if scenario == BASELINE:
        return ()
    found = connection.execute(statements(_SQL)["lineage"].sql(), {"name": read_name(scenario)}).fetchall()
    if not found:
        known = connection.execute(statements(_SQL)["names"].sql()).fetchall()
        raise UnknownScenarioError(scenario, [name for (name,) in known])
    return tuple(name for (name,) in found)


def search_path(horizon: Horizon, scenarios: Sequence[str]) -> tuple[str, ...]:
    """Return the schemas in which a session looks for a layer, first to last, by the lineage of its scenario.

    A scenario has a schema only once it changes something; a schema that is not there yet is passed over.
    """
    over = [schema for name in reversed(scenarios) for schema in _schemas(name, horizon)]
    return (*over, horizon_schema(horizon), CITY_SCHEMA, "public")


def _schemas(scenario: str, horizon: Horizon) -> tuple[str, str]:
    return scenario_horizon_schema(scenario, horizon), scenario_schema(scenario)


@contextmanager
def held(connection: Connection[TupleRow], *scenarios: str) -> Generator[None]:
    """Keep scenarios from being dropped while this connection reads them.

    Without it a statement that comes after a drop would find the baseline in the search path, and take it for the
    scenario. A scenario is looked up after it is held: one that is being dropped is waited for, and then unknown.
    """
    names = sorted({read_name(name) for name in scenarios if name != BASELINE})
    if not names:
        yield
        return
    try:
        connection.execute(statements(_SQL)["hold"].sql(), {"names": names})
        yield
    finally:
        try:
            connection.execute(statements(_SQL)["release"].sql(), {"names": names})
        except psycopg.Error:
            # What a session holds ends with it; the pool replaces a connection that is closed.
            connection.close()
