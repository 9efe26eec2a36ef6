"""The definition lists exactly what exists."""

from __future__ import annotations

import re

import pytest
import schemathesis
from fastapi.testclient import TestClient

from api.ogc.operations import OPERATIONS, Operation
from api.tiles.asked import is_tile

EXAMPLES = {
    "collectionId": "parcel",
    "featureId": "3",
    "tileMatrixSetId": "WebMercatorQuad",
    "tileMatrix": "14",
    "tileRow": "7450",
    "tileCol": "13117",
    "z": "14",
    "x": "13117",
    "y": "7450",
    "names": "land,road",
    "styleId": "city-2030",
    "scenarioName": "park",
}
STREAMED = "/changes"
"""Never ends, so it is not read to its end here."""


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: EXAMPLES[place[1]], path)


def shaped(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


READ = pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.path != STREAMED], ids=lambda each: each.path
)


@READ
@pytest.mark.parametrize("root", ["", "/ogc"])
def test_every_address_that_is_listed_answers_at_both_roots(service: TestClient, operation: Operation, root: str):
    answer = service.get(root + filled(operation.path), headers={"accept": "*/*"})
    assert answer.status_code in ((200, 204) if operation.empty else (200,)), answer.text


@READ
def test_every_media_type_that_is_listed_is_answered(service: TestClient, operation: Operation):
    for media in operation.answers:
        answer = service.get("/ogc" + filled(operation.path), headers={"accept": media})
        assert answer.headers.get("content-type", media).split(";")[0] == media.split(";")[0]


def test_every_address_that_is_served_is_listed(service: TestClient):
    listed = {shaped(operation.path) for operation in OPERATIONS}
    served = {shaped(path) for path in paths_of(service)}
    assert {path for path in listed if not is_tile(path.replace("{}", "1"))} == served


def paths_of(service: TestClient) -> set[str]:
    """The addresses of the app itself, pages' own parts aside; its own description is not shown to anyone."""
    return set(service.app._app.inner._app.openapi()["paths"])


def test_a_definition_can_be_read_by_a_tool_that_tests_services(service: TestClient):
    document = service.get("/api?f=json").json()
    schema = schemathesis.openapi.from_dict(document)
    read = {operation.ok().path for operation in schema.get_all_operations()}
    assert read == {operation.path for operation in OPERATIONS}


def test_every_reference_of_the_definition_leads_somewhere(service: TestClient):
    document = service.get("/api?f=json").json()
    assert document["openapi"].startswith("3.0.")
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', service.get("/api?f=json").text)):
        found = document
        for step in reference.split("/"):
            found = found[step]
        assert found


def test_names_of_operations_are_unique():
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))
