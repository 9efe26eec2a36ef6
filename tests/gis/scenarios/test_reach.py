"""How far a scenario reaches is known: by layer, by place, by the log of changes; and what differs is a relation."""

from __future__ import annotations

import pytest
from psycopg import sql

from gis.differences import difference
from gis.scenarios import drop_scenario, open_scenario
from gis.scenarios.reach import changed_around, changed_by, changed_layers, changed_place, sight
from gis.schema import STORED_SRID
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import put
from tests.gis.scenarios.conftest import PARCEL, Town

FAR_M = 9_000
STRETCH = 1.04
"""Metres of EPSG:3857 for one on the ground, here, to the hundredth."""


def west_of(town: Town, uid: int) -> int:
    """Return the west side of a parcel of the baseline in metres of EPSG:3857."""
    ((west,),) = town.city.connection.execute(
        "SELECT round(ST_XMin(web_geom))::bigint FROM city.parcel WHERE uid = %s", [uid]
    ).fetchall()
    return west


def test_the_layers_a_scenario_changes_are_named(town: Town):
    town.opened("greener", "road", parent="green")
    open_scenario(town.city.connection, "untouched")
    connection = town.city.connection
    assert changed_layers(connection, "green") == {"parcel"}
    assert changed_layers(connection, "greener") == {"parcel", "road"}
    assert changed_layers(connection, "untouched") == frozenset()
    assert changed_layers(connection, "baseline") == frozenset()


def test_what_each_of_several_scenarios_changes_by_itself_is_named_at_once(town: Town):
    town.opened("greener", "zone", "road", parent="green")
    town.opened("untouched")
    found = changed_by(town.city.connection, ["green", "greener", "untouched", "gone"])
    assert {name: set(layers) for name, layers in found.items()} == {"green": {"parcel"}, "greener": {"road", "zone"}}


def test_one_box_holds_the_changes_of_all_layers(town: Town):
    town.opened("wide", "parcel", "road")
    connection, (first, *_) = town.city.connection, town.parcels
    assert changed_around(connection, sight(connection, "wide")) is None
    town.edit("DELETE FROM parcel WHERE uid = %s", "wide", first)
    alone = changed_place(connection, LAYERS["parcel"], sight(connection, "wide"))
    assert changed_around(connection, sight(connection, "wide")) == alone
    road = "SRID=5899;MULTILINESTRING((559200 1778000, 559300 1778100))"
    values = "('Đường', 'district', 'existing', 'hand', %s)"
    town.edit(f"INSERT INTO road (name, road_class, stage, source, geom) VALUES {values}", "wide", road)
    around = changed_around(connection, sight(connection, "wide"))
    assert around is not None
    assert around.west == alone.west
    assert around.east - around.west == pytest.approx((FAR_M + 200) * STRETCH, rel=0.01)


def test_a_layer_is_read_without_a_search_path(town: Town):
    town.opened("greener", parent="green")
    seen = sight(town.city.connection, "greener", horizon=Horizon.H2030)
    tables = {name: seen.table(LAYERS[name]).as_string() for name in ("parcel", "road", "ward")}
    assert tables == {
        "parcel": '"at_2030_in_green"."parcel"',
        "road": '"at_2030"."road"',
        "ward": '"city"."ward"',
    }
    assert seen.scenarios == {None, "green", "greener"}


def test_the_box_of_the_changes_holds_where_a_feature_was_and_where_it_is(town: Town):
    connection, first = town.city.connection, town.parcels[0]
    assert changed_place(connection, LAYERS["parcel"], sight(connection, "green")) is None
    town.edit("UPDATE parcel SET geom = ST_Translate(geom, 9000, 0) WHERE uid = %s", "green", first)
    place = changed_place(connection, LAYERS["parcel"], sight(connection, "green"))
    assert place is not None
    assert round(place.west) == west_of(town, first)
    assert place.east - place.west == pytest.approx((FAR_M + 100) * STRETCH, rel=0.01)


