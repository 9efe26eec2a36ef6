"""Tiles of a scenario: its changes where it makes them, the baseline's own tiles everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import mapbox_vector_tile
import psycopg
import pytest
from fastapi.testclient import TestClient
from shapely import box

from api.app import create
from gis.db import open_city
from gis.scenarios import add, change, drop_scenario, open_scenario, remove
from gis.settings import Settings
from layers import LAYERS
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]
HERE = "/tiles/parcel/14/13117/7450.mvt"
AWAY = "/tiles/parcel/14/13117/7451.mvt"
FAR_OUT = "/tiles/parcel/11/1639/931.mvt"


@pytest.fixture
def url(server_url: str, template: str) -> Iterator[str]:
    """Four parcels in one tile and one in the next, and a scenario without changes."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        for uid in (1, 2, 3, 4):
            place = square(550_000 + 100 * uid, 1_778_400, 100)
            put(connection, "parcel", place, uid=uid, land_use_code="ODT", stage="existing", map_sheet="0")
        away = square(550_000, 1_776_000, 100)
        put(connection, "parcel", away, uid=9, land_use_code="ODT", stage="existing", map_sheet="0")
        connection.execute("SELECT setval('city.uid', 100)")
        open_scenario(connection, "park", title="Park", parent="baseline")
        yield url


@pytest.fixture
def service(url: str) -> Iterator[TestClient]:
    with TestClient(create(Settings(database_url=url)), raise_server_exceptions=False) as client:
        yield client


def codes(service: TestClient, address: str) -> dict[int, str]:
    answer = service.get(address)
    assert answer.status_code in (200, 204), answer.text
    layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return {each["id"]: each["properties"]["land_use_code"] for each in layers.get("parcel", {}).get("features", [])}


def test_a_scenario_without_changes_is_the_baseline(service: TestClient):
    for address in (HERE, AWAY, FAR_OUT):
        assert service.get(f"{address}?scenario=park").headers["etag"] == service.get(address).headers["etag"]


def test_a_tile_shows_the_scenario_and_the_baseline_keeps_its_own(service: TestClient, url: str):
    assert set(codes(service, f"{HERE}?scenario=park")) == {1, 2, 3, 4}
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
        remove(city, PARCEL, 3)
    seen = codes(service, f"{HERE}?scenario=park")
    assert (seen[2], set(seen)) == ("DKV", {1, 2, 4})
    assert set(codes(service, HERE).values()) == {"ODT"}


def test_a_tile_that_a_scenario_does_not_touch_is_the_baselines(service: TestClient, url: str):
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
    assert service.get(f"{AWAY}?scenario=park").headers["etag"] == service.get(AWAY).headers["etag"]
    assert service.get(f"{HERE}?scenario=park").headers["etag"] != service.get(HERE).headers["etag"]


def test_an_edit_of_the_baseline_is_seen_in_the_scenario(service: TestClient, url: str):
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
    assert codes(service, f"{HERE}?scenario=park")[1] == "ODT"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE city.parcel SET land_use_code = 'TMD' WHERE uid = 1")
    seen = codes(service, f"{HERE}?scenario=park")
    assert (seen[1], seen[2]) == ("TMD", "DKV")


def test_each_edit_of_a_scenario_is_seen_at_once(service: TestClient, url: str):
    with open_city(url, scenario="park") as city, ThreadPoolExecutor(4) as viewers:
        for number in range(20):
            code = ("DKV", "TMD")[number % 2]
            change(city, PARCEL, 4, {"land_use_code": code})
            seen = list(viewers.map(lambda _: codes(service, f"{HERE}?scenario=park"), range(4)))
            assert {each[4] for each in seen} == {code}


def test_a_change_in_a_place_that_was_empty_is_seen(service: TestClient, url: str):
    nowhere = "/tiles/parcel/14/13118/7450.mvt?scenario=park"
    assert codes(service, nowhere) == {}
    with open_city(url, scenario="park") as city:
        uid = add(
            city,
            PARCEL,
            {"land_use_code": "DKV", "stage": "existing", "source": "sample"},
            box(552_500, 1_778_400, 552_600, 1_778_500),
        )
    assert codes(service, nowhere) == {uid: "DKV"}


def test_a_scenario_that_was_dropped_is_unknown(service: TestClient, url: str):
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
    assert codes(service, f"{HERE}?scenario=park")[2] == "DKV"
    with psycopg.connect(url, autocommit=True) as connection:
        drop_scenario(connection, "park")
    answer = service.get(f"{HERE}?scenario=park")
    assert answer.status_code == 400
    assert "park" in answer.json()["detail"]
