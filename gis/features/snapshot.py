"""One state of the database: everything read inside sees it, and a later reading can tell whether it still stands."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

from psycopg import Connection
from psycopg.pq import TransactionStatus

from gis.db import City
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")


@contextmanager
def snapshot(connection: Connection[Any]) -> Generator[None]:
    """Let everything read inside see one state of the database; inside a transaction of the caller, see that one."""
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        yield
        return
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def state(city: City) -> str:
    """Return the name of the state the city is seen in; to be asked inside `snapshot`.

    Two readings with the same name saw the same rows. Two with different names may have: something was written, or is
    being written, somewhere in the database.
    """
    row = city.connection.execute(statements(_SQL)["state"].sql()).fetchone()
    return str(row[0]) if row else ""
