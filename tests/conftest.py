"""A real PostGIS for every test that asks: one server, a migrated template, a fresh database each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gis import cluster, migrations
from gis.db import City, open_city
from gis.settings import settings

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "danang"
"""Open data of Đà Nẵng, where it lies beside the project."""


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Address of a PostGIS server on which databases may be made."""
    with cluster.database(settings()) as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """Name of a migrated, empty database that others are cloned from."""
    name = f"quyhoach_test_{os.getpid()}"
    _create(server_url, name)
    migrations.upgrade(make_conninfo(server_url, dbname=name))
    yield name
    _drop(server_url, name)


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """Address of a fresh, migrated, empty database, dropped afterwards."""
    name = f"{template}_{uuid4().hex[:8]}"
    _create(server_url, name, template=template)
    yield make_conninfo(server_url, dbname=name)
    _drop(server_url, name)


@pytest.fixture
def city(database_url: str) -> Iterator[City]:
    """A city on a fresh database, seen as it stands."""
    with open_city(database_url) as city:
        yield city


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real open data; tests that use it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the open data of Đà Nẵng is not beside the project (../shared/data/danang)")
    return REAL_DATA


def _create(server_url: str, name: str, *, template: str = "template1") -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def _drop(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
