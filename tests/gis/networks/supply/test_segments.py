"""Segments between valves, breaks, and what depends on what: WNTR's figures, and networks worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gis.networks.supply.breaks import Shut, shut
from gis.networks.supply.criticality import Dependence, valve_weights
from gis.networks.supply.network import Network
from gis.networks.supply.segments import segments
from tests.gis.networks.supply.files import (
    CCWI17,
    NEEDS_WNTR,
    network,
    of_wntr,
    valves,
    with_valves,
    wntr_file,
    written,
)


def test_five_valves_of_the_published_example_make_four_segments():
    net = of_wntr("CCWI17-HermanMahmoud").network
    found = segments(net, valves=valves(net, CCWI17))
    assert (found.number, found.sizes.max()) == (4, 11)
    inside = [str(code) for code in (*net.nodes.code[found.node == 0], *net.links.code[found.link == 0])]
    assert sorted(inside) == sorted(["n1", "n2", "n3", "n4", "n5", "p2", "p3", "p4", "p5", "p6", "p8"])


@NEEDS_WNTR
@pytest.mark.parametrize(
    ("kind", "number", "expected"), [("random", 40, (23, 125)), ("strategic", 1, (119, 3)), ("strategic", 2, (38, 19))]
)
def test_segments_and_valves_of_net3_are_those_of_wntr(kind: str, number: int, expected: tuple[int, int]):
    import pandas as pd
    import wntr

    made = wntr.network.WaterNetworkModel(str(wntr_file("Net3")))
    layer = wntr.network.generate_valve_layer(made, kind, number, seed=123)
    of_nodes, of_links, sizes = wntr.metrics.topographic.valve_segments(made.to_graph(), layer)
    net = of_wntr("Net3").network
    ours = valves(net, [(str(node), str(link)) for node, link in zip(layer["node"], layer["link"], strict=True)])
    found = segments(net, valves=ours)
    assert (found.number, found.sizes.max()) == (len(sizes), sizes.sum(axis=1).max())
    if kind != "strategic" or number == 1:
        assert (found.number, found.sizes.max()) == expected
    for label, theirs, names in ((found.node, of_nodes, net.nodes.code), (found.link, of_links, net.links.code)):
        same = pd.crosstab(label, theirs.loc[names].to_numpy())
        assert ((same > 0).sum(axis=0) == 1).all()
    demand, length = wntr.metrics.average_expected_demand(made), made.query_link_attribute("length")
    asked = wntr.metrics.topographic.valve_segment_attributes(
        layer.reset_index(drop=True), of_nodes, of_links, demand, length
    )
    weights = valve_weights(net, found, ours)
    assert weights.around.tolist() == asked["num_surround"].tolist()
    assert weights.demand_increase == pytest.approx(asked["demand_increase"].to_numpy())
    assert weights.length_increase == pytest.approx(asked["length_increase"].to_numpy())


def test_fifteen_bridges_of_net3_cut_customers_off_from_every_source():
    net = of_wntr("Net3").network
    every = [
        (str(net.nodes.code[end]), str(code))
        for code, *ends in zip(net.links.code, net.links.start, net.links.end, strict=True)
        for end in ends
    ]
    between = with_valves(net, every)
    found = segments(between)
    depends = Dependence(between, found)
    loss = {str(code): depends.loss([int(found.link[place])]) for place, code in enumerate(net.links.code)}
    cutting = {code: each.nodes for code, each in loss.items() if each.nodes}
    assert len(cutting) == 15
    worst = max(cutting, key=lambda code: cutting[code])
    ends = (net.links.start[net.link_places[worst]], net.links.end[net.link_places[worst]])
    assert (cutting[worst], {str(net.nodes.code[end]) for end in ends}) == (4, {"213", "215"})


# R - A - B - C in a row, with valves at the start of each pipe; D hangs at B, and a second way leads from R to C.
ROW = "A 1 1; B 1 2; C 1 4; D 1 8"
PIPES = "P1 R A 100 300 130; P2 A B 100 300 130; P3 B C 100 300 130; P4 B D 100 300 130"
AT = [("R", "P1"), ("A", "P2"), ("B", "P3"), ("B", "P4")]


def row(*more: str) -> Network:
    return with_valves(network(written(ROW, "; ".join([PIPES, *more]))), AT)


def names(of: Network, found: Shut) -> dict[str, list[str]]:
    return {
        "links": [str(each) for each in of.links.code[found.links]],
        "inside": [str(each) for each in of.nodes.code[found.nodes]],
        "close": [str(each) for each in of.valves.code[found.to_close]],
        "beyond": [str(each) for each in of.nodes.code[found.cut_off]],
    }


def broken(of: Network, link: str) -> dict[str, list[str]]:
    found = segments(of)
    return names(of, shut(of, found, int(found.link[of.link_places[link]])))


def test_a_break_is_shut_in_its_segment_and_who_lies_behind_it_is_cut_off():
    assert broken(row(), "P2") == {
        "links": ["P2"],
        "inside": ["B"],
        "close": ["A:P2", "B:P3", "B:P4"],
        "beyond": ["C", "D"],
    }
    assert broken(row(), "P4") == {"links": ["P4"], "inside": ["D"], "close": ["B:P4"], "beyond": []}


def test_a_second_way_keeps_water_there():
    ring = row("P5 R C 100 300 130")
    # C is in one segment with P3 and P5 now, and with the source: closing it dries C alone.
    assert broken(ring, "P2") == {
        "links": ["P2"],
        "inside": ["B"],
        "close": ["A:P2", "B:P3", "B:P4"],
        "beyond": ["D"],
    }


def test_a_broken_valve_makes_one_segment_of_two():
    net = row()
    works = net.valves.operable.copy()
    works[1] = False
    found = broken(replace(net, valves=replace(net.valves, operable=works)), "P2")
    assert found["links"] == ["P1", "P2"]
    assert found["inside"] == ["A", "B"]
    assert found["close"] == ["R:P1", "B:P3", "B:P4"]


def test_valves_that_are_shut_already_count_in_the_second_step():
    ring = with_valves(
        network(written(ROW, f"{PIPES}; P5 R C 100 300 130")), [*AT, ("C", "P3"), ("R", "P5"), ("C", "P5")]
    )
    assert broken(ring, "P1")["beyond"] == []
    # With the valve of the second way shut, the same break leaves all of them without a source.
    closed = ring.valves.closed.copy()
    closed[5] = True
    shut_ = replace(ring, valves=replace(ring.valves, closed=closed))
    assert broken(shut_, "P1")["beyond"] == ["B", "C", "D"]


def test_a_check_valve_lets_nobody_be_fed_the_other_way_round():
    one_way = with_valves(network(written(ROW, f"{PIPES}; P5 C R 100 300 130 0 CV")), [*AT, ("C", "P3"), ("C", "P5")])
    assert "C" in broken(one_way, "P2")["beyond"]


def test_who_is_left_with_a_tank_alone_is_told_apart():
    net = with_valves(
        network(written(ROW, f"{PIPES}; P5 T C 100 300 130", tanks="T 30 3 1 5 10 0")), [*AT, ("C", "P3")]
    )
    found = segments(net)
    out = shut(net, found, int(found.link[net.link_places["P2"]]))
    assert net.nodes.code[out.tank_alone].tolist() == ["C", "T"]
    assert net.nodes.code[out.cut_off].tolist() == ["D"]


def test_a_break_that_no_valve_bounds_shuts_all_that_hangs_together():
    net = network(written(ROW, PIPES))
    found = segments(net)
    out = shut(net, found, int(found.link[0]))
    assert out.unbounded
    assert len(out.links) == 4


def test_what_depends_on_a_segment_is_its_own_and_all_behind_it():
    net = row()
    found = segments(net)
    depends = Dependence(net, found)

    def lost(*links: str) -> tuple[float, float, int]:
        of = depends.loss([int(found.link[net.link_places[link]]) for link in links])
        return round(1_000 * of.inside_m3_s, 6), round(1_000 * of.beyond_m3_s, 6), of.nodes

    assert lost("P1") == (1, 14, 4)
    assert lost("P2") == (2, 12, 3)
    assert lost("P4") == (8, 0, 1)
    assert lost("P3", "P4") == (12, 0, 2)


def test_parts_sum_to_the_whole():
    net = of_wntr("Net3").network
    some = np.random.default_rng(1).choice(len(net.links), 40, replace=False)
    pairs = [(str(net.nodes.code[net.links.start[link]]), str(net.links.code[link])) for link in some]
    found = segments(with_valves(net, pairs))
    assert found.sizes.sum() == len(net.nodes) + len(net.links)
    assert found.sums(of_nodes=net.nodes.demand_m3_s).sum() == pytest.approx(net.nodes.demand_m3_s.sum())
    assert found.sums(of_links=net.links.length_m).sum() == pytest.approx(np.nansum(net.links.length_m))
