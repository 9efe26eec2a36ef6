"""Nothing is written without the token of the service, and nobody sees the token."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create
from api.ogc.operations import EVERY
from gis.settings import SettingRefusedError, Settings, settings
from tests.api.conftest import listen
from tests.api.scenarios.conftest import BEARER, TOKEN, Planner, parcel, rows

EXAMPLES = {"scenarioName": "park", "collectionId": "parcel", "featureId": "21"}
OPEN = ("/processes/", "/jobs/")
"""Where something is done by everyone."""
WRITES = [
    (each.method, re.sub(r"\{(\w+)\}", lambda place: EXAMPLES[place[1]], each.path))
    for each in EVERY
    if each.method != "GET" and not each.path.startswith(OPEN)
]
EACH = pytest.mark.parametrize(("method", "address"), WRITES)


@pytest.fixture
def closed(url: str) -> Iterator[TestClient]:
    """The service as it is where nobody set a token."""
    with TestClient(create(Settings(database_url=url)), raise_server_exceptions=False) as client:
        yield client


@EACH
@pytest.mark.parametrize("root", ["", "/ogc"])
def test_without_a_token_of_the_service_nothing_is_written(closed: TestClient, root: str, method: str, address: str):
    for headers in ({}, BEARER):
        answer = closed.request(method, root + address, json=parcel(), headers=headers)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "QUYHOACH_WRITE_TOKEN" in answer.json()["detail"]


@EACH
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer ă".encode()},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Cookie": f"token={TOKEN}; Authorization=Bearer {TOKEN}"},
    ],
)
def test_who_does_not_send_the_token_is_told_how_to(
    service: TestClient, method: str, address: str, headers: dict[str, str]
):
    answer = service.request(method, address, json=parcel(), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["detail"]
    assert TOKEN not in answer.text


def test_a_token_in_the_address_or_the_body_is_none(service: TestClient, url: str):
    for address in (f"/scenarios?token={TOKEN}", f"/scenarios?access_token={TOKEN}"):
        assert service.post(address, json={"name": "green", "token": TOKEN}).status_code == 401
    assert rows(url, "SELECT count(*) FROM register.scenario") == [(0,)]


def test_the_scheme_is_written_in_any_case(service: TestClient):
    answer = service.post("/scenarios", json={"name": "green"}, headers={"Authorization": f"bearer {TOKEN}"})
    assert answer.status_code == 201


def test_every_address_that_does_more_than_reading_asks_for_the_token(service: TestClient):
    served = service.app._app.inner._app.openapi()["paths"]
    writes = [(path, method) for path, methods in served.items() for method in methods if method != "get"]
    asked = [(path, method) for path, method in writes if not path.startswith(OPEN)]
    assert len(asked) == len(WRITES) == 9
    for path, method in asked:
        for root in ("", "/ogc", "/ogc/ogc"):
            answer = service.request(method.upper(), root + re.sub(r"\{\w+\}", "1", path), json={})
            assert answer.status_code in (401, 404), answer.text


def test_a_page_of_another_site_writes_nothing_even_with_the_token(planner: Planner, url: str):
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert "change nothing" in planner.refused(403, "POST", "/scenarios", json={"name": "green"}, headers=elsewhere)
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization", **elsewhere}
    allowed = planner("OPTIONS", "/scenarios", headers=asked).headers
    assert allowed["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "authorization" not in allowed["access-control-allow-headers"].lower()
    assert rows(url, "SELECT name FROM register.scenario") == [("park",)]


@EACH
def test_an_address_says_which_methods_it_answers(service: TestClient, method: str, address: str):
    allowed = service.options(address).headers["allow"].split(", ")
    listed = {each.method for each in EVERY if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each.path), address)}
    reading = {"HEAD"} if "GET" in listed else set()
    assert set(allowed) == {"OPTIONS", *listed, *reading}
    other = next(method for method in ("PUT", "POST") if method not in allowed)
    answer = service.request(other, address, json={}, headers=BEARER)
    assert answer.status_code == 405
    assert answer.headers["allow"].split(", ") == allowed


@pytest.mark.parametrize("token", ["short", "fifteen-letters", "with a blank in it, long", "ă" * 20, "a" * 501])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUYHOACH_WRITE_TOKEN", token)
    settings.cache_clear()
    try:
        with pytest.raises(SettingRefusedError, match=r"QUYHOACH_WRITE_TOKEN: .*16 to 500 letters") as refused:
            settings()
    finally:
        settings.cache_clear()
    assert token not in str(refused.value)


def test_an_empty_token_is_none():
    assert Settings(write_token="").write_token is None


def test_the_token_is_not_shown_by_the_settings():
    using = Settings(write_token=TOKEN)
    assert TOKEN not in f"{using!r} {using} {using.model_dump()} {using.model_dump_json()}"


def test_the_token_is_in_no_log(url: str):
    running = listen(url, write_token=TOKEN, log_requests="all")
    with httpx.Client(base_url=running.root) as client:
        wrong = {"Authorization": f"Bearer {TOKEN}-and-more"}
        assert client.post("/scenarios", json={"name": "green"}, headers=BEARER).status_code == 201
        assert client.post("/scenarios", json={"name": "green"}, headers=BEARER).status_code == 409
        assert client.post("/scenarios", json={"name": "blue"}, headers=wrong).status_code == 401
        assert client.post("/scenarios", content=b"\xff", headers=BEARER).status_code == 400
    code, said = running.stop()
    assert code == 0
    assert said.count('"path": "/scenarios"') == 4
    assert TOKEN not in said
