"""The text of EPANET files: kept letter for letter, read by what EPANET reads in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.networks.supply.errors import InpError
from gis.networks.supply.inp import parsed, tokens_of
from gis.networks.supply.reading import network_of
from tests.gis.networks.supply.files import network, wntr_file, written

NETWORKS = ("Net1", "Net2", "Net3", "Net6", "ky4", "ky10", "Anytown", "latin1", "Todini_Fig2_solA_CMH", "io")


@pytest.mark.parametrize("name", NETWORKS)
def test_a_file_is_written_as_it_was_read_letter_for_letter(name: str):
    path = wntr_file(name)
    assert parsed(path.name, path.read_bytes()).written == path.read_bytes()


@pytest.mark.parametrize(
    "text", ["[PIPES]\r\n p a b 1 1 1\r\n", "\ufeff[JUNCTIONS]\n a 1\n", "; first\n[TANKS]\n[NEW]\nx"]
)
def test_line_endings_marks_and_sections_nobody_reads_stay(text: str):
    assert parsed("x", text.encode()).written == text.encode()


def test_words_end_at_blanks_and_commas_and_a_quoted_text_is_one():
    assert tokens_of(" a, b\t c ; a comment") == ("a", "b", "c")
    assert tokens_of('A "two words" 3') == ("A", "two words", "3")


def test_sections_are_known_by_their_first_letters():
    inp = parsed("x", "[junc]\n a 1\n[Reservoir]\n r 5\n[RULES]\n")
    assert [row.tokens for row in inp.rows("JUNCTIONS")] == [("a", "1")]
    assert [row.tokens for row in inp.rows("RESERVOIRS")] == [("r", "5")]


def test_a_row_that_is_changed_leaves_its_neighbours_and_their_comments_alone():
    text = "[PIPES]\n;a head\n p1 a b 1 2 3 ; first\n\n p2 b c 1 2 3 ; second\n[END]\n"
    changed = parsed("x", text).changed("PIPES", lambda tokens, line: "p1 new" if tokens[0] == "p1" else line)
    assert changed.text == text.replace(" p1 a b 1 2 3 ; first", "p1 new")


def test_rows_are_added_at_the_end_of_their_section_which_is_made_where_there_is_none():
    inp = parsed("x", "[PIPES]\n p1 a b 1 2 3\n\n[END]\n").extended("PIPES", ["p2 b c 1 2 3"])
    assert inp.text == "[PIPES]\n p1 a b 1 2 3\np2 b c 1 2 3\n\n[END]\n"
    assert inp.extended("CURVES", ["c 1 2"]).text.endswith("[CURVES]\nc 1 2\n\n[END]\n")


def test_without_a_word_flows_are_gallons_and_lengths_feet():
    units = parsed("x", "[PIPES]\n").units
    assert (units.flow, units.length_m, units.diameter_m) == ("GPM", 0.3048, 0.0254)
    assert units.flow_m3_s == pytest.approx(6.30901964e-5)


@pytest.mark.parametrize(
    ("unit", "flow_m3_s"),
    [("CFS", 0.0283168466), ("LPS", 0.001), ("LPM", 1 / 60_000), ("MLD", 1_000 / 86_400), ("CMH", 1 / 3_600),
     ("CMD", 1 / 86_400), ("MGD", 0.0438126364), ("IMGD", 0.0526168), ("AFD", 0.01427641)],
)  # fmt: skip
def test_the_same_network_in_any_unit_of_flow_is_the_same_network(unit: str, flow_m3_s: float):
    american = unit in ("CFS", "MGD", "IMGD", "AFD")
    foot, inch = (0.3048, 25.4) if american else (1.0, 1.0)
    pipe = f"P R A {1_000 / foot} {300 / inch} 130"
    found = network(written(f"A {10 / foot} {0.05 / flow_m3_s}", pipe, f"R {50 / foot}", units=unit))
    assert found.nodes.demand_m3_s.tolist() == pytest.approx([0.05, 0], rel=1e-6)
    assert (found.nodes.elevation_m[0], found.links.length_m[0]) == pytest.approx((10, 1_000))
    assert found.links.diameter_m[0] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no section at all", "no EPANET file"),
        ("[PIPES]\n p a", "line 2: p does not name two nodes"),
        ("[JUNCTIONS]\n a x", "line 2: the elevation of a is 'x', no figure"),
        ("[JUNCTIONS]\n a nan", "'nan', no figure"),
        ("[JUNCTIONS]\n a 1\n a 2", "two nodes have the code 'a'"),
        ("[JUNCTIONS]\n a 1\n[OPTIONS]\n UNITS XYZ", "its flows are in 'XYZ'; EPANET knows CFS"),
        ("[JUNCTIONS]\n a 1\n b 1\n[VALVES]\n v a b 12 ABC 3", "no type EPANET knows"),
        ("[JUNCTIONS]\n a 1\n b 1\n[PIPES]\n p a b 1 0.3", "p has no roughness"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, sentence: str):
    with pytest.raises(InpError, match=sentence.replace("'", ".").replace("(", ".")):
        network_of(parsed("net.inp", text))


def test_a_head_loss_that_is_not_hazen_williams_has_another_roughness():
    found = network(written("A 1 1", "P R A 100 300 0.1", more="[OPTIONS]\nHEADLOSS D-W\n"))
    assert str(found.links.roughness_hw[0]) == "nan"


def test_a_file_that_names_its_system_in_a_comment_is_placed_by_it(tmp_path: Path):
    text = written(
        "A 1 1", "P R A 100 300 130", more="[COORDINATES]\n;CRS EPSG:5899\nR 550000 1776000\nA 550100 1776000\n"
    )
    found = network(text)
    assert found.nodes.position.tolist() == [[550_100, 1_776_000], [550_000, 1_776_000]]
    assert found.links.shape[0].length == pytest.approx(100)
