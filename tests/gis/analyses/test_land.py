"""How much land has which use, and what becomes of it: worked out on paper for the town."""

from __future__ import annotations

import json

import pytest

from gis.analyses.land_balance import land_balance
from gis.analyses.land_use_change import land_use_change
from gis.db import City, seen_at
from gis.findings import NOT_APPLICABLE
from gis.planning.places import PlaceError
from gis.planning.plans import PlanError
from gis.scenarios import open_scenario
from layers.model import Horizon
from tests.gis.conftest import lonlat_box

HOUSING, MIXED, GREEN = "DAT_O_Nhomnhao", "DAT_O_Honhop_Nhomo", "DAT_HTXH_CayxanhCC"
SCHOOL, RIVER = "DAT_HTXH_Truonghoc", "DAT_KHAC_Songsuoi"


def balance(city: City, column: str, **asked: str) -> dict[str | None, float]:
    """Return hectares by code, of uses that have any; the sum under None."""
    table = land_balance(city, **asked).table_named()
    found = zip(table.column("code"), table.column(column), strict=True)
    return {_code(code): round(area, 6) for code, area in found if area != NOT_APPLICABLE and area}


def _code(cell: object) -> str | None:
    return None if cell == NOT_APPLICABLE else str(cell)


def change(city: City, **asked: str) -> dict[tuple[str | None, str | None], float]:
    table = land_use_change(city, **asked).table_named()
    pairs = zip(table.column("earlier"), table.column("later"), table.column("area_ha"), strict=True)
    return {(_code(earlier), _code(later)): round(area, 6) for earlier, later, area in pairs}


def test_the_land_of_the_town_adds_up_by_use(town: City):
    existing = {"ODT": 3.0, "DKV": 1.5, "DGD": 0.5, "DCH": 0.5, "SKC": 1.0, "LUC": 1.5, "TMD": 1.0, None: 9.0}
    assert balance(town, "existing_ha") == existing
    assert balance(town, "2030_ha") == {HOUSING: 5.5, MIXED: 1.5, GREEN: 1.0, SCHOOL: 1.0, RIVER: 1.0, None: 10.0}
    assert balance(town, "2045_ha") == {HOUSING: 4.0, MIXED: 3.0, GREEN: 1.0, SCHOOL: 1.0, RIVER: 1.0, None: 10.0}
    assert balance(town, "2030_share")[HOUSING] == 0.55


def test_codes_of_one_list_have_no_value_in_columns_of_the_other_and_no_use_is_no_land(town: City):
    table = land_balance(town, within=lonlat_box(201, 1, 249, 99)).table_named()
    rows = {(row[0].en, row[1]): row[3:] for row in table.rows}
    assert rows["Land-use code", "SKC"][2:] == (NOT_APPLICABLE,) * 4
    assert rows["Planned use", HOUSING][:2] == (NOT_APPLICABLE,) * 2
    # Z4 is housing in 2030 and mixed use in 2045.
    planned = {use: cells[2::2] for (codes, use), cells in rows.items() if codes == "Planned use"}
    half = pytest.approx(0.4704, abs=1e-4)
    assert planned == {HOUSING: (half, 0.0), MIXED: (0.0, half)}


def test_areas_of_present_use_may_stand_in_for_parcels(town: City):
    assert balance(town, "existing_ha", present="land_use")["SON"] == 1.0
    assert balance(town, "existing_ha", present="land_use")[None] == 10.0


def test_a_ward_has_its_own_balance(town: City):
    assert balance(town, "existing_ha", within="ward:WEST") == {"ODT": 2, "DKV": 1, "DGD": 0.5, "DCH": 0.5, None: 4}
    finding = land_balance(town, within="ward:EAST")
    assert finding.quantity("planned_2030_ha").value == pytest.approx(6)
    assert finding.quantity("unplanned_2030_ha").value == pytest.approx(0, abs=1e-9)


def test_an_area_that_is_drawn_cuts_what_lies_across_its_border(town: City):
    drawn = lonlat_box(50, 50, 250, 150)  # 2 ha of the middle, half in A and B, a quarter in C and H
    found = balance(town, "existing_ha", within=drawn)
    expected = {"ODT": 0.75, "DKV": 0.25, "DGD": 0.25, "DCH": 0.25, "SKC": 0.25, "TMD": 0.25, None: 2.0}
    assert found == pytest.approx(expected, abs=1e-4)


