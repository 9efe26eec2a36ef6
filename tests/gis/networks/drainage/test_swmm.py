"""Storms simulated: models whose answer follows from theory, the published figures, and what is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gis.answering import FileRefusedError, heard_by, without_files
from gis.db import City, seen_at
from gis.errors import QuyhoachError
from gis.networks.drainage.rain import RainError, rain
from gis.networks.drainage.swmm import engine
from gis.networks.drainage.swmm.balances import balance_verdicts
from gis.networks.drainage.swmm.built import built
from gis.networks.drainage.swmm.engine import SimulationError, simulate
from gis.networks.drainage.swmm.inp import ModelError, model
from gis.networks.drainage.swmm.results import NodeKind, Results
from gis.networks.drainage.swmm.storm import hyetograph
from gis.planning.places import EVERYWHERE, place
from gis.planning.plans import plan_in_force
from layers.model import Horizon
from tests.gis.networks.drainage.drains import catchment, chain, manhole, outfall, sewer

OPTIONS = """[OPTIONS]
FLOW_UNITS {units}
INFILTRATION CURVE_NUMBER
FLOW_ROUTING {routing}
START_DATE 01/01/2000
START_TIME 00:00:00
END_DATE 01/01/2000
END_TIME {end}:00:00
WET_STEP 00:01:00
REPORT_STEP 00:05:00
ROUTING_STEP 1
[REPORT]
NODES NONE
LINKS NONE
[EVAPORATION]
CONSTANT 0
"""

PIPE = """[JUNCTIONS]
A 2.0 3.0 0 0 0
[OUTFALLS]
Z 0.0 FREE NO
[CONDUITS]
AZ A Z 1000 0.013 0 0 0 0
[XSECTIONS]
AZ CIRCULAR {diameter} 0 0 0 1
[INFLOWS]
A FLOW "" FLOW 1.0 1.0 {flow}
"""

PLANE = """[RAINGAGES]
R INTENSITY 1:00 1.0 TIMESERIES T
[TIMESERIES]
T 0:00 36
T 1:00 36
T 2:00 36
[SUBCATCHMENTS]
S R Z 1.0 100 100 1.0 0
[SUBAREAS]
S 0.013 0.1 0 0 0 OUTLET
[INFILTRATION]
S 80 0.5 7
[OUTFALLS]
Z 0.0 FREE NO
"""

POOL = """[STORAGE]
P 0.0 5.0 0 FUNCTIONAL 0 0 1000
[OUTFALLS]
Z 10.0 FREE NO
[WEIRS]
W P Z TRANSVERSE 4.9 1.84 NO
[XSECTIONS]
W RECT_OPEN 1 1 0 0
[INFLOWS]
P FLOW "" FLOW 1.0 1.0 0.1
"""


def options(end: int = 2, *, units: str = "CMS", routing: str = "KINWAVE") -> str:
    return OPTIONS.format(units=units, routing=routing, end=f"{end:02d}")


def test_a_steady_inflow_runs_at_the_depth_and_the_speed_of_manning():
    # Half of what a pipe of 600 mm at two in a thousand carries, 0.27459 m³/s: half full, as fast as full.
    (link,) = simulate(options() + PIPE.format(diameter=0.6, flow=0.137297)).links
    assert link.flow_m3_s == pytest.approx(0.137297, rel=1e-3)
    assert link.depth_m == pytest.approx(0.3, rel=0.01)
    assert link.velocity_m_s == pytest.approx(0.97118, rel=0.01)
    assert link.full_h == 0


def test_feet_and_litres_come_out_as_metres():
    # the same pipe in feet: 1.96850 ft, 3,280.84 ft long, 4.84859 cfs; and in litres a second
    feet = PIPE.replace("A 2.0 3.0", "A 6.56168 9.84252").replace("AZ A Z 1000", "AZ A Z 3280.84")
    (link,) = simulate(options(units="CFS") + feet.format(diameter=1.9685, flow=4.84859)).links
    assert link.flow_m3_s == pytest.approx(0.137297, rel=1e-3)
    assert link.depth_m == pytest.approx(0.3, rel=0.01)
    (link,) = simulate(options(units="LPS") + PIPE.format(diameter=0.6, flow=137.297)).links
    assert link.flow_m3_s == pytest.approx(0.137297, rel=1e-3)


def test_more_than_a_pipe_carries_comes_out_of_the_manhole():
    # 0.4 m³/s for two hours into a pipe that carries 0.27459 m³/s: about 0.125 x 7,200 = 903 m³ come out
    found = simulate(options() + PIPE.format(diameter=0.6, flow=0.4))
    (manhole_,) = [each for each in found.nodes if each.name == "A"]
    assert found.flooded_m3 == pytest.approx(903, rel=0.08)  # a little more runs through a pipe that is nearly full
    assert manhole_.flooded_m3 == pytest.approx(found.flooded_m3, rel=1e-3)
    assert manhole_.flooded_h == pytest.approx(2, rel=0.01)
    assert found.inflow_m3 == pytest.approx(0.4 * 7_200, rel=1e-3)


def test_a_long_rain_on_a_paved_plane_runs_off_as_the_rational_method_says():
    # 36 mm/h on 1 ha, all of it paved: 0.1 m³/s
    found = simulate(options(3) + PLANE)
    (area,) = found.areas
    assert area.peak_m3_s == pytest.approx(0.1, rel=1e-3)
    assert (found.rain_mm, area.rain_mm) == (pytest.approx(108), pytest.approx(108))
    assert found.nodes == ()  # nothing is routed where there is no link


def test_a_pool_rises_by_what_flows_in():
    # 0.1 m³/s for an hour into 1,000 m²: 0.36 m
    found = simulate(options(1, routing="DYNWAVE") + POOL)
    (pool,) = [each for each in found.nodes if each.kind is NodeKind.STORAGE]
    assert pool.depth_m == pytest.approx(0.36, rel=1e-3)
    assert found.is_trusted


@pytest.fixture(scope="module")
def published() -> Path:
    """The models of pyswmm's tests, where it is installed."""
    found = importlib.util.find_spec("pyswmm")
    if found is None or found.origin is None:
        pytest.skip("pyswmm is not installed; its models are not part of this project")
    return Path(found.origin).parent / "tests" / "data"


