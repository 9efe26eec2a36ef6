"""What the plan of the town still allows: zones of known squares, buildings of known floors."""

from __future__ import annotations

import pytest

from gis.analyses.buildable_capacity import buildable_capacity
from gis.db import City, seen_at
from layers.model import Horizon


def row(city: City, use: str, **asked: object) -> dict[str, float]:
    table = buildable_capacity(city, **asked).table("capacity").set_index("title")
    return table.loc[use].to_dict()


def test_a_zone_allows_its_ratio_less_what_stands(town: City):
    housing = row(town, "Housing group")
    # Z1, Z4 and Z5: 5.5 ha at 2.0. Ten houses of 1,000 m² of floor, four of 2,000 m², five buildings of the east.
    assert housing["allowed_m2"] == pytest.approx(110_000)
    assert housing["standing_m2"] == pytest.approx(10 * 1_000 + 4 * 2_000 + 3 * 5_000)
    assert housing["left_m2"] == pytest.approx(77_000)
    assert row(town, "Mixed housing and services")["left_m2"] == pytest.approx(60_000 - 20_000)


def test_built_share_and_storeys_bind_where_they_are_less(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_storeys = 2 WHERE code = 'Z1'")
    # 60 % on 2 storeys is 1.2, less than 2.0, of 2 ha.
    assert row(city, "Housing group")["allowed_m2"] == pytest.approx(24_000 + 70_000)


def test_land_without_limits_is_told_and_no_zero(town: City):
    green = row(town, "Public green")
    assert (green["unknown_ha"], green["standing_m2"]) == (1.0, 0.0)
    assert buildable_capacity(town).table("capacity").isna().loc[3, "allowed_m2"]


def test_dwellings_are_known_when_their_size_is(town: City):
    assert buildable_capacity(town).table("capacity")["dwellings"].isna().all()
    housing = row(town, "Housing group", dwelling_m2=100.0, household=3.0)
    assert (housing["dwellings"], housing["people"]) == (pytest.approx(770), pytest.approx(2_310))
    assert row(town, "Total", dwelling_m2=100.0, household=3.0)["dwellings"] == pytest.approx(770)
    assert buildable_capacity(town).quantity("mixed_left_m2").value == pytest.approx(40_000)


def test_where_more_stands_than_is_allowed_nothing_is_left(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_floor_area_ratio = 0.1 WHERE code = 'Z3'")
    finding = buildable_capacity(city)
    assert row(city, "Kindergarten to lower secondary school")["left_m2"] == 0
    assert finding.quantity("zones_over").value == 1


def test_a_place_cuts_zones_and_counts_what_stands_in_it(town: City):
    west = row(town, "Total", within="ward:WEST")
    # Z1 and Z3: 2 ha at 2.0, 1 ha at 1.2.
    assert (west["area_ha"], west["allowed_m2"]) == (pytest.approx(4), pytest.approx(52_000))


def test_the_plan_of_2045_allows_more(town: City):
    seen = seen_at(town.connection, Horizon.H2045)
    try:
        assert row(seen, "Total")["allowed_m2"] > row(seen_at(town.connection, Horizon.H2030), "Total")["allowed_m2"]
    finally:
        seen_at(town.connection, Horizon.EXISTING)
