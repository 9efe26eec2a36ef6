"""Rain, what of it runs off, and how fast: figures of the papers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.networks.drainage.rain import RainError, rain
from gis.networks.drainage.runoff import kirpich_min, rational_m3_s, scs_peak_m3_s, scs_runoff_mm


@pytest.mark.parametrize(
    ("rain_mm", "number", "runs_off_mm"), [(100, 80, 50.539), (200, 85, 154.730), (50, 98, 44.276)]
)
def test_run_off_by_curve_number(rain_mm: float, number: float, runs_off_mm: float):
    assert float(scs_runoff_mm(rain_mm, number)) == pytest.approx(runs_off_mm, abs=5e-4)


def test_a_rain_that_the_ground_holds_does_not_run_off_and_one_on_water_runs_off_whole():
    assert float(scs_runoff_mm(10, 80)) == 0  # 0.2 S = 12.7 mm
    assert float(scs_runoff_mm(37, 100)) == 37
    assert np.isnan(scs_runoff_mm(37, np.nan))
    assert np.isnan(scs_runoff_mm(37, 0.0))


@settings(deadline=None)
@given(st.floats(0, 500), st.floats(1, 100))
def test_never_more_runs_off_than_falls(rain_mm: float, number: float):
    assert 0 <= float(scs_runoff_mm(rain_mm, number)) <= rain_mm + 1e-9


def test_the_rational_method():
    assert float(rational_m3_s(0.8, 100, area_km2=0.5)) == pytest.approx(11.12)


def test_the_triangle_of_the_scs():
    # 1 km², 50 mm; an hour of rain, half an hour together: 0.208 x 50 / (0.5 + 0.3) = 13.0 m³/s
    assert float(scs_peak_m3_s(50.0, duration_min=60, concentration_min=30)) == pytest.approx(13.0)


def test_water_takes_as_long_over_ground_as_kirpich_measured():
    # 1,000 m at one in a hundred: 0.0195 x 204.17 x 5.888 = 23.4 min
    assert float(kirpich_min(1_000, 0.01)) == pytest.approx(23.44, abs=0.01)
    assert np.isnan(kirpich_min(1_000, np.nan))
    assert np.isnan(kirpich_min(1_000, 0.0))


def test_the_formula_of_the_norm_is_read_with_its_constants():
    # 2,000 x (1 + 0.5 lg 10) / (10 + 10)^1 = 150 l/s/ha = 54 mm/h
    found = rain("A=2000 C=0.5 b=10 n=1")
    assert float(found.intensity_mm_h(10.0, period_years=10)) == pytest.approx(54)
    assert float(found.intensity_mm_h(10.0, period_years=1)) == pytest.approx(36)
    assert rain('{"A": 2000, "C": 0.5, "b": 10, "n": 1}') == rain("A=2000, C=0.5, b=10; n=1") == found


def test_an_intensity_holds_however_long_it_rains():
    for said in ("i=60 t=30", "60", "60 mm/h"):
        assert float(rain(said).intensity_mm_h(7.0, period_years=5)) == 60
    assert rain("i=60 t=30").depth_mm(period_years=1) == 30
    with pytest.raises(RainError, match="how long it lasts"):
        rain("60").depth_mm(period_years=1)


def test_without_a_rain_there_is_none():
    assert rain("") is None
    assert rain("  ") is None


@pytest.mark.parametrize(
    "given",
    ["hard", "A=1", "A=1 C=1 b=1", "i=60 A=1 C=1 b=1 n=1", "i=-1", "i=0", "i=nan", "i=inf", "i=x", "t=5", "q=5",
     "A=1 C=1 b=1 n=1 k=2", "i=60 and more", "[60]", '{"i": true}', '{"i": [1]}', "{", "{" * 5000],
)  # fmt: skip
def test_what_is_no_rain_is_refused_with_what_would_be_right(given: str):
    with pytest.raises(RainError, match="TCVN 7957"):
        rain(given)


def test_a_rain_so_common_that_the_formula_has_none_is_refused():
    with pytest.raises(RainError, match="has no intensity once in"):
        rain("A=2000 C=2 b=10 n=1").intensity_mm_h(10.0, period_years=0.1)
