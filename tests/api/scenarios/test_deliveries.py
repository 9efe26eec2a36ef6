"""A file of changes is loaded into a scenario over HTTP, as the shell loads it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from api.scenarios import deliveries
from tests.api.scenarios.conftest import EAST, NORTH, Planner, rows
from tests.gis.hand import square

CHANGES = "/scenarios/park/collections/parcel/changes"
SOUTH = NORTH - 200
"""Where the parcels lie."""
METRIC = "http://www.opengis.net/def/crs/EPSG/0/5899"
CHANGED = {"type": "Feature", "properties": {"land_use_code": "DKV"}}


def frame(places: list[tuple[int | None, str, int]]) -> geopandas.GeoDataFrame:
    """Return parcels: uid, land use and how many hundred metres east of the first they lie."""
    made = geopandas.GeoDataFrame(
        {
            "uid": [place[0] for place in places],
            "land_use_code": [place[1] for place in places],
            "map_sheet": "7",
            "parcel_number": [str(place[2]) for place in places],
            "stage": "existing",
            "source": "sample",
        },
        geometry=[shapely.from_wkt(square(EAST + 100 * place[2], SOUTH, 100)) for place in places],
        crs=5899,
    )
    return made.astype({"uid": "Int64"})


def as_file(folder: Path, places: list[tuple[int | None, str, int]], name: str) -> bytes:
    """Return parcels as the bytes of a file."""
    path = folder / name
    if path.suffix == ".parquet":
        frame(places).to_parquet(path)
    else:
        frame(places).to_file(path)
    return path.read_bytes()


def loaded(planner: Planner, query: str, content: bytes, kind: str = "") -> dict[str, Any]:
    headers = {"Content-Type": kind} if kind else {}
    return planner.done("POST", f"{CHANGES}{query}", content=content, headers=headers)


def counts(said: dict[str, Any]) -> tuple[int, ...]:
    return tuple(said[name] for name in ("added", "changed", "removed", "unchanged", "refused"))


def shown(planner: Planner) -> dict[int, str]:
    found = planner.done("GET", "/collections/parcel/items?scenario=park")["features"]
    return {each["id"]: each["properties"]["land_use_code"] for each in found}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.gpkg", "application/geopackage+sqlite3"),
        ("a.gpkg", ""),
        ("a.geojson", "application/geo+json"),
        ("a.geojson", "application/json; charset=utf-8"),
        ("a.geojson", "application/octet-stream"),
        ("a.fgb", "application/flatgeobuf"),
        ("a.parquet", "application/vnd.apache.parquet"),
    ],
)
def test_a_file_of_each_kind_replaces_the_layer_and_what_differs_is_stored(
    planner: Planner, url: str, tmp_path: Path, name: str, kind: str
):
    content = as_file(tmp_path, [(21, "ODT", 0), (22, "DKV", 1), (None, "TMD", 5)], name)
    said = loaded(planner, "?mode=replace&key=uid", content, kind)
    assert counts(said) == (1, 1, 1, 1, 0)
    seen = shown(planner)
    assert (seen.pop(21), seen.pop(22), list(seen.values())) == ("ODT", "DKV", ["TMD"])
    assert rows(url, "SELECT uid, land_use_code FROM city.parcel ORDER BY uid") == [
        (21, "ODT"),
        (22, "ODT"),
        (23, "ODT"),
    ]
    assert said["report"]["scenario"] == "park"
    assert rows(url, "SELECT layer, mode FROM register.delivery") == [("parcel", "replace")]


def test_rows_are_appended_and_found_by_their_uid_or_key(planner: Planner, tmp_path: Path):
    new = as_file(tmp_path, [(None, "DKV", 6), (None, "DKV", 7)], "new.gpkg")
    assert counts(loaded(planner, "", new)) == (2, 0, 0, 0, 0)
    by_uid = as_file(tmp_path, [(21, "TMD", 0), (22, "ODT", 1)], "uid.gpkg")
    assert counts(loaded(planner, "?mode=upsert&key=uid", by_uid)) == (0, 1, 0, 1, 0)
    path = tmp_path / "key.gpkg"
    frame([(None, "TMD", 2)]).assign(ward_code="1").to_file(path)
    assert counts(loaded(planner, "?mode=upsert", path.read_bytes())) == (0, 1, 0, 0, 0)
    seen = shown(planner)
    assert {uid: seen.pop(uid) for uid in (21, 22, 23)} == {21: "TMD", 22: "ODT", 23: "TMD"}
    assert list(seen.values()) == ["DKV", "DKV"]


def test_a_shapefile_comes_in_a_zip_and_a_table_with_its_geometry_as_text(planner: Planner, tmp_path: Path):
    short = frame([(None, "DKV", 6)]).drop(columns="uid")
    short.rename(columns={"land_use_code": "land_use_c", "parcel_number": "parcel_num"}).to_file(tmp_path / "lots.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("lots.*"):
            archive.write(part, part.name)
    made = frame([(None, "TMD", 7)]).drop(columns=["uid", "geometry"])
    table = made.assign(wkt=square(EAST + 700, SOUTH, 100)).to_csv(index=False).encode()
    assert counts(loaded(planner, "", packed.getvalue(), "application/zip")) == (1, 0, 0, 0, 0)
    assert counts(loaded(planner, "", packed.getvalue())) == (1, 0, 0, 0, 0)
    assert counts(loaded(planner, "?crs=EPSG:5899", table, "text/csv")) == (1, 0, 0, 0, 0)
    assert sorted(shown(planner).values()) == ["DKV", "DKV", "ODT", "ODT", "ODT", "TMD"]


def test_rows_that_are_refused_are_told_with_their_reasons(planner: Planner, url: str, tmp_path: Path):
    rows_given = [(None, "DKV", 6), (None, "XXX", 7), (None, "DKV", 9_000), (None, "DKV", 6)]
    said = loaded(planner, "", as_file(tmp_path, rows_given, "mixed.gpkg"))
    assert counts(said) == (1, 0, 0, 0, 3)
    assert [each["row"] for each in said["refused_rows"]] == [2, 3, 4]
    assert "XXX" in said["refused_rows"][0]["message"]
    assert said["refused_rows"][1]["reason"] == "out_of_city"
    assert "repeats row 1" in said["refused_rows"][2]["message"]
    assert rows(url, "SELECT count(*) FROM register.refused WHERE delivery = %s", said["delivery"]) == [(3,)]


def test_a_replacement_of_which_nothing_fits_is_refused_with_its_rows(planner: Planner, tmp_path: Path):
    content = as_file(tmp_path, [(None, "XXX", 7)], "unfit.gpkg")
    answer = planner("POST", f"{CHANGES}?mode=replace", content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "what the layer held is kept" in answer.json()["detail"]
    assert [(each["row"], "XXX" in each["message"]) for each in answer.json()["refused_rows"]] == [(1, True)]
    assert len(shown(planner)) == 3


def test_a_rehearsal_stores_nothing(planner: Planner, url: str, tmp_path: Path):
    content = as_file(tmp_path, [(None, "DKV", 6), (None, "XXX", 7)], "new.gpkg")
    said = loaded(planner, "?dry-run=true", content)
    assert (said["delivery"], said["added"], said["refused"]) == (None, 1, 1)
    assert "XXX" in said["refused_rows"][0]["message"]
    assert rows(url, "SELECT to_regclass('scenario_park.parcel_change')") == [(None,)]


def test_what_was_read_is_sent_again_and_changes_nothing(planner: Planner):
    planner.done("PATCH", "/scenarios/park/collections/parcel/items/21", json=CHANGED)
    for form, kind in (("fgb", "application/flatgeobuf"), ("parquet", "application/vnd.apache.parquet")):
        read = planner("GET", f"/collections/parcel/items?scenario=park&f={form}&crs={METRIC}").content
        assert counts(loaded(planner, "?mode=replace", read, kind)) == (0, 0, 0, 3, 0)
    assert planner.done("GET", "/scenarios/park")["layers"][0]["changed"] == 1


def test_a_file_without_the_key_that_is_named_is_refused(planner: Planner, tmp_path: Path):
    path = tmp_path / "nameless.gpkg"
    frame([(None, "TMD", 2)]).drop(columns="uid").to_file(path)
    said = planner.refused(422, "POST", f"{CHANGES}?mode=replace&key=uid", content=path.read_bytes())
    assert "no column is called uid" in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?mode=merge", "one of append, replace, upsert"),
        ("?dry-run=yes", "true or false"),
        ("?crs=+proj=utm", "EPSG:5899"),
        ("?crs=EPSG:1", "EPSG:5899"),
        ("?crs=EPSG:99999", "EPSG:99999"),
        ("?scenario=park", "takes no parameter"),
        ("?map=osm", "takes no parameter"),
        ("?key=uid", "with mode=upsert or replace"),
        ("?mode=upsert&key=code", "it is uid"),
    ],
)
def test_a_parameter_that_is_none_is_refused(planner: Planner, tmp_path: Path, query: str, sentence: str):
    content = as_file(tmp_path, [(None, "DKV", 6)], "new.gpkg")
    assert sentence in planner.refused(400, "POST", f"{CHANGES}{query}", content=content)


@pytest.mark.parametrize(
    ("content", "kind", "status", "sentence"),
    [
        (b"", "", 400, "no file in the body"),
        (b"hello", "", 415, "none of the formats"),
        (b"<html></html>", "", 422, "a web page"),
        (b"hello", "application/gml+xml", 415, "application/geopackage+sqlite3"),
        (b"<OGRVRTDataSource></OGRVRTDataSource>", "", 422, "virtual dataset"),
        (b"SQLite format 3\0", "application/geopackage+sqlite3", 422, "changes.gpkg"),
        (b"PK\x05\x06" + bytes(18), "application/zip", 422, "nothing that can be read"),
        (b"not a zip", "application/zip", 422, "the zip cannot be read"),
        (b'{"type": "FeatureCollection", "features": []}', "application/geo+json", 422, "no features"),
        (b"uid,wkt\n1,POINT(1 2)\n", "text/csv", 422, "no coordinate system"),
    ],
)
def test_what_is_no_file_of_changes_is_refused_in_words(
    planner: Planner, content: bytes, kind: str, status: int, sentence: str
):
    headers = {"Content-Type": kind} if kind else {}
    said = planner.refused(status, "POST", CHANGES, content=content, headers=headers)
    assert sentence in said
    assert "/tmp" not in said


def test_a_file_takes_so_many_rows_and_bytes_and_no_more(
    planner: Planner, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliveries, "MOST_ROWS", 3)
    many = [(None, "DKV", 6 + place) for place in range(4)]
    for name in ("many.gpkg", "many.geojson"):
        said = planner.refused(413, "POST", CHANGES, content=as_file(tmp_path, many, name))
        assert "more than 3 rows" in said
    assert rows(url, "SELECT count(*) FROM register.delivery") == [(0,)]
    assert "larger than 4194304 bytes" in planner.refused(413, "POST", CHANGES, content=bytes((4 << 20) + 1))


def test_refused_rows_are_listed_so_far(planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(deliveries, "MOST_REFUSED", 2)
    said = loaded(planner, "", as_file(tmp_path, [(None, "XXX", 6 + place) for place in range(5)], "bad.gpkg"))
    assert (said["added"], said["refused"], len(said["refused_rows"])) == (0, 5, 2)


@pytest.mark.parametrize(
    "address",
    [
        "/scenarios/grey/collections/parcel/changes",
        "/scenarios/baseline/collections/parcel/changes",
        "/scenarios/park/collections/parcell/changes",
    ],
)
def test_a_scenario_or_a_layer_that_is_not_there_is_not_found(planner: Planner, tmp_path: Path, address: str):
    content = json.dumps(json.loads(frame([(None, "DKV", 6)]).to_crs(4326).to_json(drop_id=True))).encode()
    planner.refused(404, "POST", address, content=content)


def test_nothing_is_left_behind(planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    loaded(planner, "", as_file(tmp_path, [(None, "DKV", 6)], "new.gpkg"))
    planner.refused(415, "POST", CHANGES, content=b"hello")
    assert list((tmp_path / "tmp").iterdir()) == []
