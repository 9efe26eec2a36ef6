"""Flow by Manning in full and partly full sections: figures of handbooks, and what follows from the formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.networks.drainage.sections import BOX, CIRCULAR, TRAPEZOID, Conduits, Sections


def conduit(
    kind: int, width: float, height: float, *, side: float = 0.0, slope: float = 0.002, n: float = 0.013
) -> Conduits:
    sections = Sections(np.array([kind]), np.array([width]), np.array([height]), np.array([side]))
    return Conduits(sections, np.array([slope]), np.array([n]))


def one(values: np.ndarray) -> float:
    (value,) = values.tolist()
    return value


def test_a_full_pipe_of_600_mm_at_two_in_a_thousand_carries_0_27459_m3_s_at_0_9712_m_s():
    pipe = conduit(CIRCULAR, 0.6, 0.6)
    assert one(pipe.full_flow_m3_s) == pytest.approx(0.27459, abs=5e-6)
    assert one(pipe.full_velocity_m_s) == pytest.approx(0.9712, abs=5e-5)


def test_a_pipe_that_is_half_full_carries_half_as_fast_as_when_it_is_full():
    pipe = conduit(CIRCULAR, 0.6, 0.6)
    assert one(pipe.flow_m3_s(np.array([0.3]))) == pytest.approx(one(pipe.full_flow_m3_s) / 2)
    assert one(pipe.velocity_m_s(pipe.full_flow_m3_s / 2)) == pytest.approx(one(pipe.full_velocity_m_s))


def test_a_pipe_carries_the_most_when_it_is_nearly_full():
    pipe = conduit(CIRCULAR, 1.0, 1.0)
    deepest = one(pipe.flow_m3_s(np.array([0.938])))
    assert deepest / one(pipe.full_flow_m3_s) == pytest.approx(1.0757, abs=1e-4)  # Chow 1959, figure 6-5


def test_a_full_box_has_its_lid_wet():
    # 2 m x 1 m: 2 m² over 6 m; R = 1/3 m, R^(2/3) = 0.480750; 2 x 0.480750 x sqrt(0.001) / 0.015 = 2.0270
    box = conduit(BOX, 2.0, 1.0, slope=0.001, n=0.015)
    assert one(box.full_flow_m3_s) == pytest.approx(2.0270, abs=1e-4)
    # half full without its lid: 1 m² over 3 m, the same radius, half of the flow
    assert one(box.flow_m3_s(np.array([0.5]))) == pytest.approx(2.0270 / 2, abs=1e-4)


def test_a_channel_to_its_banks_is_a_trapezoid():
    # (40 + 2·3)·3 = 138 m² over 40 + 6·sqrt(5) = 53.4164 m; R^(2/3) = 1.88279; x sqrt(0.001) / 0.03
    channel = conduit(TRAPEZOID, 40.0, 3.0, side=2.0, slope=0.001, n=0.03)
    assert one(channel.full_flow_m3_s) == pytest.approx(273.88, abs=0.01)


def test_a_ditch_without_a_bed_carries_water_too():
    # 1 m deep, sides 1:1: 1 m² over 2·sqrt(2) m
    ditch = conduit(TRAPEZOID, 0.0, 1.0, side=1.0, slope=0.01, n=0.03)
    assert one(ditch.full_flow_m3_s) == pytest.approx((1 / 2.828427) ** (2 / 3) * 0.1 / 0.03)


@pytest.mark.parametrize(
    ("kind", "width", "height", "slope", "n"),
    [
        (CIRCULAR, 0.0, 0.0, 0.002, 0.013),
        (CIRCULAR, np.nan, np.nan, 0.002, 0.013),
        (CIRCULAR, 0.6, 0.6, -0.002, 0.013),
        (CIRCULAR, 0.6, 0.6, 0.0, 0.013),
        (CIRCULAR, 0.6, 0.6, np.nan, 0.013),
        (CIRCULAR, 0.6, 0.6, 0.002, 0.0),
        (CIRCULAR, 0.6, 0.6, 0.002, np.nan),
        (BOX, 2.0, 0.0, 0.002, 0.013),
        (-1, 0.6, 0.6, 0.002, 0.013),
    ],
)
def test_what_is_not_known_or_cannot_be_carries_an_unknown_flow_and_never_none(kind, width, height, slope, n):
    strange = conduit(kind, width, height, slope=slope, n=n)
    assert np.isnan(one(strange.full_flow_m3_s))
    assert np.isnan(one(strange.depth_m(np.array([0.1]))))
    assert np.isnan(one(strange.velocity_m_s(np.array([0.1]))))


@settings(deadline=None)
@given(
    kind=st.sampled_from([CIRCULAR, BOX, TRAPEZOID]),
    size=st.floats(0.1, 5),
    share=st.floats(0.01, 0.99),
    slope=st.floats(1e-4, 0.05),
)
def test_the_depth_of_a_flow_carries_that_flow(kind: int, size: float, share: float, slope: float):
    found = conduit(kind, size, size, side=1.0 if kind == TRAPEZOID else 0.0, slope=slope)
    flow = found.full_flow_m3_s * share
    depth = found.depth_m(flow)
    assert 0 < one(depth) <= size
    assert one(found.flow_m3_s(depth)) == pytest.approx(one(flow), rel=1e-6)


def test_more_than_a_sewer_carries_fills_it():
    pipe = conduit(CIRCULAR, 0.6, 0.6)
    assert one(pipe.depth_m(np.array([1.0]))) == 0.6
    assert one(pipe.velocity_m_s(np.array([1.0]))) == pytest.approx(one(pipe.full_velocity_m_s))