def test_the_figures_that_pyswmm_publishes(published: Path):
    foot_m, inch_mm = 0.3048, 25.4
    found = simulate(model(str(published / "model_full_features.inp")).text)
    assert found.rain_mm == pytest.approx(1.0 * inch_mm)
    assert found.runoff_mm == pytest.approx(0.9636 * inch_mm, abs=0.002)
    assert found.flooded_m3 == pytest.approx(375_455.84 * foot_m**3, rel=1e-6)
    depths = {each.name: each.depth_m for each in found.nodes}
    assert depths["J1"] == pytest.approx(15 * foot_m)
    peaks = {each.name: each.peak_m3_s / foot_m**3 for each in found.areas}
    assert peaks == pytest.approx({"S1": 0.6129, "S2": 1.1886, "S3": 1.7104}, abs=5e-5)
    weir = simulate(model(str(published / "model_weir_setting.inp")).text)
    assert weir.flooded_m3 == pytest.approx(1.2742 * foot_m**3, rel=1e-4)


# What is refused.


@pytest.mark.parametrize(
    "lines",
    [
        "[FILES]\nSAVE RAINFALL /tmp/x",
        "[files]\nUSE HOTSTART x.hsf",
        "[FILESXYZ]\nSAVE OUTFLOWS x",
        '[RAINGAGES]\nR INTENSITY 0:05 1.0 FILE "/etc/passwd" S MM',
        "[RAINGAGES]\nR INTENSITY 0:05 1.0 file /etc/passwd S MM",
        "[TIMESERIES]\nT FILE /etc/passwd",
        '[TIMESERIES]\nT "FILE" "/etc/passwd"',
        "[TEMPERATURE]\nFILE /etc/passwd",
        "[LID_USAGE]\nS L 1 10 5 0 0 0 /tmp/x.rpt",
        "[OPTIONS]\nTEMPDIR /tmp",
    ],
)
def test_a_model_that_names_other_files_is_not_run(lines: str):
    with pytest.raises(ModelError, match="names another file"):
        model(options() + PIPE.format(diameter=0.6, flow=0.1) + lines + "\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[TITLE]\nnothing\n", "has no nodes"),
        ("one\ntwo\n", "has no nodes"),
        ("[JUNCTIONS]\nA\0 0\n", "bytes that no text holds"),
        # the engine does not take these for the ends of lines, and would still be in [FILES]
        ("[JUNCTIONS]\nA 0\n[FILES]\n;\x0c[TITLE]\nSAVE RAINFALL x\n", "bytes that no text holds"),
        ("[JUNCTIONS]\nA 0\n[FILES]\n;\u2028[TITLE]\nSAVE RAINFALL x\n", "bytes that no text holds"),
        ("[JUNCTIONS]\nA 0\n;" + "x" * 1_023 + "[FILES]\n", "more than 1000"),
        ("no such file.inp", "cannot be read"),
    ],
)
def test_what_is_no_model_is_refused(text: str, why: str):
    with pytest.raises(ModelError, match=why):
        model(text)


