"""Each parameter by which features are asked for, over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import requests
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from gis.features import SYSTEMS
from tests.gis.hand import put

CRS84, LATLON, WEB, STORED = (system.uri for system in SYSTEMS)


def asked(service: TestClient, layer: str, **parameters: str) -> dict[str, Any]:
    answer = service.get(f"/collections/{layer}/items", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(document: dict[str, Any], column: str = "name") -> list[str]:
    return [feature["properties"][column] for feature in document["features"]]


@pytest.mark.parametrize(
    ("system", "first", "second"),
    [
        (CRS84, (108.20, 108.23), (16.07, 16.09)),
        (LATLON, (16.07, 16.09), (108.20, 108.23)),
        (WEB, (12_045_000, 12_050_000), (1_812_000, 1_816_000)),
        (STORED, (549_000, 550_000), (1_778_000, 1_779_000)),
    ],
)
def test_positions_stand_in_the_system_that_is_asked_for_and_the_header_names_it(
    service: TestClient, system: str, first: tuple[float, float], second: tuple[float, float]
):
    answer = service.get("/collections/ward/items", params={"crs": system, "limit": "1"})
    assert answer.headers["content-crs"] == f"<{system}>"
    uid = answer.json()["features"][0]["id"]
    single = service.get(f"/collections/ward/items/{uid}", params={"crs": system})
    assert single.headers["content-crs"] == f"<{system}>"
    for feature in (answer.json()["features"][0], single.json()):
        for one, two in feature["geometry"]["coordinates"][0][0]:
            assert first[0] <= one <= first[1]
            assert second[0] <= two <= second[1]


def test_without_crs_the_answer_is_in_crs84_and_says_so(service: TestClient):
    assert service.get("/collections/ward/items").headers["content-crs"] == f"<{CRS84}>"


def test_a_box_is_read_in_bbox_crs(service: TestClient):
    box = {"bbox": "549100,1778100,549200,1778200", "bbox-crs": STORED}
    assert names(asked(service, "ward", **box)) == ["Hải Châu"]
    box = {"bbox": "16.076,108.210,16.078,108.215", "bbox-crs": "[EPSG:4326]"}
    assert names(asked(service, "ward", **box)) == ["Hải Châu"]


def test_a_box_may_go_across_the_antimeridian(service: TestClient):
    assert names(asked(service, "ward", bbox="108.225,16,-170,17")) == ["Sơn Trà"]
    assert names(asked(service, "ward", bbox="170,16,-170,17")) == []


def test_only_wanted_properties_are_shown(service: TestClient):
    shown = asked(service, "ward", properties="name,population")["features"][0]["properties"]
    assert shown == {"name": "Hải Châu", "population": 40_000}


def test_an_order_is_followed_and_pages_keep_to_it(service: TestClient):
    first = asked(service, "road", sortby="-name", limit="2")
    assert names(first) == ["Đường 2", "Đường 1"]
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert names(service.get(following).json()) == ["Đường 0"]


def test_a_filter_is_text_or_json(service: TestClient):
    assert names(asked(service, "road", filter="ACCENTI(name) LIKE 'Duong%' AND name <> 'Đường 1'")) == [
        "Đường 0",
        "Đường 2",
    ]
    tree = {"op": "=", "args": [{"property": "name"}, "Đường 1"]}
    document = asked(service, "road", **{"filter": json.dumps(tree), "filter-lang": "cql2-json"})
    assert names(document) == ["Đường 1"]


def test_a_filter_writes_geometries_in_filter_crs(service: TestClient):
    inside = {"filter": "S_INTERSECTS(geometry, POINT(549500 1778500))", "filter-crs": STORED}
    assert names(asked(service, "ward", **inside)) == ["Hải Châu"]


def test_conditions_hold_together(service: TestClient):
    both = asked(service, "road", filter="name <> 'Đường 1'", road_class="foot,district")
    assert names(both) == ["Đường 2"]


def test_a_day_chooses_what_holds_on_it(service: TestClient):
    # Nothing here says since when it holds, so it holds on any day.
    assert len(names(asked(service, "ward", datetime="2025-01-01/.."))) == 2
    assert len(names(asked(service, "ward", datetime="2025-01-01T00:00:00Z"))) == 2


@pytest.mark.parametrize(
    ("datetime", "found"),
    [
        ("2019-12-31", 0),
        ("2020-01-01T00:00:00+07:00", 1),
        ("2019-12-31T16:59:59Z", 0),
        ("2029-12-31T23:59:59+07:00", 1),
        ("2030-01-01", 0),
        ("2029-12-31/..", 1),
    ],
)
def test_an_instant_is_its_day_in_the_city(service: TestClient, datetime: str, found: int):
    # There is rice from 1 January 2020 until before 1 January 2030.
    assert len(asked(service, "land_use", datetime=datetime)["features"]) == found


def test_the_number_of_features_is_said_or_left_out(service: TestClient):
    page = asked(service, "road", limit="2")
    assert (page["numberReturned"], page["numberMatched"]) == (2, 3)
    assert page["snapshot"] == "one"
    assert "numberMatched" not in asked(service, "road", count="false")


def test_a_page_links_to_itself_its_collection_and_what_follows(service: TestClient):
    links = {link["rel"]: link for link in asked(service, "road", limit="2", sortby="-name")["links"]}
    assert links["self"]["type"] == links["next"]["type"] == "application/geo+json"
    assert urlsplit(links["collection"]["href"]).path == "/collections/road"
    following = parse_qs(urlsplit(links["next"]["href"]).query)
    assert following["limit"] == ["2"]
    assert following["sortby"] == ["-name"]
    assert len(following["bookmark"][0]) > 30


def test_an_escaped_comma_belongs_to_a_value_of_free_text_and_a_plain_one_separates(service: TestClient, town_url: str):
    with psycopg.connect(town_url, autocommit=True) as editor:
        for name in ("Chùa, đình", "Chùa"):
            put(editor, "facility", "POINT(550172 1778178)", name=name, facility_type="park", stage="existing")
        escaped = "name=Ch%C3%B9a%2C%20%C4%91%C3%ACnh"
        try:
            found = {
                query: sorted(names(service.get(f"/collections/facility/items?{query}").json()))
                for query in (escaped, f"{escaped},Ch%C3%B9a", "name=Ch%C3%B9a,%20%C4%91%C3%ACnh", "name=Ch%C3%B9a")
            }
            page = service.get(f"/collections/facility/items?{escaped},Ch%C3%B9a&limit=1").json()
            following = next(link["href"] for link in page["links"] if link["rel"] == "next")
            rest = names(service.get(following).json())
        finally:
            editor.execute("DELETE FROM city.facility WHERE name LIKE 'Chùa%'")
    assert list(found.values()) == [["Chùa, đình"], ["Chùa", "Chùa, đình"], ["Chùa"], ["Chùa"]]
    assert sorted([*names(page), *rest]) == ["Chùa", "Chùa, đình"]
    assert service.get("/collections/parcel/items?land_use_code=ODT%2CTMD").status_code == 200


@pytest.mark.parametrize("form", ["geojson", "html", "csv", "jsonseq", "fgb", "parquet"])
def test_features_in_every_form_say_in_a_header_where_they_stand(service: TestClient, form: str):
    address = f"/collections/road/items?limit=2&name=Đường 0,Đường 1,Đường 2&f={form}"
    answer = service.get(address)
    links = requests.utils.parse_header_links(answer.headers["link"])
    by = {rel: [link for link in links if link["rel"] == rel] for rel in ("self", "alternate", "next")}
    assert [link["type"] for link in by["self"]] == [answer.headers["content-type"].split(";")[0]]
    assert service.get(by["self"][0]["url"]).headers["content-type"] == answer.headers["content-type"]
    assert len(by["alternate"]) == 5
    for link in by["alternate"]:
        other = service.get(link["url"])
        assert (other.status_code, other.headers["content-type"].split(";")[0]) == (200, link["type"])
    assert len(by["next"]) == (form in ("geojson", "html"))
    if form == "geojson":
        assert names(service.get(by["next"][0]["url"]).json()) == ["Đường 2"]


@pytest.mark.parametrize("letters", [300, 3_000])
def test_a_header_of_links_is_never_longer_than_proxies_take(service: TestClient, letters: int):
    answer = service.get("/collections/road/items?f=csv&filter=uid=1".ljust(letters, "+"))
    assert answer.status_code == 200
    assert len(answer.headers.get("link", "")) <= 2_048
    assert ("link" in answer.headers) == (letters == 300)


def test_an_address_cannot_write_into_the_header_of_links(service: TestClient):
    answer = service.get('/collections/road/items?name=a%22>;rel="x"&f=csv')
    assert {link["rel"] for link in requests.utils.parse_header_links(answer.headers["link"])} == {"self", "alternate"}


def test_a_bookmark_written_by_someone_else_is_refused(service: TestClient):
    answer = service.get("/collections/road/items?bookmark=AAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert answer.status_code == 400
    assert "follow the link `next` as it was given" in answer.json()["detail"]


def test_a_single_feature_is_not_sent_again_to_who_has_it(service: TestClient):
    uid = asked(service, "ward", limit="1")["features"][0]["id"]
    answer = service.get(f"/collections/ward/items/{uid}")
    etag = answer.headers["etag"]
    again = service.get(f"/collections/ward/items/{uid}", headers={"If-None-Match": f'"other", {etag}'})
    assert again.status_code == 304
    assert again.headers["etag"] == etag
    assert again.content == b""
    other = service.get(f"/collections/ward/items/{uid}?crs={LATLON}", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("crs=EPSG:9999", "is no coordinate system spoken here"),
        ("bbox-crs=x", "is no coordinate system spoken here"),
        ("filter-crs=x", "is no coordinate system spoken here"),
        ("filter-lang=cql", "one of cql2-text, cql2-json"),
        ("filter=name%20=%205", "cannot be compared"),
        ("filter=nam='a'", "did you mean name?"),
        ("sortby=nam", "did you mean name?"),
        ("sortby=name,-name", "name stands twice"),
        ("properties=nam", "did you mean name?"),
        ("datetime=yesterday", "is no day and no instant"),
        ("datetime=2030-01-01/2020-01-01", "it ends before it begins"),
        ("limit=1&limit=2", "The parameter limit stands more than once"),
        *(
            (f"{name}=", f"The parameter {name} is empty")
            for name in ("horizon", "scenario", "filter-lang", "properties")
        ),
        ("bbox=1_08,15.9,108.3,16.1", "is not four numbers, or six"),
        ("bbox=%EF%BC%91,15.9,108.3,16.1", "is not four numbers, or six"),
        ("name=%ff", "no UTF-8"),
        ("filter=name%20=%20%27%ff%27", "no UTF-8"),
        ("datetime=%EF%BC%92020-01-01", "is no day and no instant"),
        ("count=maybe", "true or false"),
        ("scenario=pg_catalog", "There is no scenario"),
        ("population=many", "it is a whole number"),
        ("f=gml", "one of geojson"),
    ],
)
def test_a_bad_value_is_refused_with_what_would_have_been_right(service: TestClient, query: str, sentence: str):
    answer = service.get(f"/collections/ward/items?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in answer.json()["detail"]


def test_a_schema_says_roles_units_codes_and_titles_in_the_language_asked_for(service: TestClient):
    answer = service.get("/collections/parcel/schema", headers={"Accept-Language": "en"})
    assert answer.headers["content-type"] == "application/schema+json"
    document = answer.json()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["properties"]["uid"]["x-ogc-role"] == "id"
    assert (
        document["properties"]["geometry"] | {"format": "geometry-multipolygon"} == document["properties"]["geometry"]
    )
    assert document["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    area = document["properties"]["area_legal_m2"]
    assert (area["title"], area["type"], area["x-ogc-unit"]) == ("Legal area", "number", "m2")
    assert "ODT" in document["properties"]["land_use_code"]["enum"]
    vietnamese = service.get("/collections/parcel/schema").json()
    assert (document["title"], vietnamese["title"]) == ("Parcel", "Thửa đất")


@pytest.mark.parametrize("layer", ["parcel", "road", "ward", "zone", "water_body", "land_use"])
def test_features_are_what_their_schema_says_and_nothing_else_is(service: TestClient, layer: str):
    schema = Draft202012Validator(
        service.get(f"/collections/{layer}/schema?f=json").json(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    features = asked(service, layer, horizon="2030")["features"]
    assert features
    for feature in features:
        held = {"uid": feature["id"], **feature["properties"], "geometry": feature["geometry"]}
        assert None in held.values()
        held = {name: value for name, value in held.items() if value is not None}
        schema.validate(held)
        for wrong in ({"source": None}, {"quality": "guessed"}, {"delivery": "first"}, {"valid_from": 2030}):
            assert not schema.is_valid({**held, **wrong})


def test_what_need_not_be_known_has_one_type_and_is_not_required(service: TestClient):
    assert "stage_end" not in service.get("/collections/parcel/schema?f=json").json()["required"]
    for kind in ("schema", "queryables", "sortables"):
        described = service.get(f"/collections/parcel/{kind}").json()["properties"]
        assert described["stage_end"]["type"] == "string"
        assert None not in described["stage_end"]["enum"]


def test_queryables_and_sortables_are_what_filters_and_orders_may_name(service: TestClient):
    queryables = service.get("/collections/road/queryables").json()
    sortables = service.get("/collections/road/sortables").json()
    assert queryables["additionalProperties"] is False
    assert set(queryables["properties"]) - set(sortables["properties"]) == {"geometry"}
    for name in sortables["properties"]:
        assert service.get(f"/collections/road/items?sortby=-{name}&filter={name} IS NULL").status_code == 200


def test_what_is_not_public_is_neither_shown_nor_named(service: TestClient):
    assert "web_geom" not in service.get("/collections/parcel/schema").json()["properties"]
    assert "web_geom" not in asked(service, "parcel")["features"][0]["properties"]
    assert service.get("/collections/parcel/items?filter=web_geom=1").status_code == 400
