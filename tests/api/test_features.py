"""Collections and features over HTTP."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fastapi.testclient import TestClient

from layers import LAYERS


def names(answer) -> list[str]:
    return [feature["properties"]["name"] for feature in answer.json()["features"]]


def test_every_public_layer_is_listed_in_both_languages(service: TestClient):
    listed = {entry["id"]: entry for entry in service.get("/collections").json()["collections"]}
    assert list(listed) == [name for name, layer in LAYERS.items() if layer.public]
    assert listed["parcel"]["titles"] == {"vi": "Thửa đất", "en": "Parcel"}
    relations = {
        link["rel"].removeprefix("http://www.opengis.net/def/rel/ogc/1.0/") for link in listed["parcel"]["links"]
    }
    assert relations >= {"self", "items", "tiles", "queryables", "sortables", "schema", "tilesets-vector"}


def test_an_extent_lies_around_what_is_stored_and_is_left_out_where_nothing_is(service: TestClient):
    listed = {entry["id"]: entry for entry in service.get("/collections").json()["collections"]}
    west, south, east, north = listed["ward"]["extent"]["spatial"]["bbox"][0]
    # 549 000 and 551 000 m east of EPSG:5899 are 108.20984 and 108.22853 degrees here; 1 km north–south is 0.0090.
    # The index keeps boxes to a metre or so, 0.00001 degrees, rounded outwards.
    assert (west, east) == (pytest.approx(108.20984, abs=3e-5), pytest.approx(108.22853, abs=3e-5))
    assert 0.0089 < north - south < 0.0092
    assert "extent" not in listed["pipe"]


def test_a_layer_is_described_with_columns_units_codes_and_paint(service: TestClient):
    parcel = service.get("/collections/parcel").json()
    columns = {column["name"]: column for column in parcel["columns"]}
    assert columns["area_legal_m2"]["unit"] == "m²"
    assert columns["area_legal_m2"]["titles"]["en"] == "Legal area"
    assert parcel["paint"]["by"] == "land_use_code"
    codes = {code["code"]: code for code in columns["land_use_code"]["codes"]}
    declared = LAYERS["parcel"].column("land_use_code").codes
    assert declared
    assert codes["LUA"]["color"] == next(code.color for code in declared.codes if code.code == "LUA")


def test_items_are_geojson_in_longitude_and_latitude_with_their_attributes(service: TestClient):
    answer = service.get("/collections/ward/items")
    assert answer.headers["content-type"] == "application/geo+json"
    first = answer.json()["features"][0]
    assert first["properties"]["name"] == "Hải Châu"
    assert first["properties"]["population"] == 40_000
    assert first["properties"]["source"] == "sample"
    ring = first["geometry"]["coordinates"][0][0]
    assert all(108.20 < lon < 108.23 and 16.07 < lat < 16.09 for lon, lat in ring)


def test_an_outer_ring_runs_against_the_clock(service: TestClient):
    ring = service.get("/collections/parcel/items").json()["features"][0]["geometry"]["coordinates"][0][0]
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert doubled > 0


def test_one_item_is_the_same_as_in_the_page(service: TestClient):
    first = service.get("/collections/road/items?limit=1").json()["features"][0]
    single = service.get(f"/collections/road/items/{first['id']}").json()
    assert {link["rel"] for link in single.pop("links")} >= {"self", "collection"}
    assert single == first


def test_a_box_chooses_what_meets_it(service: TestClient):
    # The boundary between the wards is at 550 000 m east, 108.2192 degrees.
    assert names(service.get("/collections/ward/items?bbox=108.210,16.076,108.215,16.078")) == ["Hải Châu"]
    assert names(service.get("/collections/ward/items?bbox=108.215,16.076,108.225,16.078")) == ["Hải Châu", "Sơn Trà"]
    assert names(service.get("/collections/ward/items?bbox=-180,-90,180,90")) == ["Hải Châu", "Sơn Trà"]
    assert names(service.get("/collections/ward/items?bbox=100,10,101,11")) == []


def test_pages_follow_one_another_without_loss_or_repetition(service: TestClient):
    seen, address = [], "/collections/road/items?limit=2"
    pages = 0
    while address:
        page = service.get(address).json()
        seen += [feature["properties"]["name"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        pages += 1
    assert seen == ["Đường 0", "Đường 1", "Đường 2"]
    assert pages == 2


def test_a_horizon_shows_what_stands_then(service: TestClient):
    count = {
        horizon: service.get(f"/collections/parcel/items?horizon={horizon}").json()["numberReturned"]
        for horizon in ("existing", "2030", "2045")
    }
    assert count == {"existing": 3, "2030": 4, "2045": 4}
    assert service.get("/collections/zone/items").json()["features"] == []
    assert len(service.get("/collections/zone/items?horizon=2030").json()["features"]) == 1


def test_a_coded_column_chooses(service: TestClient):
    assert names(service.get("/collections/road/items?road_class=foot,district")) == ["Đường 1", "Đường 2"]


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/collections/parcels", 404, "the nearest name is parcel"),
        ("/collections/parcels/items", 404, "the nearest name is parcel"),
        ("/collections/%00", 400, "NUL"),
        ("/collections/register", 404, "There is no layer 'register'"),
        ("/collections/parcel/items/999999", 404, "has no feature 999999 at the horizon existing"),
        ("/collections/parcel/items/9999999999999999999999", 404, "uid"),
        ("/collections/parcel/items/one", 404, "uid"),
        ("/collections/parcel/items/1_0", 404, "uid"),
        ("/collections/parcel/items/1.0", 404, "uid"),
        ("/collections/parcel/items/%EF%BC%91", 404, "uid"),
        ("/collections/parcel/items?limt=3", 400, "did you mean limit?"),
        ("/collections/parcel/items?limit=0", 400, "limit"),
        ("/collections/parcel/items?limit=many", 400, "limit"),
        ("/collections/parcel/items?after=1", 400, "takes no parameter"),
        ("/collections/parcel/items?bbox=1,2,3", 400, "is not four numbers, or six. It is west,south,east,north"),
        ("/collections/parcel/items?bbox=1,2,3,nan", 400, "is not four numbers, or six"),
        ("/collections/parcel/items?bbox=16.05,108.2,16.08,108.3", 400, "between -90 and 90"),
        ("/collections/parcel/items?bbox=2,1,1,0", 400, "south 1 lies north of 0"),
        ("/collections/parcel/items?horizon=2031", 400, "one of existing, 2030, 2045"),
        ("/collections/road/items?road_class=city_mian", 400, "the nearest is city_main"),
        ("/collections?f=csv", 400, "one of json, html"),
        ("/nowhere", 404, "There is nothing at /nowhere"),
    ],
)
def test_a_refusal_says_what_would_have_been_right(service: TestClient, address: str, status: int, sentence: str):
    answer = service.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert sentence in problem["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
@pytest.mark.parametrize("address", ["/collections/parcel/items", "/tiles/parcel/0/0/0.mvt", "/health/live", "/"])
def test_what_is_no_reading_is_refused_and_said_what_is_answered(service: TestClient, method: str, address: str):
    answer = service.request(method, address)
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get_list("allow") == ["GET, HEAD, OPTIONS"]


@pytest.mark.parametrize("address", ["/collections/parcel/items", "/tiles/parcel/0/0/0.mvt"])
def test_options_says_what_is_answered(service: TestClient, address: str):
    answer = service.options(address)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")
    assert "access-control-allow-methods" not in answer.headers
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    assert service.options(address, headers=asked).headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_a_limit_beyond_the_largest_page_means_the_largest_page(service: TestClient):
    assert service.get("/collections/parcel/items?limit=1000000").json()["numberReturned"] == 3


@pytest.mark.parametrize("limit", [10**9, 10**9 + 1, 10**18, "9" * 5_000, "0000000000000000000000001000000001"])
def test_a_limit_beyond_the_largest_means_the_largest(service: TestClient, limit: int | str):
    answer = service.get(f"/collections/parcel/items?limit={limit}")
    assert (answer.status_code, answer.json()["numberReturned"]) == (200, 3)


@pytest.mark.parametrize("limit", ["0", "000", "-1", "1.5", "1e3", "", "٣"])
def test_a_limit_that_is_no_whole_number_from_1_is_refused(service: TestClient, limit: str):
    answer = service.get("/collections/parcel/items", params={"limit": limit})
    assert answer.status_code == 400
    assert ("a whole number from 1" if limit else "limit is empty") in answer.json()["detail"]