def test_no_file_is_read_for_others_but_the_text_of_a_model_is():
    with without_files():
        assert model(options() + PIPE.format(diameter=0.6, flow=0.1)).sections["OUTFALLS"] == [
            ["Z", "0.0", "FREE", "NO"]
        ]
        with pytest.raises(FileRefusedError):
            model("/etc/passwd")


def test_what_the_engine_refuses_is_said_in_its_words():
    with pytest.raises(SimulationError, match=r"ERROR 209: undefined object Q"):
        simulate(options() + PIPE.format(diameter=0.6, flow=0.1).replace("AZ A Z", "AZ A Q"))
    with pytest.raises(SimulationError, match=r"ERROR"):
        simulate(options() + PIPE.format(diameter=0, flow=0.1))


def test_a_model_that_takes_too_long_is_stopped():
    long = options().replace("END_DATE 01/01/2000", "END_DATE 01/01/2030") + PIPE.format(diameter=0.6, flow=0.1)
    with pytest.raises(SimulationError, match="stopped after 1 s"):
        simulate(long, most_s=1)


def test_an_engine_that_breaks_off_takes_nobody_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = tmp_path / "process.py"
    broken.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(engine, "_PROCESS", broken)
    with pytest.raises(SimulationError, match="broke off"):
        simulate(options() + PIPE.format(diameter=0.6, flow=0.1))


def test_who_waits_hears_how_far_it_has_come_and_may_end_it():
    heard: list[float] = []
    with heard_by(heard.append):
        simulate(options() + PIPE.format(diameter=0.6, flow=0.1), begin=0.5)
    assert heard == sorted(heard)
    assert (len(heard) > 10, heard[0] >= 0.5, heard[-1] <= 1) == (True, True, True)

    class Enough(QuyhoachError):
        pass

    def stop(_: float) -> None:
        raise Enough

    with heard_by(stop), pytest.raises(Enough):
        simulate(options() + PIPE.format(diameter=0.6, flow=0.1))


def test_a_balance_that_is_off_by_more_than_a_tenth_is_not_to_be_trusted():
    said = {
        "units": [1, 3], "nodes": [], "links": [], "areas": [], "rained": {}, "errors": [0.5, -12.0],
        "routed": dict.fromkeys(("dwInflow", "wwInflow", "gwInflow", "iiInflow", "exInflow", "outflow", "flooding")),
    }  # fmt: skip
    found = Results.read(said)
    assert not found.is_trusted
    assert [each.outcome.value for each in balance_verdicts(found)] == ["pass", "fail"]


# Models made of the layers.


def test_a_storm_of_alternating_blocks_holds_each_span_of_the_formula():
    storm = rain("A=2000 C=0.5 b=10 n=0.7 P=5 t=60")
    steps = hyetograph(storm)
    assert len(steps) == 12
    assert max(steps) == steps[5] == pytest.approx(float(storm.intensity_mm_h(5.0, period_years=5)))
    assert sum(steps) / 12 == pytest.approx(float(storm.intensity_mm_h(60.0, period_years=5)))
    middle = sum(steps[4:7]) / 3
    assert middle == pytest.approx(float(storm.intensity_mm_h(15.0, period_years=5)))
    assert hyetograph(rain("i=40 t=12")) == [40, 40, 40]
    with pytest.raises(RainError, match="how long"):
        hyetograph(rain("i=40"))
    with pytest.raises(RainError, match="in how many years"):
        hyetograph(rain("A=2000 C=0.5 b=10 n=0.7 t=60"))


def written(city: City, given: str = "i=60 t=60", within: str = "city"):
    where = EVERYWHERE if within == "city" else place(city, within)
    return built(city, rain(given), plan_in_force(city), where=where, ground="land_use")


@pytest.mark.parametrize("horizon", list(Horizon))
def test_the_town_is_simulated_and_what_flows_in_is_found_again(town: City, horizon: Horizon):
    seen = seen_at(town.connection, horizon)
    try:
        found = simulate(written(seen).text)
    finally:
        seen_at(town.connection, Horizon.EXISTING)
    assert found.rain_mm == pytest.approx(60, rel=1e-3)
    assert found.is_trusted
    assert found.inflow_m3 == pytest.approx(found.runoff_mm / 1000 * 90_000, rel=0.01)
    assert found.outflow_m3 + found.flooded_m3 == pytest.approx(found.inflow_m3, rel=0.02)
    assert found.flooded_m3 > 0
    assert {each.name for each in found.nodes} == {"M1", "M2", "M3", "O1"}


