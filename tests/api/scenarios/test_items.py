"""Features of a scenario are edited over HTTP, as GeoJSON."""

from __future__ import annotations

import json
from typing import Any

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from tests.api.conftest import listen
from tests.api.scenarios.conftest import BEARER, EAST, METRES, TILE, TOKEN, Planner, parcel, ring, rows

ITEMS = "/scenarios/park/collections/parcel/items"
LOTS = "/scenarios/park/collections/zone/items"
CRS = "http://www.opengis.net/def/crs"
LON, LAT = 108.2238, 16.0776
"""A place among the parcels, in degrees."""


def lonlat(*, swapped: bool = False, side: float = 0.0005) -> list[list[list[float]]]:
    """Return a small square in degrees, longitude first unless swapped."""
    corners = [(LON, LAT), (LON + side, LAT), (LON + side, LAT + side), (LON, LAT + side), (LON, LAT)]
    return [[[lat, lon] if swapped else [lon, lat] for lon, lat in corners]]


def patch(**properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties}


def shown(planner: Planner, uid: int, layer: str = "parcel", **asked: str) -> dict[str, Any]:
    answer = planner("GET", f"/collections/{layer}/items/{uid}", params={"scenario": "park", **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def changes(url: str, layer: str = "parcel") -> list[tuple[Any, ...]]:
    return rows(url, f"SELECT uid FROM scenario_park.{layer}_change ORDER BY uid")


# --- What is done -----------------------------------------------------------------------------------------------------


def test_a_feature_is_added_and_found_where_the_answer_says(planner: Planner, url: str):
    answer = planner("POST", ITEMS, json=parcel(map_sheet="8"), headers=METRES)
    assert answer.status_code == 201
    (uid,) = answer.json()["uids"]
    assert answer.headers["location"] == f"http://testserver/collections/parcel/items/{uid}?scenario=park"
    found = planner.done("GET", answer.headers["location"])
    assert (found["id"], found["properties"]["map_sheet"], found["properties"]["source"]) == (
        uid,
        "8",
        "scenario park",
    )
    assert planner("GET", f"/collections/parcel/items/{uid}").status_code == 404  # of the baseline
    assert rows(url, "SELECT ST_Area(geom) FROM scenario_park.parcel_change") == [(10_000.0,)]


def test_the_address_of_a_feature_to_come_names_its_horizon(planner: Planner):
    for layer, properties, horizon in (
        ("parcel", {"stage": "2045"}, "2045"),
        ("zone", {"plan_code": "QHC", "horizon": "2030", "plan_use": "DAT_HTXH_Yte"}, "2030"),
    ):
        feature = {**parcel(), "properties": {"land_use_code": "DKV", **properties}}
        answer = planner("POST", f"/scenarios/park/collections/{layer}/items", json=feature, headers=METRES)
        assert answer.headers["location"].endswith(f"?scenario=park&horizon={horizon}")
        assert planner("GET", answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("headers", "coordinates"),
    [
        ({}, lonlat()),
        ({"Content-Crs": f"<{CRS}/OGC/1.3/CRS84>"}, lonlat()),
        ({"Content-Crs": f"<{CRS}/EPSG/0/4326>"}, lonlat(swapped=True)),
        ({"Content-Crs": f"<{CRS}/EPSG/0/5899>"}, ring(550_493.6, 1_778_223.4, 53)),
        ({"Content-Crs": f"<{CRS}/EPSG/0/3857>"}, ring(12_047_418.3, 1_813_711, 55)),
        ({"Content-Crs": " <[EPSG:5899]> "}, ring(550_493.6, 1_778_223.4, 53)),
    ],
)
def test_positions_are_in_the_system_that_the_header_names(
    planner: Planner, headers: dict[str, str], coordinates: list[Any]
):
    feature = {**parcel(), "geometry": {"type": "MultiPolygon", "coordinates": [coordinates]}}
    (uid,) = planner.done("POST", ITEMS, json=feature, headers=headers)["uids"]
    west, south = shown(planner, uid)["geometry"]["coordinates"][0][0][0]
    assert (west, south) == (pytest.approx(LON, abs=2e-6), pytest.approx(LAT, abs=2e-6))


def test_a_collection_is_added_in_its_order_and_all_or_nothing(planner: Planner, url: str):
    features = [parcel(EAST + 500 + 100 * place, map_sheet=str(place)) for place in range(5)]
    collection = {"type": "FeatureCollection", "features": features}
    answer = planner("POST", ITEMS, json=collection, headers={**METRES, "Content-Type": "application/geo+json"})
    said = answer.json()
    assert "location" not in answer.headers
    assert [link["href"].split("/")[-1] for link in said["links"]] == [f"{uid}?scenario=park" for uid in said["uids"]]
    assert [shown(planner, uid)["properties"]["map_sheet"] for uid in said["uids"]] == ["0", "1", "2", "3", "4"]

    features[1]["properties"]["stage"] = "2031"
    features[3]["properties"] |= {"land_use_code": "ODT", "colour": "red"}
    del features[4]["geometry"]
    refused = planner.refused(422, "POST", ITEMS, json=collection, headers=METRES)
    assert "Feature 2: stage = '2031' is refused; it is one of existing, 2030, 2045" in refused
    assert "Feature 4: The layer parcel has no column 'colour'" in refused
    assert "Feature 5: The geometry is refused: there is none" in refused
    assert "Feature 1:" not in refused
    assert len(changes(url)) == 5


def test_a_name_that_a_new_feature_bears_is_not_kept(planner: Planner):
    (uid,) = planner.done("POST", ITEMS, json={**parcel(), "id": 21}, headers=METRES)["uids"]
    assert uid > 1_000
    assert shown(planner, 21)["properties"]["land_use_code"] == "ODT"


def test_a_feature_is_changed_in_part(planner: Planner, url: str):
    before = shown(planner, 21)
    merge_patch = {"Content-Type": "application/merge-patch+json"}
    planner.done("PATCH", f"{ITEMS}/21", content=json.dumps(patch(land_use_code="TMD")), headers=merge_patch)
    after = shown(planner, 21)
    assert after["geometry"] == before["geometry"]
    assert after["properties"] == {**before["properties"], "land_use_code": "TMD"}
    planner.done("PATCH", f"{ITEMS}/21", json={"type": "Feature", "geometry": parcel()["geometry"]}, headers=METRES)
    planner.done("PATCH", f"{ITEMS}/21", json=patch(parcel_number=None))
    moved = shown(planner, 21)
    assert moved["geometry"] != before["geometry"]
    assert moved["properties"] == {**before["properties"], "land_use_code": "TMD", "parcel_number": None}
    assert changes(url) == [(21,)]


def test_a_feature_that_is_put_is_whole(planner: Planner):
    planner.done("PUT", f"{ITEMS}/21", json={**parcel(), "id": 21}, headers=METRES)
    properties = shown(planner, 21)["properties"]
    assert (properties["land_use_code"], properties["source"]) == ("DKV", "scenario park")
    assert {properties["map_sheet"], properties["parcel_number"]} == {None}
    wrong = {**parcel(), "properties": {"land_use_code": "DKV"}}
    assert "stage = nothing is refused" in planner.refused(422, "PUT", f"{ITEMS}/21", json=wrong, headers=METRES)
    assert "there is none" in planner.refused(422, "PUT", f"{ITEMS}/21", json=patch(**parcel()["properties"]))


def test_what_is_read_can_be_put_again_as_it_is(planner: Planner):
    before = shown(planner, 21)
    planner.done("PUT", f"{ITEMS}/21", json=before)
    assert {**shown(planner, 21), "links": []} == {**before, "links": []}


def test_a_feature_is_removed_and_restored(planner: Planner, url: str):
    planner.done("DELETE", f"{ITEMS}/21")
    address = "/collections/parcel/items/21?scenario=park"
    assert planner("GET", address).status_code == 404
    assert planner("GET", "/collections/parcel/items/21").status_code == 200
    assert changes(url) == [(21,)]
    planner.done("POST", f"{ITEMS}/21/restore")
    assert planner("GET", address).status_code == 200
    assert changes(url) == []


def test_days_are_read_and_held_against_each_other(planner: Planner):
    planner.done("PATCH", f"{ITEMS}/21", json=patch(valid_from="2026-01-01", valid_to="2030-01-01"))
    assert shown(planner, 21)["properties"]["valid_to"] == "2030-01-01"
    sentence = "would cease to hold before it begins"
    assert sentence in planner.refused(422, "PATCH", f"{ITEMS}/21", json=patch(valid_from="2031-01-01"))
    early = parcel(valid_from="2031-01-01", valid_to="2030-01-01")
    assert sentence in planner.refused(422, "POST", ITEMS, json=early, headers=METRES)
    assert shown(planner, 21)["properties"]["valid_from"] == "2026-01-01"


def test_ten_changed_lots_store_ten_rows(planner: Planner, url: str):
    for uid in range(1, 11):
        planner.done("PATCH", f"{LOTS}/{uid}", json=patch(max_height_m=12.5))
    assert changes(url, "zone") == [(uid,) for uid in range(1, 11)]
    assert planner.done("GET", "/scenarios/park")["layers"] == [
        {"layer": "zone", "added": 0, "changed": 10, "removed": 0}
    ]
    assert rows(url, "SELECT count(*), count(max_height_m) FROM city.zone") == [(12, 0)]
    assert rows(url, "SELECT relname FROM pg_class WHERE relnamespace = 'scenario_park'::regnamespace AND relkind = 'r'"
                     " ORDER BY relname") == [("zone_change",), ("zone_superseded",)]  # fmt: skip


# --- Who looks on -----------------------------------------------------------------------------------------------------


def codes(service: Any, address: str) -> dict[int, str]:
    answer = service.get(address)
    assert answer.status_code in (200, 204), answer.text
    layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return {each["id"]: each["properties"]["land_use_code"] for each in layers.get("parcel", {}).get("features", [])}


def test_an_edit_is_seen_in_the_tile_of_the_scenario_alone(planner: Planner):
    service, tile = planner.service, f"{TILE}?scenario=park"
    baseline = service.get(TILE)
    assert codes(service, tile) == {21: "ODT", 22: "ODT", 23: "ODT"}
    planner.done("PATCH", f"{ITEMS}/21", json=patch(land_use_code="DKV"))
    assert codes(service, tile) == {21: "DKV", 22: "ODT", 23: "ODT"}
    planner.done("DELETE", f"{ITEMS}/22")
    (uid,) = planner.done("POST", ITEMS, json=parcel(), headers=METRES)["uids"]
    assert codes(service, tile) == {21: "DKV", 23: "ODT", uid: "DKV"}
    planner.done("POST", f"{ITEMS}/21/restore")
    assert codes(service, tile) == {21: "ODT", 23: "ODT", uid: "DKV"}
    assert service.get(TILE).headers["etag"] == baseline.headers["etag"]


def test_an_edit_is_told_to_who_follows_the_changes(url: str):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO register.scenario (name) VALUES ('park')")
    running = listen(url, write_token=TOKEN)
    try:
        with httpx.stream("GET", f"{running.root}/changes?layers=parcel&z=14", timeout=10) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            answer = httpx.patch(f"{running.root}{ITEMS}/21", json=patch(land_use_code="DKV"), headers=BEARER)
            assert answer.status_code == 204, answer.text
            told = [json.loads(line[6:]) for line in (next(lines) for _ in range(4)) if line.startswith("data: ")]
    finally:
        running.stop()
    assert (told[0]["layer"], told[0]["scenario"]) == ("parcel", "park")
    assert "14/13117/7450" in told[0]["tiles"]


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/scenarios/grey/collections/parcel/items"),
        ("POST", "/scenarios/baseline/collections/parcel/items"),
        ("POST", "/scenarios/park/collections/parcell/items"),
        ("PUT", f"{ITEMS}/999"),
        ("PUT", f"{ITEMS}/1"),  # of another layer
        ("PATCH", f"{ITEMS}/999"),
        ("PATCH", f"{ITEMS}/-1"),
        ("PATCH", f"{ITEMS}/9223372036854775808"),
        ("DELETE", f"{ITEMS}/999"),
        ("DELETE", f"{ITEMS}/one"),
        ("POST", f"{ITEMS}/999/restore"),
        ("POST", f"{ITEMS}/21/restore"),  # which nothing changed
    ],
)
def test_what_is_not_there_is_not_found(planner: Planner, method: str, address: str):
    planner.refused(404, method, address, json=parcel(), headers=METRES)


