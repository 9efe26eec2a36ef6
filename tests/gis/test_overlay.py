"""What lies on what: the shared areas are those of the intersections, however they were come by."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.overlay import Cover


def areas_by_pair(cover: Cover, features: np.ndarray) -> dict[tuple[int, int], float]:
    shared = cover.shared(features)
    found: dict[tuple[int, int], float] = {}
    for feature, area, shared_m2 in zip(shared.features, shared.areas, shared.shared_m2, strict=True):
        found[feature, area] = found.get((feature, area), 0.0) + shared_m2
    return found


def intersections(features: np.ndarray, areas: np.ndarray) -> dict[tuple[int, int], float]:
    pairs = (
        (i, j, shapely.area(shapely.intersection(f, a))) for i, f in enumerate(features) for j, a in enumerate(areas)
    )
    return {(i, j): area for i, j, area in pairs if area > 1e-9}


def squares(*corners: tuple[float, float, float]) -> np.ndarray:
    return np.array([shapely.box(x, y, x + side, y + side) for x, y, side in corners], dtype=object)


def test_a_feature_inside_astride_beside_and_away():
    zones = squares((0, 0, 100), (100, 0, 100))
    features = squares((10, 10, 10), (95, 10, 10), (0, 100, 10), (500, 500, 10), (100, 50, 10))
    assert areas_by_pair(Cover(zones), features) == {(0, 0): 100, (1, 0): 50, (1, 1): 50, (4, 1): 100}


def test_areas_that_overlap_are_each_told():
    zones = squares((0, 0, 100), (50, 0, 100))
    assert areas_by_pair(Cover(zones), squares((60, 10, 10), (45, 10, 10))) == {
        (0, 0): 100, (0, 1): 100, (1, 0): 100, (1, 1): 50,
    }  # fmt: skip


def test_a_border_of_many_vertices_is_followed_exactly():
    round_ = shapely.Point(0, 0).buffer(1_000, quad_segs=500)
    zones = np.array([round_, shapely.difference(shapely.box(-2_000, -2_000, 2_000, 2_000), round_)], dtype=object)
    features = squares(*((x, y, 97) for x in range(-1_500, 1_500, 97) for y in range(-1_500, 1_500, 97)))
    found = areas_by_pair(Cover(zones), features)
    expected = intersections(features, zones)
    assert found.keys() == expected.keys()
    for pair, area in expected.items():
        assert found[pair] == pytest.approx(area, rel=1e-9, abs=1e-6)
    sums = np.zeros(len(features))
    for (feature, _), area in found.items():
        sums[feature] += area
    assert sums == pytest.approx(shapely.area(features), rel=1e-9)


@given(
    st.lists(st.tuples(*[st.integers(0, 60)] * 2, st.integers(1, 40)), min_size=1, max_size=6),
    st.lists(st.tuples(*[st.integers(0, 60)] * 2, st.integers(1, 40)), min_size=1, max_size=6),
)
def test_shared_areas_are_those_of_the_intersections(zones, features):
    zones, features = squares(*zones), squares(*features)
    assert areas_by_pair(Cover(zones), features) == pytest.approx(intersections(features, zones))


def test_without_areas_nothing_is_shared():
    assert areas_by_pair(Cover(np.empty(0, dtype=object)), squares((0, 0, 1))) == {}