def test_land_passes_from_use_to_use(town: City):
    assert change(town) == {
        ("ODT", HOUSING): 2.0,
        ("ODT", MIXED): 1.0,
        ("DKV", GREEN): 1.0,
        ("DKV", MIXED): 0.5,
        ("DGD", SCHOOL): 0.5,
        ("DCH", SCHOOL): 0.5,
        ("SKC", HOUSING): 1.0,
        ("LUC", HOUSING): 1.5,
        ("TMD", HOUSING): 1.0,
        (None, RIVER): 1.0,
    }
    assert change(town, earlier="2030", later="2045") == {
        (HOUSING, HOUSING): 4.0,
        (HOUSING, MIXED): 1.5,
        (MIXED, MIXED): 1.5,
        (GREEN, GREEN): 1.0,
        (SCHOOL, SCHOOL): 1.0,
        (RIVER, RIVER): 1.0,
    }


@pytest.mark.parametrize("within", ["city", "ward:WEST", "ward:EAST", "drawn"])
@pytest.mark.parametrize("later", ["2030", "2045"])
def test_rows_and_columns_of_the_matrix_are_the_balances(town: City, within: str, later: str):
    within = lonlat_box(33, 27, 471, 183) if within == "drawn" else within
    areas = change(town, within=within, later=later)
    before, after = balance(town, "existing_ha", within=within), balance(town, f"{later}_ha", within=within)
    for code, area in before.items():
        if code is not None:
            assert sum(each for (first, _), each in areas.items() if first == code) == pytest.approx(area, abs=0.01)
    for code, area in after.items():
        if code is not None:
            assert sum(each for (_, second), each in areas.items() if second == code) == pytest.approx(area, abs=0.01)


def test_a_scenario_without_changes_answers_as_the_baseline_does(city: City):
    from gis.sample.town import load_town

    load_town(city)
    open_scenario(city.connection, "same")
    for question in (land_balance, land_use_change):
        alone = question(city)
        same = question(seen_at(city.connection, Horizon.EXISTING, "same"))
        assert (alone.tables, alone.quantities) == (same.tables, same.quantities)
        seen_at(city.connection, Horizon.EXISTING)


def test_the_same_question_has_the_same_hash_and_leaves_the_city_as_it_was_seen(town: City):
    seen_at(town.connection, Horizon.H2045)
    first = land_balance(City(town.connection, Horizon.H2045))
    assert first.hash == land_balance(City(town.connection, Horizon.H2045)).hash
    assert first.hash != land_balance(City(town.connection, Horizon.H2045), within="ward:WEST").hash
    (count,) = town.connection.execute("SELECT count(*) FROM parcel").fetchone()
    assert count == 26
    seen_at(town.connection, Horizon.EXISTING)
    json.dumps(first.document, allow_nan=False)


def test_a_frame_has_titles_and_units(town: City):
    frame = land_balance(town).table(language="vi")
    assert frame.attrs["titles"]["2030_ha"] == "Quy hoạch 2030"
    assert frame.attrs["units"]["2030_ha"] == "ha"
    assert frame.iloc[-1]["title"] == "Tổng cộng"
    assert frame.set_index("code").loc["ODT", "existing_ha"] == 3.0


@pytest.mark.parametrize(
    ("within", "why"),
    [
        ("ward:WST", "nearest is ward:WEST, Phường Tây"),
        ("district:Q1", "give city, ward:CODE"),
        ("{", "no GeoJSON"),
        ('{"type": "Point", "coordinates": [108, 16]}', "is a Point; it is a Polygon"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}', "crosses or touches itself"),
        ('{"type": "Polygon", "coordinates": [[[550000, 0], [550001, 0], [550001, 1], [550000, 0]]]}', "degrees"),
        ('{"type": "Polygon", "coordinates": "here"}', "no proper rings"),
        ('{"type": "Feature", "geometry": "here"}', "is a text or number"),
        ('{"type": ' + "[" * 100_000, "no GeoJSON"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(town: City, within: str, why: str):
    with pytest.raises(PlaceError, match=why):
        land_balance(town, within=within)


def test_a_plan_that_is_not_in_the_register_is_refused(town: City):
    with pytest.raises(PlanError, match="it has TOWN-QHC, TOWN-QHC-2010"):
        land_balance(town, plan="TOWN")


def test_a_city_without_a_plan_says_so(empty: City):
    with pytest.raises(PlanError, match="it is empty"):
        land_balance(empty)


def test_zones_that_overlap_are_told_and_not_hidden(city: City):
    from gis.sample.town import load_town

    load_town(city)
    assert land_use_change(city).quantity("counted_twice_ha").value == pytest.approx(0, abs=1e-9)
    city.connection.execute(
        "INSERT INTO city.zone (source, plan_code, horizon, code, plan_use, geom)"
        " SELECT source, plan_code, horizon, 'Z2b', plan_use, geom FROM city.zone"
        " WHERE code = 'Z2' AND horizon = '2030'"
    )
    assert land_use_change(city).quantity("counted_twice_ha").value == pytest.approx(1)
