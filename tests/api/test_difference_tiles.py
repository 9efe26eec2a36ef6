"""Tiles of what differs between two scenarios, two horizons, or both."""

from __future__ import annotations

from collections.abc import Iterator

import mapbox_vector_tile
import psycopg
import pytest
from fastapi.testclient import TestClient
from shapely import box

from api.app import create
from gis.db import open_city
from gis.scenarios import add, change, open_scenario, remove
from gis.settings import Settings
from layers import LAYERS
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]
HERE = "/tiles/parcel/14/13117/7450.mvt"
AWAY = "/tiles/parcel/14/13117/7451.mvt"
FAR_OUT = "/tiles/parcel/9/409/232.mvt"
SINCE = "against=existing"


@pytest.fixture
def url(server_url: str, template: str) -> Iterator[str]:
    """Four parcels of today, one of which goes by 2030; one that comes by 2030; zones of two plans; two scenarios."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        for uid in (1, 2, 3, 4):
            place, end = square(550_000 + 100 * uid, 1_778_400, 100), {"stage_end": "2030"} if uid == 4 else {}
            put(connection, "parcel", place, uid=uid, land_use_code="ODT", stage="existing", map_sheet="0", **end)
        put(connection, "parcel", square(550_000, 1_776_000, 100), uid=9, land_use_code="ODT", stage="existing")
        put(connection, "parcel", square(550_500, 1_778_400, 100), uid=5, land_use_code="TMD", stage="2030")
        for horizon in ("2030", "2045"):
            area = square(550_000, 1_778_000, 900)
            put(connection, "zone", area, plan_code="QHC", horizon=horizon, plan_use="DAT_HTXH_Yte")
        connection.execute("SELECT setval('city.uid', 100)")
        open_scenario(connection, "park", parent="baseline")
        open_scenario(connection, "port", parent="baseline")
        yield url


@pytest.fixture
def service(url: str) -> Iterator[TestClient]:
    with TestClient(create(Settings(database_url=url)), raise_server_exceptions=False) as client:
        yield client


def differing(service: TestClient, address: str, *, layer: str = "parcel") -> dict[int, str]:
    """Return how each feature of a tile differs, by its id."""
    answer = service.get(address)
    assert answer.status_code in (200, 204), answer.text
    layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return {each["id"]: each["properties"]["change"] for each in layers.get(layer, {}).get("features", [])}


def test_between_two_horizons_parcels_come_and_go(service: TestClient):
    assert differing(service, f"{HERE}?horizon=2030&{SINCE}") == {4: "removed", 5: "added"}
    assert differing(service, f"{HERE}?against=2030") == {4: "added", 5: "removed"}
    assert differing(service, f"{HERE}?horizon=2045&against=2030") == {}


def test_a_difference_is_never_drawn_from_an_overview(service: TestClient):
    assert differing(service, f"{FAR_OUT}?horizon=2030&{SINCE}") == {4: "removed", 5: "added"}


def test_each_plan_has_zones_of_its_own(service: TestClient):
    address = "/tiles/zone/14/13117/7450.mvt"
    seen = differing(service, f"{address}?horizon=2045&against=2030", layer="zone")
    assert sorted(seen.values()) == ["added", "removed"]


def test_a_scenario_against_what_it_was_opened_from(service: TestClient, url: str):
    address = f"{HERE}?scenario=park&against=baseline"
    assert service.get(address).status_code == 204
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
        remove(city, PARCEL, 3)
        values = {"land_use_code": "DKV", "stage": "existing", "source": "sample"}
        uid = add(city, PARCEL, values, box(550_600, 1_778_400, 550_700, 1_778_500))
    assert differing(service, address) == {2: "changed", 3: "removed", uid: "added"}
    assert differing(service, f"{HERE}?against=park") == {2: "changed", 3: "added", uid: "removed"}
    assert service.get(f"{AWAY}?scenario=park&against=baseline").status_code == 204


def test_two_scenarios_and_two_horizons_at_once(service: TestClient, url: str):
    with open_city(url, scenario="park") as city:
        remove(city, PARCEL, 1)
    with open_city(url, scenario="port") as city:
        change(city, PARCEL, 2, {"land_use_code": "DKV"})
    assert differing(service, f"{HERE}?scenario=port&against=park") == {1: "added", 2: "changed"}
    both = differing(service, f"{HERE}?scenario=port&horizon=2030&against=park,existing")
    assert both == {1: "added", 2: "changed", 4: "removed", 5: "added"}


def test_a_difference_is_fresh_wherever_the_edit_lies(service: TestClient, url: str):
    with open_city(url, scenario="park") as city:
        change(city, PARCEL, 9, {}, geometry=box(550_100, 1_778_300, 550_200, 1_778_400))
    address = f"{HERE}?scenario=park&against=baseline"
    assert differing(service, address) == {9: "changed"}
    with psycopg.connect(url, autocommit=True) as connection:
        # Far from the tile: what the feature here is held against is gone.
        connection.execute("DELETE FROM city.parcel WHERE uid = 9")
    assert differing(service, address) == {9: "added"}


def test_a_difference_of_horizons_is_fresh(service: TestClient, url: str):
    address = f"{HERE}?horizon=2030&{SINCE}"
    assert differing(service, address) == {4: "removed", 5: "added"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE city.parcel SET stage_end = NULL WHERE uid = 4")
        connection.execute("UPDATE city.parcel SET stage_end = '2030' WHERE uid = 1")
    assert differing(service, address) == {1: "removed", 5: "added"}


@pytest.mark.parametrize(
    "query", ["against=existing", "against=baseline", "against=2030,2045", "against=", "against=a,b", "against=PARK"]
)
def test_what_cannot_be_compared_is_refused(service: TestClient, query: str):
    for address in (HERE, "/tiles/parcel.json"):
        answer = service.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_scenario_is_refused_with_the_nearest_name(service: TestClient):
    answer = service.get(f"{HERE}?against=parc")
    assert answer.status_code == 400
    assert "park" in answer.json()["detail"]


def test_tilejson_leads_to_the_difference_and_names_its_attribute(service: TestClient):
    document = service.get("/tiles/parcel.json?horizon=2030&against=existing").json()
    assert document["tiles"][0].endswith(".mvt?horizon=2030&against=existing")
    assert document["vector_layers"][0]["fields"]["change"] == "String"
    assert "features" not in document["vector_layers"][0]["fields"]
    assert "change" not in service.get("/tiles/parcel.json?scenario=park").json()["vector_layers"][0]["fields"]
