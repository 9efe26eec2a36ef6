"""What outside suites look for to the letter: links, keywords, names of operations, edges of tilesets."""

from __future__ import annotations

import httpx
import pytest
from starlette.testclient import TestClient

from api.negotiation import FEATURES_MEDIA
from gis.features import public_layers
from tests.api.conftest import Served

LAYERS = tuple(public_layers())
KEYWORDS = frozenset(
    {"$schema", "$id", "type", "title", "description", "properties", "additionalProperties", "required", "enum"}
    | {"format", "minimum", "maximum", "maxLength", "pattern", "items", "default", "readOnly", "oneOf", "minItems"}
    | {"maxItems", "minLength"}
)
"""Keywords of JSON Schema that are used; all others begin with x-ogc- (OGC 23-058r1, additional-keywords)."""


def test_a_layer_links_to_its_features_in_each_encoding(service: TestClient):
    for layer in LAYERS:
        links = service.get(f"/ogc/collections/{layer}?f=json").json()["links"]
        items = {link["type"]: link["href"] for link in links if link["rel"] == "items"}
        assert set(items) == {media.type for media in FEATURES_MEDIA}
    for type_, href in items.items():
        answer = service.get(f"{href}{'&' if '?' in href else '?'}limit=1")
        assert answer.headers["content-type"].split(";")[0] == type_


@pytest.mark.parametrize("kind", ["schema", "queryables", "sortables"])
def test_keywords_of_our_own_have_a_prefix(service: TestClient, kind: str):
    for layer in LAYERS:
        document = service.get(f"/ogc/collections/{layer}/{kind}?f=json").json()
        for said in (document, *document["properties"].values()):
            assert {word for word in said if not word.startswith("x-ogc-")} <= KEYWORDS, layer


@pytest.mark.parametrize("operator", ["=", "<>", "<", ">", "<=", ">="])
@pytest.mark.parametrize("value", ["true", "false"])
def test_true_and_false_are_compared_as_all_values_are(service: TestClient, operator: str, value: str):
    answer = service.get("/ogc/collections/road/items", params={"filter": f"bridge {operator} {value}"})
    assert answer.status_code == 200
    wanted = {
        "=": {value}, "<>": {"true", "false"} - {value}, "<": {"false"} if value == "true" else set(),
        ">": {"true"} if value == "false" else set(), "<=": {"false", value}, ">=": {"true", value},
    }[operator]  # fmt: skip
    found = answer.json()["features"]
    assert {str(feature["properties"]["bridge"]).lower() for feature in found} <= wanted


def test_operations_of_tiles_have_the_names_that_clients_look_for(service: TestClient):
    paths = service.get("/ogc/api?f=json").json()["paths"]
    ends = {
        "/tiles": ".dataset.vector.getTileSetsList",
        "/tiles/{tileMatrixSetId}": ".dataset.vector.getTileSet",
        "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": ".dataset.vector.getTile",
        "/collections/{collectionId}/tiles": ".collection.vector.getTileSetsList",
        "/collections/{collectionId}/tiles/{tileMatrixSetId}": ".collection.vector.getTileSet",
        "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": (
            ".collection.vector.getTile"
        ),
    }
    for path, end in ends.items():
        assert paths[path]["get"]["operationId"].endswith(end)


@pytest.mark.parametrize("grid", ["WebMercatorQuad", "WorldCRS84Quad"])
@pytest.mark.parametrize("tileset", ["/ogc/collections/parcel/tiles", "/ogc/tiles"])
def test_there_is_no_tile_beyond_the_limits_of_a_tileset(service: TestClient, grid: str, tileset: str):
    limits = service.get(f"{tileset}/{grid}?f=json").json()["tileMatrixSetLimits"]
    for each in limits[-6:]:
        rows, columns = (each["minTileRow"], each["maxTileRow"]), (each["minTileCol"], each["maxTileCol"])
        ring = [(rows[0] - 1, column) for column in range(columns[0] - 1, columns[0] + 3)]
        ring += [(rows[1] + 1, columns[1]), (rows[0], columns[0] - 1), (rows[1], columns[1] + 1)]
        for row, column in ring:
            for _ in range(2):  # drawn, and from memory
                answer = service.get(f"{tileset}/{grid}/{each['tileMatrix']}/{row}/{column}")
                assert answer.status_code == 404
                assert f"rows run from {rows[0]} to {rows[1]}" in answer.json()["detail"]
        for row, column in zip(rows, columns, strict=True):
            answer = service.get(f"{tileset}/{grid}/{each['tileMatrix']}/{row}/{column}")
            assert answer.status_code in (200, 204)
    first = int(limits[0]["tileMatrix"])
    if first:
        answer = service.get(f"{tileset}/{grid}/{first - 1}/0/0")
        assert answer.status_code == 404
        assert f"z runs from {first} to" in answer.json()["detail"]


