"""A few features that no format holds easily, seen as a city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection, sql

from gis.db import City, open_city
from gis.schema import stored_columns
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database

Row = dict[str, object]

HOLED = (
    "MULTIPOLYGON (((550000 1778000, 550100.25 1778000, 550100.25 1778100, 550000 1778100, 550000 1778000),"
    " (550010 1778010, 550010 1778020, 550020 1778020, 550020 1778010, 550010 1778010)),"
    " ((550200 1778000, 550300 1778000, 550300 1778100.123456, 550200 1778000)))"
)
SQUARE = "MULTIPOLYGON (((551000 1778000, 551100 1778000, 551100 1778100, 551000 1778100, 551000 1778000)))"
LINES = "MULTILINESTRING ((550000 1778000, 550500 1778000.5), (550600 1778000, 550700 1778100))"
LONG_NAME = "Trường tiểu học " * 30
SAMPLE = {"source": "sample", "source_document": "CC0", "quality": "generated"}

PARCELS: list[Row] = [
    {
        "ward_code": "20194",
        "map_sheet": "12",
        "parcel_number": '7a, "cũ"\nmới; ô 5',
        "land_use_code": "ODT",
        "area_legal_m2": 1 / 3,
        "frontage_m": 5.0,
        "stage": "existing",
        **SAMPLE,
        "source_date": dt.date(2026, 1, 31),
        "valid_from": dt.date(1899, 12, 31),
        "valid_to": dt.date(9999, 12, 31),
        "delivery": 2**53 - 1,
        "geom": HOLED,
    },
    {"stage": "existing", "source": "sample", "geom": SQUARE},
    {"stage": "2030", "source": "plan", "map_sheet": "13", "geom": SQUARE},
]
ROADS: list[Row] = [
    {"road_class": "district", "bridge": True, "tunnel": False, "level": -1, "stage": "existing", "geom": LINES},
    {"name": "Bạch Đằng", "road_class": "foot", "stage": "existing", "geom": LINES},
]
FACILITIES: list[Row] = [
    {"facility_type": "school", "name": LONG_NAME, "stage": "existing", "geom": "POINT (550172.714 1778178.444)"},
    {"facility_type": "park", "name": "", "stage": "existing", "geom": "POINT (550000.1 1778000.2)"},
    {"facility_type": "market", "name": "=1+1", "stage": "existing", "geom": "POINT (550001 1778001)"},
    {"facility_type": "health_station", "name": "a\x01b", "stage": "existing", "geom": "POINT (550002 1778002)"},
    {"facility_type": "market", "capacity": float("inf"), "stage": "existing", "geom": "POINT (550003 1778003)"},
]


def put(connection: Connection, layer: str, rows: list[Row]) -> None:
    """Store rows whose geometry is drawn as WKT in EPSG:5899."""
    for row in rows:
        values = {"source": "sample", **row}
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier("city", layer),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(
                sql.SQL("ST_GeomFromText(%s, 5899)") if name == "geom" else sql.Placeholder() for name in values
            ),
        )
        connection.execute(statement, list(values.values()))


def stored(city: City, layer: str) -> dict[int, Row]:
    """Return what a layer shows, by uid: every column an export writes, the geometry as WKB."""
    names = ["uid", *(column.name for column in stored_columns(LAYERS[layer]))]
    query = sql.SQL("SELECT {}, ST_AsBinary(geom, 'NDR') FROM {} ORDER BY uid").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(layer)
    )
    rows = [dict(zip([*names, "geometry"], row, strict=True)) for row in city.connection.execute(query)]
    return {row["uid"]: row for row in rows}


@pytest.fixture(scope="session")
def odd_url(server_url: str, template: str) -> Iterator[str]:
    """Address of a database with the features above; nobody writes to it."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        put(connection, "parcel", PARCELS)
        put(connection, "road", ROADS)
        put(connection, "facility", FACILITIES)
        yield url


@pytest.fixture
def odd(odd_url: str) -> Iterator[City]:
    """The features above as they stand."""
    with open_city(odd_url) as city:
        yield city


@pytest.fixture
def odd_2030(odd_url: str) -> Iterator[City]:
    """The features above in 2030."""
    with open_city(odd_url, horizon=Horizon.H2030) as city:
        yield city
