"""Water is followed to where it goes, and back to where it comes from."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from gis.db import City
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.network import Network
from gis.networks.drainage.tracing import CHANNEL, Direction, Lines, Trace, TraceError, lines_of, origin, trace
from gis.sample.squares import SOUTH_M, WEST_M
from tests.gis.networks.drainage.drains import chain, channel, manhole, outfall, sewer


def followed(city: City, at: str, direction: Direction = "downstream") -> tuple[Lines, Network, Trace]:
    network = Network.read(city)
    lines = lines_of(network, Channels.read(city))
    return lines, network, trace(lines, origin(at, lines, network), direction)


def sewers(city: City, at: str, direction: Direction = "downstream") -> list[str]:
    lines, network, found = followed(city, at, direction)
    mine = found.edges[lines.of_sewer[found.edges]]
    return [network.sewers.code[lines.feature[edge]] for edge in mine]


def lonlat(east: float, north: float) -> str:
    lon, lat = Transformer.from_crs(5899, 4326, always_xy=True).transform(WEST_M + east, SOUTH_M + north)
    return f"{lon:.8f},{lat:.8f}"


def test_the_rain_of_the_town_goes_250_m_to_the_outfall_25_m_to_the_river_and_100_m_down_it(town: City):
    lines, network, found = followed(town, "M1")
    assert sewers(town, "M1") == ["M1-M2", "M2-M3", "M3-O1"]
    assert found.distance_m.tolist() == pytest.approx([0, 100, 200, 250, 275])
    lengths = lines.length_m[found.edges]
    assert lengths.tolist() == pytest.approx([100, 100, 50, 25, 100])
    assert [network.nodes.code[node] for node in found.nodes if node < len(network.nodes)] == ["M1", "M2", "M3", "O1"]


def test_wastewater_ends_at_an_outfall_whose_water_is_no_channel(town: City):
    assert sewers(town, "S1") == ["S1-S2", "S2-O2"]
    assert followed(town, "S1")[2].distance_m.tolist() == [0, 100]


def test_upstream_of_a_sewer_is_what_leads_to_it(town: City):
    assert sewers(town, "M2-M3", "upstream") == ["M2-M3", "M1-M2"]
    assert sewers(town, "O1", "upstream") == ["M3-O1", "M2-M3", "M1-M2"]
    assert sewers(town, "M1", "upstream") == []


def test_from_a_place_on_a_sewer_the_part_that_lies_on_counts(town: City):
    # 30 m along M1-M2, and 4 m beside it
    for direction, part in (("downstream", 70.0), ("upstream", 30.0)):
        _, _, found = followed(town, lonlat(230, 96), direction)
        assert found.shapes[0].length == pytest.approx(part, abs=0.01)
    network = Network.read(town)
    lines = lines_of(network, Channels.read(town))
    assert origin(lonlat(230, 96), lines, network).off_m == pytest.approx(4, abs=0.01)


def test_from_a_place_on_the_river_its_upper_part_and_the_drains_above_count(town: City):
    # the outfall joins the river 100 m along: above 150 m it is passed, above 50 m it is not
    assert sewers(town, lonlat(475, 150), "upstream") == ["M3-O1", "M2-M3", "M1-M2"]
    assert sewers(town, lonlat(475, 50), "upstream") == []


@pytest.mark.parametrize(
    ("at", "why"), [("M9", "the nearest is M"), ("", "no manhole"), (lonlat(50, 250), "within 50 m")]
)
def test_a_place_from_which_nothing_can_be_traced_is_refused(town: City, at: str, why: str):
    with pytest.raises(TraceError, match=why):
        followed(town, at)


def test_an_empty_city_has_nothing_to_trace(city: City):
    for at in ("A", lonlat(0, 0)):
        with pytest.raises(TraceError):
            followed(city, at)


def test_a_sewer_without_its_node_cannot_be_traced_and_says_why(city: City):
    chain(city)
    sewer(city, "A", "X", (0, 0), (10, 10), code="lost")
    with pytest.raises(TraceError, match="see drainage_faults"):
        followed(city, "lost")


def test_two_objects_of_one_code_are_told_apart_by_a_position(city: City):
    chain(city)
    sewer(city, "A", "B", (0, 0), (50, 30), (100, 0), code="A-B")
    with pytest.raises(TraceError, match="Several objects"):
        followed(city, "A-B")
    assert len(sewers(city, lonlat(50, 31))) == 3


def test_a_loop_is_gone_round_once(city: City):
    chain(city)
    sewer(city, "C", "A", (200, 0), (100, 80), (0, 0), code="back")
    assert sorted(sewers(city, "A")) == ["A-B", "B-C", "C-Z", "back"]


def test_channels_meet_where_they_share_a_vertex_and_not_where_they_cross(city: City):
    channel(city, "upper", (0, 0), (100, 0))
    channel(city, "lower", (100, 100), (100, 0), (100, -100))
    channel(city, "over", (50, -50), (50, 50))
    lines, _, found = followed(city, lonlat(20, 0))
    assert (lines.kind[found.edges] == CHANNEL).all()
    assert [round(each.length) for each in found.shapes] == [80, 100]
    up = followed(city, lonlat(100, -40), "upstream")[2]
    assert sorted(round(each.length) for each in up.shapes) == [40, 100, 100]


def test_an_outfall_too_far_from_the_water_it_names_is_not_joined_to_it(city: City):
    channel(city, "River", (0, 0), (1_000, 0))
    for code, north in (("near", 400.0), ("far", 600.0)):
        manhole(city, f"M-{code}", (500, north + 50))
        outfall(city, code, (500, north), receiving_water="River")
        sewer(city, f"M-{code}", code, (500, north + 50), (500, north))
    assert [len(followed(city, f"M-{code}")[2].edges) for code in ("near", "far")] == [3, 1]


def test_what_was_traced_lies_one_behind_the_other(town: City):
    lines, _, found = followed(town, "M1")
    ends = np.array([lines.end[edge] for edge in found.edges])
    starts = np.array([lines.start[edge] for edge in found.edges])
    assert (ends[:-1] == starts[1:]).all()