@pytest.mark.parametrize(("grid", "matrices"), [("WebMercatorQuad", 25), ("WorldCRS84Quad", 24)])
def test_a_registered_grid_is_defined_as_registered_and_has_tiles_within_limits_alone(
    service: TestClient, grid: str, matrices: int
):
    # OGC register: the last matrix of either is 1 : 33.3238997476528.
    listed = service.get(f"/ogc/tileMatrixSets/{grid}?f=json").json()["tileMatrices"]
    assert [matrix["id"] for matrix in listed] == [str(z) for z in range(matrices)]
    assert listed[-1]["scaleDenominator"] == pytest.approx(33.3238997476528)
    assert listed[-1]["matrixWidth"] == 16_777_216
    for tileset in ("/ogc/tiles", "/ogc/collections/parcel/tiles"):
        last = service.get(f"{tileset}/{grid}?f=json").json()["tileMatrixSetLimits"][-1]
        assert int(last["tileMatrix"]) == matrices - 3
        for z in (1, 2):
            place = (last["minTileRow"] << z, last["minTileCol"] << z)
            answer = service.get(f"{tileset}/{grid}/{matrices - 3 + z}/{place[0]}/{place[1]}")
            assert answer.status_code == 404
            assert f"to {matrices - 3}" in answer.json()["detail"]


ADDRESSES = (
    "/ogc/tiles/WebMercatorQuad/14/7450/13117",
    "/ogc/collections/parcel/tiles/WebMercatorQuad/14/7450/13117",
    "/tiles/parcel/14/13117/7450.mvt",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("image/png", 406),
        ("application/json, text/html;q=0.9", 406),
        ("application/vnd.mapbox-vector-tile;q=0, */*", 406),
        ("*/*", 200),
        ("", 200),
        ("image/png, */*;q=0.1", 200),
        ("application/*", 200),
        ("application/vnd.mapbox-vector-tile", 200),
        ("application/x-protobuf", 200),
    ],
)
def test_a_tile_is_not_sent_to_who_takes_none(
    service: TestClient, served: Served, address: str, accept: str, status: int
):
    # Within the process, and over a connection, where a tile in memory takes a way of its own.
    for answer in (
        service.get(address, headers={"Accept": accept}),
        *(httpx.get(f"{served.root}{address}", headers={"Accept": accept}) for _ in range(2)),
    ):
        assert answer.status_code == status
        kind = "application/vnd.mapbox-vector-tile" if status == 200 else "application/problem+json"
        assert answer.headers["content-type"] == kind


def test_a_tile_whose_address_names_the_format_is_sent_whatever_is_accepted(service: TestClient):
    for address in ADDRESSES[:2]:
        assert service.get(f"{address}?f=mvt", headers={"Accept": "image/png"}).status_code == 200


def test_the_definition_names_the_media_type_of_the_figures_with_its_version(service: TestClient):
    (said,) = service.get("/ogc/api?f=json").json()["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
    assert said.startswith("text/plain; version=")
    assert service.get("/ogc/metrics").headers["content-type"] == said


def test_the_short_form_answers_with_nothing_where_nothing_is(service: TestClient):
    assert service.get("/tiles/parcel/14/0/0.mvt").status_code == 204


@pytest.mark.parametrize("parameter", ["crs", "bbox-crs", "filter-crs"])
def test_a_coordinate_system_is_named_by_its_address_or_a_safe_curie(service: TestClient, parameter: str):
    asked = {"bbox": "-180,-90,180,90", "filter": "lanes > 0"}
    address = "/ogc/collections/road/items"
    assert service.get(address, params={**asked, parameter: "[OGC:CRS84]"}).status_code == 200
    refused = service.get(address, params={**asked, parameter: "EPSG:4326"})
    assert refused.status_code == 400
    assert "http://www.opengis.net/def/crs/EPSG/0/4326" in refused.json()["detail"]


def test_not_equal_is_written_as_cql2_has_it(service: TestClient):
    address = "/ogc/collections/road/items"
    refused = service.get(address, params={"filter": "lanes != 4"})
    assert refused.status_code == 400
    assert "<>" in refused.json()["detail"]
    assert service.get(address, params={"filter": "lanes <> 4 OR name = 'a != b'"}).status_code == 200
