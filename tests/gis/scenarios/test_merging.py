"""A scenario is merged whole or not at all; what both sides changed is named, what is replaced is kept."""

from __future__ import annotations

import pytest

from gis.db import City
from gis.lineage import UnknownScenarioError
from gis.scenarios.comparing import Comparison, compare
from gis.scenarios.errors import ChildrenError, Conflict, MergeConflictError, ReservedNameError
from gis.scenarios.merging import Conflicts, Merged, merge_scenario
from tests.gis.scenarios.conftest import Town

ADD = (
    "INSERT INTO parcel (map_sheet, land_use_code, stage, source, geom)"
    " VALUES ('new', 'ODT', 'existing', 'hand', 'SRID=5899;MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)))')"
)


def edited(town: Town) -> None:
    """Change the first parcel, remove the second, add another."""
    town.edit("UPDATE parcel SET map_sheet = 'one' WHERE uid = %s", "green", town.parcels[0])
    town.edit("DELETE FROM parcel WHERE uid = %s", "green", town.parcels[1])
    town.edit(ADD)


def superseded(city: City, place: str) -> list[tuple[int, str]]:
    return city.connection.execute(
        f"SELECT uid, map_sheet FROM {place} ORDER BY uid, superseded_at".encode()
    ).fetchall()


def test_a_comparison_counts_what_differs(town: Town):
    edited(town)
    assert compare(town.city.connection, "green") == (Comparison("parcel", 1, 1, 1),)
    assert compare(town.city.connection, "baseline", "green") == (Comparison("parcel", 1, 1, 1),)
    assert compare(town.city.connection, "green", "green") == ()


def test_a_merge_brings_the_scenario_to_the_baseline_and_is_logged(town: Town):
    first, second, third = town.parcels
    edited(town)
    seen = town.shown("green")
    town.see()
    town.logged()
    assert merge_scenario(town.city.connection, "green") == (Merged("parcel", 1, 1, 1, 0),)
    logged = {(layer, scenario) for layer, scenario, _ in town.logged()}
    assert {("parcel", None), ("*", "green")} <= logged
    assert town.shown() == town.shown("green") == seen
    assert first in seen
    assert second not in seen
    assert third in seen
    assert superseded(town.city, "history.parcel") == [(first, "1"), (second, "2")]
    assert len(superseded(town.city, "scenario_green.parcel_superseded")) == 3
    assert compare(town.city.connection, "green") == ()


def test_a_merge_works_from_inside_the_scenario(town: Town):
    edited(town)
    merge_scenario(town.see("green").connection, "green")
    assert set(town.shown().values()) == {"one", "3", "new"}


def test_a_conflict_is_named_and_nothing_is_merged(town: Town):
    first, second, third = town.parcels
    edited(town)
    town.edit("UPDATE parcel SET map_sheet = 'three' WHERE uid = %s", "green", third)
    town.city.connection.execute("UPDATE city.parcel SET map_sheet = 'meanwhile' WHERE uid <> %s", [third])
    town.city.connection.execute("DELETE FROM city.parcel WHERE uid = %s", [third])
    before = town.shown()
    with pytest.raises(MergeConflictError, match=rf"parcel {first} \(changed meanwhile\)") as refused:
        merge_scenario(town.city.connection, "green")
    assert refused.value.conflicts == (
        Conflict("parcel", first, "changed"),
        Conflict("parcel", second, "changed"),
        Conflict("parcel", third, "removed"),
    )
    assert town.shown() == before
    assert town.shown("green")[first] == "one"


def test_conflicts_are_taken_and_the_other_state_is_kept(town: Town):
    first, _, third = town.parcels
    edited(town)
    town.edit("UPDATE parcel SET map_sheet = 'three' WHERE uid = %s", "green", third)
    town.city.connection.execute("UPDATE city.parcel SET map_sheet = 'meanwhile' WHERE uid = %s", [first])
    town.city.connection.execute("DELETE FROM city.parcel WHERE uid = %s", [third])
    seen = town.shown("green")
    town.see()
    assert merge_scenario(town.city.connection, "green", conflicts=Conflicts.TAKE) == (Merged("parcel", 2, 1, 1, 0),)
    assert town.shown() == seen
    assert (first, "meanwhile") in superseded(town.city, "history.parcel")


def test_conflicts_are_left_and_the_scenario_keeps_its_change(town: Town):
    first, second, _ = town.parcels
    edited(town)
    town.city.connection.execute("UPDATE city.parcel SET map_sheet = 'meanwhile' WHERE uid = %s", [first])
    assert merge_scenario(town.city.connection, "green", conflicts=Conflicts.LEAVE) == (Merged("parcel", 1, 0, 1, 1),)
    assert town.shown()[first] == "meanwhile"
    assert town.shown("green")[first] == "one"
    assert second not in town.shown()


def test_what_both_sides_removed_is_no_conflict(town: Town):
    second = town.parcels[1]
    town.edit("DELETE FROM parcel WHERE uid = %s", "green", second)
    town.city.connection.execute("DELETE FROM city.parcel WHERE uid = %s", [second])
    assert merge_scenario(town.city.connection, "green") == ()


def test_a_scenario_is_merged_into_the_one_it_was_opened_from(town: Town):
    first, second, third = town.parcels
    town.edit("UPDATE parcel SET map_sheet = 'one' WHERE uid = %s", "green", first)
    town.opened("greener", "parcel", parent="green")
    town.edit("UPDATE parcel SET map_sheet = 'child' WHERE uid = %s", "greener", first)
    town.edit("DELETE FROM parcel WHERE uid = %s", "greener", second)
    with pytest.raises(ChildrenError, match="greener"):
        merge_scenario(town.city.connection, "green")
    assert merge_scenario(town.city.connection, "greener") == (Merged("parcel", 0, 1, 1, 0),)
    assert town.shown("green") == {first: "child", third: "3"}
    assert town.shown() == {first: "1", second: "2", third: "3"}


def test_what_is_not_open_cannot_be_merged(town: Town):
    with pytest.raises(UnknownScenarioError):
        merge_scenario(town.city.connection, "grey")
    with pytest.raises(ReservedNameError):
        merge_scenario(town.city.connection, "baseline")
