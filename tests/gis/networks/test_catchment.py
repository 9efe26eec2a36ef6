"""Floating catchments: worked out by hand, and what holds of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gis.networks.catchment import in_steps, two_step, within

DEMAND = np.array([1_000.0, 2_000.0, 500.0])
SUPPLY = np.array([10.0, 6.0])
COSTS = np.array([[5.0, 20.0], [10.0, 12.0], [40.0, 9.0]])


def test_two_steps_by_hand():
    # The first supplier has 10 for 3,000 people, the second 6 for 2,500.
    found = two_step(DEMAND, SUPPLY, COSTS, within(15))
    assert found.shares == pytest.approx([10 / 3_000, 6 / 2_500])
    assert found.access == pytest.approx([0.0033333, 0.0057333, 0.0024], abs=5e-8)
    assert DEMAND @ found.access == pytest.approx(16)


def test_nearer_ones_count_more():
    found = two_step(DEMAND, SUPPLY, COSTS, in_steps([5, 10, 15], [1, 0.68, 0.22]))
    assert found.access == pytest.approx([0.0042373, 0.0045737, 0.0052308], abs=5e-8)


def test_whom_nobody_reaches_has_no_share_and_who_reaches_nobody_gets_nothing():
    found = two_step(DEMAND, SUPPLY, np.array([[5.0, np.inf]] * 3), within(15))
    assert np.isnan(found.shares[1])
    assert found.access == pytest.approx([10 / 3_500] * 3)


@given(
    costs=arrays.arrays(np.float64, (4, 3), elements=st.floats(0, 30)),
    demand=arrays.arrays(np.int64, 4, elements=st.integers(0, 10_000)).map(lambda people: people.astype(float)),
)
def test_what_is_given_out_is_what_those_have_who_are_reached(costs: np.ndarray, demand: np.ndarray):
    supply = np.array([1.0, 2.0, 4.0])
    found = two_step(demand, supply, costs, within(15))
    assert demand @ found.access == pytest.approx(supply[~np.isnan(found.shares)].sum())
