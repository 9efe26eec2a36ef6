"""How mixed uses are, by numbers from the literature and from paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.planning.mix import entropy


def test_mixes_of_known_shares_have_their_entropy():
    assert entropy([0.4, 0.3, 0.2, 0.1]) == pytest.approx(0.9232197, abs=1e-7)
    assert entropy([1, 1, 1]) == pytest.approx(1)
    assert entropy([5, 0]) == 0
    assert entropy([]) is None


@given(st.lists(st.floats(0.01, 1e6), min_size=2, max_size=30), st.floats(0.1, 10))
def test_the_mix_lies_between_none_and_all_alike_and_does_not_depend_on_the_unit(areas: list[float], factor: float):
    mix = entropy(areas)
    assert 0 <= mix <= 1 + 1e-9
    assert entropy([factor * area for area in areas]) == pytest.approx(mix)
    assert entropy(reversed(areas)) == pytest.approx(mix)
