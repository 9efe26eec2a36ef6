"""The database that QUYHOACH_DATABASE_URL names, checked before anything relies on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow, class_row

from gis.cluster.errors import AddressRefusedError
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_PATIENCE_S = 10
_OLDEST_POSTGRES = 140_000
_OLDEST_POSTGIS = (3, 3)
_SECRETS = ("password", "sslpassword", "passfile", "sslkey")
_EXAMPLE = "give postgresql://user:password@host:5432/database"


@dataclass(frozen=True, slots=True)
class _Server:
    """What the server says of itself and of what we may do; the fields are the columns of the statement."""

    version_number: int
    version: str
    encoding: str
    may_create: bool
    is_read_only: bool
    postgis: str | None
    postgis_schema: str | None
    offered_postgis: str | None


def checked(url: str) -> str:
    """Return the address, its database reached and found fit: version, encoding, rights, PostGIS.

    PostGIS is installed where it is on offer and missing.

    Raises
    ------
    AddressRefusedError
        For the first thing that is not as needed.
    """
    shown = shown_address(url)
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=_PATIENCE_S) as connection:
            _refuse_first(_unfit(_server(connection)), shown=shown)
            _provide_postgis(connection, shown=shown)
            _refuse_first(_unfit_postgis(_server(connection)), shown=shown)
    except psycopg.OperationalError as refused:
        reason = _first_line(_without_secrets(str(refused), url))
        found, remedy = f"it cannot be reached ({reason})", "see that it runs and lets you in"
        raise AddressRefusedError(shown, found=found, remedy=remedy) from None
    return url


def shown_address(url: str) -> str:
    """Return the address fit for a screen: without password or other secret.

    Raises
    ------
    AddressRefusedError
        When it is no libpq address.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # What libpq says quotes the address, so it is not repeated.
        raise AddressRefusedError("not shown", found="it is not an address of PostgreSQL", remedy=_EXAMPLE) from None
    return " ".join(f"{name}={value}" for name, value in parts.items() if name not in _SECRETS) or "empty"


def server_version(url: str) -> tuple[str, str | None]:
    """Return the versions of PostgreSQL and PostGIS behind an address."""
    with psycopg.connect(url, autocommit=True, connect_timeout=_PATIENCE_S) as connection:
        server = _server(connection)
        return server.version, server.postgis


def _server(connection: Connection[TupleRow]) -> _Server:
    with connection.cursor(row_factory=class_row(_Server)) as cursor:
        found = cursor.execute(statements(_SQL)["server"].sql()).fetchone()
    if found is None:
        raise psycopg.OperationalError("the server gave no answer")
    return found


def _provide_postgis(connection: Connection[TupleRow], *, shown: str) -> None:
    server = _server(connection)
    if server.postgis is not None or server.offered_postgis is None:
        return
    try:
        connection.execute("CREATE EXTENSION postgis SCHEMA public")
    except psycopg.Error as refused:
        reason = _first_line(str(refused))
        remedy = "let an administrator run CREATE EXTENSION postgis in this database"
        raise AddressRefusedError(shown, found=f"PostGIS is not installed in it ({reason})", remedy=remedy) from refused


def _refuse_first(complaints: Iterator[tuple[str, str]], *, shown: str) -> None:
    for found, remedy in complaints:
        raise AddressRefusedError(shown, found=found, remedy=remedy)


def _unfit(server: _Server) -> Iterator[tuple[str, str]]:
    """Yield what is not as needed, and what would be right."""
    if server.version_number < _OLDEST_POSTGRES:
        yield f"its PostgreSQL is {server.version}", "14 or newer is needed"
    if server.encoding != "UTF8":
        yield f"its encoding is {server.encoding}", "create the database with ENCODING 'UTF8'"
    if server.is_read_only:
        yield "it can only be read", "give the primary server, with default_transaction_read_only off"
    if not server.may_create:
        yield "the role may not create schemas in it", "let its owner GRANT CREATE ON DATABASE to the role"


def _unfit_postgis(server: _Server) -> Iterator[tuple[str, str]]:
    if server.postgis is None:
        yield "its server has no PostGIS", "install PostGIS 3.3 or newer there"
    elif _numbers(server.postgis) < _OLDEST_POSTGIS:
        yield f"its PostGIS is {server.postgis}", "3.3 or newer is needed; ALTER EXTENSION postgis UPDATE may be enough"
    elif server.postgis_schema != "public":
        yield f"its PostGIS is in the schema {server.postgis_schema}", "install it in the schema public"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _without_secrets(text: str, url: str) -> str:
    for name in _SECRETS:
        secret = conninfo_to_dict(url).get(name)
        if secret:
            text = text.replace(str(secret), "***")
    return text


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "no reason given")
