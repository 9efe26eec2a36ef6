"""Zones of the town built out: people, water, pressure, on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gis.analyses.zone_water_supply import zone_water_supply
from gis.build_out.errors import RatioError, UnknownPeopleError, UnknownZoneError
from gis.db import City, seen_at
from gis.findings import Outcome
from gis.networks.supply.errors import NoSupplyError
from layers.model import Horizon
from tests.gis.networks.supply.files import NEEDS_WNTR

pytestmark = NEEDS_WNTR
Q2021 = "01:2021"


@pytest.fixture
def in_2030(town: City) -> Iterator[City]:
    yield seen_at(town.connection, Horizon.H2030)
    seen_at(town.connection, Horizon.EXISTING)


def values(finding, *names: str) -> list[float]:
    return [finding.quantity(name).value for name in names]


def test_a_zone_of_fields_gets_the_people_of_its_floors(in_2030: City):
    # Z5: 1.5 ha to a ratio of 2 are 30,000 m² of floor, 300 dwellings of 100 m², 1,200 people; nobody is there today.
    found = zone_water_supply(in_2030, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, edition=Q2021)
    assert values(found, "floor_m2", "people", "today", "more") == pytest.approx([30_000, 1_200, 0, 1_200])
    assert values(found, "need_m3_day", "source_m3_day") == pytest.approx([139.104, 144.66816])
    assert "Z5: 30,000 m² of floor / 100 m² × 4 people = 1,200 people" in found.notes[0].en


def test_its_water_is_drawn_at_the_nearest_nodes_and_adds_up(in_2030: City):
    found = zone_water_supply(in_2030, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, edition=Q2021)
    nodes = found.table("nodes").set_index("node")
    assert nodes["more_m3_day"].sum() == pytest.approx(139.104)
    # All of Z5 lies nearest to J6 (300 east, 100 north).
    assert nodes.index.tolist() == ["J6"]
    assert nodes["parcels"].tolist() == [4]
    assert nodes.loc["J6", "after_m"] < nodes.loc["J6", "before_m"]
    assert found.verdicts[0].outcome is Outcome.PASS


def test_people_of_the_plan_grow_with_the_floor_area_ratio(in_2030: City):
    found = zone_water_supply(in_2030, zone="Z6", floor_area_ratio=8.0, edition=Q2021)
    assert found.quantity("people").value == pytest.approx(600)
    assert "300 people of the plan × 8 / 4 = 600 people" in found.notes[0].en


def test_those_who_live_there_today_need_no_more_water(in_2030: City):
    # Z1 is A and B, where 400 people live: their water is what the nodes draw already.
    found = zone_water_supply(in_2030, zone="Z1", floor_area_ratio=2.0, edition=Q2021)
    assert values(found, "people", "today", "more", "need_m3_day") == pytest.approx([300, 400, 0, 0])
    before, after = values(found, "before_m", "after_m")
    assert after == pytest.approx(before)


def test_several_zones_are_built_together(in_2030: City):
    found = zone_water_supply(in_2030, zone="Z5, Z6", floor_area_ratio=2.0, edition=Q2021)
    assert found.quantity("ground_ha").value == pytest.approx(3)
    assert found.quantity("people").value == pytest.approx(300 + 150)


def test_a_zone_that_draws_too_much_leaves_too_little(in_2030: City):
    found = zone_water_supply(in_2030, zone="Z5", floor_area_ratio=20.0, dwelling_m2=25, household=6, edition=Q2021)
    zone, network = found.verdicts
    assert (zone.outcome, network.outcome) == (Outcome.FAIL, Outcome.FAIL)
    assert zone.conflict is not None
    assert zone.asked.en == "≥ 10 m"


def test_today_the_zones_of_2030_are_built_on_todays_network(town: City):
    found = zone_water_supply(town, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, edition=Q2021)
    assert found.quantity("people").value == pytest.approx(1_200)


def test_what_cannot_be_told_is_refused_in_a_sentence(in_2030: City):
    with pytest.raises(UnknownZoneError, match=r"has no zone 'Z9' in 2030; it has Z1, Z2"):
        zone_water_supply(in_2030, zone="Z9", floor_area_ratio=2.0, edition=Q2021)
    with pytest.raises(UnknownPeopleError, match="How many people zone Z2"):
        zone_water_supply(in_2030, zone="Z2", floor_area_ratio=2.0, edition=Q2021)
    with pytest.raises(RatioError, match="floor_area_ratio is 0"):
        zone_water_supply(in_2030, zone="Z5", floor_area_ratio=0.0, edition=Q2021)


def test_a_network_whose_water_reaches_nobody_is_refused(in_2030: City):
    apart = """[JUNCTIONS]
J1 5 10
J2 5 0
[RESERVOIRS]
R1 50
[PIPES]
P1 J1 J2 100 200 130 0 Open
[COORDINATES]
J1 550000 1776000
J2 550100 1776000
R1 550200 1776000
[END]
"""
    with pytest.raises(NoSupplyError, match="Water reaches no node"):
        zone_water_supply(in_2030, zone="Z6", floor_area_ratio=4.0, network=apart, crs="EPSG:5899", edition=Q2021)
