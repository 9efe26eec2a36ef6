"""What a request needs: the pooled database, the city at its horizon, its parameters read."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, NamedTuple, cast

import psycopg
from fastapi import Depends, Request

from api.errors import ParameterError
from api.pool import Lent, Pool
from api.query import single
from gis.db import City, seen_at
from gis.features import Box, extents
from gis.lineage import held, read_name
from gis.scenarios.errors import BusyScenarioError
from gis.schema import BASELINE
from layers.model import Horizon, Layer

CONNECTIONS = 8
"""Connections one worker may hold."""
WAIT_S = 5.0
"""Longest wait for a free connection."""
WAITING = 64
"""Most requests that may wait for one."""
STATEMENT_MS = 10_000
"""Longest time a statement may take."""

_SESSION = (
    "-c jit=off -c plan_cache_mode=force_custom_plan -c default_transaction_read_only=on "
    f"-c statement_timeout={STATEMENT_MS} -c idle_in_transaction_session_timeout=60000"
)
_CONNECTION: dict[str, object] = {
    "autocommit": True,
    "options": _SESSION,
    "application_name": "quyhoach",
    "connect_timeout": 5,
    # Over a network, a server that has vanished is noticed: what is sent must be acknowledged, silence is asked about.
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Database:
    """The pool of connections of one worker, which read and do nothing else unless it is asked for."""

    pool: Pool

    def extents(self, layers: Sequence[Layer]) -> dict[str, Box]:
        """Return the boxes around what layers hold today, by name."""
        with self.city(Horizon.EXISTING) as city:
            return extents(city, layers)

    @contextmanager
    def city(self, horizon: Horizon, scenario: str = BASELINE) -> Generator[City]:
        """Lend a connection that sees the city at this horizon, in this scenario."""
        with self.pool.connection() as connection, held(connection, scenario):
            yield seen_at(connection, horizon, scenario)

    @contextmanager
    def writing(self, scenario: str = BASELINE) -> Generator[City]:
        """Lend a connection whose transactions may write, in the city that sees a scenario; handed back read only.

        Raises
        ------
        ScenarioNameError, UnknownScenarioError
            When there is no such scenario.
        BusyScenarioError
            When others hold what is to be written for longer than is waited.
        """
        with self.pool.connection() as connection:
            connection.read_only = False
            try:
                # What triggers do for each row they plan once, not each time as a question is planned for its values.
                connection.execute(
                    "SELECT set_config('lock_timeout', %s, FALSE), set_config('plan_cache_mode', 'auto', FALSE)",
                    [f"{WAIT_S * 1000:.0f}ms"],
                )
                with held(connection, scenario):
                    yield seen_at(connection, Horizon.EXISTING, scenario)
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                raise BusyScenarioError(scenario, WAIT_S) from None
            finally:
                _as_before(connection)


def _as_before(connection: Lent) -> None:
    """Let a connection only read again; one that cannot be brought to that is closed, and the pool makes another."""
    try:
        connection.read_only = None
        connection.execute("RESET lock_timeout")
        connection.execute("RESET plan_cache_mode")
    except psycopg.Error:
        connection.close()


def database(url: str) -> Database:
    """Make the pool, not yet open: a service starts without its database and says so in `/health/ready`."""
    return Database(Pool(url, kwargs=_CONNECTION, most=CONNECTIONS, most_waiting=WAITING, wait_s=WAIT_S))


def of_request(request: Request) -> Database:
    """Return the pool of the app that answers."""
    return cast(Database, request.app.state.database)


def read_horizon(value: str | None) -> Horizon:
    """Read a horizon as written in an address; ParameterError where there is none such."""
    try:
        return Horizon.EXISTING if value is None else Horizon(value)
    except ValueError:
        raise ParameterError("horizon", value or "", "one of " + ", ".join(Horizon)) from None


def read_scenario(value: str | None) -> str:
    """Read a scenario as written in an address; ScenarioNameError where no scenario can have that name."""
    return BASELINE if value in (None, BASELINE) else read_name(value)


class Standpoint(NamedTuple):
    """From where the city is seen."""

    horizon: Horizon
    scenario: str


def standpoints(parameters: Mapping[str, str]) -> tuple[Standpoint, Standpoint | None]:
    """Read `horizon` and `scenario`, and the standpoint that is held against theirs where there is `against`.

    That names a scenario, a horizon, or both; what it does not name is as in the first.

    Raises
    ------
    ScenarioNameError
        When no scenario can have a name that stands there.
    ParameterError
        When there is no such horizon; when `against` names nothing, more than one of a kind, or the first standpoint.
    """
    shown = Standpoint(read_horizon(parameters.get("horizon")), read_scenario(parameters.get("scenario")))
    value = parameters.get("against")
    if value is None:
        return shown, None
    horizons = [each for each in Horizon if each in value.split(",")]
    scenarios = [each for each in value.split(",") if each not in horizons]
    if len(horizons) <= 1 and len(scenarios) <= 1:
        scenario = read_scenario(scenarios[0]) if scenarios else shown.scenario
        former = Standpoint(horizons[0] if horizons else shown.horizon, scenario)
        if former != shown:
            return shown, former
    right = f"a scenario, a horizon ({', '.join(Horizon)}) or both, with a comma; not what is shown itself"
    raise ParameterError("against", value, right)


def only(*known: str) -> Callable[[Request], None]:
    """Return a dependency that refuses every query parameter but these, each given once and not empty."""

    def check(request: Request) -> None:
        single(request.scope["query_string"], known)

    return check


FromPool = Annotated[Database, Depends(of_request)]