POINT = {"type": "Point", "coordinates": [LON, LAT]}
BOW = {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 1e-3, LAT + 1e-3], [LON + 1e-3, LAT], [LON, LAT + 1e-3],
                                           [LON, LAT]]]}  # fmt: skip


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ({"properties": {"land_use_cod": "DKV"}}, "the nearest name is land_use_code"),
        ({"properties": {"uid": 7}}, "has no column 'uid'"),
        ({"properties": {"recorded_at": "2020-01-01"}}, "has no column 'recorded_at'"),
        ({"properties": {"land_use_code": "XXX"}}, "land_use_code = 'XXX' is refused"),
        ({"properties": {"stage": None}}, "stage = nothing is refused"),
        ({"properties": {"area_legal_m2": "many"}}, "it is a number"),
        ({"properties": {"area_legal_m2": True}}, "it is a number"),
        ({"properties": {"area_legal_m2": -1}}, "area_legal_m2 = '-1' is refused"),
        ({"properties": {"area_legal_m2": 10**400}}, "area_legal_m2 = "),
        ({"properties": {"area_legal_m2": [1]}}, "it is a number"),
        ({"properties": {"delivery": 1.5}}, "it is a whole number"),
        ({"properties": {"valid_from": "31.12.2030"}}, "a date as 2030-12-31"),
        ({"properties": {"map_sheet": "a" * 201}}, "at most 200 letters"),
        ({"properties": {"source_document": "a" * 10_001}}, "at most 10,000 letters"),
        ({"properties": {"map_sheet": "a\0b"}}, "map_sheet = "),
        ({"geometry": POINT}, "it is a Point; the layer parcel takes a valid MultiPolygon"),
        ({"geometry": BOW}, "Self-intersection"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "it is empty"),
        ({"geometry": {"type": "Polygon", "coordinates": ring(0, 0, 1)}}, "lies outside of the city"),
        ({"geometry": {"type": "Polygon", "coordinates": ring(108.15, 15.99, 0.01)}}, "lies outside of the city"),
        ({"id": 22}, "bears the id 22"),
        ({}, "neither an attribute nor a geometry"),
        ({"properties": {}}, "neither an attribute nor a geometry"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(planner: Planner, url: str, feature: dict[str, object], sentence: str):
    assert sentence in planner.refused(422, "PATCH", f"{ITEMS}/21", json={"type": "Feature", **feature})
    if "id" not in feature and feature.get("properties") != {} and feature:
        whole = {**parcel(), "geometry": {"type": "Polygon", "coordinates": lonlat()}, **feature}
        whole["properties"] = {**parcel()["properties"], **feature.get("properties", {})}
        for method, address in (("POST", ITEMS), ("PUT", f"{ITEMS}/21")):
            assert sentence in planner.refused(422, method, address, json=whole)
    assert rows(url, "SELECT to_regclass('scenario_park.parcel_change')") == [(None,)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "send a Feature"),
        (b'{"type": "Point", "coordinates": [108.2, 16.1]}', "of the type 'Point'"),
        (b'{"type": "FeatureCollection"}', "has no features"),
        (b'{"type": "FeatureCollection", "features": []}', "has no features"),
        (b'{"type": "FeatureCollection", "features": [1]}', "Feature 1 is none"),
        (b'{"type": "Feature", "properties": [1]}', "no object"),
        (b'{"type": "Feature", "id": "a"}', "id of feature 1"),
        (b'{"type": "Feature", "geometry": null}', "geometry of feature 1 is null"),
        (b'{"type": "Feature", "geometry": {"type": "Polygon"}}', "geometry of feature 1"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [108.2, 16.1, 5]}}', "has heights"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [550000, 1778000]}}', "Content-Crs"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [16.1, 108.2]}}', "longitude comes first"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1e999, 16.1]}}', "a position inf"),
        (b'{"type": "Feature", "land_use_code": "DKV"}', "beside its properties"),
        (b'{"type": "Feature", "crs": {"properties": {"name": "EPSG:5899"}}}', "Content-Crs"),
        (b'{"type": "Feature", "properties": {"area_legal_m2": Infinity}}', "Infinity is no number"),
    ],
)
def test_what_is_no_geojson_is_refused(planner: Planner, content: bytes, sentence: str):
    for method, address in (("POST", ITEMS), ("PUT", f"{ITEMS}/21"), ("PATCH", f"{ITEMS}/21")):
        assert sentence in planner.refused(400, method, address, content=content)


