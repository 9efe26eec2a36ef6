"""One state of the database: everything read inside sees it, and a later reading can tell what changed since."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

from psycopg import Connection
from psycopg.pq import TransactionStatus

from gis.changes.snapshot import Snapshot
from gis.db import City
from gis.lineage import lineage
from gis.statements import statements
from layers.model import Layer

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
    """Return the name of the state the city is seen in; to be asked inside `snapshot`."""
    row = city.connection.execute(statements(_SQL)["state"].sql()).fetchone()
    return str(row[0]) if row else ""


def unchanged(city: City, layer: Layer, earlier: str) -> bool:
    """Return whether a layer is as it was in an earlier state, by the log of changes; to be asked inside `snapshot`."""
    values = {
        "layer": layer.name,
        "scenarios": list(lineage(city.connection, city.scenario)),
        "earlier": earlier,
        "first": Snapshot.read(earlier).first_running,
    }
    row = city.connection.execute(statements(_SQL)["unchanged"].sql(), values).fetchone()
    return bool(row and row[0])
