"""CQL2 asked of three parcels placed by hand."""

from __future__ import annotations

import json
import time

import pytest
from psycopg import sql

from gis.db import City
from gis.features import questioned_columns
from gis.features.system import LATLON, STORED
from gis.filters.errors import FilterError
from gis.filters.folding import without_case
from gis.filters.parsing import Language, parsed
from gis.filters.translation import condition
from layers import LAYERS
from tests.gis.filters.conftest import meant

PARCEL = LAYERS["parcel"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("parcel_number = 'A'", "A"),
        ("area_legal_m2 <> 100", "B"),
        ("area_legal_m2 > 100", "B"),
        ("area_legal_m2 >= 100", "AB"),
        ("area_legal_m2 < 250", "A"),
        ("area_legal_m2 <= 250", "AB"),
        ("area_legal_m2 IS NULL", "C"),
        ("area_legal_m2 IS NOT NULL", "AB"),
        ("parcel_number = 'A' OR parcel_number = 'C'", "AC"),
        ("area_legal_m2 >= 100 AND NOT parcel_number = 'A'", "B"),
        ("valid_from = DATE('2030-01-01')", "B"),
        ("valid_from < TIMESTAMP('2025-01-01T00:00:00Z')", "A"),
        ("valid_from = TIMESTAMP('2030-01-01T00:00:00+07:00')", "B"),
        ("valid_from = TIMESTAMP('2029-12-31T17:00:00Z')", "B"),
        ("valid_from = TIMESTAMP('2029-12-31T16:59:59Z')", ""),
        ("valid_from = '2030-01-01'", "B"),
    ],
)
def test_basic_cql2_compares_a_property_with_a_value(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("area_legal_m2 BETWEEN 100 AND 250", "AB"),
        ("area_legal_m2 NOT BETWEEN 100 AND 200", "B"),
        ("parcel_number IN ('A', 'C')", "AC"),
        ("parcel_number NOT IN ('A')", "BC"),
        ("valid_from IN ('2020-01-01', '2020-01-02')", "A"),
        ("valid_from BETWEEN '2025-01-01' AND '2029-12-31T17:00:00Z'", "B"),
        ("map_sheet LIKE 'Đường%'", "A"),
        ("map_sheet LIKE '%b_ch%'", "B"),
        (r"map_sheet LIKE '50\%\_x'", "C"),
        ("map_sheet NOT LIKE '%a%'", "AC"),
    ],
)
def test_advanced_comparisons_find_what_is_between_among_and_alike(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("CASEI(land_use_code) = CASEI('odt')", "A"),
        ("CASEI(map_sheet) LIKE CASEI('ĐƯỜNG%')", "A"),
        ("CASEI(land_use_code) IN (CASEI('odt'), CASEI('Tmd'))", "AC"),
        ("ACCENTI(map_sheet) = ACCENTI('Dường Bách Đàng')", "A"),
        ("ACCENTI(CASEI(map_sheet)) = ACCENTI(CASEI('DUONG BACH DANG'))", "AB"),
        ("CASEI(map_sheet) LIKE CASEI('Đ__NG%')", "A"),
        ("CASEI('Straße') = CASEI('STRASSE') AND CASEI('Οδος') = CASEI('ΟΔΟΣ')", "ABC"),
        ("ACCENTI('København') = ACCENTI('Kobenhavn')", "ABC"),
        ("CASEI(CASEI(map_sheet)) = CASEI('ĐƯỜNG bạch đằng')", "A"),
        ("CASEI(map_sheet) = CASEI('Đu\u031bo\u031b\u0300ng Ba\u0323ch Đa\u0306\u0300ng')", "A"),
    ],
)
def test_case_and_accents_can_be_passed_over(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("area_legal_m2 * 2 + 50 = 250", "A"),
        ("area_legal_m2 - 150 = 100", "B"),
        ("area_legal_m2 / 4 = 25", "A"),
        ("area_legal_m2 % 100 = 50", "B"),
        ("area_legal_m2 div 100 = 2", "B"),
        ("frontage_m ^ 2 = 25", "A"),
        ("area_legal_m2 / 0 > 1", ""),
        ("area_legal_m2 > frontage_m * 19", "A"),
        ("100 = area_legal_m2", "A"),
    ],
)
def test_arithmetic_and_properties_stand_on_either_side(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("S_INTERSECTS(geometry, BBOX(550050, 1778050, 550060, 1778060))", "A"),
        ("S_INTERSECTS(geometry, POINT(550150 1778050))", "B"),
        ("S_DISJOINT(geometry, POINT(550150 1778050))", "AC"),
        ("S_WITHIN(geometry, BBOX(549999, 1777999, 550201, 1778101))", "AB"),
        ("S_CONTAINS(geometry, POINT(550150 1778050))", "B"),
        ("S_TOUCHES(geometry, POINT(550000 1778050))", "A"),
        ("S_CROSSES(geometry, LINESTRING(549900 1778050, 550050 1778050))", "A"),
        ("S_OVERLAPS(geometry, BBOX(550150, 1778050, 550250, 1778150))", "B"),
        (
            "S_EQUALS(geometry, POLYGON((550000 1778000, 550100 1778000, 550100 1778100, 550000 1778100, "
            "550000 1778000)))",
            "A",
        ),
        ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(550000 1778050), POINT(550000 1778060)))", "A"),
        (
            "S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(0 0), POLYGON((550000 1778000, 550150 1778000, "
            "550150 1778100, 550000 1778100, 550000 1778000)), POLYGON((550140 1778000, 550200 1778000, "
            "550200 1778100, 550140 1778100, 550140 1778000))))",
            "AB",
        ),
    ],
)
def test_features_stand_in_each_spatial_relation_to_a_geometry(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


def test_every_letter_folds_as_unicode_says(parcels: City):
    blocks = ((0, 0x590), (0x1C80, 0x1C89), (0x1E00, 0x2000), (0xFB00, 0xFB18))
    letters = [chr(number) for first, last in blocks for number in range(max(first, 1), last)]
    query = sql.SQL("SELECT letter FROM unnest(%s::text[], %s::text[]) AS pair (letter, folded) WHERE {} <> {}").format(
        without_case(sql.SQL("letter")), without_case(sql.SQL("folded"))
    )
    pairs = (letters, [letter.casefold() for letter in letters])
    assert parcels.connection.execute(query, pairs).fetchall() == []


@pytest.mark.parametrize(
    ("tree", "numbers"),
    [
        ({"op": "=", "args": [{"property": "parcel_number"}, "A"]}, "A"),
        ({"op": "not", "args": [{"op": "isNull", "args": [{"property": "area_legal_m2"}]}]}, "AB"),
        ({"op": "between", "args": [{"property": "area_legal_m2"}, 200, 300]}, "B"),
        ({"op": "in", "args": [{"property": "parcel_number"}, ["B", "C"]]}, "BC"),
        (
            {
                "op": "s_intersects",
                "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [550_050, 1_778_050]}],
            },
            "A",
        ),
        ({"op": "t_after", "args": [{"property": "valid_from"}, {"date": "2025-01-01"}]}, "B"),
    ],
)
def test_json_means_the_same_as_text(parcels: City, tree: object, numbers: str):
    assert meant(parcels, json.dumps(tree), Language.JSON) == numbers


def test_positions_in_epsg_4326_are_read_latitude_first(parcels: City):
    # 550 050 m east, 1 778 050 m north of EPSG:5899, in A.
    row = parcels.connection.execute(
        "SELECT ST_X(at), ST_Y(at) FROM ST_Transform(ST_SetSRID(ST_MakePoint(550050, 1778050), 5899), 4326) AS at"
    ).fetchone()
    assert row
    lon, lat = row
    assert meant(parcels, f"S_INTERSECTS(geometry, POINT({lat} {lon}))", system=LATLON) == "A"
    with pytest.raises(FilterError, match="north before east"):
        meant(parcels, f"S_INTERSECTS(geometry, POINT({lon} {lat}))", system=LATLON)


def test_a_value_is_never_read_as_sql(parcels: City):
    assert meant(parcels, "parcel_number = 'A'' OR TRUE --'") == ""
    assert meant(parcels, "map_sheet = '%(x)s {} %s'") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("parcel_numbr = 'A'", "did you mean parcel_number?"),
        ("web_geom = 1", "there is no property 'web_geom'"),
        ("parcel_number =", "it is not cql2-text"),
        ("parcel_number = 5", "cannot be compared"),
        ("valid_from = 'soon'", "a day is written DATE"),
        ("T_DURING(valid_from, INTERVAL('2030-01-01', '..'))", "T_DURING takes intervals"),
        ("T_MEETS(INTERVAL('2030-01-01', '..'), DATE('2030-01-01'))", "goes with T_AFTER, T_BEFORE"),
        ("valid_from > DATE('2030-02-30')", "is no day"),
        ("A_CONTAINS(parcel_number, ('A'))", "no column holds one"),
        ("buffer(geometry, 5) = 1", "buffer is not understood"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "not valid"),
        ("S_INTERSECTS(geometry, parcel_number)", "given text"),
        ("S_INTERSECTS(geometry, BBOX(1 + 1, 2, 3, 4))", "a side of a BBOX is a number"),
        ("S_INTERSECTS(geometry, BBOX(parcel_number, 2, 3, 4))", "a side of a BBOX is a number"),
        ("S_INTERSECTS(geometry, BBOX(1, 2, 3, uid))", "a side of a BBOX is a number"),
        ("S_INTERSECTS(geometry, BBOX('a', 2, 3, 4))", "a side of a BBOX is a number"),
        ("parcel_number", "a condition is expected"),
        ("parcel_number = '" + "x" * 40_000 + "'", "at most 32768 are taken"),
        ("(" * 100 + "parcel_number = 'A'" + ")" * 100, "at most 64 are taken"),
        ("(" * 30 + "parcel_number = 'A'" + ")" * 30, "readings of letters inside brackets"),
        ("parcel_number = 'A' AND (" * 20 + "!" + ")" * 20, "readings of letters inside brackets"),
        ("NOT " * 200 + "parcel_number = 'A'", "at most 128 are taken"),
        ("uid = 1" + " + 1" * 100, "operators inside one another; at most 64 are taken"),
        *(("uid = 1" + " + 1" * most, "operators in a row; at most 128 are taken") for most in (200, 600, 8_000)),
        *((f"uid{' = 1' * most}", "operators in a row; at most 128 are taken") for most in (1_000, 4_000)),
        ("casei(1 + 1 + 1 + " * 60 + "1 = 1" + ")" * 60, "at most 128 are taken"),
        ("uid = 1" + " AND 1" * 5_000, "it has 5000 ANDs and ORs; at most 2000 are taken"),
        (
            "S_INTERSECTS(geometry, LINESTRING(" + ", ".join(f"{step} {step}" for step in range(2_600)) + "))",
            "2600 vertices",
        ),
    ],
)
def test_a_refused_filter_says_why(text: str, reason: str):
    with pytest.raises(FilterError) as refused:
        condition(text, questioned_columns(PARCEL), system=STORED)
    assert reason in str(refused.value)


@pytest.mark.parametrize("opening", ["(", "-(", "NOT (", "2 * (", "a = 1 AND (", "a IN (", "a LIKE (", "f(2 * ("])
def test_what_is_wrong_deep_inside_brackets_is_refused_without_long_thought(opening: str):
    for depth in range(1, 64):
        for closed in (0, depth // 2, depth):
            began = time.thread_time()
            with pytest.raises(FilterError):
                parsed(opening * depth + "1 !" + ")" * closed, Language.TEXT)
            assert time.thread_time() - began < 2


def test_a_long_polygon_is_no_deep_nest():
    ring = ", ".join(f"{number}.25 {number}.5" for number in range(1, 1_900))
    tree = parsed(f"S_INTERSECTS(geom, MULTIPOLYGON(((0 0, {ring}, 0 0))))", Language.TEXT)
    assert tree["op"] == "s_intersects"
