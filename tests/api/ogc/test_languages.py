"""Every document in the language of the client, and what a cache has to know of it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.ogc.operation import Operation
from api.ogc.operations import OPERATIONS
from tests.api.ogc.test_addresses import filled

SPOKEN = pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if "lang" in each.parameters], ids=lambda each: each.path
)
DATA = ("items", "item", "execute_by_address", "results")
"""Their documents have no words of ours, or have them in both languages."""
TITLES = {
    "/": ("Quy hoạch Đà Nẵng", "Đà Nẵng Planning"),
    "/collections/parcel": ("Thửa đất", "Parcel"),
    "/collections/parcel/schema": ("Thửa đất", "Parcel"),
    "/collections/parcel/tiles": ("Thửa đất", "Parcel"),
    "/styles/land-existing/metadata": ("Đất đai, hiện trạng", "Land, existing"),
}


def document_of(service: TestClient, operation: Operation, **headers: str):
    media = next(iter(operation.answers))
    return service.get("/ogc" + filled(operation.path), headers={"accept": media, **headers})


@SPOKEN
def test_an_answer_says_once_by_what_it_was_chosen(service: TestClient, operation: Operation):
    for media in operation.answers:
        answer = service.get("/ogc" + filled(operation.path), headers={"accept": media})
        named = answer.headers["vary"].split(", ")
        assert len(named) == len(set(named))
        assert {"Accept-Language", "Accept-Encoding"} <= set(named)
        assert ("Accept" in named) == (len(operation.answers) > 1)
        assert answer.headers["cache-control"] == "no-cache"


@SPOKEN
@pytest.mark.parametrize("language", ["fr", "", "VI"])
def test_a_language_that_is_not_spoken_is_refused(service: TestClient, operation: Operation, language: str):
    for media in operation.answers:
        answer = service.get("/ogc" + filled(operation.path), params={"lang": language}, headers={"accept": media})
        assert answer.status_code == 400
        assert ("it is vi or en" if language else "lang is empty") in answer.json()["detail"]


@SPOKEN
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_document_names_the_language_it_speaks(service: TestClient, operation: Operation, language: str):
    answer = document_of(service, operation, **{"accept-language": language})
    assert answer.headers.get("content-language") == (None if operation.name in DATA else language)


@pytest.mark.parametrize("path", TITLES)
def test_a_title_is_in_the_language_of_the_client(service: TestClient, path: str):
    for language, title in zip(("vi", "en"), TITLES[path], strict=True):
        for answer in (
            service.get(f"/ogc{path}?f=json&lang={language}"),
            service.get(f"/ogc{path}?f=json", headers={"accept-language": language}),
        ):
            assert answer.json()["title"] == title


def test_a_list_of_layers_is_in_the_language_of_the_client(service: TestClient):
    for language in ("vi", "en"):
        for layer in service.get(f"/collections?f=json&lang={language}").json()["collections"]:
            assert layer["title"] == layer["titles"][language]
            assert layer["description"] == layer["descriptions"][language]
            assert {link["title"] for link in layer["links"]} == {layer["title"]}


def test_a_style_a_definition_and_tilejson_are_named_in_the_language_of_the_client(service: TestClient):
    assert service.get("/styles/land-2030?f=mbs&lang=en").json()["name"] == "Land, to 2030"
    assert service.get("/api?f=json&lang=en").json()["info"]["title"] == "Đà Nẵng Planning"
    tiles = service.get("/tiles/parcel,road.json?horizon=2030&against=existing,park&lang=en").json()
    assert tiles["name"] == "Parcel · Road"
    assert tiles["tiles"] == [
        "http://testserver/tiles/parcel,road/{z}/{x}/{y}.mvt?horizon=2030&against=existing,park",
    ]
    assert "Of more than" in tiles["description"]
    assert "Shown is what differs" in tiles["description"]
    assert service.get("/tiles/parcel,road.json").json()["name"] == "Thửa đất · Đường bộ"


def test_an_answer_that_streams_says_the_same_of_itself(service: TestClient):
    for form in ("csv", "jsonseq", "fgb", "parquet"):
        answer = service.get(f"/collections/road/items?f={form}")
        assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_the_scenarios_are_asked_for_again(service: TestClient):
    for path in ("/scenarios", "/scenarios/park"):
        assert service.get(path).headers["cache-control"] == "no-cache"
