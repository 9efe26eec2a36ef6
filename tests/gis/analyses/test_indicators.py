"""Indicators of the town, and how values stand to targets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from gis.analyses.indicators import indicators
from gis.db import City
from gis.indicators import CATALOGUE, Direction, standing
from gis.indicators.standing import Status
from gis.indicators.uses import PLANNED, PRESENT
from gis.targets import Figure, UnknownPlanError, plan
from layers.land import LAND_USES
from layers.zoning import PLAN_USES


def rows(city: City, title: str) -> list[dict[str, object]]:
    table = indicators(city).table("indicators").query("indicator == @title").astype(object)
    return table.where(table.notna(), None).to_dict("records")


def test_a_figure_for_each_person_names_whom_it_counts(town: City):
    today, to_2030, to_2045 = rows(town, "Public green per person")
    # 1.5 ha of parks for 1,000 people; 1 ha for the 1,500 the plan provides for.
    assert (today["value"], today["counted"]) == (pytest.approx(15), "people of the wards 2024")
    assert (to_2030["value"], to_2030["counted"]) == (
        pytest.approx(10_000 / 1_500),
        "people the plan provides for in 2030",
    )
    assert to_2030["target"] == "8–9"
    assert (to_2030["status"], to_2030["gap"]) == ("Behind", pytest.approx(8 - 10_000 / 1_500))
    assert today["status"] == "Met"
    assert to_2045["target_year"] == 2030


def test_land_of_the_town_is_grouped_and_divided(town: City):
    # Housing 3 ha, parks 1.5, school 0.5, market 0.5.
    assert rows(town, "Civil land per person")[0]["value"] == pytest.approx(55)
    assert rows(town, "Residential land per person")[0]["value"] == pytest.approx(30)
    assert rows(town, "Urban construction land")[1]["value"] == pytest.approx(9)


def test_land_consumption_over_population_growth(town: City):
    # 7.5 to 9 ha while 1,000 people become 1,500; the years cancel out.
    assert rows(town, "SDG 11.3.1: land consumption over population growth")[1]["value"] == pytest.approx(
        (1.5 / 7.5) / math.log(1.5)
    )


def test_every_population_of_the_decision_stands_beside_the_value(town: City):
    targets = [row["target"] for row in rows(town, "Population")]
    assert targets == [1_790_000, 1_560_000, 1_790_000, 1_560_000, 2_560_000]


def test_what_layers_cannot_tell_is_no_data_and_a_missing_target_no_zero(town: City):
    for row in rows(town, "Share of public transport in trips"):
        assert (row["value"], row["status"]) == (None, "No data")
    for row in rows(town, "SDG 11.7.1: share of open space for public use")[1:]:
        assert (row["target"], row["gap"], row["status"]) == (None, None, "No target found")
    assert all(
        row["status"] == "No data" for row in rows(town, "Share of transport land")
    )  # the town records no street land


def test_wards_have_their_own_values(town: City):
    table = indicators(town).table("wards")
    west = table[table["ward"].str.contains("WEST")].set_index("indicator")
    assert west.loc["Residential land per person", "existing"] == pytest.approx(20_000 / 400)
    assert west.loc["Population", "2030"] == pytest.approx(600)


def target(low: float, high: float, year: int = 2030) -> Figure:
    return replace(plan().targets[0], minimum=low, maximum=high, year=year)


def seen(value: float, year: int = 2020) -> Figure:
    return target(value, value, year)


@pytest.mark.parametrize(
    ("given", "status", "gap"),
    [
        ((8, 2030, target(8, 9), None, Direction.HIGHER), Status.MET, 0),
        ((10, 2030, target(8, 9), None, Direction.HIGHER), Status.MET, 0),
        ((7, 2030, target(8, 9), None, Direction.HIGHER), Status.BEHIND, 1),
        ((95, 2030, target(90, 100), None, Direction.BAND), Status.MET, 0),
        ((120, 2030, target(90, 100), None, Direction.BAND), Status.BEHIND, -20),
        # Half way from 4 in 2020 to 8 in 2030 is 6 in 2025.
        ((6, 2025, target(8, 8), seen(4), Direction.HIGHER), Status.ON_TRACK, 2),
        ((5.9, 2025, target(8, 8), seen(4), Direction.HIGHER), Status.BEHIND, 2.1),
        # From 120 down into 90 to 100: half way is 110.
        ((109, 2025, target(90, 100), seen(120), Direction.BAND), Status.ON_TRACK, -9),
        ((111, 2025, target(90, 100), seen(120), Direction.BAND), Status.BEHIND, -11),
        ((55, 2025, target(90, 100), seen(120), Direction.BAND), Status.BEHIND, 35),
        ((5, 2025, target(8, 8), None, Direction.HIGHER), Status.BEHIND, 3),
        ((5, 2025, None, seen(4), Direction.HIGHER), Status.NO_TARGET, None),
        ((None, 2025, target(8, 8), seen(4), Direction.HIGHER), Status.NO_DATA, None),
    ],
)  # fmt: skip
def test_a_value_stands_to_its_target(given, status, gap):
    found = standing(*given)
    assert found.status is status
    assert found.gap == (None if gap is None else pytest.approx(gap))


def test_uses_are_grouped_by_codes_that_exist_and_targets_name_indicators():
    assert all(codes <= set(LAND_USES.values) for codes in PRESENT.values())
    assert all(codes <= set(PLAN_USES.values) for codes in PLANNED.values())
    assert {each.name for each in plan().targets} <= {each.name for each in CATALOGUE}


def test_figures_of_a_plan_that_is_none_are_refused(town: City):
    with pytest.raises(UnknownPlanError, match="there is 359/QĐ-TTg alone"):
        indicators(town, targets="1/QĐ")
