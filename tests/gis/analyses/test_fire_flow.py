"""The town's one hydrant, at 150 m of the middle street."""

from __future__ import annotations

import pytest

from gis.analyses.fire_flow import fire_flow
from gis.db import City
from gis.findings import Outcome
from gis.networks.supply.fire import available_m3_s
from gis.networks.supply.measures import head_loss_m
from tests.gis.networks.supply.files import NEEDS_WNTR, written

pytestmark = NEEDS_WNTR
Q2021 = "01:2021"


def test_hydrants_are_too_far_along_every_main_but_the_one_it_stands_on(town: City):
    found = fire_flow(town, edition=Q2021)
    spacing, left = found.verdicts
    assert (spacing.outcome, left.outcome) == (Outcome.FAIL, Outcome.UNDECIDED)
    assert spacing.asked.en == "≤ 150 m"
    rows = found.table("spacing").set_index("pipe")["spacing_m"].to_dict()
    # From H1: J2 and J3 50 m, J1, J4, J5 and J6 150 m, T1 and R1 250 m. P7 lies between J4 and J5: 150 + 100 + 150.
    assert rows["P7"] == pytest.approx(400)
    assert rows["P11"] == pytest.approx(500)
    assert set(rows) == {"P1", "P2", "P3", "P6", "P7", "P8", "P9", "P10", "P11"}
    assert found.quantity("far_km").value == pytest.approx(0.7)
    assert found.quantity("mains_km").value == pytest.approx(0.8)


def test_without_a_fire_flow_the_pressure_left_is_unknown(town: City):
    left = fire_flow(town, edition=Q2021).verdicts[1]
    assert left.found is None
    assert "names no fire flow" in left.reason.en
    assert fire_flow(town, edition=Q2021).quantity("least_m").value is None


def test_a_hydrant_that_is_opened_takes_its_head_through_the_pipe():
    assert available_m3_s(0.01, static_m=40, residual_m=30, least_m=20) == pytest.approx(0.01 * 2**0.54)
    assert available_m3_s(0.01, static_m=15, residual_m=10, least_m=20) == 0


def test_the_pressure_left_is_that_of_the_pipe_with_both_flows(town: City):
    text = written("A 10 20", "P R A 1000 300 130")
    found = fire_flow(town, network=text, flow_l_s=60, edition=Q2021)
    (row,) = found.table("hydrants").to_dict("records")
    lost = {flow: head_loss_m(flow, length_m=1_000, diameter_m=0.3, roughness_hw=130) for flow in (0.02, 0.08)}
    assert row["static_m"] == pytest.approx(40 - lost[0.02], abs=1e-3)
    assert row["residual_m"] == pytest.approx(40 - lost[0.08], abs=1e-3)
    spacing, left = found.verdicts
    assert (spacing.outcome, left.outcome) == (Outcome.UNDECIDED, Outcome.PASS)


def test_the_hour_at_which_a_network_begins_is_the_one_that_counts(town: City):
    pattern = "[PATTERNS]\n 1 2 0\n[OPTIONS]\n DEMAND MULTIPLIER 2\n"
    found = fire_flow(town, network=written("A 10 5", "P R A 1000 300 130", more=pattern), flow_l_s=60, edition=Q2021)
    (row,) = found.table("hydrants").to_dict("records")
    # 5 l/s × 2 × 2 are 20 l/s: as without patterns.
    assert row["residual_m"] == pytest.approx(
        40 - head_loss_m(0.08, length_m=1_000, diameter_m=0.3, roughness_hw=130), abs=1e-3
    )


def test_where_too_little_is_left_the_hydrant_fails(town: City):
    text = written("A 10 20", "P R A 1000 150 130", reservoirs="R 60")
    found = fire_flow(town, network=text, flow_l_s=40, edition=Q2021)
    assert found.verdicts[1].outcome is Outcome.FAIL
    assert found.quantity("below").value == 1


def test_the_towns_hydrant_is_tried(town: City):
    found = fire_flow(town, flow_l_s=5, edition=Q2021)
    (row,) = found.table("hydrants").to_dict("records")
    assert row["node"] == "H1"
    assert row["residual_m"] < row["static_m"]
    assert found.verdicts[1].outcome is Outcome.PASS


def test_where_so_much_cannot_be_drawn_the_pressure_is_unknown_and_too_low(town: City):
    found = fire_flow(
        town, network=written("A 10 20", "P R A 1000 80 130", reservoirs="R 60"), flow_l_s=40, edition=Q2021
    )
    left = found.verdicts[1]
    assert (left.outcome, left.found) == (Outcome.FAIL, None)
    assert found.table("hydrants")["residual_m"].isna().all()
    assert found.quantity("below").value == 1
