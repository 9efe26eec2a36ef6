"""What the service says of itself: numbers for Prometheus, lines for the log."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.logs import Lines
from api.tiles.room import DRAWING_CONNECTIONS
from tests.api.conftest import listen

TILE = "/tiles/parcel/14/13117/7450.mvt"
TILES = "/tiles/{layers}/{z}/{x}/{y}"


def numbers(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Read an exposition as a client of Prometheus does."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    read = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(read) == len(samples)  # nothing is said twice
    return read


def number(text: str, name: str, **labels: str) -> float:
    return numbers(text).get((f"quyhoach_{name}", frozenset(labels.items())), 0.0)


def test_every_answer_is_counted_under_the_template_of_its_address(service: TestClient):
    before = service.get("/metrics").text
    for name in ("parcel", "road"):
        assert service.get(f"/collections/{name}").status_code == 200
    assert service.get("/collections/parcels").status_code == 404
    assert service.get(TILE).status_code == 200
    assert service.get("/nowhere/at/all").status_code == 404
    assert service.request("TRACE", "/collections").status_code == 405
    after = service.get("/metrics").text
    counted = {
        ("/collections/{layer}", "GET", "200"): 2,
        ("/collections/{layer}", "GET", "404"): 1,
        (TILES, "GET", "200"): 1,
        ("(none)", "GET", "404"): 1,
        ("(none)", "other", "405"): 1,
    }
    for (route, method, status), more in counted.items():
        labels = {"route": route, "method": method, "status": status}
        assert number(after, "requests_total", **labels) - number(before, "requests_total", **labels) == more


def test_latencies_are_counted_within_bounds_that_grow(service: TestClient):
    service.get("/collections")
    text = service.get("/metrics").text
    labels = {"route": "/collections", "method": "GET", "status": "200"}
    families = {family.name: family for family in text_string_to_metric_families(text)}
    bounds = [
        (float(sample.labels["le"]), sample.value)
        for sample in families["quyhoach_request_seconds"].samples
        if sample.name.endswith("_bucket") and labels.items() <= sample.labels.items()
    ]
    assert [bound for bound, _ in bounds] == sorted(bound for bound, _ in bounds)
    assert [count for _, count in bounds] == sorted(count for _, count in bounds)
    assert bounds[-1] == (float("inf"), number(text, "requests_total", **labels))


def test_a_tile_is_counted_as_drawn_first_and_as_kept_afterwards(service: TestClient):
    def found() -> tuple[float, float]:
        text = service.get("/metrics").text
        return number(text, "tiles_total", found="drawn"), number(text, "tiles_total", found="near")

    drawn, near = found()
    for _ in range(3):
        assert service.get("/tiles/ward/13/6558/3725.mvt?horizon=2045").status_code == 200
    assert found() == (drawn + 1, near + 2)


def test_pools_and_the_log_of_changes_are_measured(service: TestClient):
    service.get("/collections")
    time.sleep(1.2)
    text = service.get("/metrics").text
    assert number(text, "pool_connections", pool="answers") >= 1
    assert number(text, "pool_connections", pool="tiles") >= 1
    assert number(text, "pool_requests_total", pool="answers") >= 1
    assert 0 <= number(text, "change_log_staleness_seconds") < 3
    assert number(text, "requests_under_way") == 1  # this one


def test_the_numbers_of_all_workers_add_up(town_url: str):
    served = listen(town_url, workers=2)
    try:
        answers = 40
        for _ in range(answers):
            httpx.get(f"{served.root}/collections/road")  # each over a connection of its own, which either worker takes
        time.sleep(2.5)  # each worker writes down its numbers once a second
        said = {httpx.get(f"{served.root}/metrics").text for _ in range(8)}
        labels = {"route": "/collections/{layer}", "method": "GET", "status": "200"}
        assert {number(text, "requests_total", **labels) for text in said} == {answers}
        assert {number(text, "pool_connections", pool="tiles") for text in said} == {2 * DRAWING_CONNECTIONS}
    finally:
        served.stop()


def test_workers_share_the_tiles_they_have_drawn(town_url: str):
    served = listen(town_url, workers=2)
    try:
        for _ in range(30):
            assert httpx.get(f"{served.root}{TILE}").status_code == 200
        time.sleep(2.5)
        text = httpx.get(f"{served.root}/metrics").text
        found = {how: number(text, "tiles_total", found=how) for how in ("near", "shared", "drawn")}
        assert found["drawn"] == 1
        assert sum(found.values()) == 30
    finally:
        served.stop()


# --- The log ----------------------------------------------------------------------------------------------------------


def test_each_request_is_a_line_of_json_without_what_was_asked(town_url: str, tmp_path: Path):
    log = tmp_path / "requests.jsonl"
    served = listen(town_url, log_requests="all", log_file=str(log))
    address = f"{served.root}/collections/parcel/items?limit=1&horizon=2030"
    answer = httpx.get(address, headers={"X-Request-Id": "walk-17", "Authorization": "Bearer hidden"})
    served.stop()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (line,) = [line for line in lines if line.get("request_id") == "walk-17"]
    assert answer.headers["x-request-id"] == "walk-17"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/collections/parcel/items", 200)
    assert line["route"] == "/collections/{layer}/items"
    assert line["bytes"] > 0
    assert line["took_ms"] > 0
    assert "horizon" not in log.read_text()
    assert "hidden" not in log.read_text()
    assert town_url not in log.read_text()


def test_a_request_without_a_name_worth_keeping_is_given_one(service: TestClient):
    names = [
        service.get("/health/live", headers=given).headers["x-request-id"] for given in ({}, {"X-Request-Id": "a b"})
    ]
    assert len({*names, "a b", ""}) == 4


def test_a_failure_is_logged_with_its_traceback_and_the_id_that_was_answered(
    service: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("api.tiles.door.asked", broken)
    caplog.handler.setFormatter(Lines())
    answer = service.get(TILE, headers={"X-Request-Id": "walk-18"})
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    (line,) = [line for line in lines if line["message"] == "unforeseen error"]
    assert answer.json()["request_id"] == line["request_id"] == "walk-18"
    assert "the secret of the house" in line["traceback"]
    assert "secret" not in answer.text
