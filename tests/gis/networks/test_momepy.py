"""The figures of momepy's sample of Bubeneč, which it publishes with its own results."""

from __future__ import annotations

import geopandas
import momepy
import networkx
import numpy as np
import pytest

from gis.networks.betweenness import betweenness
from gis.networks.graph import Graph, graph
from gis.networks.structure import straightness, structure
from gis.networks.ways import Ways


@pytest.fixture(scope="module")
def bubenec() -> Graph:
    streets = geopandas.read_file(momepy.datasets.get_path("bubenec"), layer="streets")
    return graph(np.array(streets.geometry, dtype=object))


def test_the_streets_of_bubenec_are_joined_as_momepy_says(bubenec: Graph):
    found = structure(bubenec)
    assert (found.nodes, found.edges) == (29, 35)
    assert found.length_m == pytest.approx(5_948.4509, abs=1e-4)
    assert found.meshedness == pytest.approx(0.1320755, abs=1e-7)
    assert found.gamma == pytest.approx(0.4320988, abs=1e-7)
    assert found.mean_degree == pytest.approx(2.4137931, abs=1e-7)
    assert straightness(Ways.by_length(bubenec)).mean() == pytest.approx(0.8329779, abs=1e-7)


def test_the_betweenness_of_bubenec_is_momepys(bubenec: Graph):
    found = betweenness(Ways.by_length(bubenec))
    nodes = len(bubenec.nodes)
    # momepy counts the ends of a way among what it passes: 2(n-1) ways more for each node, of n(n-1).
    with_ends = (found.nodes * (nodes - 1) * (nodes - 2) + 2 * (nodes - 1)) / (nodes * (nodes - 1))
    assert with_ends.mean() == pytest.approx(0.1646849, abs=1e-7)
    assert with_ends.max() == pytest.approx(0.3916256, abs=1e-7)


def test_ways_that_cost_the_same_share_what_passes():
    grid = networkx.grid_2d_graph(7, 7)
    lines = np.array([_line(*ends) for ends in grid.edges], dtype=object)
    made = graph(lines)
    found = betweenness(Ways.by_length(made))
    where = [tuple((node / 100).round().astype(int).tolist()) for node in made.nodes]
    nodes = networkx.betweenness_centrality(grid)
    assert found.nodes.tolist() == pytest.approx([nodes[each] for each in where])
    edges = {frozenset(ends): share for ends, share in networkx.edge_betweenness_centrality(grid).items()}
    ends = [frozenset((where[a], where[b])) for a, b in zip(made.start.tolist(), made.end.tolist(), strict=True)]
    assert found.edges.tolist() == pytest.approx([edges[each] for each in ends])
    some = betweenness(Ways.by_length(made), most=20)
    assert some.origins == 20
    assert some.nodes.mean() == pytest.approx(found.nodes.mean(), rel=0.1)


def _line(here: tuple[int, int], there: tuple[int, int]) -> object:
    from shapely.geometry import LineString

    return LineString(np.array([here, there]) * 100.0)
