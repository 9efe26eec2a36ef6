"""What a fresh server is given: a role without rights over others, PostGIS, and the database."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from gis.cluster.directory import failure
from gis.cluster.place import DATABASE, ROLE, SUPERUSER, Place
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_TEMPLATE = "template1"
_CREATE_ROLE = sql.SQL("CREATE ROLE {role} LOGIN CREATEDB").format(role=sql.Identifier(ROLE))
# DROP DATABASE … WITH (FORCE) needs it as soon as the server itself is cleaning up in that database.
_GRANT_SIGNAL = sql.SQL("GRANT pg_signal_backend TO {role}").format(role=sql.Identifier(ROLE))
_CREATE_DATABASE = sql.SQL("CREATE DATABASE {name} OWNER {role}").format(
    name=sql.Identifier(DATABASE), role=sql.Identifier(ROLE)
)


def provide_contents(place: Place) -> None:
    """Give the server what is missing; quick when nothing is.

    PostGIS goes into the template, so that every database made here has it: the role itself may not install it.

    Raises
    ------
    DiskFullError, ServerFailedError
        When there is no room, or PostGIS is installed for this PostgreSQL but does not load.
    """
    try:
        _provide_database(place)
        _provide_postgis(place, DATABASE)
    except psycopg.Error as refused:
        raise failure(place, what="PostgreSQL runs but cannot be given a database", tail=str(refused)) from refused


def _provide_database(place: Place) -> None:
    with psycopg.connect(place.url(role=SUPERUSER, dbname=SUPERUSER), autocommit=True) as connection:
        row = connection.execute(statements(_SQL)["contents"].sql(), {"role": ROLE, "database": DATABASE}).fetchone()
        has_role, has_database = row or (False, False)
        if not has_role:
            connection.execute(_CREATE_ROLE)
        connection.execute(_GRANT_SIGNAL)
        if not has_database:
            _provide_postgis(place, _TEMPLATE)
            connection.execute(_CREATE_DATABASE)


def _provide_postgis(place: Place, dbname: str) -> None:
    """Install PostGIS in a database, or bring it to the version of the programs, which the system may have renewed."""
    with psycopg.connect(place.url(role=SUPERUSER, dbname=dbname), autocommit=True) as connection:
        row = connection.execute(statements(_SQL)["postgis"].sql()).fetchone()
        held, offered = row or (None, None)
        if held is not None and held == offered:
            return
        connection.execute("ALTER EXTENSION postgis UPDATE" if held else "CREATE EXTENSION postgis")
