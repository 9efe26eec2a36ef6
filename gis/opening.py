"""Opening the city: PostGIS started, brought to the newest revision, filled with the sample where it is empty."""

from __future__ import annotations

import atexit
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from gis import cluster, migrations
from gis.db import City, open_city
from gis.schema import BASELINE, CITY_SCHEMA
from gis.settings import Settings, settings
from gis.statements import statements
from layers import LAYERS
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")


@contextmanager
def opened_database() -> Generator[str]:
    """Start or reach the database of the settings and bring it to the newest revision; yield its libpq address."""
    with cluster.database(settings()) as url:
        migrations.upgrade(url)
        yield url


@contextmanager
def city(*, horizon: Horizon | str = Horizon.EXISTING, scenario: str = BASELINE) -> Generator[City]:
    """Open the city of this machine, or of `QUYHOACH_DATABASE_URL`, as it is seen at a horizon, in a scenario."""
    with opened_database() as url, open_city(url, horizon=Horizon(horizon), scenario=scenario) as opened:
        yield opened


def connect(*, horizon: Horizon | str = Horizon.EXISTING, scenario: str = BASELINE) -> City:
    """Open the city as `city` does, and leave it open until the program ends or `close` is called: for notebooks.

    Each has a connection of its own, so that several can be looked at side by side, each at its horizon.
    """
    left = _left_open()
    opened = left.stack.enter_context(open_city(left.url(), horizon=Horizon(horizon), scenario=scenario))
    left.cities.append(opened)
    return opened


def connected() -> City:
    """Return the city that was opened last by `connect` and is still open; where there is none, open one."""
    still_open = [each for each in _left_open().cities if not each.connection.closed]
    return still_open[-1] if still_open else connect()


@dataclass(frozen=True, slots=True)
class _LeftOpen:
    """What is closed when the program ends."""

    stack: ExitStack = field(default_factory=ExitStack)
    cities: list[City] = field(default_factory=list[City])
    urls: dict[Settings, str] = field(default_factory=dict[Settings, str])

    def url(self) -> str:
        """Return the address of the database, which is started or reached, and looked over, once."""
        if settings() not in self.urls:
            self.urls[settings()] = self.stack.enter_context(opened_database())
        return self.urls[settings()]


@cache
def _left_open() -> _LeftOpen:
    opened = _LeftOpen()
    atexit.register(opened.stack.close)
    return opened


def is_empty(url: str) -> bool:
    """Return whether no layer holds a feature."""
    with psycopg.connect(url, autocommit=True) as connection:
        return not any(_holds_any(connection, name) for name in LAYERS)


def _holds_any(connection: psycopg.Connection[TupleRow], layer: str) -> bool:
    query = statements(_SQL)["holds_any"].sql(layer=sql.Identifier(CITY_SCHEMA, layer))
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
