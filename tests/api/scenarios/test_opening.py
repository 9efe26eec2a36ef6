"""Scenarios are opened, compared, merged and dropped over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from api.deps import database
from api.scenarios import opening
from gis.db import seen_at
from gis.scenarios import change
from layers import LAYERS
from layers.model import Horizon
from tests.api.scenarios.conftest import METRES, TILE, Planner, parcel, rows

PARK = "/scenarios/park"
PARCELS = f"{PARK}/collections/parcel/items"


def test_the_whole_path_from_opening_to_dropping(planner: Planner, url: str):
    opened = planner("POST", "/ogc/scenarios", json={"name": "green", "title": "Xanh", "parent": "park", "note": "?"})
    assert opened.status_code == 201
    assert opened.headers["location"] == "http://testserver/ogc/scenarios/green"
    assert opened.headers["cache-control"] == "no-store"
    said = planner.done("GET", opened.headers["location"])
    assert (said["name"], said["title"], said["parent"], said["note"]) == ("green", "Xanh", "park", "?")

    green = "/scenarios/green/collections/parcel/items"
    (uid,) = planner.done("POST", green, json=parcel(), headers=METRES)["uids"]
    planner.done("PATCH", f"{green}/21", json={"type": "Feature", "properties": {"land_use_code": "TMD"}})
    planner.done("DELETE", f"{green}/22")
    counts = {"layer": "parcel", "added": 1, "changed": 1, "removed": 1}
    assert planner.done("GET", "/scenarios/green")["layers"] == [counts]
    assert planner.done("GET", "/scenarios/green?against=baseline")["layers"] == [counts]
    assert planner.done("GET", "/scenarios/park?against=green") == {
        **planner.done("GET", PARK), "against": "green", "layers": [counts],
        "links": planner.done("GET", "/scenarios/park?against=green")["links"],
    }  # fmt: skip

    assert "green" in planner.refused(409, "DELETE", PARK)
    assert "green" in planner.refused(409, "POST", f"{PARK}/merge")
    merged = {"layer": "parcel", "added": 1, "changed": 1, "removed": 1, "left": 0}
    done = planner.done("POST", "/scenarios/green/merge", json={"conflicts": "refuse"})
    assert done == {"scenario": "green", "parent": "park", "layers": [merged]}
    planner.done("DELETE", "/scenarios/green")
    planner.refused(404, "GET", "/scenarios/green")

    assert rows(url, "SELECT uid FROM city.parcel ORDER BY uid") == [(21,), (22,), (23,)]
    assert planner.done("POST", f"{PARK}/merge")["layers"] == [merged]
    assert rows(url, "SELECT uid, land_use_code FROM city.parcel ORDER BY uid") == [
        (21, "TMD"),
        (23, "ODT"),
        (uid, "DKV"),
    ]
    planner.done("DELETE", PARK)
    assert planner.done("GET", "/scenarios")["scenarios"] == []
    assert rows(url, "SELECT nspname FROM pg_namespace WHERE nspname ~ 'park|green'") == []


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({}, 400, '"name" is missing'),
        ({"name": 5}, 400, "\"name\" is '5'"),
        ({"name": "Green"}, 400, "lower case letter"),
        ({"name": "city"}, 400, "part of the system"),
        ({"name": "pg_toast"}, 400, "part of the system"),
        ({"name": "a" * 300}, 400, "at most 200 letters"),
        ({"name": "park"}, 409, "is taken"),
        ({"name": "green", "parent": "grey"}, 400, "There is no scenario 'grey'"),
        ({"name": "green", "parent": 7}, 400, '"parent" is'),
        ({"name": "green", "title": "a" * 201}, 400, "at most 200 letters"),
        ({"name": "green", "note": "a" * 10_001}, 400, "at most 10,000 letters"),
        ({"name": "green", "title": "a\0b"}, 400, '"title" is'),
        ({"name": "green", "titel": "Xanh"}, 400, "the nearest is title"),
        (["green"], 400, "no object"),
    ],
)
def test_a_scenario_that_cannot_be_opened_is_refused_in_words(
    planner: Planner, url: str, body: object, status: int, sentence: str
):
    assert sentence in planner.refused(status, "POST", "/scenarios", json=body)
    assert rows(url, "SELECT name FROM register.scenario") == [("park",)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b'{"name": NaN}', "NaN is no number"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"name": "green", "title": "\\ud800"}', '"title" is'),
    ],
)
def test_what_is_no_object_of_json_is_refused(planner: Planner, content: bytes, sentence: str):
    assert sentence in planner.refused(400, "POST", "/scenarios", content=content)


def test_a_body_of_another_kind_is_refused(planner: Planner):
    xml = {"Content-Type": "application/xml"}
    assert "application/json" in planner.refused(415, "POST", "/scenarios", content=b"{}", headers=xml)
    assert "takes no parameter" in planner.refused(400, "POST", "/scenarios?name=green", json={"name": "green"})


def test_a_line_of_scenarios_and_their_number_have_an_end(planner: Planner, monkeypatch: pytest.MonkeyPatch):
    parent = "park"
    for number in range(2, 9):
        parent = planner.done("POST", "/scenarios", json={"name": f"n{number}", "parent": parent})["name"]
    assert "8th" in planner.refused(409, "POST", "/scenarios", json={"name": "n9", "parent": parent})
    monkeypatch.setattr(opening, "MOST_SCENARIOS", 8)
    assert "8 scenarios are open" in planner.refused(409, "POST", "/scenarios", json={"name": "other"})


@pytest.mark.parametrize("name", ["grey", "pg_catalog", "baseline", "Green", "a%22b"])
@pytest.mark.parametrize(("method", "below"), [("DELETE", ""), ("POST", "/merge")])
def test_what_is_not_a_scenario_is_not_found(planner: Planner, name: str, method: str, below: str):
    planner.refused(404, method, f"/scenarios/{name}{below}")


@pytest.mark.parametrize("against", ["grey", "Green", ""])
def test_what_it_cannot_be_held_against_is_refused(planner: Planner, against: str):
    planner.refused(400, "GET", f"{PARK}?against={against}")


# --- Merging ----------------------------------------------------------------------------------------------------------


def conflicting(planner: Planner, url: str) -> None:
    """Let both sides change parcel 21, and the baseline remove parcel 22 that the scenario changes; 23 is no matter."""
    for uid in (21, 22, 23):
        planner.done("PATCH", f"{PARCELS}/{uid}", json={"type": "Feature", "properties": {"land_use_code": "DKV"}})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE city.parcel SET land_use_code = 'TMD' WHERE uid = 21")
        connection.execute("DELETE FROM city.parcel WHERE uid = 22")


def test_conflicts_are_listed_and_nothing_is_merged(planner: Planner, url: str):
    conflicting(planner, url)
    answer = planner("POST", f"{PARK}/merge")
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert (problem["title"], problem["conflict_count"]) == ("Conflict", 2)
    assert problem["conflicts"] == [
        {"layer": "parcel", "uid": 21, "meanwhile": "changed"},
        {"layer": "parcel", "uid": 22, "meanwhile": "removed"},
    ]
    assert "was not merged" in problem["detail"]
    assert rows(url, "SELECT uid, land_use_code FROM city.parcel ORDER BY uid") == [(21, "TMD"), (23, "ODT")]


def test_conflicts_are_taken(planner: Planner, url: str):
    conflicting(planner, url)
    done = planner.done("POST", f"{PARK}/merge", json={"conflicts": "take"})["layers"]
    assert done == [{"layer": "parcel", "added": 1, "changed": 2, "removed": 0, "left": 0}]
    assert rows(url, "SELECT DISTINCT land_use_code FROM city.parcel") == [("DKV",)]
    assert rows(url, "SELECT land_use_code FROM history.parcel WHERE uid = 21 ORDER BY superseded_at DESC")[0] == (
        "TMD",
    )


def test_conflicts_are_left_and_stay_in_the_scenario(planner: Planner, url: str):
    conflicting(planner, url)
    done = planner.done("POST", f"{PARK}/merge", json={"conflicts": "leave"})["layers"]
    assert done == [{"layer": "parcel", "added": 0, "changed": 1, "removed": 0, "left": 2}]
    assert rows(url, "SELECT uid, land_use_code FROM city.parcel ORDER BY uid") == [(21, "TMD"), (23, "DKV")]
    assert planner.done("GET", PARK)["layers"] == [{"layer": "parcel", "added": 1, "changed": 1, "removed": 0}]


@pytest.mark.parametrize("body", [{"conflicts": "ask"}, {"conflicts": 1}, {"conflict": "take"}, {"conflicts": None}])
def test_another_way_to_deal_with_conflicts_is_refused(planner: Planner, body: dict[str, object]):
    planner.refused(400, "POST", f"{PARK}/merge", json=body)


def test_two_clients_who_merge_at_once_merge_once(planner: Planner, url: str):
    for uid in (21, 22, 23):
        planner.done("PATCH", f"{PARCELS}/{uid}", json={"type": "Feature", "properties": {"land_use_code": "DKV"}})
    with psycopg.connect(url) as holder, ThreadPoolExecutor(2) as both:
        holder.execute("LOCK TABLE city.parcel IN SHARE ROW EXCLUSIVE MODE")
        asked = [both.submit(planner, "POST", f"{PARK}/merge") for _ in range(2)]
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while rows(url, waiting) != [(2,)]:
            assert not any(one.done() for one in asked)
        holder.rollback()
        answers = [one.result() for one in asked]
    assert [answer.status_code for answer in answers] == [200, 200]
    merged = {"layer": "parcel", "added": 0, "changed": 3, "removed": 0, "left": 0}
    assert sorted((answer.json()["layers"] for answer in answers), key=len) == [[], [merged]]
    assert rows(url, "SELECT count(*) FROM history.parcel") == [(3,)]


def test_two_scenarios_that_are_merged_at_once_are_both_there(planner: Planner, url: str):
    planner.done("POST", "/scenarios", json={"name": "green"})
    for name, uid in (("park", 21), ("green", 22)):
        for layer, value in (("parcel", {"land_use_code": "DKV"}), ("zone", {"max_floor_area_ratio": 2.5})):
            address = f"/scenarios/{name}/collections/{layer}/items/{uid - (0 if layer == 'parcel' else 20)}"
            planner.done("PATCH", address, json={"type": "Feature", "properties": value})
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda name: planner("POST", f"/scenarios/{name}/merge"), ("park", "green")))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert rows(url, "SELECT count(*) FROM city.parcel WHERE land_use_code = 'DKV'") == [(2,)]


def test_a_scenario_that_others_hold_is_busy(planner: Planner, url: str, monkeypatch: pytest.MonkeyPatch):
    planner.done("PATCH", f"{PARCELS}/21", json={"type": "Feature", "properties": {"land_use_code": "DKV"}})
    monkeypatch.setattr("gis.scenarios.register.WAIT_S", 0.3)
    monkeypatch.setattr("gis.scenarios.merging.WAIT_S", 0.3)
    monkeypatch.setattr("api.deps.WAIT_S", 0.3)
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE scenario_park.parcel_change IN SHARE ROW EXCLUSIVE MODE")
        patch = {"type": "Feature", "properties": {"land_use_code": "TMD"}}
        for method, address, body in (
            ("POST", f"{PARK}/merge", {}),
            ("PATCH", f"{PARCELS}/21", patch),
            ("DELETE", f"{PARCELS}/21", None),
            ("DELETE", PARK, None),
        ):
            assert "being read or edited by others" in planner.refused(409, method, address, json=body)
    planner.done("PATCH", f"{PARCELS}/21", json=patch)


def test_a_merge_is_seen_in_the_tiles_of_the_baseline(planner: Planner):
    before = planner("GET", TILE)
    planner.done("PATCH", f"{PARCELS}/21", json={"type": "Feature", "properties": {"land_use_code": "DKV"}})
    assert planner("GET", TILE).headers["etag"] == before.headers["etag"]
    planner.done("POST", f"{PARK}/merge")
    assert planner("GET", TILE).headers["etag"] != before.headers["etag"]


# --- The connections --------------------------------------------------------------------------------------------------


def test_a_connection_is_handed_back_read_only(url: str):
    behind = database(url)
    behind.pool.open()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO register.scenario (name) VALUES ('park')")
        with behind.writing("park") as city:
            change(city, LAYERS["parcel"], 21, {"land_use_code": "DKV"})
            assert city.connection.execute("SHOW statement_timeout").fetchone() == ("10s",)
            assert city.connection.execute("SHOW lock_timeout").fetchone() == ("5s",)
        with pytest.raises(psycopg.errors.UndefinedColumn), behind.writing() as city:
            city.connection.execute("SELECT nothing")
        with ExitStack() as every:
            for _ in range(4):
                connection = every.enter_context(behind.pool.connection())
                assert connection.execute("SHOW lock_timeout").fetchone() == ("0",)
                assert connection.execute("SHOW plan_cache_mode").fetchone() == ("force_custom_plan",)
                seen_at(connection, Horizon.EXISTING)
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
                    connection.execute("DELETE FROM parcel")
    finally:
        behind.pool.close()
