"""What each class of CQL2 has to find in the town; every filter is asked as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import shapely
from fastapi.testclient import TestClient

STORED = "http://www.opengis.net/def/crs/EPSG/0/5899"
NAMES = {"road": "name", "ward": "name", "parcel": "map_sheet", "land_use": "land_use_code"}
"""The column by which a feature of the town is told from the others."""
Tree = object


@dataclass(frozen=True)
class Case:
    """A filter in both encodings, asked of a layer, and the names of what it finds, joined by blanks."""

    layer: str
    text: str
    tree: Tree
    found: str


def column(name: str) -> Tree:
    return {"property": name}


def op(name: str, *args: Tree) -> Tree:
    return {"op": name, "args": list(args)}


def drawn(text: str) -> tuple[str, Tree]:
    """Return a geometry as both encodings write it."""
    if text.startswith("BBOX"):
        return text, {"bbox": json.loads(f"[{text[5:-1]}]")}
    return text, json.loads(shapely.to_geojson(shapely.from_wkt(text)))


def related(name: str, layer: str, geometry: str, found: str, *, turned: bool = False) -> Case:
    """Hold the features of a layer against a geometry in EPSG:5899; where `turned`, it against them."""
    text, tree = drawn(geometry)
    sides = [("geometry", column("geometry")), (text, tree)]
    (left, left_tree), (right, right_tree) = reversed(sides) if turned else sides
    return Case(layer, f"{name.upper()}({left}, {right})", op(name, left_tree, right_tree), found)


def timed(name: str, first: str, last: str, *, holds: bool) -> Case:
    """Hold the rice land, from 1 January 2020 until before 1 January 2030, against the days from first to last."""
    ends = [column("valid_from"), column("valid_to")]
    text = f"{name.upper()}(INTERVAL(valid_from, valid_to), INTERVAL('{first}', '{last}'))"
    return Case("land_use", text, op(name, {"interval": ends}, {"interval": [first, last]}), "LUA" if holds else "")


def began(name: str, day: str, found: str) -> Case:
    return Case("land_use", f"{name}(valid_from, DATE('{day}'))", op(name, column("valid_from"), {"date": day}), found)


NAME, LANES = column("name"), column("lanes")
ADVANCED = (
    Case("road", "name LIKE '%_1'", op("like", NAME, "%_1"), "Đường 1"),
    Case("road", r"name NOT LIKE '%\_1'", op("not", op("like", NAME, r"%\_1")), "Đường 0 Đường 1 Đường 2"),
    Case("road", "lanes BETWEEN 2 AND 6", op("between", LANES, 2, 6), "Đường 0 Đường 1"),
    Case("road", "lanes NOT BETWEEN 2 AND 5", op("not", op("between", LANES, 2, 5)), "Đường 0 Đường 2"),
    Case("road", "lanes IN (1, 2.0, 7)", op("in", LANES, [1, 2.0, 7]), "Đường 1 Đường 2"),
    Case("road", "name NOT IN ('Đường 1', 'x')", op("not", op("in", NAME, ["Đường 1", "x"])), "Đường 0 Đường 2"),
    Case(
        "road",
        "bridge IN (true) OR lanes = 1",
        op("or", op("in", column("bridge"), [True]), op("=", LANES, 1)),
        "Đường 2",
    ),
    Case("land_use", "valid_from IN ('2020-01-01')", op("in", column("valid_from"), ["2020-01-01"]), "LUA"),
)


def casei(of: Tree) -> Tree:
    return op("casei", of)


def accenti(of: Tree) -> Tree:
    return op("accenti", of)


CASE = (
    Case("road", "CASEI(name) = CASEI('ĐƯỜNG 1')", op("=", casei(NAME), casei("ĐƯỜNG 1")), "Đường 1"),
    Case("road", "CASEI(name) LIKE CASEI('đƯ_NG%2')", op("like", casei(NAME), casei("đƯ_NG%2")), "Đường 2"),
    Case(
        "ward",
        "CASEI(name) IN (CASEI('sơn trà'), CASEI('x'))",
        op("in", casei(NAME), [casei("sơn trà"), casei("x")]),
        "Sơn Trà",
    ),
    Case("ward", "CASEI('Straße') = CASEI('STRASSE')", op("=", casei("Straße"), casei("STRASSE")), "Hải Châu Sơn Trà"),
)
ACCENT = (
    Case("ward", "ACCENTI(name) = ACCENTI('Hai Chau')", op("=", accenti(NAME), accenti("Hai Chau")), "Hải Châu"),
    Case(
        "ward",
        "ACCENTI(CASEI(name)) = ACCENTI(CASEI('SỌN TRA'))",
        op("=", accenti(casei(NAME)), accenti(casei("SỌN TRA"))),
        "Sơn Trà",
    ),
    Case("road", "ACCENTI(name) LIKE ACCENTI('Duong%1')", op("like", accenti(NAME), accenti("Duong%1")), "Đường 1"),
    Case(
        "ward",
        "ACCENTI('København') = ACCENTI('Kobenhavn')",
        op("=", accenti("København"), accenti("Kobenhavn")),
        "Hải Châu Sơn Trà",
    ),
)
PROPERTIES = (
    Case("road", "2 <= lanes", op("<=", 2, LANES), "Đường 0 Đường 1"),
    Case("road", "lanes = level", op("=", LANES, column("level")), "Đường 2"),
    Case(
        "road",
        "name = name AND NOT name < name",
        op("and", op("=", NAME, NAME), op("not", op("<", NAME, NAME))),
        "Đường 0 Đường 1 Đường 2",
    ),
    Case("land_use", "valid_to > valid_from", op(">", column("valid_to"), column("valid_from")), "LUA"),
    Case("land_use", "DATE('2020-01-02') <= valid_from", op("<=", {"date": "2020-01-02"}, column("valid_from")), ""),
    Case("road", "2 BETWEEN level AND lanes", op("between", 2, column("level"), LANES), "Đường 0 Đường 1"),
    Case(
        "ward",
        "'foo' = 'foo' AND true >= true AND 3.14 <> 1",
        op("and", op("=", "foo", "foo"), op(">=", True, True), op("<>", 3.14, 1)),
        "Hải Châu Sơn Trà",
    ),
    Case("ward", "'Huế' LIKE 'H%'", op("like", "Huế", "H%"), "Hải Châu Sơn Trà"),
    related("s_within", "parcel", "POINT (550150 1778450)", "1", turned=True),
    Case(
        "land_use",
        "T_BEFORE(DATE('2019-12-31'), valid_from)",
        op("t_before", {"date": "2019-12-31"}, column("valid_from")),
        "LUA",
    ),
)
ARITHMETIC = (
    Case("road", "lanes = 2 * 2 + 2", op("=", LANES, op("+", op("*", 2, 2), 2)), "Đường 0"),
    Case("road", "lanes - 1 = 1", op("=", op("-", LANES, 1), 1), "Đường 1"),
    Case("road", "lanes / 4 = 1.5", op("=", op("/", LANES, 4), 1.5), "Đường 0"),
    Case("road", "lanes div 4 = 1", op("=", op("div", LANES, 4), 1), "Đường 0"),
    Case("road", "lanes % 2 = 1", op("=", op("%", LANES, 2), 1), "Đường 2"),
    Case("road", "lanes ^ 2 > 3", op(">", op("^", LANES, 2), 3), "Đường 0 Đường 1"),
    Case("road", "lanes > 7 - 20 / 10", op(">", LANES, op("-", 7, op("/", 20, 10))), "Đường 0"),
    Case(
        "road", "lanes BETWEEN 4 / 4 AND (1 + 1)", op("between", LANES, op("/", 4, 4), op("+", 1, 1)), "Đường 1 Đường 2"
    ),
    Case("road", "lanes IN (1 + 1, 2 * 3)", op("in", LANES, [op("+", 1, 1), op("*", 2, 3)]), "Đường 0 Đường 1"),
    Case("road", "1 + 1 = lanes", op("=", op("+", 1, 1), LANES), "Đường 1"),
)
# Three parcels of 100 m stand side by side from 550 000 m east and 1 778 400 m north; Sơn Trà begins there in the west.
MIDDLE = "POLYGON ((550100 1778400, 550200 1778400, 550200 1778500, 550100 1778500, 550100 1778400))"
HOLED = (
    "POLYGON ((549900 1778300, 550400 1778300, 550400 1778600, 549900 1778600, 549900 1778300), "
    "(550050 1778350, 550350 1778350, 550350 1778550, 550050 1778550, 550050 1778350))"
)
"""Around the parcels; of them it holds only the western half of the first."""
BASIC_SPATIAL = (
    related("s_intersects", "parcel", "POINT (550150 1778450)", "1"),
    related("s_intersects", "parcel", "BBOX(550150, 1778450, 550250, 1778460)", "1 2"),
)
SPATIAL_LITERALS = (
    related("s_intersects", "parcel", "MULTIPOINT (550050 1778450, 550250 1778450)", "0 2"),
    related("s_intersects", "parcel", "LINESTRING (550050 1778300, 550050 1778450)", "0"),
    related("s_intersects", "parcel", "MULTILINESTRING ((550050 1778300, 550050 1778450), (1 1, 2 2))", "0"),
    related("s_intersects", "parcel", HOLED, "0"),
    related(
        "s_intersects", "parcel", f"MULTIPOLYGON (((1 1, 2 1, 2 2, 1 1)), {MIDDLE.removeprefix('POLYGON ')})", "0 1 2"
    ),
    related("s_intersects", "parcel", "GEOMETRYCOLLECTION (POINT (550050 1778450), LINESTRING (1 1, 2 2))", "0"),
)
SPATIAL = (
    related("s_equals", "parcel", MIDDLE, "1"),
    related("s_disjoint", "parcel", "POINT (550150 1778450)", "0 2"),
    related("s_touches", "parcel", "POINT (550100 1778450)", "0 1"),
    related("s_touches", "parcel", MIDDLE, "0 2"),
    related("s_within", "parcel", "BBOX(549990, 1778390, 550210, 1778510)", "0 1"),
    related("s_contains", "ward", MIDDLE, "Sơn Trà"),
    related("s_contains", "parcel", f"GEOMETRYCOLLECTION (POINT (550150 1778450), {MIDDLE})", "1"),
    related("s_overlaps", "parcel", "BBOX(550150, 1778450, 550250, 1778550)", "1 2"),
    related("s_crosses", "road", "BBOX(549500, 1778200, 549600, 1778400)", "Đường 1"),
    related("s_crosses", "road", "LINESTRING (549500 1778000, 549500 1778200)", "Đường 0"),
)
TEMPORAL = (
    began("t_after", "2019-12-31", "LUA"),
    began("t_after", "2020-01-01", ""),
    began("t_before", "2020-01-02", "LUA"),
    began("t_disjoint", "2020-01-01", ""),
    began("t_equals", "2020-01-01", "LUA"),
    began("t_intersects", "2020-01-01", "LUA"),
    timed("t_after", "2010-01-01", "2019-12-31", holds=True),
    timed("t_before", "2030-01-01", "..", holds=True),
    timed("t_before", "2029-12-31", "..", holds=False),
    timed("t_disjoint", "2030-01-01", "2031-01-01", holds=True),
    timed("t_equals", "2020-01-01", "2029-12-31", holds=True),
    timed("t_intersects", "2029-12-31", "2031-01-01", holds=True),
    timed("t_intersects", "2030-01-01", "2031-01-01", holds=False),
    timed("t_contains", "2021-01-01", "2022-01-01", holds=True),
    timed("t_during", "2010-01-01", "..", holds=True),
    timed("t_finishedBy", "2029-01-01", "2029-12-31", holds=True),
    timed("t_finishes", "..", "2029-12-31", holds=True),
    timed("t_meets", "2029-12-31", "2031-01-01", holds=True),
    timed("t_metBy", "2010-01-01", "2020-01-01", holds=True),
    timed("t_overlappedBy", "2010-01-01", "2025-01-01", holds=True),
    timed("t_overlaps", "2025-01-01", "2035-01-01", holds=True),
    timed("t_startedBy", "2020-01-01", "2021-01-01", holds=True),
    timed("t_starts", "2020-01-01", "..", holds=True),
)


def found_of(*cases: Case) -> Callable[[TestClient], None]:
    """Return the proof that each case finds what it has to, in both encodings."""

    def check(service: TestClient) -> None:
        for case in cases:
            as_text = {"filter": case.text, "filter-lang": "cql2-text"}
            as_tree = {"filter": json.dumps(case.tree), "filter-lang": "cql2-json"}
            for asked in (as_text, as_tree):
                answer = service.get(f"/ogc/collections/{case.layer}/items", params={**asked, "filter-crs": STORED})
                assert answer.status_code == 200, (asked, answer.text)
                features = answer.json()["features"]
                found = sorted(feature["properties"][NAMES[case.layer]] for feature in features)
                assert " ".join(found) == case.found, asked

    return check


CLASSES = {
    "advanced-comparison-operators": found_of(*ADVANCED),
    "case-insensitive-comparison": found_of(*CASE),
    "accent-insensitive-comparison": found_of(*ACCENT),
    "basic-spatial-functions": found_of(*BASIC_SPATIAL),
    "basic-spatial-functions-plus": found_of(*SPATIAL_LITERALS),
    "spatial-functions": found_of(*SPATIAL),
    "temporal-functions": found_of(*TEMPORAL),
    "property-property": found_of(*PROPERTIES),
    "arithmetic": found_of(*ARITHMETIC),
}
"""The proof of each class."""
