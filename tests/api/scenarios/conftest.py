"""A town of twelve lots and three parcels behind a service in which scenarios may be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create
from gis.settings import Settings
from tests.gis.hand import database, put, square

TOKEN = "0123456789-planner-of-the-city"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
EAST, NORTH = 550_000, 1_778_400
"""South-west corner of the first lot and of the first parcel, in EPSG:5899."""
METRES = {"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/5899>"}
TILE = "/tiles/parcel/14/13117/7450.mvt"
"""The tile in which all of it lies."""


@pytest.fixture
def url(server_url: str, template: str) -> Iterator[str]:
    """Lots 1 to 12 for 2030 in a row, a hundred metres each; below them parcels 21 to 23; a ward around all."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        ward = square(549_000, 1_777_000, 4_000)
        put(connection, "ward", ward, uid=100, code="1", name="Hải Châu", unit_type="ward", population=40_000)
        put(connection, "city", ward, uid=101, code="48", name="Đà Nẵng")
        for place in range(12):
            lot = square(EAST + 100 * place, NORTH, 100)
            put(connection, "zone", lot, uid=1 + place, plan_code="QHC", horizon="2030", plan_use="DAT_HTXH_Yte")
        for place in range(3):
            parcel = square(EAST + 100 * place, NORTH - 200, 100)
            put(
                connection, "parcel", parcel, uid=21 + place, land_use_code="ODT", stage="existing",
                ward_code="1", map_sheet="7", parcel_number=str(place),
            )  # fmt: skip
        connection.execute("SELECT setval('city.uid', 1000)")
        yield url


@pytest.fixture
def service(url: str) -> Iterator[TestClient]:
    """The service, asked by anyone."""
    using = Settings(database_url=url, write_token=TOKEN)
    with TestClient(create(using), raise_server_exceptions=False) as client:
        yield client


@dataclass(frozen=True)
class Planner:
    """Who has the token, and asks the service with it."""

    service: TestClient

    def __call__(self, method: str, address: str, **asked: Any) -> httpx.Response:
        headers = {**BEARER, **asked.pop("headers", {})}
        return self.service.request(method, address, headers=headers, **asked)

    def done(self, method: str, address: str, **asked: Any) -> Any:
        """Ask, and return what was answered to what was done."""
        answer = self(method, address, **asked)
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.json() if answer.content else None

    def refused(self, status: int, method: str, address: str, **asked: Any) -> str:
        """Ask, and return the sentence of the refusal."""
        answer = self(method, address, **asked)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        return answer.json()["detail"]


@pytest.fixture
def planner(service: TestClient) -> Planner:
    """Who has the token; a scenario `park` is open."""
    planner = Planner(service)
    planner.done("POST", "/scenarios", json={"name": "park", "title": "Công viên"})
    return planner


def ring(easting_m: float, northing_m: float, side_m: float = 100) -> list[list[list[float]]]:
    """Return the coordinates of a square polygon by its south-west corner."""
    east, north = easting_m + side_m, northing_m + side_m
    corners = [(easting_m, northing_m), (east, northing_m), (east, north), (easting_m, north), (easting_m, northing_m)]
    return [[list(corner) for corner in corners]]


def parcel(easting_m: float = EAST + 500, northing_m: float = NORTH - 200, **properties: object) -> dict[str, Any]:
    """Return a parcel as GeoJSON, in metres of EPSG:5899."""
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": ring(easting_m, northing_m)},
        "properties": {"land_use_code": "DKV", "stage": "existing", **properties},
    }


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the database itself."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode(), values).fetchall()
