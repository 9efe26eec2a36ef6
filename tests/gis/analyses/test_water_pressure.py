"""The pressure of the town's water, and of networks that are given as files."""

from __future__ import annotations

import pytest

from gis.analyses.water_pressure import water_pressure
from gis.answering import FileRefusedError, without_files
from gis.asking import ask, question_named
from gis.db import City, seen_at
from gis.findings import Outcome
from gis.networks.supply.errors import EngineError, InpError, NoEngineError, NoSourceError
from gis.standards import UnknownRuleError
from layers.model import Horizon
from tests.gis.networks.supply.files import NEEDS_WNTR, wntr_file, written

pytestmark = NEEDS_WNTR
Q2021 = "01:2021"
PLACED = "[COORDINATES]\n;CRS EPSG:5899\nR 550000 1776000\nA 550100 1776000\nB 550200 1776000\n"


def test_the_town_has_more_than_10_m_everywhere(town: City):
    found = water_pressure(town, edition=Q2021)
    (verdict,) = found.verdicts
    assert (verdict.outcome, verdict.reference) == (Outcome.PASS, "QCVN 01:2021/BXD, 2.10.4-2.10.5")
    assert found.quantity("demand_nodes").value == 5
    assert found.quantity("demand_m3_day").value == pytest.approx(400)
    # J1's side hangs on the pump, J6 on the tank at 33 m over ground at 3 m: about 30 m.
    assert found.quantity("lowest_m").value == pytest.approx(30, abs=0.5)
    classes = found.table("pressure")
    assert classes["nodes"].sum() == 5
    assert classes["demand_m3_day"].sum() == pytest.approx(400)


def test_what_is_given_is_what_is_drawn_and_stored(town: City):
    found = water_pressure(town, edition=Q2021)
    given, drawn, stored = (found.quantity(name).value for name in ("given_m3", "drawn_m3", "stored_m3"))
    assert given == pytest.approx(drawn + stored, rel=1e-3)
    series = found.table("series")
    assert series["hour"].tolist() == list(range(25))
    assert (series["given_m3_h"] - series["drawn_m3_h"] - series["stored_m3_h"]).abs().max() < 1e-3
    assert series["drawn_m3_h"].iloc[0] == pytest.approx(400 / 24, rel=1e-5)


def test_every_node_with_demand_has_its_pressure_its_hour_and_its_source(town: City):
    nodes = water_pressure(town, edition=Q2021, hours=0).table("nodes").set_index("node")
    assert set(nodes.index) == {"J2", "J3", "J4", "J5", "J6"}
    assert nodes["fed_by"].tolist() == ["R1"] * 5
    assert (nodes["lowest_m"] <= nodes["mean_m"]).all()
    assert nodes["lowest_at_h"].tolist() == [0] * 5


def test_one_moment_is_simulated_where_no_hours_are_asked(town: City):
    found = water_pressure(town, edition=Q2021, hours=0)
    assert len(found.table("series")) == 1
    assert {each.name for each in found.quantities}.isdisjoint({"given_m3", "stored_m3"})


def test_demand_by_the_norm_is_that_of_the_people(town: City):
    found = water_pressure(town, edition=Q2021, demand="norm")
    # 1,000 people × 80 l × 1.26 × 1.15; the 4 % of the plant itself do not flow in the network.
    assert found.quantity("demand_m3_day").value == pytest.approx(115.92)
    assert found.table("need")["water_m3_day"].iloc[-1] == pytest.approx(120.5568)
    assert any("1,000 people × 80 l = 80 m³" in note.en for note in found.notes)


def test_the_people_of_2030_are_those_the_plan_provides_for(town: City):
    try:
        found = water_pressure(seen_at(town.connection, Horizon.H2030), edition=Q2021, demand="norm")
        assert found.quantity("demand_m3_day").value == pytest.approx(1_500 * 0.11592)
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def test_an_edition_that_names_no_pressure_decides_nothing(town: City):
    (verdict,) = water_pressure(town, edition="01:2026").verdicts
    assert (verdict.outcome, verdict.asked.en) == (Outcome.UNDECIDED, "—")
    with pytest.raises(UnknownRuleError, match="free_pressure"):
        water_pressure(town, edition="01:2026", method="pressure_driven")


def test_a_file_is_simulated_instead_of_the_layers(town: City):
    found = water_pressure(town, network=str(wntr_file("Net3")), edition=Q2021)
    assert found.verdicts[0].outcome is Outcome.PASS
    assert found.verdicts[0].subject.label == "Net3.inp"
    assert found.quantity("demand_nodes").value == 59
    assert found.features == ()
    assert "Net3.inp: GPM, H-W" in found.notes[0].en


