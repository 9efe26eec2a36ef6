"""Sewers join the nodes they name; what does not fit is told with its place, and nothing is guessed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gis.db import City
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.joining import joining_faults
from gis.networks.drainage.levels import level_faults
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from tests.gis.networks.drainage.drains import chain, manhole, outfall, sewer


def faults(city: City, system: str = "all") -> list[Fault]:
    network = Network.read(city, system)
    return [*joining_faults(network), *level_faults(network), *Parts(network).faults()]


def kinds(city: City, system: str = "all") -> dict[str, int]:
    return {kind.value: number for kind, number in Counter(each.kind for each in faults(city, system)).items()}


def told(city: City) -> set[tuple[Kind, str, float | None]]:
    return {
        (each.kind, each.label, None if each.measure_m is None else round(each.measure_m, 6)) for each in faults(city)
    }


def the(city: City, kind: Kind) -> Fault:
    (found,) = [each for each in faults(city) if each.kind is kind]
    return found


def test_the_town_has_two_systems_without_a_fault(town: City):
    assert kinds(town) == {}
    assert [len(Network.read(town, system).sewers) for system in ("storm", "sanitary", "all")] == [3, 2, 5]
    assert Network.read(town, "storm").sewers.length_m.tolist() == [100, 100, 50]


def test_a_city_without_drains_has_no_faults(city: City):
    assert kinds(city) == {}


def test_an_end_whose_node_is_not_there_is_told_with_the_node_that_lies_there(city: City):
    chain(city)
    sewer(city, "A", "X", (0, 0), (100, 0), code="lost")
    found = the(city, Kind.NODE_MISSING)
    assert (found.layer, found.label) == ("sewer", "lost")
    assert found.detail.en == "its end 'X'; node B lies there"
    network = Network.read(city)
    assert not network.sewers.is_joined[list(network.sewers.code).index("lost")]


def test_an_end_that_names_no_node_is_not_joined_to_the_one_that_lies_there(city: City):
    chain(city)
    sewer(city, None, "B", (0, 0), (100, 0), code="mute")
    assert the(city, Kind.NO_NODE_NAMED).detail.vi == "điểm đầu; tại đó có nút A"


def test_a_code_of_two_nodes_joins_neither(city: City):
    chain(city)
    manhole(city, "B", (100, 50))
    found = kinds(city)
    assert (found["same_code"], found["node_twice"]) == (2, 2)


def test_an_end_drawn_away_from_its_node_is_told_by_how_much_and_counts_by_its_code(city: City):
    chain(city)
    sewer(city, "A", "B", (0, 0), (100, 7), code="askew")
    found = the(city, Kind.OFF_NODE)
    assert (found.label, found.measure_m) == ("askew", pytest.approx(7))
    assert "7 m from node B" in found.detail.en


def test_a_sewer_drawn_the_other_way_round_is_told_once(city: City):
    chain(city)
    sewer(city, "A", "B", (100, 0), (0, 0), code="turned")
    found = kinds(city)
    assert (found["drawn_backwards"], "off_node" in found) == (1, False)


def test_a_sewer_that_joins_another_system_is_told(city: City):
    chain(city)
    manhole(city, "S", (0, 50), system="sanitary")
    manhole(city, "K", (50, 50), system="combined")
    sewer(city, "S", "A", (0, 50), (0, 0), sewer_system="sanitary", code="cross")
    sewer(city, "K", "B", (50, 50), (100, 0), sewer_system="combined", code="mixed")
    assert the(city, Kind.OTHER_SYSTEM).label == "cross"


def test_a_sewer_from_a_node_to_itself_is_told_and_no_loop(city: City):
    chain(city)
    sewer(city, "B", "B", (100, 0), (150, 50), (100, 0), code="ring")
    found = kinds(city)
    assert (found["ring"], "loop" in found) == (1, False)


def test_sewers_that_lead_round_in_a_loop_are_told_each(city: City):
    chain(city)
    sewer(city, "C", "A", (200, 0), (100, 80), (0, 0), code="back")
    found = kinds(city)
    assert (found["loop"], found["divides"]) == (3, 1)  # A-B, B-C, and back
    rank = Parts(Network.read(city)).rank
    assert (rank < 0).sum() == 4  # what is on the loop, and below it, has no order


def test_a_part_without_an_outfall_is_one_fault(city: City):
    chain(city)
    manhole(city, "P", (0, 500))
    manhole(city, "Q", (100, 500))
    manhole(city, "R", (200, 500))
    sewer(city, "P", "Q", (0, 500), (100, 500))
    sewer(city, "Q", "R", (100, 500), (200, 500))
    found = the(city, Kind.NO_OUTFALL)
    assert (found.label, found.detail.en, found.place.length) == ("P-Q", "2 sewers", 200)


def test_a_sewer_that_begins_at_an_outfall_is_told(city: City):
    chain(city)
    manhole(city, "Y", (400, 0))
    sewer(city, "Z", "Y", (300, 0), (400, 0))
    assert the(city, Kind.LEAVES_OUTFALL).label == "Z-Y"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"shape": None, "diameter_mm": None}, "shape_unknown"),
        ({"shape": "trapezoid", "width_m": 1.0, "height_m": 1.0}, "shape_unknown"),
        ({"diameter_mm": None}, "size_unknown"),
        ({"shape": "box", "diameter_mm": None, "width_m": 2.0}, "size_unknown"),
        ({"diameter_mm": 0}, "size_zero"),
        ({"shape": "box", "diameter_mm": None, "width_m": 2.0, "height_m": 0}, "size_zero"),
        ({"roughness_n": None}, "roughness_unknown"),
        ({"roughness_n": 0}, "roughness_unknown"),
        ({"invert_start_m": None}, "invert_unknown"),
        ({"invert_start_m": 0.9}, "adverse_slope"),
        ({"invert_start_m": 1.0}, "flat"),
    ],
)
def test_a_size_or_a_level_that_is_missing_or_cannot_be_is_told(city: City, given: dict[str, object], kind: str):
    manhole(city, "A", (0, 0), invert_level_m=0.5)
    outfall(city, "Z", (100, 0), invert_level_m=0.5)
    sewer(city, "A", "Z", (0, 0), (100, 0), **given)
    assert kinds(city) == {kind: 1}
    assert np.isnan(Network.read(city).sewers.conduits.full_flow_m3_s).all()


def test_a_diameter_alone_is_that_of_a_round_sewer(city: City):
    manhole(city, "A", (0, 0))
    outfall(city, "Z", (100, 0))
    sewer(city, "A", "Z", (0, 0), (100, 0), shape=None)
    assert kinds(city) == {}
    assert Network.read(city).sewers.conduits.full_flow_m3_s[0] == pytest.approx(0.27459, abs=5e-6)


def test_what_rises_above_the_ground_is_told_by_how_much(city: City):
    # A: the bed is 0.4 m above the cover. B: the bed is 0.4 m below it, and the crown 0.2 m above.
    manhole(city, "A", (0, 0), ground_level_m=1.2)
    manhole(city, "B", (100, 0), ground_level_m=1.8)
    outfall(city, "Z", (200, 0))
    sewer(city, "A", "B", (0, 0), (100, 0), invert_start_m=1.6, invert_end_m=1.4)
    sewer(city, "B", "Z", (100, 0), (200, 0), invert_start_m=1.4, invert_end_m=1.0)
    assert told(city) == {
        (Kind.INVERT_ABOVE_COVER, "A-B", 0.4),
        (Kind.CROWN_ABOVE_COVER, "A-B", 0.2),
        (Kind.CROWN_ABOVE_COVER, "B-Z", 0.2),
    }


def test_steps_between_sewers_are_told_by_how_much(city: City):
    chain(city, levels=(1.5, 1.3, 1.1, 1.0))
    sewer(city, "B", "C", (100, 0), (200, 0), invert_start_m=1.4, invert_end_m=1.3, code="up")
    sewer(city, "B", "C", (100, 0), (200, 0), invert_start_m=0.6, invert_end_m=0.5, code="down")
    sewer(city, "B", "C", (100, 0), (200, 0), invert_start_m=1.3, diameter_mm=400, code="thin")
    assert told(city) == {
        (Kind.DIVIDES, "B", None),
        (Kind.STEP_UP, "up", 0.1),
        (Kind.STEP_UP, "C-Z", 0.6),  # above the lowest that arrives at C, which is "down"
        (Kind.DROP, "down", 0.7),
        (Kind.NARROWS, "thin", 0.2),
        (Kind.BELOW_FLOOR, "down", 0.7),
        (Kind.BELOW_FLOOR, "down", 0.6),
        (Kind.BELOW_FLOOR, "thin", 0.1),
    }


def test_a_hundred_thousand_nodes_alone_are_told_in_seconds(city: City):
    city.connection.execute(
        "INSERT INTO city.manhole (code, sewer_system, ground_level_m, invert_level_m, stage, source, geom) "
        "SELECT 'N' || n, 'storm', 3, 1, 'existing', 'sample', "
        "ST_SetSRID(ST_MakePoint(550000 + n % 1000, 1776000 + n / 1000), 5899) "
        "FROM generate_series(1, 100000) AS n"
    )
    assert kinds(city) == {"node_alone": 100_000}
