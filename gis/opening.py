"""Opening the city: PostGIS started, brought to the newest revision, filled with the sample where it is empty."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from gis import cluster, migrations
from gis.db import City, open_city
from gis.schema import BASELINE, CITY_SCHEMA
from gis.settings import settings
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


def is_empty(url: str) -> bool:
    """Return whether no layer holds a feature."""
    with psycopg.connect(url, autocommit=True) as connection:
        return not any(_holds_any(connection, name) for name in LAYERS)


def _holds_any(connection: psycopg.Connection[TupleRow], layer: str) -> bool:
    query = statements(_SQL)["holds_any"].sql(layer=sql.Identifier(CITY_SCHEMA, layer))
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
