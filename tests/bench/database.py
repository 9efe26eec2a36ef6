"""Databases that a measurement makes for itself and drops afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gis import migrations
from gis.statements import statements
from tests.bench.measure import run


@contextmanager
def scratch(server_url: str, name: str, *, migrated: bool = True) -> Generator[str]:
    """Make an empty database beside others on a server, yield its address, drop it."""
    name = f"quyhoach_bench_{os.getpid()}_{name}"
    place = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(place))
        url = make_conninfo(server_url, dbname=name)
        try:
            if migrated:
                migrations.upgrade(url)
            else:
                with psycopg.connect(url, autocommit=True) as inside:
                    inside.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            yield url
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(place))


@contextmanager
def copied(server_url: str, name: str, source_url: str) -> Generator[str]:
    """Copy a filled database on its own server, bring it to today's schema, yield the copy's address, drop it.

    The database itself is only read; nobody else may be connected to it while it is copied.
    """
    name = f"quyhoach_bench_{os.getpid()}_{name}"
    place, source = sql.Identifier(name), sql.Identifier(conninfo_to_dict(source_url)["dbname"])
    with psycopg.connect(make_conninfo(server_url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(place, source))
        url = make_conninfo(server_url, dbname=name)
        try:
            migrations.upgrade(url)
            yield url
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(place))


def load_sample(url: str, parcels: int) -> float:
    """Generate a sample city into a database; return the seconds it took."""
    command = [sys.executable, "-m", "gis", "sample", "--parcels", str(parcels)]
    return run(command, environment={"QUYHOACH_DATABASE_URL": url}).wall_s


def bring_in_step(url: str) -> None:
    """Bring the overviews in step with the data, as a load does."""
    run([sys.executable, "-m", "gis", "overviews"], environment={"QUYHOACH_DATABASE_URL": url})


def lay_grid(url: str, side: int, apart_m: float) -> int:
    """Lay the grid into an empty database; return how many pieces of street it has."""
    with psycopg.connect(url, autocommit=True) as connection:
        lay = statements(Path(__file__).with_name("grid.sql"))["lay"].sql()
        laid = connection.execute(lay, {"side": side, "apart_m": apart_m}).rowcount
        connection.execute("ANALYZE city.road")
    return laid
