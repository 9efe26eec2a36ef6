"""Water needed by the norm, on paper."""

from __future__ import annotations

import pytest

from gis.networks.supply.need import Norms, need
from gis.standards import UnknownRuleError, edition

NORMS = Norms(edition("01:2021"))


def test_a_city_of_1_79_million_needs_215_797_m3_a_day():
    found = need(NORMS, people=1_790_000)
    assert found.domestic_m3_day == pytest.approx(143_200)
    assert found.with_others_m3_day == pytest.approx(180_432)
    assert found.with_losses_m3_day == pytest.approx(207_496.8)
    assert found.total_m3_day == pytest.approx(215_796.7, abs=0.05)


def test_water_for_the_plant_itself_does_not_flow_in_the_network():
    found = need(NORMS, people=1_000)
    assert found.network_m3_day == pytest.approx(115.92)
    assert found.total_m3_day == pytest.approx(120.5568)


def test_industry_is_reckoned_on_60_per_cent_of_its_land():
    found = need(NORMS, people=0, industry_ha=10)
    assert (found.industry_m3_day, found.total_m3_day) == (120, 120)


def test_more_litres_a_head_need_more_in_proportion():
    assert need(NORMS, people=1_000, litres=160).total_m3_day == pytest.approx(2 * 120.5568)


def test_the_steps_add_up_and_each_names_its_clause():
    found = need(NORMS, people=1_000, industry_ha=5)
    table = found.table
    *steps, total = table.column("water_m3_day")
    assert sum(steps) == pytest.approx(total)
    assert all("2.10.2" in str(clause) for clause in table.column("reference")[:-1])
    assert "1,000 people × 80 l = 80 m³" in found.arithmetic.en


def test_an_edition_that_does_not_say_it_is_not_guessed():
    with pytest.raises(UnknownRuleError, match="domestic_water"):
        need(Norms(edition("01:2026")), people=1_000)
