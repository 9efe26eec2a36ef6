"""A tilted plane, filled to a level: what lies under water grows with the level as geometry says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.elevation import surface_opened
from gis.planning.depths import BOUNDS_M, LEAST, MOST, Depths
from gis.sample.squares import line, rectangle
from tests.gis.planes import plane


@pytest.fixture(scope="module")
def rising(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plane that rises a metre in 100 m to the east, from 0 at the town's corner."""
    return plane(tmp_path_factory.mktemp("planes") / "rising.tif", low_m=0.0, per_m=0.01)


@pytest.fixture(scope="module")
def askew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plane that rises to the east and half as much to the north."""
    return plane(tmp_path_factory.mktemp("planes") / "askew.tif", low_m=0.0, per_m=0.01, north_per_m=0.005)


def ground(path: Path, level_m: float, outline: shapely.Geometry, *, off_m: float | None = None) -> np.ndarray:
    with surface_opened(path) as surface:
        return Depths(surface, level_m, off_m).of_ground(outline)[0]


@pytest.mark.parametrize("level_m", [0.0, 0.013, 0.5, 1.0, 1.777, 2.5, 3.999, 5.0])
def test_the_area_under_water_is_linear_in_its_level(rising: Path, level_m: float):
    # 500 m x 200 m: at a level of z metres the westmost 100 z metres lie under water
    assert ground(rising, level_m, rectangle(0, 0, 500, 200))[0] == pytest.approx(20_000 * level_m, abs=1e-6)


def test_a_level_below_all_ground_wets_nothing_and_one_above_it_all(rising: Path):
    assert ground(rising, -0.5, rectangle(0, 0, 500, 200))[0] == 0
    assert ground(rising, 50.0, rectangle(0, 0, 500, 200))[0] == pytest.approx(100_000)


@settings(deadline=None)
@given(level_m=st.floats(0.1, 4.9))
def test_a_plane_askew_is_filled_exactly_too(askew: Path, level_m: float):
    # what of a rectangle lies west of the line where the plane has the level
    wet = shapely.Polygon([(-1e4, -1e4), (1e2 * level_m + 5e3, -1e4), (1e2 * level_m - 5e3, 1e4), (-1e4, 1e4)])
    box = rectangle(0, 0, 500, 200)
    moved = shapely.transform(wet, lambda xy: xy + np.array(box.bounds[:2]))
    assert ground(askew, level_m, box)[0] == pytest.approx(moved.intersection(box).area, rel=1e-9)


def test_each_depth_is_an_area_of_its_own(rising: Path):
    below = ground(rising, 3.0, rectangle(0, 0, 500, 200), off_m=0.25)
    assert below[: len(BOUNDS_M)] == pytest.approx([60_000, 50_000, 40_000, 20_000])
    assert (below[LEAST], below[MOST]) == (pytest.approx(55_000), pytest.approx(65_000))


def test_areas_and_lines_are_sampled_and_their_shares_follow_the_plane(rising: Path):
    with surface_opened(rising) as surface:
        depths = Depths(surface, 2.0, None)
        shares, unknown = depths.of_areas(
            np.array([rectangle(0, 0, 400, 100), rectangle(190, 0, 210, 10)], dtype=object)
        )
        assert shares[:, 0] == pytest.approx([0.5, 0.5], abs=0.01)
        assert unknown.tolist() == [0, 0]
        lines = np.array([line((0, 50), (400, 50)), line((300, 0), (300, 200))], dtype=object)
        assert depths.of_lines(lines)[0][:, 0] == pytest.approx([0.5, 0.0], abs=0.01)


def test_an_area_smaller_than_the_grid_is_sampled_within(rising: Path):
    with surface_opened(rising) as surface:
        small = np.array([rectangle(10, 10, 10.5, 10.5), rectangle(450, 10, 450.5, 10.5)], dtype=object)
        shares, _ = Depths(surface, 2.0, None).of_areas(small)
        assert shares[:, 0].tolist() == [1, 0]
        assert Depths(surface, 2.0, None).of_areas(np.empty(0, dtype=object))[0].shape == (0, len(BOUNDS_M) + 2)


def test_what_the_model_does_not_know_is_counted_and_is_not_dry(tmp_path: Path):
    # 10 cells of 10 m are unknown; between cells a height needs four of them, so that more is not known
    path = plane(tmp_path / "holed.tif", low_m=0.0, per_m=0.0, holes=tuple((20, 10 + place) for place in range(10)))
    with surface_opened(path) as surface:
        below, unknown = Depths(surface, 1.0, None).of_ground(rectangle(0, 0, 500, 200))
        assert below[0] + unknown == pytest.approx(100_000)
        assert 1_000 < unknown <= 11 * 3 * 100
        shares, lost = Depths(surface, 1.0, None).of_areas(np.array([rectangle(0, 0, 500, 200)], dtype=object))
        assert float(shares[0, 0] + lost[0]) == pytest.approx(1)
        beyond, nothing = Depths(surface, 1.0, None).of_areas(np.array([rectangle(5_000, 0, 5_100, 100)], dtype=object))
        assert (beyond[0, 0], nothing[0]) == (0, 1)


def test_memory_does_not_grow_with_the_model(tmp_path: Path):
    import tracemalloc

    path = plane(tmp_path / "large.tif", low_m=0.0, per_m=0.0001, cell_m=2.0, size_m=(3_000.0, 3_000.0))
    with surface_opened(path) as surface:
        tracemalloc.start()
        below, _ = Depths(surface, 0.1, None).of_ground(None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    # 2.25 million cells are 18 MB of heights, and their corners 72 MB
    assert most < 60 * 1024**2
    assert below[0] == pytest.approx(1_100 * 3_000, rel=0.01)
