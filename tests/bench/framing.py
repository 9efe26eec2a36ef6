"""Parcels as a GeoDataFrame: ours against geopandas.read_postgis of the same rows and columns, in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import geopandas
import psycopg
import sqlalchemy

from gis.db import open_city
from tests.bench.figures import Figure

ROUNDS = 5


def framing(url: str, count: int) -> Iterator[Figure]:
    """Read every parcel of a city as it stands into a frame, by both."""
    with open_city(url) as city:
        known = city.frame("parcel", limit=0)
        columns = ", ".join(known.columns.drop("geometry"))
        path = city.connection.execute("SHOW search_path").fetchall()[0][0]
        engine = sqlalchemy.create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(url, options=f"-csearch_path={path.replace(' ', '')}"),
        )
        query = f"SELECT {columns}, geom FROM parcel ORDER BY uid"
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            ours.append(_took(lambda: city.frame("parcel")))
            theirs.append(_took(lambda: geopandas.read_postgis(query, engine)))
        engine.dispose()
    rate = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    note = f"{statistics.median(ours):.2f} s, read_postgis {statistics.median(theirs):.2f} s"
    yield Figure(
        f"frame of the parcels of a city of {count:,}: rate against read_postgis", rate, "×", least=2, note=note
    )


def _took(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began