def test_more_roofs_bring_more_water_in_a_storm(town: City):
    runs_off = []
    for horizon in Horizon:
        seen = seen_at(town.connection, horizon)
        runs_off.append(simulate(written(seen).text).runoff_mm)
    seen_at(town.connection, Horizon.EXISTING)
    assert runs_off == sorted(runs_off)
    assert runs_off[0] < runs_off[-1]


def test_a_small_rain_floods_nothing_and_its_peak_is_less_than_the_rational_one(town: City):
    found = simulate(written(town, "i=8 t=120").text)
    assert found.flooded_m3 == 0
    (last,) = [each for each in found.nodes if each.kind is NodeKind.OUTFALL]
    assert 0.02 < last.inflow_m3_s < 0.278 * 8 * 0.054785


def test_the_river_stands_in_the_outfall_where_its_level_is_known(town: City):
    # the river stands at 0.5 m, the outfall's bed lies at 1.0 m: water falls freely; not so with the river at 1.4 m
    assert "O1 1.0000 FREE NO" in written(town).text
    town.connection.execute("BEGIN")
    try:
        town.connection.execute("UPDATE city.water_body SET normal_level_m = 1.4")
        assert "O1 1.0000 FIXED 1.4000 NO" in written(town).text
    finally:
        town.connection.execute("ROLLBACK")


@pytest.fixture
def planned(city: City) -> City:
    """A city with a plan that says nothing, as every question needs one."""
    city.connection.execute(
        "INSERT INTO city.plan (code, name, plan_level, plan_system, status, source, geom) VALUES ('P', 'P', "
        "'general', 'construction', 'approved', 'sample', "
        "ST_Multi(ST_MakeEnvelope(550000, 1776000, 551000, 1777000, 5899)))"
    )
    return city


def test_what_has_no_level_or_no_way_out_is_left_out(planned: City):
    chain(planned)
    manhole(planned, "P", (0, 500))
    manhole(planned, "Q", (100, 500), ground_level_m=None)
    manhole(planned, "R", (200, 500))
    sewer(planned, "P", "Q", (0, 500), (100, 500))
    sewer(planned, "Q", "R", (100, 500), (200, 500))
    catchment(planned, "C1", "A", (0, 0, 100, 100), impervious_share=0.5, slope_share=0.01)
    catchment(planned, "C2", "P", (0, 400, 100, 500), impervious_share=0.5, slope_share=0.01)
    made = written(planned)
    assert sorted(made.sewer_names.values()) == ["A-B", "B-C", "C-Z"]
    assert len(made.areas) == 1
    assert simulate(made.text).is_trusted


def test_codes_that_are_no_names_are_replaced_and_an_outfall_of_several_sewers_becomes_several(planned: City):
    chain(planned)
    manhole(planned, "giếng 1", (300, 100))
    manhole(planned, "a", (300, -100))
    sewer(planned, "giếng 1", "Z", (300, 100), (300, 0))
    sewer(planned, "a", "Z", (300, -100), (300, 0))
    made = written(planned)
    names = set(made.node_names.values())
    assert {"B", "C", "Z"} < names
    assert not {"A", "a", "giếng 1"} & names  # the engine takes A for a
    assert sorted(made.mouths.values()) == ["Z", "Z~2", "Z~3"]
    assert {each.name for each in simulate(made.text).nodes} == (names - {"Z"}) | {"Z", "Z~2", "Z~3"}


def test_of_a_place_all_that_hangs_together_with_it_is_simulated(planned: City):
    chain(planned)
    manhole(planned, "P", (0, 500))
    outfall(planned, "Y", (100, 500))
    sewer(planned, "P", "Y", (0, 500), (100, 500))
    around = "[107, 15], [109, 15], [109, 17], [107, 17], [107, 15]"
    drawn = f'{{"type": "Polygon", "coordinates": [[{around}]]}}'
    assert len(written(planned, within=drawn).sewers) == 4
    planned.connection.execute(
        "INSERT INTO city.ward (code, name, unit_type, source, geom) VALUES ('W', 'W', 'ward', 'sample', "
        "ST_Multi(ST_MakeEnvelope(549950, 1775950, 550050, 1776050, 5899)))"
    )
    assert sorted(written(planned, within="ward:W").sewer_names.values()) == ["A-B", "B-C", "C-Z"]


def test_a_model_is_placed_where_its_nodes_lie(town: City):
    read = model(written(town).text)
    assert read.coordinates["M1"] == (550_200, 1_776_100)
    assert set(read.coordinates) == {"M1", "M2", "M3", "O1"}