def test_a_text_is_taken_for_the_file_and_named_by_what_it_says(town: City):
    text = written("A 10 20; B 45 20", "P1 R A 100 300 130; P2 A B 100 300 130", more=PLACED)
    found = ask(town, "water_pressure", network=text, edition=Q2021, hours="0")
    assert found.arguments["network"].startswith("inp:")
    whole, low = found.verdicts
    assert (whole.outcome, low.subject.label) == (Outcome.FAIL, "B")
    assert low.found == pytest.approx(5, abs=0.2)
    assert low.arithmetic.en.startswith("head 49.8")
    assert whole.conflict.geoms[0].coords[0] == pytest.approx((550_200, 1_776_000))
    looks = {feature.subject.label: feature.look.title.en for feature in found.features}
    assert (looks["A"], looks["B"]) == ("25–40 m", "Below 10 m")
    assert found.quantity("below_share").value == pytest.approx(0.5)


def test_who_asks_from_elsewhere_may_send_a_text_and_no_path(town: City):
    asked = question_named("water_pressure")
    assert asked.read({"network": "[JUNCTIONS]\n"}, files=False) == {"network": "[JUNCTIONS]\n"}
    with pytest.raises(FileRefusedError):
        asked.read({"network": "/etc/passwd"}, files=False)
    with without_files(), pytest.raises(FileRefusedError):
        water_pressure(town, network="/etc/passwd")


def test_parts_without_a_source_are_unknown_and_nothing_passes_because_of_them(town: City):
    text = written("A 10 20; B 10 20; C 10 20", "P1 R A 100 300 130; P2 B C 100 300 130", more=PLACED)
    found = water_pressure(town, network=text, edition=Q2021, hours=0)
    (verdict,) = found.verdicts
    assert verdict.outcome is Outcome.UNDECIDED
    assert found.quantity("unknown_nodes").value == 2
    assert found.table("faults")["codes"].tolist() == ["B, C"]
    assert found.table("nodes").set_index("node")["lowest_m"].isna().to_dict() == {"A": False, "B": True, "C": True}


def test_loose_parts_are_joined_where_that_is_asked_and_listed(town: City):
    near = PLACED.replace("B 550200", "B 550100.5")
    text = written(
        "A 10 20; B 10 20; C 10 20", "P1 R A 100 300 130; P2 B C 100 300 130", more=f"{near}C 550200 1776000\n"
    )
    found = water_pressure(town, network=text, edition=Q2021, hours=0, repair_m=1.0)
    assert found.verdicts[0].outcome is Outcome.PASS
    assert found.table("repairs")["apart_m"].tolist() == [0.5]


def test_a_network_that_cannot_be_is_refused_in_a_sentence(town: City):
    with pytest.raises(NoSourceError):
        water_pressure(town, network=written("A 1 1; B 1 1", "P A B 1 300 130", reservoirs=""))
    with pytest.raises(InpError, match="there is no such file"):
        water_pressure(town, network="nowhere.inp")


def test_where_demand_follows_pressure_less_is_drawn(town: City):
    text = written("A 0 100", "P R A 1000 150 130", reservoirs="R 20")
    less = water_pressure(town, network=text, edition=Q2021, hours=1, method="pressure_driven")
    whole = water_pressure(town, network=text, edition=Q2021, hours=1)
    assert less.quantity("drawn_m3").value < whole.quantity("drawn_m3").value
    assert 0 < less.quantity("lowest_m").value < 10
    assert whole.quantity("lowest_m").value is None


def test_a_network_that_nobody_draws_from_passes_nothing(town: City):
    (verdict,) = water_pressure(town, network=written("A 10 0", "P R A 100 300 130"), edition=Q2021, hours=0).verdicts
    assert verdict.outcome is Outcome.UNDECIDED
    assert "no node with a demand" in verdict.reason.en


def test_a_network_whose_water_reaches_nobody_says_so(town: City):
    found = water_pressure(town, network=written("A 10 5", "P A R 100 300 130 0 CV"), edition=Q2021)
    assert found.verdicts[0].outcome is Outcome.UNDECIDED
    assert found.quantity("unknown_nodes").value == 1


def test_where_so_much_cannot_be_drawn_no_figure_is_named_and_nothing_passes(town: City):
    found = water_pressure(town, network=written("A 10 100", "P R A 1000 100 130"), edition=Q2021, hours=0)
    whole, one = found.verdicts
    assert (whole.outcome, whole.found, one.found) == (Outcome.FAIL, None, None)
    assert "cannot be drawn" in one.reason.en
    assert found.table("pressure")["pressure"].tolist() == ["So much cannot be drawn"]
    assert found.quantity("below_share").value == 1


def test_a_file_that_breaks_the_engine_breaks_nothing_else(town: City):
    with pytest.raises(EngineError, match="the engine broke; the file holds something that it cannot read"):
        water_pressure(town, network=str(wntr_file("bad_times")), edition=Q2021)
    assert water_pressure(town, edition=Q2021).verdicts[0].outcome is Outcome.PASS


def test_a_machine_without_an_engine_says_so_in_one_sentence(town: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(NoEngineError, match=r"not simulated on this machine \(aarch64\): the hydraulic engine"):
        water_pressure(town, edition=Q2021)


def test_sections_that_epanet_does_not_know_are_named(town: City):
    found = water_pressure(
        town, network=written("A 10 5", "P R A 100 300 130", more="[FOO]\n bar"), edition=Q2021, hours=0
    )
    assert any("does not know: FOO" in note.en for note in found.notes)
