"""What the schemas of a layer have to say of its features."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from gis.features import public_layers

REL = "http://www.opengis.net/def/rel/ogc/1.0"
TYPES = {"string", "number", "integer", "boolean"}


def document(service: TestClient, layer: str, kind: str) -> dict:
    answer = service.get(f"/ogc/collections/{layer}/{kind}", headers={"accept": "application/schema+json"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    return answer.json()


def named(kind: str) -> Callable[[TestClient], None]:
    """Return the proof that each layer has a schema of that kind, which its collection links to."""

    def check(service: TestClient) -> None:
        for layer in public_layers():
            described = document(service, layer, kind)
            Draft202012Validator.check_schema(described)
            assert described["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            assert described["$id"] == f"http://testserver/ogc/collections/{layer}/{kind}"
            assert described["type"] == "object"
            links = {
                link["rel"]: link["href"] for link in service.get(f"/ogc/collections/{layer}?f=json").json()["links"]
            }
            assert links[f"{REL}/{kind}"] == described["$id"]
            for name, said in described["properties"].items():
                is_place = said.get("format", "").startswith("geometry-")
                assert ("type" not in said) if is_place else (said["type"] in TYPES), (layer, name)
                assert not is_place or kind != "sortables"

    return check


def roles(service: TestClient) -> None:
    for layer in public_layers():
        said = document(service, layer, "schema")["properties"]
        held = {column["x-ogc-role"]: column for column in said.values() if "x-ogc-role" in column}
        assert held["id"]["type"] == "integer"
        assert held["primary-geometry"]["format"].startswith("geometry-")
        for end in ("start", "end"):
            column = held[f"primary-interval-{end}"]
            assert (column["type"], column["format"]) == ("string", "date")
        assert len(held) == sum("x-ogc-role" in column for column in said.values())


def returned(service: TestClient) -> None:
    """Hold features against their schema: what is not required may be null, which is no value."""
    named("schema")(service)
    for layer in public_layers():
        described = document(service, layer, "schema")
        valid = Draft202012Validator(described, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for feature in service.get(f"/ogc/collections/{layer}/items?f=json").json()["features"]:
            held = {"uid": feature["id"], **feature["properties"], "geometry": feature["geometry"]}
            assert set(held) <= set(described["properties"])
            valid.validate({name: value for name, value in held.items() if value is not None})
