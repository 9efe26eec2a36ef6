"""Each requirement class that is declared is kept, as its abstract tests ask."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient

from api.ogc.conformance import addresses
from gis.grids import GRIDS
from layers import LAYERS
from tests.api.ogc import cql2, processes
from tests.api.ogc.schemas import named, returned, roles

PUBLIC = [name for name, layer in LAYERS.items() if layer.public]
REL = "http://www.opengis.net/def/rel/ogc/1.0"
TILE = "14/7450/13117"


def read(service: TestClient, path: str, **headers: str) -> dict:
    answer = service.get(f"/ogc{path}", headers={"accept": "application/json", **headers})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rels(document: dict) -> set[str]:
    assert all({"rel", "href"} <= set(link) for link in document["links"])
    return {link["rel"] for link in document["links"]}


def landing(service: TestClient) -> None:
    assert rels(read(service, "")) >= {"self", "alternate", "service-desc", "service-doc", "conformance", "data"}
    assert set(read(service, "/conformance")["conformsTo"]) == set(addresses())
    for link in read(service, "")["links"]:
        assert service.get(link["href"], headers={"accept": link["type"]}).status_code == 200


def collections(service: TestClient) -> None:
    listed = read(service, "/collections")
    assert [entry["id"] for entry in listed["collections"]] == PUBLIC
    assert {"self", "alternate"} <= rels(listed)
    alone = read(service, "/collections/parcel")
    assert {"self", "alternate", "items"} <= rels(alone)
    for name in ("id", "title", "description", "extent", "crs", "itemType"):
        assert alone[name] == listed["collections"][PUBLIC.index("parcel")][name]


def as_json(service: TestClient) -> None:
    for path in ("", "/conformance", "/collections", "/collections/parcel"):
        assert read(service, path)


def as_html(service: TestClient) -> None:
    for path in ("", "/conformance", "/collections", "/collections/parcel", "/collections/parcel/items", "/styles"):
        answer = service.get(f"/ogc{path}", headers={"accept": "text/html"})
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.text


def definition(service: TestClient) -> None:
    answer = service.get("/ogc/api", headers={"accept": "application/vnd.oai.openapi+json;version=3.0"})
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    for methods in answer.json()["paths"].values():
        for method, operation in methods.items():
            assert {"400", "500"} <= set(operation["responses"])
            assert {"200", "201", "204"} & set(operation["responses"])
            assert method != "get" or "200" in operation["responses"]


def features(service: TestClient) -> None:
    page = read(service, "/collections/road/items?limit=1")
    assert (page["type"], page["numberReturned"], page["numberMatched"], len(page["features"])) == (
        "FeatureCollection",
        1,
        3,
        1,
    )
    assert {"self", "alternate", "next"} <= rels(page)
    assert page["timeStamp"].endswith("Z")
    assert all(link["href"].startswith("http://testserver/ogc/collections/road") for link in page["links"])
    uid = page["features"][0]["id"]
    assert {"self", "alternate", "collection"} <= rels(read(service, f"/collections/road/items/{uid}"))
    for bad in ("limit=0", "limit=x", "bbox=1,2", "datetime=never", "unknown=1"):
        assert service.get(f"/ogc/collections/road/items?{bad}").status_code == 400
    assert service.get("/ogc/collections/rode/items").status_code == 404


def geojson(service: TestClient) -> None:
    answer = service.get("/ogc/collections/ward/items", headers={"accept": "application/geo+json"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert all(feature["type"] == "Feature" for feature in answer.json()["features"])


def crs(service: TestClient) -> None:
    spoken = read(service, "/collections")["crs"]
    described = read(service, "/collections/ward")
    assert described["storageCrs"] in described["crs"]
    assert set(described["crs"]) == set(spoken)
    first = {}
    for uri in spoken:
        answer = service.get("/ogc/collections/ward/items", params={"crs": uri, "limit": 1})
        assert answer.headers["content-crs"] == f"<{uri}>"
        first[uri] = answer.json()["features"][0]["geometry"]["coordinates"][0][0][0]
    base = "http://www.opengis.net/def/crs/"
    lon, lat = first[f"{base}OGC/1.3/CRS84"]
    assert first[f"{base}EPSG/0/4326"] == pytest.approx([lat, lon])
    assert first[f"{base}EPSG/0/5899"][0] == pytest.approx(549_000, abs=1_001)
    assert service.get("/ogc/collections/ward/items?crs=http://nowhere").status_code == 400


def filtered(service: TestClient) -> None:
    as_text = {"filter": "road_class IN ('foot') AND name LIKE 'Đường%'"}
    as_tree = {"filter": '{"op":"=","args":[{"property":"road_class"},"foot"]}', "filter-lang": "cql2-json"}
    for wanted in (as_text, as_tree, {"road_class": "foot"}):
        answer = service.get("/ogc/collections/road/items", params=wanted)
        assert [feature["properties"]["name"] for feature in answer.json()["features"]] == ["Đường 2"]
    for bad in ("road_class =", "nothing = 1"):
        assert service.get("/ogc/collections/road/items", params={"filter": bad}).status_code == 400


def tiles(service: TestClient) -> None:
    answer = service.get(f"/ogc/collections/road/tiles/WebMercatorQuad/{TILE}")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert list(mapbox_vector_tile.decode(answer.content)) == ["road"]
    for bad in ("WebMercatorQuad/2/4/0", "Nowhere/0/0/0", "WebMercatorQuad/99/0/0"):
        assert service.get(f"/ogc/collections/road/tiles/{bad}").status_code == 404


def city_tiles(service: TestClient) -> None:
    assert f"{REL}/tilesets-vector" in rels(read(service, ""))
    tilesets_at(service, "")
    answer = service.get(f"/ogc/tiles/WebMercatorQuad/{TILE}?collections=road,parcel")
    assert set(mapbox_vector_tile.decode(answer.content)) == {"road", "parcel"}


def layer_tiles(service: TestClient) -> None:
    assert f"{REL}/tilesets-vector" in rels(read(service, "/collections/parcel"))
    tilesets_at(service, "/collections/parcel")


def tilesets_at(service: TestClient, place: str) -> None:
    listed = read(service, f"{place}/tiles")["tilesets"]
    assert [entry["tileMatrixSetURI"].rsplit("/", 1)[1] for entry in listed] == list(GRIDS)
    for entry in listed:
        assert {"dataType", "crs", "links"} <= set(entry)
        assert {"self", f"{REL}/tiling-scheme"} <= rels(entry)
        tileset(service, next(link["href"] for link in entry["links"] if link["rel"] == "self"))


def tileset(service: TestClient, address: str) -> None:
    document = service.get(address, headers={"accept": "application/json"}).json()
    assert (document["dataType"], bool(document["layers"])) == ("vector", True)
    link = next(link for link in document["links"] if link["rel"] == "item")
    assert link["templated"]
    limit = document["tileMatrixSetLimits"][-1]
    place = {"tileMatrix": limit["tileMatrix"], "tileRow": limit["minTileRow"], "tileCol": limit["minTileCol"]}
    tile = service.get(link["href"].format(**place))
    assert tile.status_code in (200, 204)
    outer = document["boundingBox"]
    assert all(west <= east for west, east in zip(outer["lowerLeft"], outer["upperRight"], strict=True))


def each_tileset(service: TestClient) -> None:
    for grid in GRIDS:
        tileset(service, f"http://testserver/ogc/collections/parcel/tiles/{grid}")


def grids(service: TestClient) -> None:
    listed = read(service, "/tileMatrixSets")["tileMatrixSets"]
    assert [entry["id"] for entry in listed] == list(GRIDS)
    for entry in listed:
        grid = read(service, f"/tileMatrixSets/{entry['id']}")
        assert {"id", "crs", "orderedAxes", "tileMatrices"} <= set(grid)
        scales = [matrix["scaleDenominator"] for matrix in grid["tileMatrices"]]
        assert all(math.isclose(wide, 2 * near) for wide, near in pairwise(scales))
        for matrix in grid["tileMatrices"]:
            assert {"id", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth"} <= set(matrix)


def published_scale(service: TestClient) -> None:
    # OGC 17-083r4, annex D: the first matrix of each.
    first = {grid: read(service, f"/tileMatrixSets/{grid}")["tileMatrices"][0] for grid in GRIDS}
    assert first["WebMercatorQuad"]["scaleDenominator"] == pytest.approx(559_082_264.028717)
    assert first["WorldCRS84Quad"]["scaleDenominator"] == pytest.approx(279_541_132.014358)
    assert first["WorldCRS84Quad"]["pointOfOrigin"] == [-180, 90]
    assert first["WebMercatorQuad"]["pointOfOrigin"] == pytest.approx([-20_037_508.342789, 20_037_508.342789])


def limits(service: TestClient) -> None:
    document = read(service, "/collections/parcel/tiles/WebMercatorQuad")
    held = {limit["tileMatrix"]: limit for limit in document["tileMatrixSetLimits"]}["14"]
    # 550 000 m east, 1 778 400 m north of EPSG:5899 is 108.2192, 16.0797 degrees: column 13117, row 7450 of matrix 14.
    assert held["minTileRow"] <= 7450 <= held["maxTileRow"]
    assert held["minTileCol"] <= 13117 <= held["maxTileCol"]


def styles(service: TestClient) -> None:
    listed = read(service, "/styles")
    assert listed["default"] in {entry["id"] for entry in listed["styles"]}
    for entry in listed["styles"]:
        assert {"stylesheet", "describedby"} <= rels(entry)
        sheet = next(link for link in entry["links"] if link["rel"] == "stylesheet")
        answer = service.get(sheet["href"])
        assert answer.headers["content-type"] == sheet["type"]
        assert answer.json()["version"] == 8
        assert {source["type"] for source in answer.json()["sources"].values()} == {"vector"}
        assert read(service, f"/styles/{entry['id']}/metadata")["id"] == entry["id"]


SPEC = "http://www.opengis.net/spec"
SCHEMAS = {
    "schemas": named("schema"),
    "queryables": named("queryables"),
    "sortables": named("sortables"),
}
PROOFS: dict[str, dict[str, Callable[[TestClient], None]]] = {
    "ogcapi-common-1/1.0": {
        "core": landing,
        "landing-page": landing,
        "json": as_json,
        "html": as_html,
        "oas30": definition,
    },
    "ogcapi-common-2/1.0": {"collections": collections, "json": as_json, "html": as_html},
    "ogcapi-features-1/1.0": {"core": features, "geojson": geojson, "html": as_html, "oas30": definition},
    "ogcapi-features-2/1.0": {"crs": crs},
    "ogcapi-features-3/1.0": {
        "queryables": named("queryables"),
        "queryables-query-parameters": filtered,
        "filter": filtered,
        "features-filter": filtered,
    },
    "cql2/1.0": {"cql2-text": filtered, "cql2-json": filtered, "basic-cql2": filtered, **cql2.CLASSES},
    "ogcapi-common-3/1.0": {**SCHEMAS, "advanced-property-roles": roles},
    "ogcapi-features-5/1.0": {**SCHEMAS, "core-roles-features": roles},
    "ogcapi-tiles-1/1.0": {
        "core": tiles,
        "tileset": each_tileset,
        "tilesets-list": layer_tiles,
        "dataset-tilesets": city_tiles,
        "geodata-tilesets": layer_tiles,
        "mvt": tiles,
        "oas30": definition,
    },
    "tms/2.0": {
        "tilematrixset": published_scale,
        "json-tilematrixset": grids,
        "tilematrixsetlimits": limits,
        "json-tilematrixsetlimits": limits,
        "tilesetmetadata": each_tileset,
        "json-tilesetmetadata": each_tileset,
    },
    "ogcapi-processes-1/1.0": processes.CLASSES,
    "ogcapi-styles-1/0.0": {"core": styles, "html": as_html, "mapbox-styles": styles},
}
EACH = {f"{SPEC}/{part}/conf/{name}": proof for part, kept in PROOFS.items() for name, proof in kept.items()}


@pytest.mark.parametrize("address", EACH, ids=lambda address: address.removeprefix(f"{SPEC}/"))
def test_a_class_that_is_declared_is_kept(service: TestClient, address: str):
    EACH[address](service)


def test_every_class_that_is_declared_has_its_proof():
    assert set(addresses()) == set(EACH)


def test_arrays_are_neither_declared_nor_taken(service: TestClient):
    assert not any("array" in address for address in addresses())
    for operator in ("A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS"):
        answer = service.get("/ogc/collections/road/items", params={"filter": f"{operator}(name, ('a', 'b'))"})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert f"{operator} compares arrays" in answer.json()["detail"]


def test_features_are_what_their_schema_says(service: TestClient):
    returned(service)
