"""The generated city drains: its records hold together, and a storm runs through it at all three horizons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gis.analyses.drainage_capacity import drainage_capacity
from gis.analyses.drainage_faults import drainage_faults
from gis.analyses.storm_drainage import storm_drainage
from gis.db import City, open_city, seen_at
from gis.sample import load_sample
from layers.model import Horizon
from tests.gis.hand import database


@pytest.fixture(scope="module")
def sample(server_url: str, template: str) -> Iterator[City]:
    """A city of 2,000 parcels."""
    with database(server_url, template) as url, open_city(url) as city:
        load_sample(city, parcels=2_000, seed=1)
        yield city


@pytest.mark.parametrize("horizon", list(Horizon))
def test_its_drains_have_no_fault_and_lead_to_outfalls(sample: City, horizon: Horizon):
    finding = drainage_faults(seen_at(sample.connection, horizon))
    assert finding.quantity("faults").value == 0
    assert finding.quantity("sewers").value > 100


def test_more_of_it_is_too_small_by_each_plan(sample: City):
    by_horizon = {}
    for horizon in Horizon:
        finding = drainage_capacity(seen_at(sample.connection, horizon), rain="i=60", edition="01:2021")
        shares = [finding.quantity(f"{each}_share").value for each in ("fail", "cannot_be_decided", "pass")]
        assert sum(shares) == pytest.approx(1)
        by_horizon[horizon] = finding.quantity("coefficient").value
    assert by_horizon[Horizon.EXISTING] < by_horizon[Horizon.H2030] <= by_horizon[Horizon.H2045]


@pytest.mark.parametrize("horizon", list(Horizon))
def test_a_storm_runs_through_it_and_the_water_is_found_again(sample: City, horizon: Horizon):
    finding = storm_drainage(seen_at(sample.connection, horizon), rain="i=60 t=30")
    figures = {each.name: each.value for each in finding.quantities}
    assert figures["left_out"] == 0
    assert figures["outflow_m3"] + figures["flooded_m3"] == pytest.approx(figures["inflow_m3"], rel=0.05)
    assert [each.outcome.value for each in finding.verdicts] == ["pass", "pass"]
    assert figures["conduits"] == sum(each.subject.layer == "sewer" for each in finding.features)
