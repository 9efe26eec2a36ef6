"""Networks out of EPANET files: what is counted, and what of it is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from gis.networks.supply.faults import Checked, checked
from gis.networks.supply.measures import people_of
from gis.networks.supply.network import LinkKind, NodeKind
from tests.gis.networks.supply.files import network, of_wntr, written

LINE = "A 5 1; B 5 1; C 5 1"
PIPES = "P1 R A 100 300 130; P2 A B 100 300 130; P3 B C 100 300 130"


def look(*args: str, **parts: str) -> Checked:
    return checked(network(written(*args, **parts)))


def codes(found: Checked) -> dict[str, tuple[str, ...]]:
    return {fault.kind.name: fault.codes for fault in found.faults}


def test_net3_is_counted_as_epanet_counts_it():
    net = of_wntr("Net3").network
    kinds = [int((net.nodes.kind == kind).sum()) for kind in (NodeKind.JUNCTION, NodeKind.TANK, NodeKind.RESERVOIR)]
    assert kinds == [92, 3, 2]
    assert [int((net.links.kind == kind).sum()) for kind in (LinkKind.PIPE, LinkKind.PUMP)] == [117, 2]
    assert np.nansum(net.links.length_m) / 1_000 == pytest.approx(65.74896, abs=1e-5)
    assert net.nodes.demand_m3_s.sum() == pytest.approx(0.690690, abs=1e-6)
    assert people_of(net).sum() == pytest.approx(78_832)


def test_the_mean_demand_of_a_node_is_that_of_its_pattern():
    net = of_wntr("Net3").network
    assert net.nodes.demand_m3_s[net.node_places["101"]] == pytest.approx(0.012813608, rel=0.01)
    pattern = "[PATTERNS]\n 1 0.5 1.5\n up 2 4\n[DEMANDS]\n B 1 up\n B 2\n[OPTIONS]\n DEMAND MULTIPLIER 2\n"
    by_hand = network(written(LINE, PIPES, more=pattern))
    # A and C draw 1 l/s by pattern 1 (mean 1), B 1 by `up` (mean 3) and 2 by pattern 1; all of it twice.
    assert (1_000 * by_hand.nodes.demand_m3_s[:3]).tolist() == pytest.approx([2, 10, 2])


def test_a_sound_network_has_no_fault_and_water_everywhere():
    found = look(LINE, PIPES)
    assert codes(found) == {}
    assert found.supplied.all()


def test_a_network_without_a_source_says_so_and_nothing_is_supplied():
    found = look(LINE, PIPES, reservoirs="")
    assert "no_source" in codes(found)
    assert not found.supplied.any()


@pytest.mark.parametrize(
    ("pipe", "kind"),
    [
        ("P2 A B 100 0 130", "zero_diameter"),
        ("P2 A B 0 300 130", "zero_length"),
        ("P2 A B 100 300 0", "no_roughness"),
        ("P2 A A 100 300 130", "loop"),
        ("P2 A X 100 300 130", "missing_node"),
        ("P2 A B -5 300 130", "zero_length"),
    ],
)
def test_a_pipe_that_cannot_be_is_left_out_and_what_lies_behind_it_is_unknown(pipe: str, kind: str):
    found = look(LINE, PIPES.replace("P2 A B 100 300 130", pipe))
    assert codes(found)[kind] == ("P2",)
    assert codes(found)["disconnected"] == ("B", "C")
    assert dict(found.why) == {1: "disconnected", 2: "disconnected"}


def test_a_pump_without_a_curve_is_an_error_and_lifts_nothing():
    found = look(LINE, PIPES.replace("P2 A B 100 300 130", ""), pumps="PU A B HEAD missing")
    assert codes(found)["pump_without_curve"] == ("PU",)
    assert not found.supplied[1:3].any()
    driven = look(LINE, PIPES.replace("P2 A B 100 300 130", ""), pumps="PU A B HEAD c", more="[CURVES]\n c 10 20\n")
    assert codes(driven) == {}


def test_a_tank_whose_levels_contradict_each_other_is_no_source():
    found = look(LINE, PIPES.replace("R", "T"), reservoirs="", tanks="T 30 6 1 5 10 0")
    assert codes(found)["source_without_head"] == ("T",)
    assert "no_source" in codes(found)


def test_nodes_below_sea_level_are_told_and_kept():
    found = look("A -2 1; B 5 1; C 5 1", PIPES)
    assert codes(found) == {"negative_elevation": ("A",)}
    assert found.supplied.all()


def test_what_a_shut_or_one_way_pipe_parts_from_every_source_is_unknown_for_that_reason():
    shut = look(LINE, PIPES.replace("P2 A B 100 300 130", "P2 A B 100 300 130 0 Closed"))
    assert codes(shut) == {"shut": ("B", "C")}
    wrong_way = look(LINE, PIPES.replace("P2 A B 100 300 130", "P2 B A 100 300 130 0 CV"))
    assert codes(wrong_way) == {"shut": ("B", "C")}
    steered = look(
        LINE, PIPES.replace("P2 A B 100 300 130", "P2 A B 100 300 130 0 Closed"),
        more="[CONTROLS]\n LINK P2 OPEN AT TIME 1\n",
    )  # fmt: skip
    assert steered.supplied.all()


def test_a_hundred_thousand_loose_nodes_are_counted_in_one_line():
    junctions = "\n".join(f"J{number} 1 1" for number in range(100_000))
    found = checked(network(f"[JUNCTIONS]\n{junctions}\nA 1 1\n[RESERVOIRS]\nR 5\n[PIPES]\nP R A 10 100 130\n"))
    assert len(codes(found)["unconnected"]) == 100_000
    assert found.supplied.sum() == 2


def placed(lengths: list[float], levels: list[float]) -> Checked:
    junctions = "\n".join(f"J{number} {level} 1" for number, level in enumerate(levels))
    pipes = "\n".join(f"P{number} J{number} J{number + 1} {length} 300 130" for number, length in enumerate(lengths))
    more = "".join(f"J{number} {550_000 + number * 100} 1776000\n" for number in range(len(levels)))
    text = f"[JUNCTIONS]\n{junctions}\n[RESERVOIRS]\nR 50\n[PIPES]\nP R J0 10 300 130\n{pipes}\n"
    return checked(network(f"{text}[OPTIONS]\nUNITS LPS\n[COORDINATES]\n{more}R 549990 1776000\n", crs="EPSG:5899"))


def test_lengths_in_feet_among_metres_are_told_by_the_factor():
    found = placed([100, 328.08, 100, 104, 30.48], [10] * 6)
    assert codes(found) == {"length_in_feet": ("P1", "P4")}


def test_an_elevation_in_feet_among_metres_is_told_by_its_neighbours():
    found = placed([100] * 6, [10, 11, 10, 34, 10.4, 10, 11])
    assert codes(found) == {"elevation_in_feet": ("J3",)}
    assert codes(placed([100] * 6, [10, 11, 10, 20, 10.4, 10, 11])) == {}