def test_an_edit_is_logged_where_it_was_and_where_it_is_under_the_name_of_the_scenario(town: Town):
    first, second, _ = town.parcels
    town.edit("UPDATE parcel SET geom = ST_Translate(geom, 9000, 0) WHERE uid = %s", "green", first)
    moved = town.logged()
    assert {(layer, scenario) for layer, scenario, _ in moved} == {("parcel", "green")}
    west, east = min(side for *_, side in moved if side), max(side for *_, side in moved if side)
    assert west == west_of(town, first)
    assert east - west == pytest.approx(FAR_M * STRETCH, rel=0.01)
    town.edit("DELETE FROM parcel WHERE uid = %s", "green", second)
    assert {side for *_, side in town.logged()} == {west_of(town, second)}
    town.city.connection.execute("DELETE FROM scenario_green.parcel_change")
    restored = {side for *_, side in town.logged()}
    assert {west_of(town, first), west_of(town, second)} <= restored
    town.city.connection.execute("TRUNCATE scenario_green.parcel_change")
    assert town.logged() == [("parcel", "green", None)]


def test_opening_and_dropping_are_changes_of_everything(town: Town):
    open_scenario(town.city.connection, "grey")
    drop_scenario(town.city.connection, "grey")
    assert town.logged() == [("*", "grey", None), ("*", "grey", None)]


def test_what_differs_between_two_scenarios_is_shown_as_the_latter_has_it(town: Town):
    connection, (first, second, third) = town.city.connection, town.parcels
    town.opened("grey", "parcel")
    town.edit("UPDATE parcel SET map_sheet = 'green' WHERE uid = %s", "green", first)
    town.edit("UPDATE parcel SET map_sheet = '2' WHERE uid = %s", "green", second)
    town.edit("DELETE FROM parcel WHERE uid = %s", "grey", third)
    query = difference(LAYERS["parcel"], sight(connection, "green"), sight(connection, "grey"))
    asked = sql.SQL("SELECT uid, map_sheet, change FROM ({}) AS d ORDER BY uid").format(query)
    assert connection.execute(asked).fetchall() == [(first, "1", "changed"), (third, "3", "removed")]


def test_what_differs_between_two_horizons_comes_and_goes(town: Town):
    connection = town.city.connection
    box = "MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)))"
    new = put(connection, "parcel", box, **{**PARCEL, "stage": "2030"})
    lost = put(connection, "parcel", box, stage_end="2030", **PARCEL)
    now = sight(connection, horizon=Horizon.EXISTING)
    query = difference(LAYERS["parcel"], now, now.at(Horizon.H2030))
    asked = sql.SQL(
        "SELECT uid, change FROM ({}) AS d WHERE geom && ST_MakeEnvelope(0, 0, 5, 5, {}) ORDER BY uid"
    ).format(query, sql.Literal(STORED_SRID))
    assert connection.execute(asked).fetchall() == [(new, "added"), (lost, "removed")]


def test_a_box_is_found_by_the_spatial_index_below_the_view_and_below_what_differs(town: Town):
    connection = town.city.connection
    connection.execute(
        "INSERT INTO city.parcel (land_use_code, stage, source, geom)"
        " SELECT 'ODT', 'existing', 'hand', ST_Multi(ST_MakeEnvelope(i, j, i + 9, j + 9, 5899))"
        " FROM generate_series(0, 990, 10) AS i, generate_series(0, 990, 10) AS j"
    )
    town.edit("UPDATE parcel SET map_sheet = 'x' WHERE uid %% 100 = 0 AND uid > %s", "green", 3)
    connection.execute("ANALYZE city.parcel, scenario_green.parcel_change")
    green = sight(connection, "green", horizon=Horizon.EXISTING)
    view = green.table(LAYERS["parcel"])
    differing = difference(LAYERS["parcel"], sight(connection, horizon=Horizon.EXISTING), green)
    for relation in (view, sql.SQL("({})").format(differing)):
        asked = sql.SQL(
            "EXPLAIN SELECT uid FROM {} AS seen WHERE geom && ST_MakeEnvelope(100, 100, 120, 120, 5899)"
        ).format(relation)
        plan = "\n".join(line for (line,) in connection.execute(asked).fetchall())
        assert "Index Cond: (geom &&" in plan, plan
        assert "Seq Scan on parcel " not in plan, plan
