"""Vector tiles over HTTP."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import mapbox_vector_tile
import psycopg
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api.app import create
from api.negotiation import MVT
from api.tiles import room
from gis.overviews.refreshing import catch_up
from gis.settings import Settings
from gis.tiles import tile_columns
from layers import LAYERS

HERE = "14/13117/7450"
"""The tile that holds the town."""


def read(body: bytes, layer: str, folder: Path):
    path = folder / "14" / "13117" / "7450.mvt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return pyogrio.read_dataframe(path, layer=layer)


def test_a_tile_holds_the_layers_asked_for_as_gdal_reads_them(service: TestClient, tmp_path: Path):
    answer = service.get(f"/tiles/road,parcel/{HERE}.mvt")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MVT.type
    assert len(read(answer.content, "parcel", tmp_path)) == 3
    assert set(read(answer.content, "road", tmp_path).road_class) == {"main_arterial", "district", "foot"}


def test_a_group_is_all_its_public_layers(service: TestClient, tmp_path: Path):
    body = service.get(f"/tiles/land/{HERE}.mvt").content
    read(body, "parcel", tmp_path)
    layers = [name for name, _ in pyogrio.list_layers(tmp_path / "14" / "13117" / "7450.mvt")]
    assert layers == ["land_use", "parcel"]


def test_naming_a_layer_often_costs_nothing_more(service: TestClient):
    once = service.get(f"/tiles/parcel/{HERE}.mvt").content
    assert service.get(f"/tiles/{','.join(['parcel'] * 32)}/{HERE}.mvt").content == once


def test_a_horizon_shows_what_stands_then(service: TestClient, tmp_path: Path):
    body = service.get(f"/tiles/parcel,zone/{HERE}.mvt?horizon=2030").content
    assert len(read(body, "parcel", tmp_path)) == 4
    assert len(read(body, "zone", tmp_path)) == 1


def test_an_empty_tile_has_no_content(service: TestClient):
    for address in ("parcel/14/0/0", "parcel/7/102/58", "pipe/14/13117/7450"):
        answer = service.get(f"/tiles/{address}.mvt")
        assert (answer.status_code, answer.content) == (204, b"")


def test_a_large_tile_is_compressed_for_those_who_take_it(service: TestClient):
    address = f"/tiles/parcel,road,ward,land_use,water_body/{HERE}.mvt"
    packed = service.get(address, headers={"Accept-Encoding": "gzip"})
    plain = service.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_a_head_request_has_the_headers_without_the_body(service: TestClient):
    head = service.head(f"/tiles/parcel/{HERE}.mvt")
    assert head.content == b""
    assert head.headers["content-length"] == service.get(f"/tiles/parcel/{HERE}.mvt").headers["content-length"]


def test_tilejson_describes_the_tiles(service: TestClient):
    described = service.get("/tiles/parcel,road.json?horizon=2030").json()
    assert described["tilejson"] == "3.0.0"
    assert described["tiles"] == ["http://testserver/tiles/parcel,road/{z}/{x}/{y}.mvt?horizon=2030"]
    parcel, road = described["vector_layers"]
    assert (parcel["id"], parcel["minzoom"], road["minzoom"]) == ("parcel", 8, 8)
    assert list(parcel["fields"]) == [
        *(column.name for column in tile_columns(LAYERS["parcel"])),
        "features",
        "area_m2",
    ]
    assert list(road["fields"]) == [column.name for column in tile_columns(LAYERS["road"])]
    west, south, east, north = described["bounds"]
    assert 108.20 < west < east < 108.23
    assert 16.07 < south < north < 16.09


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/tiles/parcels/14/1/1.mvt", 404, "the nearest name is parcel"),
        ("/tiles/parcels.json", 404, "the nearest name is parcel"),
        ("/tiles/parcel,/14/1/1.mvt", 404, "There is no layer ''"),
        ("/tiles/parcel/2/4/0.mvt", 404, "rows run from 0 to 3"),
        ("/tiles/parcel/25/0/0.mvt", 404, "z runs from 0 to 24"),
        ("/tiles/parcel/a/0/0.mvt", 404, "in whole numbers"),
        ("/tiles/parcel/-1/0/0.mvt", 404, "in whole numbers"),
        ("/tiles/parcel/٣/1/1.mvt", 404, "in whole numbers"),
        ("/tiles/%00/1/1/1.mvt", 400, "NUL"),
        (f"/tiles/parcel/{HERE}.mvt?{'&'.join(f'a{n}=1' for n in range(50))}", 400, "takes no parameter 'a0'"),
        ("/tiles/parcel/14/1.mvt", 404, "in whole numbers"),
        (f"/tiles/parcel/{HERE}.mvt?horizon=soon", 400, "one of existing, 2030, 2045"),
        (f"/tiles/parcel/{HERE}.mvt?scenario=pg_catalog", 400, "pg_catalog"),
        (f"/tiles/{','.join(['road'] * 33)}/{HERE}.mvt", 400, "at most 32"),
        (f"/tiles/parcel/{HERE}.png", 404, "A tile is at"),
        (f"/tiles/parcel/{HERE}.mvt?horizon=2030&horizon=2045", 400, "horizon stands more than once"),
        (f"/tiles/parcel/{HERE}.mvt?horizon=", 400, "horizon is empty"),
        (f"/tiles/parcel/{HERE}.mvt?scenario=", 400, "scenario is empty"),
        (f"/tiles/parcel/{HERE}.mvt?scenario=%ff", 400, "no UTF-8"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=parcel&collections=road", 400, "collections stands more than once"),
        ("/tiles/parcel.json?horizon=2030&horizon=2030", 400, "horizon stands more than once"),
        ("/collections?f=html&f=json", 400, "f stands more than once"),
        ("/collections?lang=", 400, "lang is empty"),
        ("/?lang=en&lang=vi", 400, "lang stands more than once"),
        ("/styles?lang=en&lang=vi", 400, "lang stands more than once"),
        ("/changes?z=13&z=14", 400, "z stands more than once"),
        ("/changes?layers=", 400, "layers is empty"),
    ],
)
def test_a_refusal_says_what_would_have_been_right(service: TestClient, address: str, status: int, sentence: str):
    answer = service.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]


def test_writing_is_not_answered(service: TestClient):
    answer = service.post(f"/tiles/parcel/{HERE}.mvt")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_when_too_many_wait_the_next_is_told_to_come_back(town_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "DRAWINGS_WAITING", 2)
    addresses = [f"/tiles/parcel/16/{52468 + column}/29800.mvt" for column in range(room.DRAWING_CONNECTIONS + 4)]
    with (
        TestClient(create(Settings(database_url=town_url))) as service,
        psycopg.connect(town_url) as editor,
        ThreadPoolExecutor(len(addresses)) as viewers,
    ):
        editor.execute("LOCK TABLE city.parcel IN ACCESS EXCLUSIVE MODE")
        answers = [viewers.submit(service.get, address) for address in addresses]
        busy, _ = wait(answers, timeout=3, return_when=FIRST_COMPLETED)
        assert {(answer.result().status_code, answer.result().headers["retry-after"]) for answer in busy} == {
            (503, "2")
        }
        editor.rollback()
        statuses = sorted(answer.result(timeout=10).status_code for answer in answers)
    assert statuses.count(503) == 2
    assert set(statuses) <= {200, 204, 503}


@pytest.mark.parametrize("place", ["10/819/465", "12/3279/1862", HERE])
def test_features_carry_what_the_descriptions_of_their_tiles_name(service: TestClient, town_url: str, place: str):
    with psycopg.connect(town_url, autocommit=True) as connection:
        for layer in ("parcel", "land_use"):
            catch_up(connection, LAYERS[layer])
    held = mapbox_vector_tile.decode(service.get(f"/tiles/parcel,land_use,road/{place}.mvt").content)
    described = service.get("/tiles/parcel,land_use,road.json").json()["vector_layers"]
    named = {one["id"]: set(one["fields"]) for one in described}
    assert {"parcel", "land_use"} <= set(held)
    for name, layer in held.items():
        tileset = service.get(f"/collections/{name}/tiles/WebMercatorQuad?f=json").json()
        promised = set(tileset["layers"][0]["propertiesSchema"]["properties"])
        carried = {attribute for feature in layer["features"] for attribute in feature["properties"]}
        assert carried <= named[name] & promised
        assert ("area_m2" in carried) == (name != "road" and place != HERE)
