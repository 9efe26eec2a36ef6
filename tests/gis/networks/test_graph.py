"""Graphs out of lines: what is joined, and how far it is, against numbers that can be worked out or were published."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import networkx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.networks.faults import components, dead_ends, near_misses
from gis.networks.graph import Graph, graph
from gis.networks.landmarks import landmarks
from gis.networks.placing import placed
from gis.networks.routing import route
from gis.networks.search import between, from_each, to_nearest
from gis.networks.service_area import service_areas
from gis.networks.structure import cuts, density_km_per_km2, straightness, structure, within
from gis.networks.ways import Ways

SAMPLE = {
    # The sample graph of pgRouting's documentation: edge, from, to, whether one may go, and whether back.
    1: (5, 6, True, True),
    2: (6, 10, False, True),
    3: (10, 15, False, True),
    4: (6, 7, True, True),
    5: (10, 11, True, False),
    6: (1, 3, True, True),
    7: (3, 7, True, True),
    8: (7, 11, True, True),
    9: (11, 16, True, True),
    10: (7, 8, True, True),
    11: (11, 12, True, False),
    12: (8, 12, True, False),
    13: (12, 17, True, False),
    14: (8, 9, True, True),
    15: (16, 17, True, True),
    16: (15, 16, True, True),
    17: (2, 4, True, True),
    18: (13, 14, True, True),
}
PLACES = {
    1: (0, 2), 2: (0.5, 3.5), 3: (1, 2), 4: (1.999999999999, 3.5), 5: (2, 0), 6: (2, 1), 7: (2, 2), 8: (2, 3),
    9: (2, 4), 10: (3, 1), 11: (3, 2), 12: (3, 3), 13: (3.5, 2.3), 14: (3.5, 4), 15: (4, 1), 16: (4, 2), 17: (4, 3),
}  # fmt: skip


def lines(*coordinates: Sequence[tuple[float, float]]) -> np.ndarray:
    return np.array([shapely.LineString(each) for each in coordinates], dtype=object)


def points(*coordinates: tuple[float, float]) -> np.ndarray:
    return np.array([shapely.Point(each) for each in coordinates], dtype=object)


def grid(steps: int, spacing_m: float = 100.0) -> np.ndarray:
    """Return streets every so many metres, of which each crosses all others at a vertex; the middle one is at 0, 0."""
    at = spacing_m * np.arange(-steps, steps + 1)
    return lines(*([(x, y) for y in at] for x in at), *([(x, y) for x in at] for y in at))


def node_at(made: Graph, x: float, y: float) -> int:
    return int(np.argmin(np.hypot(made.nodes[:, 0] - x, made.nodes[:, 1] - y)))


@pytest.fixture(scope="module")
def sample() -> tuple[Ways, dict[int, int]]:
    made = graph(lines(*([PLACES[a], PLACES[b]] for a, b, _, _ in SAMPLE.values())))
    there, back = (np.array([each[place] for each in SAMPLE.values()]) for place in (2, 3))
    assert made.line.tolist() == list(range(18))
    ones = np.ones(18)
    ways = Ways(made, np.where(there, ones, np.inf), np.where(back, ones, np.inf))
    return ways, {name: node_at(made, *place) for name, place in PLACES.items()}


# --- What is joined ---------------------------------------------------------------------------------------------------


def test_lines_are_joined_where_they_share_a_vertex_and_not_where_they_cross():
    joined = graph(lines([(0, 0), (10, 0), (20, 0)], [(10, -5), (10, 0), (10, 5)]))
    assert (len(joined.nodes), len(joined.start)) == (5, 4)
    assert sorted(joined.length_m.tolist()) == [5, 5, 10, 10]
    bridge = graph(lines([(0, 0), (20, 0)], [(10, -5), (10, 5)]))
    assert (len(bridge.nodes), len(bridge.start)) == (4, 2)
    assert components(bridge).max() == 1


def test_an_end_that_lies_on_a_line_without_a_vertex_there_is_a_near_miss_and_no_junction():
    made = graph(lines([(0, 0), (20, 0)], [(10, 0), (10, 5)], [(15, 0.4), (15, 5)]))
    assert len(made.start) == 3
    missed = near_misses(made)
    assert made.nodes[missed.node].tolist() == [[15, 0.4]]
    assert missed.apart_m == pytest.approx([0.4])
    touching = near_misses(graph(lines([(0, 0), (20, 0)], [(10, 0.002), (10, 5)])))
    assert touching.apart_m == pytest.approx([0.002])


def test_an_edge_keeps_the_shape_and_the_line_it_came_from():
    made = graph(lines([(0, 0), (3, 4), (6, 0), (6, 10)], [(6, 0), (20, 0)]))
    assert made.line.tolist() == [0, 0, 1]
    assert made.length_m.tolist() == [10, 10, 14]
    assert made.shapes[0].equals(shapely.LineString([(0, 0), (3, 4), (6, 0)]))


def test_rings_parts_and_lines_without_length():
    ring = graph(lines([(0, 0), (10, 0), (10, 10), (0, 0)]))
    assert (len(ring.nodes), ring.start.tolist(), ring.end.tolist()) == (1, [0], [0])
    both = np.array([shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0)]]), shapely.LineString([(0, 0)] * 2)])
    made = graph(both)
    assert (len(made.start), made.line.tolist()) == (2, [0, 0])
    assert len(graph(np.empty(0, dtype=object)).nodes) == 0


def test_dead_ends_are_the_nodes_of_one_edge(sample: tuple[Ways, dict[int, int]]):
    ways, names = sample
    assert sorted(dead_ends(ways.graph).tolist()) == sorted(names[name] for name in (1, 5, 9, 2, 4, 13, 14))


# --- How far it is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 3, 5])
def test_a_grid_has_2kk_2k_1_nodes_within_k_steps(steps: int):
    ways = Ways.by_length(graph(grid(8)))
    origin = placed(ways.graph, points((0, 0)), within_m=1)
    ((_, costs),) = from_each(ways, origin, most=steps * 100.0)
    assert int(np.isfinite(costs).sum()) == 2 * steps**2 + 2 * steps + 1
    (area,) = service_areas(ways, origin, most=steps * 100.0)
    hull = shapely.union_all(area.lines).convex_hull
    assert hull.area / (np.pi * (steps * 100.0) ** 2) == pytest.approx(2 / np.pi)


def test_the_sample_graph_of_pgrouting(sample: tuple[Ways, dict[int, int]]):
    ways, names = sample
    from_11 = placed(ways.graph, points(PLACES[11]), within_m=0.1)
    ((_, costs),) = from_each(ways, from_11, most=3)
    found = {name: costs[0, node] for name, node in names.items() if np.isfinite(costs[0, node])}
    assert found == {11: 0} | dict.fromkeys((7, 12, 16), 1) | dict.fromkeys((3, 6, 8, 15, 17), 2) | dict.fromkeys(
        (1, 5, 9, 10), 3
    )
    here, there = (placed(ways.graph, points(PLACES[name]), within_m=0.1) for name in (6, 10))
    assert between(ways, here, there).item() == 5
    way = route(ways, here, there)
    assert way is not None
    assert way.cost == 5
    assert [name for node in way.nodes for name, at in names.items() if at == node] == [6, 7, 11, 16, 15, 10]
    either = Ways(ways.graph, np.ones(18), np.ones(18))
    assert between(either, here, there).item() == 1


def test_the_parts_of_the_sample_graph(sample: tuple[Ways, dict[int, int]]):
    ways, names = sample
    part = components(ways.graph)
    parts = {frozenset(name for name, node in names.items() if part[node] == number) for number in range(3)}
    assert parts == {frozenset([1, 3, *range(5, 13), 15, 16, 17]), frozenset([2, 4]), frozenset([13, 14])}


def test_what_hangs_on_one_edge_or_one_node(sample: tuple[Ways, dict[int, int]]):
    ways, names = sample
    found = cuts(ways.graph)
    assert [edge + 1 for edge in found.bridges.tolist()] == [1, 6, 7, 14, 17, 18]
    # 5; 1; 1 and 3; 9; and the two pairs apart.
    assert found.cut_off.tolist() == [1, 1, 2, 1, 1, 1]
    assert {name for name, node in names.items() if node in found.nodes} == {3, 6, 7, 8}
    twice = graph(lines([(0, 0), (10, 0)], [(0, 0), (5, 5), (10, 0)], [(10, 0), (20, 0)]))
    assert cuts(twice).bridges.tolist() == [2]


@pytest.mark.parametrize("spacing_m", [250.0, 300.0])
def test_a_grid_has_two_kilometres_of_street_for_each_spacing(spacing_m: float):
    made = graph(grid(6, spacing_m))
    # A square of four spacings, its edges in the middle of blocks.
    half = 2 * spacing_m
    square = shapely.box(-half + 1, -half + 1, half + 1, half + 1)
    inside_m = within(made, square).sum()
    assert inside_m * 1_000 / square.area == pytest.approx(2_000 / spacing_m)
    assert density_km_per_km2(made, 1e6) == pytest.approx(made.length_m.sum() / 1_000)


def test_how_a_network_is_joined():
    ring = structure(graph(lines([(0, 0), (1, 0), (1, 1)], [(1, 1), (0, 1), (0, 0)], [(0, 0), (1, 1)])))
    assert (ring.nodes, ring.edges, ring.mean_degree) == (2, 3, 3)
    square = structure(graph(lines([(0, 0), (1, 0)], [(1, 0), (1, 1)], [(1, 1), (0, 1)], [(0, 1), (0, 0)])))
    assert (square.meshedness, square.gamma, square.length_m) == (pytest.approx(1 / 3), pytest.approx(4 / 6), 4)


def test_along_a_straight_street_ways_are_straight():
    made = graph(lines([(0, 0), (10, 0)], [(10, 0), (30, 0)]))
    assert straightness(Ways.by_length(made)).tolist() == [1, 1, 1]
    corner = graph(lines([(0, 0), (3, 0)], [(3, 0), (3, 4)]))
    assert sorted(straightness(Ways.by_length(corner)).tolist()) == pytest.approx([(1 + 5 / 7) / 2] * 2 + [1])


def test_points_lie_on_edges_where_they_are():
    ways = Ways.by_length(graph(lines([(0, 0), (100, 0)], [(100, 0), (100, 50)])))
    two = placed(ways.graph, points((30, 4), (100, 20)), within_m=10)
    assert (two.along_m.tolist(), two.off_m.tolist()) == ([30, 20], [4, 0])
    assert two.snapped(ways.graph)[0].equals(shapely.Point(30, 0))
    assert between(ways, two, two).tolist() == [[0, 90], [90, 0]]
    far = placed(ways.graph, points((0, 11)), within_m=10)
    assert (far.edge.tolist(), np.isinf(between(ways, far, two)).all()) == ([-1], True)


def test_one_way_streets_are_gone_one_way():
    made = graph(lines([(0, 0), (100, 0)], [(100, 0), (100, 100), (0, 100), (0, 0)]))
    ways = Ways.by_length(made, backward=np.array([False, True]))
    two = placed(made, points((20, 0), (60, 0)), within_m=1)
    assert between(ways, two, two).tolist() == [[0, 40], [360, 0]]
    cost, nearest = to_nearest(ways, two, placed(made, points((10, 0), (90, 0)), within_m=1))
    assert (cost.tolist(), nearest.tolist()) == ([70, 30], [1, 1])
    back = route(ways, *(placed(made, points((x, 0)), within_m=1) for x in (60, 20)))
    assert back is not None
    assert (back.cost, back.edges) == (360, (0, 1, 0))


def test_what_cannot_be_reached_is_infinitely_far_and_has_no_way():
    ways = Ways.by_length(graph(lines([(0, 0), (100, 0)], [(0, 50), (100, 50)])))
    here, there = (placed(ways.graph, points(at), within_m=1) for at in ((10, 0), (10, 50)))
    assert np.isinf(between(ways, here, there)).all()
    assert route(ways, here, there) is None
    cost, nearest = to_nearest(ways, here, there)
    assert (np.isinf(cost).all(), nearest.tolist()) == (True, [-1])


def test_a_service_area_ends_within_edges_and_keeps_to_one_way_streets():
    made = graph(lines([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(0, 0), (-100, 0)]))
    (both,) = service_areas(Ways.by_length(made), placed(made, points((50, 0)), within_m=1), most=80)
    assert both.length_m == pytest.approx(160)
    assert shapely.union_all(both.lines).bounds == (-30, 0, 130, 0)
    forth = Ways.by_length(made, backward=np.array([False, False, False]))
    (ahead,) = service_areas(forth, placed(made, points((50, 0)), within_m=1), most=80)
    assert shapely.union_all(ahead.lines).bounds == (50, 0, 130, 0)


def test_an_edge_is_entered_from_both_ends():
    made = graph(lines([(0, 0), (0, 10)], [(0, 0), (30, 0), (30, 10), (0, 10)]))
    (area,) = service_areas(Ways.by_length(made), placed(made, points((0, 5)), within_m=1), most=25)
    # 20 m of the long way from its beginning, 20 m from its end, of 70 m; and all of the short one.
    assert area.length_m == pytest.approx(50)
    assert sorted(zip(area.edges.tolist(), area.begin.tolist(), area.end.tolist(), strict=True)) == [
        (0, 0, 1),
        (1, 0, pytest.approx(20 / 70)),
        (1, pytest.approx(50 / 70), 1),
    ]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_ways_are_those_that_networkx_finds(seed: int):
    chance = np.random.default_rng(seed)
    at = chance.uniform(0, 1_000, (25, 2)).round(1)
    pairs = {tuple(sorted(chance.choice(25, 2, replace=False).tolist())) for _ in range(45)}
    made = graph(lines(*([tuple(at[a]), tuple(at[b])] for a, b in pairs)))
    forward, backward = chance.random((2, len(made.start))) < 0.8
    ways = Ways.by_length(made, forward=forward, backward=backward)
    other = networkx.MultiDiGraph()
    other.add_nodes_from(range(len(made.nodes)))
    for edge, (a, b, length) in enumerate(zip(made.start, made.end, made.length_m, strict=True)):
        if forward[edge]:
            other.add_edge(int(a), int(b), weight=length, edge=edge)
        if backward[edge]:
            other.add_edge(int(b), int(a), weight=length, edge=edge)
    ends = placed(made, shapely.points(made.nodes[:6]), within_m=1)
    costs = between(ways, ends, ends)
    for here in range(6):
        known = networkx.single_source_dijkstra_path_length(other, here, weight="weight")
        for there in range(6):
            if here == there:
                continue
            expected = known.get(there, np.inf)
            assert costs[here, there] == pytest.approx(expected)
            one, two = (placed(made, shapely.points(made.nodes[[each]]), within_m=1) for each in (here, there))
            way = route(ways, one, two)
            assert (np.inf if way is None else way.cost) == pytest.approx(costs[here, there])
            if way is not None and len(way.nodes) > 1:
                assert all(
                    {int(made.start[edge]), int(made.end[edge])} == {a, b}
                    for edge, (a, b) in zip(way.edges[1:-1], pairwise(way.nodes), strict=True)
                )


def test_landmarks_tell_no_more_than_what_is_left_even_where_streets_are_double():
    made = graph(
        lines(
            [(0, 0), (100, 0)],
            [(0, 0), (50, 40), (100, 0)],
            [(100, 0), (200, 0)],
            [(200, 0), (210, 10), (220, 0), (200, 0)],
            [(200, 0), (300, 80)],
            [(900, 0), (950, 0)],
        )
    )
    ways = Ways.by_length(made)
    marks = landmarks(ways)
    ends = placed(made, np.asarray(shapely.points(made.nodes), dtype=object), within_m=1)
    costs = between(ways, ends, ends)
    for target in range(len(made.nodes)):
        _, nodes, last = ways.arriving(ends.chosen(np.array([target])))
        told = marks.told((np.arange(1), np.zeros(1)), (nodes, last))
        if told is not None:
            assert (told.left <= costs[:, target] + 1e-9).all()


def test_a_route_by_landmarks_costs_what_a_search_of_everything_finds():
    # A grid of 20 x 20 junctions a little out of place, with one-way streets and a hole that ways lead around.
    random = np.random.default_rng(11)
    places = np.stack(np.meshgrid(np.arange(20), np.arange(20)), axis=-1) * 100.0 + random.uniform(-20, 20, (20, 20, 2))
    pairs = [(places[y, x], places[y, x + 1]) for y in range(20) for x in range(19) if not 6 <= y <= 12 or x != 9]
    pairs += [(places[y, x], places[y + 1, x]) for y in range(19) for x in range(20)]
    made = graph(np.array([shapely.LineString(pair) for pair in pairs], dtype=object))
    ways = Ways.by_length(made, backward=random.random(len(made.start)) > 0.2)
    known = landmarks(ways)
    ends = placed(made, np.asarray(shapely.points(random.uniform(0, 1900, (24, 2))), dtype=object), within_m=200)
    costs = between(ways, ends, ends)
    for here in range(24):
        for there in range(24):
            one, other = ends.chosen(np.array([here])), ends.chosen(np.array([there]))
            way = route(ways, one, other, landmarks=known)
            assert (np.inf if way is None else way.cost) == pytest.approx(costs[here, there], abs=1e-6)
            if way is not None and len(way.nodes) > 1:
                passed = ways.arcs.along(np.array(way.nodes))
                assert passed.tolist() == list(way.edges[1:-1])
