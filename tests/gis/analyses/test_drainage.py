"""The drains of the town, asked: faults, trace, capacity, a storm."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gis.analyses.drainage_capacity import drainage_capacity
from gis.analyses.drainage_faults import drainage_faults
from gis.analyses.drainage_trace import drainage_trace
from gis.analyses.storm_drainage import storm_drainage
from gis.answering import FileRefusedError, without_files
from gis.asking import ask, question_named
from gis.db import City, seen_at
from gis.networks.drainage.rain import RainError
from gis.planning.places import PlaceError
from layers.model import Horizon
from tests.gis.networks.drainage.drains import catchment, chain, manhole, sewer
from tests.gis.networks.drainage.test_swmm import PIPE, PLANE, options


def test_the_drains_of_the_town_have_no_fault(town: City):
    finding = drainage_faults(town)
    figures = {each.name: each.value for each in finding.quantities}
    assert figures == {"sewers": 5, "length_km": 0.45, "nodes": 7, "faults": 0, "remarks": 0}


def test_faults_are_counted_by_kind_and_listed_with_their_place(city: City):
    chain(city)
    sewer(city, "A", "X", (0, 0), (100, 0), code="lost", invert_start_m=0.5)
    finding = drainage_faults(city)
    assert finding.table("kinds").set_index("fault")["number"].to_dict() == {
        "The node that is named is not there": 1,
        "Falls the wrong way": 1,
        "Invert below the floor of its manhole": 1,
    }
    listed = finding.table("faults").set_index("fault")
    assert listed.loc["Falls the wrong way", "measure_m"] == pytest.approx(0.5)
    assert (finding.quantity("faults").value, finding.quantity("remarks").value) == (3, 0)
    assert len(finding.features) == 3
    assert finding.features[0].look.title.en == "Joined wrongly, or a node is missing"


def test_of_very_many_faults_all_are_counted_and_the_first_of_each_kind_are_listed(city: City):
    chain(city)
    sewer(city, "A", "X", (0, 0), (100, 0), code="lost", invert_start_m=1.6)
    city.connection.execute(
        "INSERT INTO city.manhole (code, sewer_system, ground_level_m, invert_level_m, stage, source, geom) "
        "SELECT 'N' || n, 'storm', 3, 1, 'existing', 'sample', ST_SetSRID(ST_MakePoint(550000 + n, 1777000), 5899) "
        "FROM generate_series(1, 5000) AS n"
    )
    finding = drainage_faults(city)
    assert finding.quantity("remarks").value == 5_000
    assert len(finding.table("faults")) < 1_001
    assert "/5001" in finding.table_named("faults").title.en
    assert "The node that is named is not there" in set(finding.table("faults")["fault"])


def test_faults_of_a_place_are_those_that_lie_there(city: City):
    chain(city)
    manhole(city, "N", (1_000, 0))
    drawn = {"type": "Polygon", "coordinates": [[[107, 15], [107.1, 15], [107.1, 15.1], [107, 15]]]}
    assert drainage_faults(city).quantity("remarks").value == 1
    assert drainage_faults(city, within=json.dumps(drawn)).quantity("remarks").value == 0
    with pytest.raises(PlaceError):
        drainage_faults(city, within="ward:X")


def test_a_trace_tells_the_way_with_its_lengths_and_where_it_ends(town: City):
    finding = drainage_trace(town, at="M1")
    figures = {each.name: each.value for each in finding.quantities}
    assert figures == {"sewers": 3, "sewer_m": 250, "channel_m": pytest.approx(100), "outfalls": 1, "off_m": 0}
    way = finding.table("way")
    assert way["code"].tolist() == ["M1-M2", "M2-M3", "M3-O1", "Sông", "Sông"]
    assert way["fall"].tolist()[:3] == pytest.approx([2, 2, 2])
    assert finding.table("ends")["receiving_water"].tolist() == ["Sông"]


def test_a_trace_upstream_tells_the_land_that_lets_water_in(town: City):
    finding = drainage_trace(town, at="O1", direction="upstream")
    assert finding.quantity("catchment_ha").value == pytest.approx(9)
    assert drainage_trace(town, at="M1", direction="upstream").quantity("catchment_ha").value == pytest.approx(4.5)
    assert {each.subject.layer for each in finding.features} == {"catchment", "sewer", "outfall", "place"}


def test_a_way_that_reaches_no_outfall_says_so(city: City):
    manhole(city, "A", (0, 0))
    manhole(city, "B", (100, 0))
    sewer(city, "A", "B", (0, 0), (100, 0))
    assert any("No outfall is reached" in note.en for note in drainage_trace(city, at="A").notes)


# At 20 mm/h: 0.0556 x 2.8075 ha = 0.15610 m³/s in M1-M2, 0.0556 x 5.4785 = 0.30460 in the others; 0.27459 m³/s carried.
def test_a_verdict_on_each_sewer_carries_its_proof(town: City):
    finding = drainage_capacity(town, rain="i=20", edition="01:2021")
    by_label = {each.subject.label: each for each in finding.verdicts}
    assert {label: each.outcome.value for label, each in by_label.items()} == {
        "M1-M2": "pass", "M2-M3": "fail", "M3-O1": "fail", "Sông": "cannot_be_decided",
    }  # fmt: skip
    first = by_label["M1-M2"]
    assert first.found == pytest.approx(0.0556 * 2.8075, rel=1e-5)
    assert first.inputs["full_m3_s"] == pytest.approx(0.27459, abs=5e-6)
    assert first.inputs["area_ha"] == pytest.approx(4.5)
    assert (first.reference, first.certainty.value) == ("QCVN 01:2021/BXD, Table 2.14", "assumed")
    assert "Σ(C·A) = 2,807 ha, tc = 15,862 phút, i = 20 mm/h" in first.arithmetic.vi
    assert "(n = 0.013, I = 2 ‰): 0.275 m³/s at 0.971 m/s" in first.arithmetic.en
    assert by_label["M2-M3"].conflict.length == 100
    assert (first.conflict, by_label["M2-M3"].asked.en) == (None, "≤ 0.275 m³/s, rain of T = 1 yr")
    assert "other land" in by_label["Sông"].reason.en
    assert by_label["Sông"].inputs["full_m3_s"] == pytest.approx(273.88, abs=0.01)
    assert by_label["Sông"].found == pytest.approx(0.0556 * 5.4785, rel=1e-5)


def test_without_a_rain_the_rain_that_each_sewer_carries_is_told_and_nothing_is_judged(town: City):
    finding = drainage_capacity(town, edition="01:2021")
    assert {each.outcome.value for each in finding.verdicts} == {"cannot_be_decided"}
    assert all("give `rain`" in each.reason.en for each in finding.verdicts if each.subject.layer == "sewer")
    held = finding.table("sewers").set_index("code")["held_mm_h"]
    assert held["M1-M2"] == pytest.approx(0.274594 / (0.278 * 0.028075), rel=1e-5)  # 35.18 mm/h
    assert held["M3-O1"] == pytest.approx(0.274594 / (0.278 * 0.054785), rel=1e-5)  # 18.03 mm/h
    assert finding.quantity("cannot_be_decided_share").value == 1


def test_the_plan_of_2030_brings_more_than_the_city_of_today(town: City):
    loads = []
    for horizon in Horizon:
        finding = drainage_capacity(seen_at(town.connection, horizon), rain="i=20", edition="01:2021")
        loads.append(finding.table("sewers").set_index("code")["flow_m3_s"]["M3-O1"])
    seen_at(town.connection, Horizon.EXISTING)
    assert loads == pytest.approx([0.0556 * 5.4785, 0.0556 * 6.2975, 0.0556 * 6.35], rel=1e-5)


def test_totals_and_shares_are_by_length(town: City):
    finding = drainage_capacity(town, rain="i=20", edition="01:2021")
    totals = finding.table("totals").set_index("kind")
    assert totals.loc["Branch", ["number", "length_km", "fail_km", "pass_km"]].tolist() == pytest.approx(
        [3, 0.25, 0.15, 0.1]
    )
    assert totals.loc["Channel", "cannot_be_decided_km"] == pytest.approx(0.2)
    assert [finding.quantity(f"{each}_share").value for each in ("fail", "cannot_be_decided", "pass")] == pytest.approx(
        [0.6, 0, 0.4]
    )


def test_under_an_edition_that_names_no_period_nothing_is_decided(town: City):
    finding = drainage_capacity(town, rain="i=1", edition="01:2026")
    assert {each.outcome.value for each in finding.verdicts} == {"cannot_be_decided"}
    assert any("sewer_return_period" in note.en for note in finding.notes)


def test_of_more_sewers_than_are_read_there_is_a_verdict_by_outfall(city: City):
    chain(city)
    city.connection.execute(
        "INSERT INTO city.sewer (code, sewer_system, start_node, end_node, shape, diameter_mm, roughness_n, "
        "invert_start_m, invert_end_m, stage, source, geom) "
        "SELECT 'S' || n, 'storm', 'A', 'B', 'circular', 600, 0.013, 1.5, 1.3, 'existing', 'sample', geom "
        "FROM city.sewer, generate_series(1, 600) AS n WHERE code = 'A-B'"
    )
    finding = drainage_capacity(city, rain="i=1", edition="01:2021")
    (verdict,) = finding.verdicts
    assert (verdict.subject.layer, verdict.subject.label) == ("outfall", "Z")
    assert verdict.inputs["sewers"] == 603
    assert len(finding.features) == 603
    assert "603 cannot be decided" in verdict.found.en


@pytest.mark.parametrize("horizon", list(Horizon))
def test_a_city_without_drains_and_without_a_plan_is_answered(city: City, horizon: Horizon):
    seen = seen_at(city.connection, horizon)
    for finding in (drainage_faults(seen), drainage_capacity(seen, rain="i=20", edition="01:2021")):
        assert finding.document["hash"] == finding.hash
        assert finding.verdicts == ()


def test_without_a_plan_catchments_say_what_is_paved_in_2030(city: City):
    chain(city)
    catchment(city, "C1", "A", (0, 0, 100, 100), impervious_share=0.5, slope_share=0.01)
    finding = drainage_capacity(seen_at(city.connection, Horizon.H2030), rain="i=20", edition="01:2021")
    assert finding.quantity("by_catchment_share").value == 1
    assert finding.quantity("coefficient").value == pytest.approx(0.55)
    storm = storm_drainage(seen_at(city.connection, Horizon.H2030), rain="i=20 t=30")
    assert storm.quantity("conduits").value == 3


# A storm in the town.


def test_a_storm_floods_the_manholes_and_the_water_is_found_again(town: City):
    finding = storm_drainage(town, rain="i=60 t=60")
    figures = {each.name: each.value for each in finding.quantities}
    assert figures["rain_mm"] == pytest.approx(60, rel=1e-3)
    assert figures["outflow_m3"] + figures["flooded_m3"] == pytest.approx(figures["inflow_m3"], rel=0.02)
    assert (figures["conduits"], figures["left_out"], figures["left_out_ha"]) == (3, 0, 0)
    flooding = finding.table("flooding")
    assert set(flooding["node"]) <= {"M1", "M2", "M3"}
    assert flooding["flooded_m3"].sum() == pytest.approx(figures["flooded_m3"], rel=1e-3)
    assert [each.outcome.value for each in finding.verdicts] == ["pass", "pass"]
    assert {each.subject.layer for each in finding.features} == {"sewer", "manhole"}


def test_without_a_storm_nothing_is_simulated(town: City):
    with pytest.raises(RainError, match="not known for this place"):
        storm_drainage(town)


def test_a_model_of_ones_own_is_run_and_drawn_where_its_system_says(town: City, tmp_path: Path):
    text = options() + PIPE.format(diameter=0.6, flow=0.4) + "[COORDINATES]\nA 550000 1776000\nZ 551000 1776000\n"
    path = tmp_path / "own.inp"
    path.write_text(text)
    unplaced = storm_drainage(town, model=str(path))
    placed = storm_drainage(town, model=str(path), crs="EPSG:5899")
    assert unplaced.features == ()
    assert any("not drawn" in note.en for note in unplaced.notes)
    assert {each.subject.label: each.geometry.geom_type for each in placed.features} == {
        "AZ": "LineString",
        "A": "Point",
    }
    assert placed.tables == unplaced.tables
    # as its text, also for who may name no file
    with without_files():
        assert storm_drainage(town, model=text).tables == unplaced.tables
        with pytest.raises(FileRefusedError):
            storm_drainage(town, model=str(path))


def test_a_model_in_several_lines_is_no_path(town: City):
    text = options(3) + PLANE
    assert question_named("storm_drainage").read({"model": text}, files=False) == {"model": text}
    with pytest.raises(FileRefusedError):
        question_named("storm_drainage").read({"model": "/etc/passwd"}, files=False)
    assert ask(town, "storm_drainage", model=text).quantity("rain_mm").value == pytest.approx(108)


def test_figures_that_cannot_be_never_leave_a_question(town: City):
    for finding in (drainage_capacity(town, edition="01:2021"), drainage_trace(town, at="S1"), drainage_faults(town)):
        assert "NaN" not in json.dumps(finding.document)
        for table in finding.tables:
            assert not any(isinstance(cell, float) and not np.isfinite(cell) for row in table.rows for cell in row)
