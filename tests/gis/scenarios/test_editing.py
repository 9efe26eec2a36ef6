"""A scenario is edited by plain SQL, by other programs, and by functions; the baseline does not notice."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
import shapely
from psycopg import sql

from gis.db import City, seen_at
from gis.errors import QuyhoachError
from gis.lineage import ScenarioNameError, UnknownScenarioError
from gis.scenarios import add, change, drop_scenario, open_scenario, remove, restore, scenarios
from gis.scenarios.edits import add_all
from gis.scenarios.errors import (
    BaselineEditError,
    ChildrenError,
    EndsEarlyError,
    NoFeatureError,
    ReservedNameError,
    TakenNameError,
    TooManyGenerationsError,
    UnchangedFeatureError,
    UnfitGeometryError,
    UnfitValueError,
    UnknownColumnError,
)
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import gdal
from tests.gis.scenarios.conftest import Town, rows

INSERT = (
    "INSERT INTO parcel (map_sheet, land_use_code, stage, source, geom)"
    " SELECT 'new', 'ODT', %s, 'hand', ST_Translate(geom, 0, 5000) FROM parcel WHERE map_sheet = '1'"
)
PARCEL = LAYERS["parcel"]


def test_a_scenario_without_changes_equals_the_baseline(town: Town):
    baseline = rows(town.city, sql.Identifier("parcel"))
    seen_at(town.city.connection, Horizon.EXISTING, "green")
    assert rows(town.city, sql.Identifier("parcel")) == baseline
    assert len(baseline) == 3


def test_an_insert_a_change_and_a_removal_are_seen_in_the_scenario_alone(town: Town):
    first, second, third = town.parcels
    town.edit("UPDATE parcel SET map_sheet = 'one' WHERE uid = %s", "green", first)
    town.edit("DELETE FROM parcel WHERE uid = %s", "green", second)
    town.edit(INSERT.replace("'1'", "'3'"), "green", "existing")
    seen = town.shown("green")
    (new,) = set(seen) - set(town.parcels)
    assert seen == {first: "one", third: "3", new: "new"}
    assert town.shown() == {first: "1", second: "2", third: "3"}


def test_what_is_removed_can_be_put_again_under_its_uid(town: Town):
    first = town.parcels[0]
    town.edit("DELETE FROM parcel WHERE uid = %s", "green", first)
    town.edit(
        "INSERT INTO parcel (uid, map_sheet, land_use_code, stage, source, geom)"
        " SELECT %s, 'again', 'ODT', 'existing', 'hand', geom FROM city.parcel LIMIT 1",
        "green",
        first,
    )
    assert town.shown("green")[first] == "again"
    with pytest.raises(psycopg.errors.UniqueViolation, match="already"):
        town.edit(
            "INSERT INTO parcel (uid, land_use_code, stage, source, geom)"
            " SELECT uid, 'ODT', 'existing', 'hand', geom FROM city.parcel",
            "green",
        )
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="keeps its uid"):
        town.edit("UPDATE parcel SET uid = uid + 1000", "green")


def test_two_scenarios_are_edited_independently(town: Town):
    town.opened("grey", "parcel")
    first = town.parcels[0]
    town.edit("UPDATE parcel SET map_sheet = 'green' WHERE uid = %s", "green", first)
    town.edit("UPDATE parcel SET map_sheet = 'grey' WHERE uid = %s", "grey", first)
    assert [town.shown(name)[first] for name in ("green", "grey", "baseline")] == ["green", "grey", "1"]
    drop_scenario(town.city.connection, "grey")
    assert town.shown("green")[first] == "green"


def test_a_scenario_opened_from_another_shows_its_changes_now_and_later(town: Town):
    first, second, _ = town.parcels
    town.opened("greener", "parcel", parent="green")
    town.edit("UPDATE parcel SET map_sheet = 'child' WHERE uid = %s", "greener", first)
    town.edit("UPDATE parcel SET map_sheet = 'parent'", "green")
    assert town.shown("greener") == {first: "child", second: "parent", town.parcels[2]: "parent"}
    with pytest.raises(ChildrenError, match="greener"):
        drop_scenario(town.city.connection, "green")


def test_a_scenario_follows_the_baseline_where_it_changes_nothing(town: Town):
    first, second, third = town.parcels
    town.edit("UPDATE parcel SET map_sheet = 'one' WHERE uid = %s", "green", first)
    town.city.connection.execute("UPDATE city.parcel SET map_sheet = 'later'")
    assert town.shown("green") == {first: "one", second: "later", third: "later"}


def test_a_scenario_is_seen_at_each_horizon(town: Town):
    first, second, third = town.parcels
    town.edit("UPDATE parcel SET stage_end = '2030' WHERE uid = %s", "green", first)
    town.edit(INSERT.replace("'1'", "'3'"), "green", "2045")
    seen = {horizon: set(town.shown("green", horizon).values()) for horizon in Horizon}
    assert seen == {Horizon.EXISTING: {"1", "2", "3"}, Horizon.H2030: {"2", "3"}, Horizon.H2045: {"2", "3", "new"}}
    assert set(town.shown("baseline", Horizon.H2045)) == {first, second, third}


def test_the_baseline_cannot_be_written_from_inside_a_scenario(town: Town):
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="quyhoach scenario edit green road"):
        town.edit("DELETE FROM road")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        town.edit("UPDATE city.parcel SET map_sheet = 'x'")
    town.see()
    town.city.connection.execute("DELETE FROM road")


def test_gdal_writes_a_scenario_like_any_table(town: Town, database_url: str):
    source = (
        '{"type": "Feature", "properties": {"map_sheet": "gdal", "land_use_code": "ODT", "stage": "existing",'
        ' "source": "hand"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[108.2, 16.0], [108.201, 16.0],'
        " [108.201, 16.001], [108.2, 16.0]]]]}}"
    )
    command = ["ogr2ogr", "-append", "-t_srs", "EPSG:5899", "-nln", "scenario_green.parcel(geom)"]
    place = f"PG:{database_url} tables=scenario_green.parcel(geom)"
    gdal(*command, place, source)
    assert sorted(town.shown("green").values()) == ["1", "2", "3", "gdal"]
    assert sorted(town.shown().values()) == ["1", "2", "3"]


def test_functions_edit_what_they_check(town: Town):
    first, second, _ = town.parcels
    green = town.see("green")
    box = shapely.box(0, 0, 10, 10)
    uid = add(green, PARCEL, {"land_use_code": "ODT", "stage": "existing", "map_sheet": "9"}, box)
    change(green, PARCEL, first, {"map_sheet": "one"}, geometry=box)
    remove(green, PARCEL, second)
    assert town.shown("green") == {first: "one", uid: "9", town.parcels[2]: "3"}
    green = town.see("green")
    area = green.connection.execute("SELECT ST_Area(geom) FROM parcel WHERE uid = %s", [first]).fetchone()
    assert area == (100.0,)
    restore(green, PARCEL, first)
    restore(green, PARCEL, second)
    remove(green, PARCEL, uid)
    assert town.shown("green") == town.shown()


def test_an_edit_that_does_not_fit_is_refused_in_words(town: Town):
    green, first = town.see("green"), town.parcels[0]
    box = shapely.box(0, 0, 10, 10)
    with pytest.raises(UnknownColumnError, match="nearest name is map_sheet"):
        change(green, PARCEL, first, {"map_shet": "1"})
    with pytest.raises(UnfitValueError, match="stage"):
        change(green, PARCEL, first, {"stage": "2031"})
    with pytest.raises(UnfitGeometryError, match="Point"):
        change(green, PARCEL, first, {}, geometry=shapely.Point(0, 0))
    with pytest.raises(UnfitValueError, match="stage"):
        add(green, PARCEL, {"land_use_code": "ODT"}, box)
    with pytest.raises(UnfitValueError, match="at most 200 letters"):
        change(green, PARCEL, first, {"map_sheet": "a" * 201})
    with pytest.raises(UnfitValueError, match="area_legal_m2"):
        change(green, PARCEL, first, {"area_legal_m2": 10**400})
    with pytest.raises(NoFeatureError):
        remove(green, PARCEL, 999_999)
    with pytest.raises(UnchangedFeatureError):
        restore(green, PARCEL, first)
    with pytest.raises(BaselineEditError):
        remove(town.see(), PARCEL, first)


def test_a_feature_does_not_cease_to_hold_before_it_begins(town: Town):
    green, first = town.see("green"), town.parcels[0]
    change(green, PARCEL, first, {"valid_to": dt.date(2030, 1, 1)})
    with pytest.raises(EndsEarlyError, match="before valid_from"):
        change(green, PARCEL, first, {"valid_from": dt.date(2031, 1, 1)})
    ends_early = {"land_use_code": "ODT", "stage": "existing", "valid_from": dt.date(2031, 1, 1)}
    with pytest.raises(EndsEarlyError):
        add(green, PARCEL, {**ends_early, "valid_to": dt.date(2030, 1, 1)}, shapely.box(0, 0, 10, 10))
    days = "SELECT valid_from, valid_to FROM scenario_green.parcel_change"
    assert green.connection.execute(days.encode()).fetchall() == [(None, dt.date(2030, 1, 1))]


def test_new_features_are_stored_all_or_none(town: Town):
    green, box = town.see("green"), shapely.box(0, 0, 10, 10)
    attributes = {"land_use_code": "ODT", "stage": "existing"}
    uids = add_all(green, PARCEL, [({**attributes, "map_sheet": str(place)}, box) for place in (7, 8, 9)])
    assert [town.shown("green")[uid] for uid in uids] == ["7", "8", "9"]
    days = {"valid_from": dt.date(2031, 1, 1), "valid_to": dt.date(2030, 1, 1)}
    with pytest.raises(EndsEarlyError):
        add_all(town.see("green"), PARCEL, [(attributes, box), ({**attributes, **days}, box)])
    assert len(town.shown("green")) == 6


@pytest.mark.parametrize("name", ["pg_catalog", "city", "public", "register", "baseline", "information_schema"])
def test_a_name_of_the_system_is_refused(empty: City, name: str):
    with pytest.raises(ReservedNameError, match="part of the system"):
        open_scenario(empty.connection, name)


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a b", "a" * 41, "á", 'a"; DROP SCHEMA city', "a\n"])
def test_a_name_that_is_no_name_is_refused(empty: City, name: str):
    with pytest.raises(ScenarioNameError, match="begins with a lower case letter"):
        open_scenario(empty.connection, name)
    with pytest.raises(ScenarioNameError):
        seen_at(empty.connection, Horizon.EXISTING, name)


@pytest.mark.parametrize("name", ["pg_catalog", "city", "gren"])
def test_a_scenario_that_is_not_open_cannot_be_seen(town: Town, name: str):
    with pytest.raises(UnknownScenarioError, match="nearest is green" if name == "gren" else "There is no"):
        seen_at(town.city.connection, Horizon.EXISTING, name)


def test_a_name_is_given_once_and_a_line_is_not_endless(town: Town):
    with pytest.raises(TakenNameError):
        open_scenario(town.city.connection, "green")
    parent = "green"
    for number in range(2, 9):
        parent = open_scenario(town.city.connection, f"n{number}", parent=parent).name
    with pytest.raises(TooManyGenerationsError):
        open_scenario(town.city.connection, "n9", parent=parent)
    assert [one.name for one in scenarios(town.city.connection)] == ["green", *(f"n{number}" for number in range(2, 9))]


def test_a_dropped_scenario_leaves_nothing(town: Town):
    drop_scenario(town.city.connection, "green")
    left = town.city.connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%green%'").fetchall()
    assert left == []
    with pytest.raises(QuyhoachError):
        town.see("green")
