"""The definition lists exactly what exists."""

from __future__ import annotations

import re

import pytest
import schemathesis
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from api.ogc.operation import Operation
from api.ogc.operations import EVERY, OPERATIONS
from api.tiles.asked import is_tile
from gis.analyses import QUESTIONS
from gis.features import public_layers
from tests.api.conftest import JOB

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
    "processId": "land_balance",
    "jobId": JOB,
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


@pytest.mark.parametrize("root", ["", "/ogc"])
def test_an_address_with_a_slash_at_its_end_leads_to_the_one_without_at_the_same_root(service: TestClient, root: str):
    answer = service.get(f"{root}/collections/parcel/?f=json", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://testserver{root}/collections/parcel?f=json"
    assert service.get(f"{root}/nowhere/").status_code == 404


def test_every_address_that_is_served_is_listed(service: TestClient):
    listed = {shaped(operation.path) for operation in EVERY}
    served = {shaped(path) for path in paths_of(service)}
    assert {path for path in listed if not is_tile(path.replace("{}", "1"))} == served


def paths_of(service: TestClient) -> set[str]:
    """The addresses of the app itself, pages' own parts aside; its own description is not shown to anyone."""
    return set(service.app._app.inner._app.openapi()["paths"])


def test_a_definition_can_be_read_by_a_tool_that_tests_services(service: TestClient):
    document = service.get("/api?f=json").json()
    schema = schemathesis.openapi.from_dict(document)
    read = {operation.ok().path for operation in schema.get_all_operations()}
    of_layers = {f"/collections/{layer}/items" for layer in public_layers()}
    of_questions = {f"/processes/{question}/execution" for question in QUESTIONS}
    assert read == {operation.path for operation in EVERY} | of_layers | of_questions


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_definition_is_one_as_openapi_has_it(service: TestClient, language: str):
    validate(service.get(f"/api?f=json&lang={language}").json(), cls=OpenAPIV30SpecValidator)


def test_a_column_is_a_parameter_of_its_layer_with_its_codes(service: TestClient):
    described = service.get("/api?f=json&lang=en").json()["paths"]["/collections/parcel/items"]["get"]
    own = {parameter["name"]: parameter for parameter in described["parameters"] if "name" in parameter}
    code = own["land_use_code"]
    assert (code["in"], code["style"], code["explode"], code["required"]) == ("query", "form", False, False)
    assert "ODT" in code["schema"]["enum"]
    assert own["area_legal_m2"]["schema"] == {"type": "number"}
    queryables = service.get("/collections/parcel/queryables?f=json").json()["properties"]
    for name in own.keys() & queryables.keys():
        assert own[name]["schema"].items() <= queryables[name].items(), name
    feature = service.get("/collections/parcel/items?limit=1").json()["features"][0]
    held = {name: value for name, value in feature["properties"].items() if name in own and value is not None}
    assert len(held) > 3
    for name, value in held.items():
        found = service.get("/collections/parcel/items", params={name: value}).json()["features"]
        assert feature["id"] in [one["id"] for one in found]


def test_every_reference_of_the_definition_leads_somewhere(service: TestClient):
    document = service.get("/api?f=json").json()
    assert document["openapi"].startswith("3.0.")
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', service.get("/api?f=json").text)):
        found = document
        for step in reference.split("/"):
            found = found[step]
        assert found


def test_names_of_operations_are_unique():
    names = [operation.name for operation in EVERY]
    assert len(names) == len(set(names))


def described(service: TestClient, path: str) -> dict[str, dict]:
    """The parameters of an address by name, references followed."""
    document = service.get("/api?f=json&lang=en").json()
    parameters = document["components"]["parameters"]
    listed = document["paths"][path]["get"]["parameters"]
    found = [parameters[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in listed]
    return {one["name"]: one for one in found}


@READ
def test_every_representation_and_language_that_is_listed_is_answered_and_no_other(
    service: TestClient, operation: Operation
):
    parameters = described(service, operation.path)
    for name in {"f", "lang"} & set(parameters):
        for value in parameters[name]["schema"]["enum"]:
            answer = service.get(filled(operation.path), params={name: value})
            assert answer.status_code in ((200, 204) if operation.empty else (200,)), answer.text
        assert service.get(filled(operation.path), params={name: "nothing"}).status_code == 400
    if len(operation.answers) > 1:
        assert {"json", "html"} <= set(parameters["f"]["schema"]["enum"])


def test_a_filter_may_be_as_long_as_is_said_and_no_longer(service: TestClient):
    longest = described(service, "/collections/{collectionId}/items")["filter"]["schema"]["maxLength"]
    address = "/collections/road/items?filter="
    assert longest < 8_192
    whole = "uid=1".ljust(longest, "+")
    assert service.get(address + whole).status_code == 200
    answer = service.get(f"{address}{whole}+")
    assert answer.status_code == 414
    assert "POST" not in answer.json()["detail"]


@READ
def test_an_answer_with_an_etag_may_be_304_and_is_listed_so(service: TestClient, operation: Operation):
    first = service.get(filled(operation.path))
    etag = first.headers.get("etag")
    assert (etag is not None) == operation.has_etag
    responses = service.get("/api?f=json").json()["paths"][operation.path]["get"]["responses"]
    assert ("304" in responses) == operation.has_etag
    assert {"414", "431"} <= set(responses)
    if etag:
        assert service.get(filled(operation.path), headers={"if-none-match": etag}).status_code == 304


def test_what_is_written_is_said_to_need_the_token_and_nothing_else_is(service: TestClient):
    document = service.get("/api?f=json").json()
    (scheme,) = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    secured = {
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == [{scheme: []}]
    }
    assert secured == {
        (path, method)
        for path, methods in document["paths"].items()
        for method in methods
        if path.startswith("/scenarios") and method != "get"
    }
    assert len(secured) == 9
    for path, method in secured:
        assert {"401", "403", "404" if "{" in path else "409"} <= set(document["paths"][path][method]["responses"])
