"""Databases that a measurement makes for itself and drops afterwards."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gis import migrations


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
