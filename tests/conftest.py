"""A real PostGIS for every test that asks: one server, a migrated template, a fresh database each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from gis import migrations
from gis.db import City, open_city
from tests.gis.hand import database
from tests.server import server

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "danang"
"""Open data of Đà Nẵng, where it lies beside the project."""


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Address of a PostGIS server on which databases may be made."""
    with server() as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """Name of a migrated, empty database that others are cloned from."""
    with database(server_url, "template1") as url:
        migrations.upgrade(url)
        yield conninfo_to_dict(url)["dbname"]


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """Address of a fresh, migrated, empty database, dropped afterwards."""
    with database(server_url, template) as url:
        yield url


@pytest.fixture
def city(database_url: str) -> Iterator[City]:
    """A city on a fresh database, seen as it stands."""
    with open_city(database_url) as city:
        yield city


@pytest.fixture(scope="session")
def empty(server_url: str, template: str) -> Iterator[City]:
    """A city that stays empty, for tests that only read."""
    with database(server_url, template) as url, open_city(url) as city:
        yield city


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real open data; tests that use it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the open data of Đà Nẵng is not beside the project (../shared/data/danang)")
    return REAL_DATA
