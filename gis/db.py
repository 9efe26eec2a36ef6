"""The city as a connection sees it: one scenario, one horizon."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.schema import CITY_SCHEMA, horizon_schema
from layers.model import Horizon

BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class City:
    """A connection whose search path shows one scenario at one horizon.

    Statements say `FROM parcel` and mean the parcels of that scenario that stand at that horizon.
    """

    connection: Connection[TupleRow]
    horizon: Horizon = Horizon.EXISTING
    scenario: str = BASELINE


@contextmanager
def open_city(url: str, *, horizon: Horizon = Horizon.EXISTING) -> Generator[City]:
    """Open a connection that sees the city at this horizon; closed on leaving."""
    with psycopg.connect(url, autocommit=True, options="-c jit=off") as connection:
        yield seen_at(connection, horizon)


def seen_at(connection: Connection[TupleRow], horizon: Horizon) -> City:
    """Set the search path of a connection so that it sees the city at this horizon."""
    path = [horizon_schema(horizon), CITY_SCHEMA, "public"]
    connection.execute(sql.SQL("SET search_path = {}").format(sql.SQL(", ").join(map(sql.Identifier, path))))
    return City(connection, horizon)
