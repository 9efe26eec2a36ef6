"""A broken main of the town: its one valve parts the pump's side from the tank's."""

from __future__ import annotations

import pytest

from gis.analyses.water_main_break import water_main_break
from gis.db import City
from gis.networks.supply.errors import NoSuchElementError
from gis.networks.supply.finding import NoPipeThereError, ValvePlaceError
from tests.gis.networks.supply.files import CCWI17, wntr_file


def amounts(finding) -> tuple[float, ...]:
    names = ("valves", "dry_m3_day", "beyond_m3_day", "tank_m3_day")
    return tuple(round(finding.quantity(name).value, 6) for name in names)


def test_a_break_west_of_the_valve_leaves_j6_with_the_tank_alone(town: City):
    found = water_main_break(town, pipe="P6")
    assert amounts(found) == (1, 300, 0, 100)
    assert found.quantity("dry_share").value == pytest.approx(0.75)
    assert found.table("valves")[["valve", "pipe"]].to_numpy().tolist() == [["V1", "P10"]]
    assert found.table("pipes")["pipe"].iloc[0] == "P6"
    assert found.quantity("shut_m").value == pytest.approx(650)
    dry = found.table("without_water").set_index("node")["step"]
    assert dry["J6"] == "Fed by a tank alone"
    assert set(dry.index) == {"J2", "J3", "J4", "J5", "J6"}


def test_a_break_east_of_it_dries_j6(town: City):
    found = water_main_break(town, pipe="P11")
    assert amounts(found) == (1, 100, 0, 0)
    assert {each.subject.label: each.look.title.en for each in found.features}["P11"] == "Broken pipe"


def test_with_the_valve_broken_nothing_bounds_the_break(town: City):
    found = water_main_break(town, pipe="P6", broken="V1")
    assert amounts(found) == (0, 400, 0, 0)
    assert any("No valve bounds this segment" in note.en for note in found.notes)


def test_a_valve_that_is_shut_already_is_held_and_what_had_no_water_loses_none(town: City):
    found = water_main_break(town, pipe="P6", closed="V1")
    assert amounts(found) == (0, 300, 0, 0)
    assert found.table("valves")["state"].tolist() == ["Valve that is shut already"]


def test_a_pipe_is_meant_by_its_code_its_uid_or_a_place_near_it(town: City):
    (uid,) = town.connection.execute("SELECT uid FROM pipe WHERE code = 'P6'").fetchone()
    middle = "SELECT ST_Transform(ST_Centroid(geom), 4326) AS p FROM pipe WHERE code = 'P6'"
    lon, lat = town.connection.execute(f"SELECT ST_X(p), ST_Y(p) FROM ({middle}) AS x".encode()).fetchone()
    by_code = water_main_break(town, pipe="P6").tables
    assert water_main_break(town, pipe=str(uid)).tables == by_code
    assert water_main_break(town, pipe=f"{lon},{lat}").tables == by_code
    with pytest.raises(NoPipeThereError):
        water_main_break(town, pipe="108.0,16.0")
    with pytest.raises(NoSuchElementError, match=r"There is no pipe 'P66'.*the nearest code is P6"):
        water_main_break(town, pipe="P66")
    with pytest.raises(NoSuchElementError, match="no valve 'V9'"):
        water_main_break(town, pipe="P6", broken="V9")


def test_valves_that_a_file_does_not_hold_are_said_with_the_question(town: City):
    said = ", ".join(f"{node}:{link}" for node, link in CCWI17)
    found = water_main_break(town, pipe="p2", network=str(wntr_file("CCWI17-HermanMahmoud")), valves=said)
    assert set(found.table("pipes")["pipe"]) == {"p2", "p3", "p4", "p5", "p6", "p8"}
    assert set(found.table("valves")["valve"]) == {"n1:p1", "n5:p7", "n6:p8"}
    with pytest.raises(ValvePlaceError, match="does not meet the node"):
        water_main_break(town, pipe="p2", network=str(wntr_file("CCWI17-HermanMahmoud")), valves="n1:p5")