def test_a_text_that_cannot_be_stored_is_refused(planner: Planner):
    half = b'{"type": "Feature", "properties": {"map_sheet": "\\ud800"}}'
    planner.refused(400, "PATCH", f"{ITEMS}/21", content=half)


@pytest.mark.parametrize("system", ["EPSG:5899", "<EPSG:5899>", f"{CRS}/EPSG/0/5899", f"<{CRS}/EPSG/0/32648>", "<>"])
def test_a_system_that_is_not_spoken_is_refused(planner: Planner, system: str):
    assert "Content-Crs" in planner.refused(400, "POST", ITEMS, json=parcel(), headers={"Content-Crs": system})


def test_a_body_of_another_kind_is_refused(planner: Planner):
    gml = {"Content-Type": "application/gml+xml"}
    assert "application/geo+json" in planner.refused(415, "POST", ITEMS, content=b"<gml/>", headers=gml)


def test_an_edit_takes_so_many_features_and_bytes_and_no_more(planner: Planner, url: str):
    many = {"type": "FeatureCollection", "features": [parcel(EAST + 500 + n) for n in range(1_001)]}
    assert "1,001 features" in planner.refused(400, "POST", ITEMS, json=many, headers=METRES)
    large = b'{"type": "Feature"}'.ljust((4 << 20) + 1)
    assert "larger than 4194304 bytes" in planner.refused(413, "POST", ITEMS, content=large)
    several = {"type": "FeatureCollection", "features": [parcel(), parcel()]}
    for method in ("PUT", "PATCH"):
        assert "2 features were sent" in planner.refused(400, method, f"{ITEMS}/21", json=several, headers=METRES)
    many["features"].pop()
    assert len(planner.done("POST", ITEMS, json=many, headers=METRES)["uids"]) == 1_000
    assert len(changes(url)) == 1_000


def test_vertices_have_a_bound(planner: Planner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gis.scenarios.geojson.MOST_VERTICES", 9)
    several = {"type": "FeatureCollection", "features": [parcel(), parcel(EAST + 700)]}
    assert "10 vertices" in planner.refused(400, "POST", ITEMS, json=several, headers=METRES)


def test_an_edit_on_a_condition_is_refused_since_it_is_never_met(planner: Planner):
    etag = planner("GET", "/collections/parcel/items/21?scenario=park").headers["etag"]
    for method, address in (("PUT", f"{ITEMS}/21"), ("PATCH", f"{ITEMS}/21"), ("DELETE", f"{ITEMS}/21")):
        headers = {"If-Match": etag, **METRES}
        assert "If-Match" in planner.refused(412, method, address, json=parcel(), headers=headers)
    planner.done("PATCH", f"{ITEMS}/21", json=patch(land_use_code="DKV"), headers={"If-Match": "*"})


def test_a_parameter_is_refused(planner: Planner):
    planner.refused(400, "POST", f"{ITEMS}?horizon=2030", json=parcel(), headers=METRES)
    planner.refused(400, "DELETE", f"{ITEMS}/21?scenario=park")
