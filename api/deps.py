"""What a request needs: the pooled database, the city at its horizon, its parameters read."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Query, Request

from api.errors import ParameterError, UnknownParameterError
from api.pool import Pool
from gis.db import City, seen_at
from gis.lineage import held, read_name
from gis.schema import BASELINE
from layers.model import Horizon

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
    """The pool of read-only connections of one worker."""

    pool: Pool

    @contextmanager
    def city(self, horizon: Horizon, scenario: str = BASELINE) -> Generator[City]:
        """Lend a connection that sees the city at this horizon, in this scenario."""
        with self.pool.connection() as connection, held(connection, scenario):
            yield seen_at(connection, horizon, scenario)


def database(url: str) -> Database:
    """Make the pool, not yet open: a service starts without its database and says so in `/health/ready`."""
    return Database(Pool(url, kwargs=_CONNECTION, most=CONNECTIONS, most_waiting=WAITING, wait_s=WAIT_S))


def of_request(request: Request) -> Database:
    """Return the pool of the app that answers."""
    return cast(Database, request.app.state.database)


def read_horizon(value: str | None) -> Horizon:
    """Read a horizon as written in an address; ParameterError where there is none such."""
    try:
        return Horizon(value or Horizon.EXISTING)
    except ValueError:
        raise ParameterError("horizon", value or "", "one of " + ", ".join(Horizon)) from None


def read_scenario(value: str | None) -> str:
    """Read a scenario as written in an address; ScenarioNameError where no scenario can have that name."""
    return BASELINE if value in (None, BASELINE) else read_name(value)


def horizon(
    horizon: Annotated[str | None, Query(description="existing (the default), 2030 or 2045")] = None,
) -> Horizon:
    """Return the horizon a request asks for."""
    return read_horizon(horizon)


def only(*known: str) -> Callable[[Request], None]:
    """Return a dependency that refuses every query parameter but these."""

    def check(request: Request) -> None:
        for name in request.query_params:
            if name not in known:
                raise UnknownParameterError(name, known)

    return check


AtHorizon = Annotated[Horizon, Depends(horizon)]
FromPool = Annotated[Database, Depends(of_request)]
