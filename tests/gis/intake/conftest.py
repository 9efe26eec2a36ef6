"""Deliveries made for the tests: hectare squares in the middle of Đà Nẵng, written in any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from psycopg import sql

from gis.db import City, open_city
from layers import LAYERS
from tests.gis.hand import database

EAST_M, NORTH_M = 550_000.0, 1_778_000.0
"""Lower left corner of the first square, EPSG:5899: in Hải Châu."""


def square(column: int, row: int = 0, *, size_m: float = 100.0) -> shapely.Polygon:
    """Return the hectare square in a column and row of the grid."""
    west, south = EAST_M + 100 * column, NORTH_M + 100 * row
    return shapely.box(west, south, west + size_m, south + size_m)


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write shapes with attributes to a file and return its path."""

    def write(file_name: str, shapes: list[Any], *, crs: str | None = "EPSG:5899", **columns: list[Any]) -> Path:
        path = tmp_path / file_name
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path, engine="pyogrio")
        return path

    return write


def stored(city: Any, query: str, *values: Any) -> list[Any]:
    """Return the rows of a query."""
    return city.connection.execute(query, values).fetchall()


@pytest.fixture(scope="session")
def intake_url(server_url: str, template: str) -> Iterator[str]:
    """Address of one database for all tests of the intake, emptied after each."""
    with database(server_url, template) as url:
        yield url


@pytest.fixture
def database_url(intake_url: str) -> str:
    """The same database under the name other tests know it by."""
    return intake_url


@pytest.fixture
def city(intake_url: str) -> Iterator[City]:
    """An empty city."""
    with open_city(intake_url) as city:
        yield city
        for schema in ("city", "history"):
            for name in LAYERS:
                city.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, name)))
        city.connection.execute("DELETE FROM register.delivery")
