"""Walking on nets whose distances can be counted."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from gis.networks.graph import graph
from gis.networks.placing import placed
from gis.networks.streets import walking
from gis.networks.streets.convention import convention
from gis.networks.ways import Ways


def net(lines: np.ndarray) -> Ways:
    return Ways.by_length(graph(lines))


def reach(ways: Ways, places: np.ndarray, targets: np.ndarray) -> walking.Reach:
    within_m = convention().farthest_street_m
    set_onto = (placed(ways.onto, each, within_m=within_m, cost_per_m=1.0) for each in (places, targets))
    return walking.reach(ways, *set_onto)


def grid(steps: int, spacing_m: float) -> np.ndarray:
    """Return the streets of a square grid, each a line with a vertex at every crossing."""
    marks = [spacing_m * step for step in range(steps + 1)]
    across = [shapely.LineString([(mark, y) for mark in marks]) for y in marks]
    upward = [shapely.LineString([(x, mark) for mark in marks]) for x in marks]
    return np.array([*across, *upward], dtype=object)


def points(*places: tuple[float, float]) -> np.ndarray:
    return np.array([shapely.Point(*place) for place in places], dtype=object)


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_a_grid_has_2k2_2k_1_crossings_within_k_steps(radius: int):
    streets = net(grid(2 * radius, 100))
    crossings = points(*[(100.0 * x, 100.0 * y) for x in range(2 * radius + 1) for y in range(2 * radius + 1)])
    found = reach(streets, crossings, points((100.0 * radius, 100.0 * radius)))
    assert np.count_nonzero(found.distance_m <= 100 * radius + 1e-3) == 2 * radius**2 + 2 * radius + 1


def test_the_way_to_the_street_and_along_it_counts():
    streets = net(grid(1, 100))
    # 10 m to the street, 30 m to the corner, 40 m up the other street, 5 m off it.
    found = reach(streets, points((30, -10)), points((-5, 40)))
    assert found.distance_m[0] == pytest.approx(10 + 30 + 40 + 5)
    assert found.along[0]


def test_on_one_street_nobody_walks_to_its_end_and_back():
    found = reach(net(grid(1, 100)), points((30, 0)), points((70, 3)))
    assert found.distance_m[0] == pytest.approx(43)


def test_streets_that_cross_without_a_vertex_are_not_joined():
    lines = np.array([shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, -50), (50, 50)])], dtype=object)
    found = reach(net(lines), points((0, 0)), points((50, 50)))
    assert not found.along[0]
    assert found.distance_m[0] == pytest.approx(math.hypot(50, 50))


def test_far_from_any_street_the_straight_line_is_taken_and_said_to_be_one():
    far = convention().farthest_street_m + 1
    found = reach(net(grid(1, 100)), points((50, -far), (50, -far + 2)), points((50, 0)))
    assert found.along.tolist() == [False, True]
    assert found.distance_m == pytest.approx([far, far - 2])


def test_without_targets_everything_is_out_of_reach_and_without_streets_all_is_straight():
    assert np.isinf(reach(net(grid(1, 100)), points((0, 0)), points()).distance_m).all()
    found = reach(net(np.empty(0, dtype=object)), points((0, 0)), points((3, 4)))
    assert (found.distance_m[0], found.along[0]) == (5, False)


def test_the_nearest_of_several_targets_counts():
    streets = net(grid(4, 100))
    targets = points((0, 0), (400, 400), (400, 0))
    places = points((100, 100), (300, 300), (200, 200))
    assert reach(streets, places, targets).distance_m == pytest.approx([200, 200, 400], abs=1e-3)


def test_a_walk_is_never_shorter_than_the_straight_line():
    random = np.random.default_rng(7)
    places, targets = (points(*random.uniform(0, 500, (60, 2)).tolist()) for _ in range(2))
    found = reach(net(grid(5, 100)), places, targets)
    nearest = shapely.STRtree(targets).nearest(places)
    assert (found.distance_m >= shapely.distance(places, targets[nearest]) - 1e-6).all()
