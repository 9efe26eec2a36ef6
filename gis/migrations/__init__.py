"""Migrations: bring a database to the tables the declarations describe, and what follows from them.

Alembic and SQLAlchemy are entered only where there is something to do: most starts find nothing.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from gis import fingerprint
from layers import LAYERS

_LOCK = 7_230_548_122_011
"""Key of the advisory lock that lets one process migrate a database at a time."""
_VERSIONS = Path(__file__).with_name("versions")


def upgrade(url: str) -> None:
    """Bring the database to the newest revision; create the schemas, views and triggers.

    Does nothing, quickly, where nothing is to be done. Two at once take turns.
    """
    with psycopg.connect(url, autocommit=True) as guard:
        if is_current(guard):
            return
        guard.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        guard.execute("SET client_min_messages = warning")
        guard.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        guard.execute("CREATE SCHEMA IF NOT EXISTS register")
        if revision(guard) != head():
            importlib.import_module("gis.migrations.running").run_to_head(url)
        with guard.transaction():
            importlib.import_module("gis.views").refresh(guard, LAYERS.values())


def is_current(connection: Connection[TupleRow]) -> bool:
    """Return whether tables, views, triggers and comments are those of the declarations."""
    return revision(connection) == head() and fingerprint.is_current(connection, LAYERS.values())


def revision(connection: Connection[TupleRow]) -> str | None:
    """Return the revision the database is at; None where it holds nothing of ours."""
    known = connection.execute("SELECT to_regclass('register.alembic_version')").fetchone()
    if known is None or known[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM register.alembic_version").fetchone()
    return str(row[0]) if row else None


def head() -> str:
    """Return the newest revision: the greatest number a migration's file begins with."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
