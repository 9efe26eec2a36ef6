"""Zones of the town built out: people, pupils, water, wastewater, run-off, streets, worked out on paper.

Z5 is the field of D and the west of E: 1.5 ha at 300–450 east, 0–100 north. At a ratio of 2 with flats of 100 m² for
four people it has 300 flats and 1,200 people; today nobody lives there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gis.analyses.build_out_check import build_out_check
from gis.analyses.zone_water_supply import zone_water_supply
from gis.build_out.errors import NoZoneError, UnknownRatioError, UnknownZoneError
from gis.db import City, open_city, seen_at
from gis.findings import Finding, Outcome, Verdict
from gis.sample.town import load_town
from gis.scenarios import change, open_scenario
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database
from tests.gis.networks.supply.files import NEEDS_WNTR

pytestmark = NEEDS_WNTR
Q2021 = "01:2021"


@pytest.fixture(scope="module")
def today(town: City) -> Finding:
    return build_out_check(
        town, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, rain="i=20", edition=Q2021
    )


@pytest.fixture
def in_2030(town: City) -> Iterator[City]:
    yield seen_at(town.connection, Horizon.H2030)
    seen_at(town.connection, Horizon.EXISTING)


def verdict(finding: Finding, title: str, label: str | None = None) -> Verdict:
    found = [each for each in finding.verdicts if each.title.en == title and label in (None, each.subject.label)]
    assert len(found) == 1, [each.title.en for each in finding.verdicts]
    return found[0]


def test_those_who_come_need_pupils_places_water_and_sewers_by_the_norm(today: Finding):
    values = {each.name: each.value for each in today.quantities}
    assert (values["people"], values["today"], values["more"]) == (1_200, 0, 1_200)
    # Of 1,000 people 50 + 65 + 55 + 40 go to schools.
    assert values["pupils"] == pytest.approx(1.2 * 210)
    # 1,200 x 80 l = 96 m³; x 1.26 = 120.96 reach their users, of which 80 % come back; x 1.15 = 139.104 in the network.
    assert values["need_m3_day"] == pytest.approx(139.104)
    assert values["wastewater_m3_day"] == pytest.approx(0.8 * 120.96)


def test_how_many_trips_people_make_is_not_known_before_it_is_said(town: City, today: Finding):
    assert today.quantity("trips_day").value is None
    assert "trips_per_person" in today.quantity("trips_day").note.en
    asked = build_out_check(
        town,
        zone="Z5",
        floor_area_ratio=2.0,
        dwelling_m2=100,
        household=4,
        trips_per_person=2.5,
        edition=Q2021,
    )
    assert asked.quantity("trips_day").value == pytest.approx(3_000)


def test_places_in_schools_are_shared_with_all_who_reach_them(today: Finding):
    schools = today.table("schools").set_index("facility")
    # 1,000 people share the 100 places of the kindergarten, 2,200 do then; all of the town is within 500 m of both.
    assert schools.loc["Kindergarten", "before_per_1000"] == pytest.approx(100)
    assert schools.loc["Kindergarten", "after_per_1000"] == pytest.approx(100_000 / 2_200)
    assert schools.loc["Primary school", "after_per_1000"] == pytest.approx(300_000 / 2_200)
    assert schools.loc["Kindergarten", "pupils"] == pytest.approx(60)
    kindergarten = verdict(today, "Places: kindergarten")
    assert (kindergarten.outcome, kindergarten.asked.en) == (Outcome.FAIL, "≥ 50 places/1000 people")
    assert verdict(today, "Places: primary school").outcome is Outcome.PASS
    assert verdict(today, "Places: lower secondary school").found == 0
    assert verdict(today, "Places: upper secondary school").outcome is Outcome.UNDECIDED


def test_the_longest_walk_to_a_school_is_along_the_streets(today: Finding):
    # From the middle of the field at 425 east, 50 north: 25 or 50 m to a street, on to the kindergarten at 350, 150.
    walk = verdict(today, "Longest walk: kindergarten")
    assert walk.outcome is Outcome.PASS
    assert walk.found == pytest.approx(170)
    none = verdict(today, "Longest walk: lower secondary school")
    assert (none.outcome, none.reason.en) == (Outcome.UNDECIDED, "The layers hold no facility of this kind")


def test_the_pressure_is_what_the_question_of_water_alone_says(town: City, today: Finding):
    alone = zone_water_supply(town, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, edition=Q2021)
    for name in ("need_m3_day", "before_m", "after_m", "network_after_m"):
        assert today.quantity(name).value == alone.quantity(name).value
    together = [each for each in today.verdicts if each.rule == "free_pressure"]
    assert [(each.outcome, each.found) for each in together] == [
        (each.outcome, each.found) for each in alone.verdicts if each.rule == "free_pressure"
    ]


def test_paved_fields_let_more_rain_run_off(today: Finding):
    # Fields are paved to 0.02, land for housing to 0.8: 0.2 + 0.7 x 0.02 = 0.214, 0.2 + 0.7 x 0.8 = 0.76.
    assert today.quantity("runoff_before").value == pytest.approx(0.214)
    assert today.quantity("runoff_after").value == pytest.approx(0.76)
    assert today.quantity("drained_share").value == pytest.approx(1)
    # Σ(C·A) below M2 was 5.4785 ha; 1.5 x (0.76 - 0.214) come to it. At 20 mm/h 0.0556 m³/s for each.
    sewers = today.table("sewers").set_index("code")
    assert sewers.index.tolist() == ["M2-M3", "M3-O1"]
    assert sewers["before_m3_s"].tolist() == pytest.approx([0.0556 * 5.4785] * 2, rel=1e-5)
    assert sewers["after_m3_s"].tolist() == pytest.approx([0.0556 * 6.2975] * 2, rel=1e-5)
    assert verdict(today, "Carries the rain", "M3-O1").outcome is Outcome.FAIL


def test_streets_of_the_ward_are_held_against_the_table(today: Finding):
    # Down to district streets 0.3 km on 3.5 ha of construction land in the east.
    district = verdict(today, "Density of streets down to district street")
    assert district.found == pytest.approx(0.3 / 0.035)
    assert district.subject.label == "Phường Đông (EAST)"


def test_what_the_plan_itself_allows_is_held_too(today: Finding):
    assert verdict(today, "Floor area ratio of the plan").outcome is Outcome.PASS
    people = verdict(today, "People the plan provides for")
    assert (people.outcome, people.found, people.asked.en) == (Outcome.FAIL, 1_200, "≤ 300 people")


def test_without_a_rain_no_drain_is_judged(in_2030: City):
    found = build_out_check(in_2030, zone="Z5", edition=Q2021)
    drains = [each for each in found.verdicts if each.rule == "sewer_return_period"]
    assert {each.outcome for each in drains} == {Outcome.UNDECIDED}
    assert "give `rain`" in drains[0].reason.en


def test_in_2030_those_the_plan_provides_for_share_the_schools(in_2030: City):
    # Four other zones of 300 people each share with nobody of Z5 before; its 1,200 come, five sixths of them within
    # 500 m of the primary school.
    found = build_out_check(
        in_2030, zone="Z5", floor_area_ratio=2.0, dwelling_m2=100, household=4, rain="i=20", edition=Q2021
    )
    schools = found.table("schools").set_index("facility")
    assert schools.loc["Kindergarten", "before_per_1000"] == pytest.approx(100_000 / 1_200)
    assert schools.loc["Kindergarten", "after_per_1000"] == pytest.approx(100_000 / 2_400)
    assert schools.loc["Primary school", "after_per_1000"] == pytest.approx(300_000 / 2_200 * 5 / 6)
    walk = verdict(found, "Longest walk: primary school")
    assert walk.outcome is Outcome.FAIL
    assert walk.inputs["beyond_share"] == pytest.approx(1 / 6)
    assert walk.conflict.area == pytest.approx(2_500)


def test_each_zone_is_built_to_the_ratio_of_the_plan_where_none_is_given(in_2030: City):
    found = build_out_check(in_2030, zone="Z5, Z6", edition=Q2021)
    # 1.5 ha at 2 and 1.5 ha at 4, each for the 300 people of the plan.
    assert found.quantity("floor_m2").value == pytest.approx(90_000)
    assert found.quantity("people").value == pytest.approx(600)


def test_an_edition_that_does_not_say_the_need_leaves_the_rest_answered(in_2030: City):
    found = build_out_check(in_2030, zone="Z5", edition="01:2026")
    water = verdict(found, "Need of water")
    assert (water.outcome, water.reason.en) == (
        Outcome.UNDECIDED,
        "QCVN 01:2026/BXD: its value is not known here",
    )
    assert found.quantity("people").value == pytest.approx(300)


def test_what_cannot_be_told_is_refused_in_a_sentence(in_2030: City):
    with pytest.raises(UnknownZoneError, match="has no zone 'Z9'"):
        build_out_check(in_2030, zone="Z9", edition=Q2021)
    with pytest.raises(UnknownRatioError, match="names no floor area ratio for zone Z2"):
        build_out_check(in_2030, zone="Z2", edition=Q2021)
    with pytest.raises(NoZoneError, match="give zone=CODE"):
        build_out_check(in_2030, edition=Q2021)


def test_without_a_zone_those_that_the_scenario_changes_are_built(server_url: str, template: str):
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        open_scenario(city.connection, "denser", title="Denser")
        denser = seen_at(city.connection, Horizon.H2030, "denser")
        (uid,) = city.connection.execute("SELECT uid FROM zone WHERE code = 'Z5'").fetchone()
        change(denser, LAYERS["zone"], uid, {"max_floor_area_ratio": 4})
        found = build_out_check(denser, edition=Q2021)
        # 1.5 ha to a ratio of 4.
        assert found.quantity("floor_m2").value == pytest.approx(60_000)
        assert [each.subject.label for each in found.verdicts if each.rule == "floor_area_ratio"] == ["Z5"]
        with pytest.raises(NoZoneError, match="the scenario denser has no zone"):
            build_out_check(seen_at(city.connection, Horizon.H2045, "denser"), edition=Q2021)


def test_what_streets_and_catchments_do_not_tell_is_not_decided(server_url: str, template: str):
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        city.connection.execute("DELETE FROM city.road")
        # Of Z5, 300-450 east and 0-100 north, the catchment keeps what lies west of 400 east: two thirds.
        city.connection.execute(
            "UPDATE city.catchment SET geom = ST_Multi(ST_Intersection(geom, ST_Translate("
            "ST_MakeEnvelope(0, 0, 400, 200, 5899), 550000, 1776000)))"
        )
        found = build_out_check(city, zone="Z5", rain="i=20", edition=Q2021)
        places = [each for each in found.verdicts if each.rule == "places_per_1000"]
        assert {each.outcome for each in places} == {Outcome.UNDECIDED}
        assert "far from every street" in verdict(found, "Places: kindergarten").reason.en
        walk = verdict(found, "Longest walk: kindergarten")
        assert (walk.outcome, walk.found, walk.inputs["unknown_share"]) == (Outcome.UNDECIDED, None, pytest.approx(1))
        assert found.quantity("drained_share").value == pytest.approx(2 / 3)
        assert any("lies in no catchment" in note.en for note in found.notes)
