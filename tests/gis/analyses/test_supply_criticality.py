"""What the town's water depends on: two segments, and the valve between them."""

from __future__ import annotations

import pytest

from gis.analyses.supply_criticality import supply_criticality
from gis.db import City
from tests.gis.networks.supply.files import wntr_file


def test_the_two_segments_of_the_town_lose_three_quarters_and_one(town: City):
    found = supply_criticality(town)
    assert (found.quantity("segments").value, found.quantity("valves").value) == (2, 1)
    rows = found.table("segments")[["length_m", "valves", "inside_m3_day", "beyond_m3_day", "nodes", "lost_share"]]
    assert rows.iloc[0].tolist() == pytest.approx([650, 1, 300, 0, 4, 0.75])
    assert rows.iloc[1].tolist() == pytest.approx([150, 1, 100, 0, 1, 0.25])
    assert found.quantity("worst_share").value == pytest.approx(0.75)


def test_a_valve_that_fails_to_close_costs_both_of_its_segments(town: City):
    (row,) = supply_criticality(town).table("valves").to_dict("records")
    assert (row["valve"], row["lost_m3_day"], row["more_m3_day"]) == ("V1", pytest.approx(400), pytest.approx(100))
    # The larger segment would grow by a third in demand, by 150 m to 650 m in length.
    assert (row["demand_increase"], row["length_increase"]) == pytest.approx((1 / 3, 150 / 650))


def test_pipes_are_drawn_by_what_is_lost_with_them(town: City):
    found = supply_criticality(town)
    shares = {each.subject.label: each.properties.get("lost_share") for each in found.features}
    assert (shares["P6"], shares["P11"]) == (pytest.approx(0.75), pytest.approx(0.25))


def test_a_file_without_valves_is_one_segment(town: City):
    found = supply_criticality(town, network=str(wntr_file("Net3")))
    assert found.quantity("segments").value == 1
    assert found.quantity("worst_share").value == pytest.approx(1)
