"""Storms simulated: models whose answer follows from theory, the published figures, and what is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gis.answering import FileRefusedError, heard_by, without_files
from gis.errors import QuyhoachError
from gis.networks.drainage.swmm import engine
from gis.networks.drainage.swmm.balances import balance_verdicts
from gis.networks.drainage.swmm.engine import SimulationError, simulate
from gis.networks.drainage.swmm.inp import ModelError, model
from gis.networks.drainage.swmm.results import NodeKind, Results

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
