"""Networks simulated: the published figures of EPANET's examples, and small ones that are worked out by hand."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from gis.answering import heard_by
from gis.networks.supply.engine import solved, wntr_model
from gis.networks.supply.errors import EngineError, NoSourceError, TooLargeError, TooLongError
from gis.networks.supply.measures import drawn_m3_s, head_loss_m, modified_resilience, todini_index
from gis.networks.supply.mixing import mixed
from gis.networks.supply.model import Model, model
from gis.networks.supply.pressure import balance, judged, sources
from gis.networks.supply.running import Drive, runnable
from gis.networks.supply.simulation import Simulation, simulate
from tests.gis.networks.supply.files import NEEDS_WNTR, of_wntr, wntr_file, written

pytestmark = NEEDS_WNTR

NET3_PRESSURES = {
    "15": (28.5937, 28.8872, 29.2570),
    "101": (31.5539, 39.8679, 32.2149),
    "105": (36.0668, 41.1445, 36.7269),
    "247": (36.9078, 36.5579, 36.9750),
}
NET3_FLOWS = {"335": (0.830133, 0.824086, 0.825676), "20": (-0.141719, -0.191671, -0.137808)}
TIMES = (0, 3_600, 86_400)


def given(text: str, **asked: float) -> Model:
    return model(None, network=text, **asked)  # type: ignore[arg-type]


def pressure(found: Simulation, node: str, at_s: float = 0) -> float:
    return float(found.pressure_m[found.time_s == at_s, found.network.node_places[node]][0])


def flow(found: Simulation, link: str, at_s: float = 0) -> float:
    return float(found.flow_m3_s[found.time_s == at_s, found.network.link_places[link]][0])


@pytest.fixture(scope="module")
def net3() -> Simulation:
    return simulate(of_wntr("Net3"), hours=24)


def test_net3_has_the_pressures_and_flows_of_epanet(net3: Simulation):
    for node, values in NET3_PRESSURES.items():
        assert [pressure(net3, node, at) for at in TIMES] == pytest.approx(values, abs=1e-3)
    for link, values in NET3_FLOWS.items():
        assert [flow(net3, link, at) for at in TIMES] == pytest.approx(values, abs=1e-5)
    drawn = net3.demand_m3_s[0, net3.network.nodes.kind == 0].sum()
    assert drawn == pytest.approx(0.680142, abs=1e-6)


def test_the_other_simulator_of_wntr_agrees_on_the_file_we_simulate():
    import wntr

    made = wntr_model(of_wntr("Net3").inp.text)
    made.options.time.duration = 3_600
    found = wntr.sim.WNTRSimulator(made).run_sim().node["pressure"]
    for node, values in NET3_PRESSURES.items():
        assert found[node].loc[[0, 3_600]].tolist() == pytest.approx(values[:2], abs=1e-3)


def test_net1_has_the_pressures_of_epanet():
    found = simulate(of_wntr("Net1"), hours=0)
    assert [pressure(found, node) for node in ("10", "11", "32")] == pytest.approx((89.717, 83.890, 77.934), abs=1e-3)
    # In EPANET's own unit: 127.54 psi, at 0.4333 psi for each foot.
    assert pressure(found, "10") / 0.3048 * 0.4333 == pytest.approx(127.54, abs=0.01)


def test_pressure_is_judged_where_water_is_drawn_alone(net3: Simulation):
    low = judged(net3)
    place = net3.network.node_places["10"]
    assert pressure(net3, "10") == pytest.approx(-0.45, abs=0.005)
    assert place not in low.drawing
    assert low.lowest_m[low.known].min() > 20


def test_net3_is_as_resilient_as_wntr_says():
    week = simulate(of_wntr("Net3"), hours=168)
    todini = todini_index(week, wanted_m=20)
    assert (todini[0], todini.mean()) == pytest.approx((0.215013, 0.519809), abs=1e-5)
    assert modified_resilience(week, wanted_m=20)[0] == pytest.approx(0.855817, abs=1e-5)


@pytest.mark.parametrize(("name", "index"), [("optCost", 0.2103), ("solA", 0.3959)])
def test_todinis_own_example_has_the_resilience_he_published(name: str, index: float):
    found = simulate(of_wntr(f"Todini_Fig2_{name}_CMH"), hours=0)
    assert todini_index(found, wanted_m=30)[0] == pytest.approx(index, abs=2e-4)
    american = simulate(of_wntr(f"Todini_Fig2_{name}_GPM"), hours=0)
    assert todini_index(american, wanted_m=30)[0] == pytest.approx({"optCost": 0.22, "solA": 0.41}[name], abs=0.03)


def test_a_pipe_loses_head_after_hazen_and_williams():
    assert head_loss_m(0.1, length_m=1_000, diameter_m=0.3, roughness_hw=130) == pytest.approx(6.4263, abs=1e-4)
    found = simulate(given(written("A 0 100", "P R A 1000 300 130")), hours=0)
    assert pressure(found, "A") == pytest.approx(50 - 6.4263, abs=1e-3)


def test_what_is_drawn_at_a_pressure_goes_by_the_root():
    assert drawn_m3_s(150 / 3_600, 10, full_m=15) == pytest.approx(150 / 3_600 * (10 / 15) ** 0.5)
    assert drawn_m3_s(1, 0, full_m=15) == 0
    assert drawn_m3_s(1, 20, full_m=15) == 1


def test_where_demand_follows_pressure_a_thin_pipe_gives_less():
    text = written("A 0 100", "P R A 1000 150 130", reservoirs="R 20")
    whole = simulate(given(text), hours=0)
    assert pressure(whole, "A") < 0
    less = simulate(given(text), hours=0, drive=Drive(0, 10))
    left = pressure(less, "A")
    assert 0 < left < 10
    assert less.demand_m3_s[0, 0] == pytest.approx(drawn_m3_s(0.1, left, full_m=10), rel=1e-3)
    lost = head_loss_m(float(less.demand_m3_s[0, 0]), length_m=1_000, diameter_m=0.15, roughness_hw=130)
    assert left == pytest.approx(20 - lost, abs=0.01)


def test_where_demand_follows_pressure_the_pressure_that_is_asked_is_in_the_unit_of_the_file():
    american = runnable(of_wntr("Net1"), hours=0, drive=Drive(0, 10))
    assert "REQUIRED PRESSURE 14.2159" in american  # psi, at 0.4333 for each foot


def test_what_reservoirs_give_is_what_is_drawn_and_what_tanks_store(net3: Simulation):
    volumes = balance(net3)
    assert volumes.apart_share < 1e-5
    assert volumes.storage_apart_share < 1e-4
    demand = net3.demand_m3_s[:-1, net3.network.nodes.kind == 0].sum() * 3_600
    assert volumes.drawn_m3 == pytest.approx(demand, rel=1e-3)
    assert sum(each.volume_m3 for each in sources(net3)) == pytest.approx(volumes.drawn_m3, rel=1e-9)


TANK = written(
    "A 10 20", "P T A 100 300 130", reservoirs="", tanks="T 40 3 1 5 10 0", more="[TIMES]\n REPORT TIMESTEP 1:00\n"
)


def test_a_tank_alone_falls_by_what_is_drawn_and_is_empty_in_time():
    # 20 l/s are 72 m³ an hour out of a tank of π/4·10² = 78.54 m²: 0.9167 m an hour.
    found = simulate(given(TANK), hours=4)
    head = found.head_m[:, found.network.node_places["T"]]
    assert head[:3].tolist() == pytest.approx([43, 42.0833, 41.1665], abs=0.01)
    # It reaches its lowest level, 1 m, after 2.18 h: from then on no pressure is known, whatever the engine says.
    assert np.isfinite(found.pressure_m[:, 0]).tolist() == [True, True, True, False, False]
    assert not len(judged(found).known)


def test_nodes_without_a_source_have_no_pressure_and_draw_nothing_from_the_others():
    text = written("A 10 20; B 10 20; C 10 500", "P1 R A 100 300 130; P2 A B 100 300 130 0 Closed; P3 B C 100 300 130")
    found = simulate(given(text), hours=0)
    alone = simulate(given(written("A 10 20", "P1 R A 100 300 130")), hours=0)
    assert pressure(found, "A") == pytest.approx(pressure(alone, "A"), abs=1e-4)
    assert np.isnan(found.pressure_m[0, 1:3]).all()
    assert found.network.nodes.code[judged(found).drawing].tolist() == ["A", "B", "C"]


def test_controls_and_rules_that_name_what_is_left_out_are_left_out_with_it():
    rules = (
        "[CONTROLS]\n LINK P2 CLOSED IF NODE B ABOVE 20\n LINK P1 OPEN AT TIME 2\n"
        "[RULES]\nRULE one\nIF NODE C PRESSURE ABOVE 1\nTHEN PIPE P3 STATUS IS CLOSED\n"
        "RULE two\nIF SYSTEM TIME > 1\nTHEN PIPE P1 STATUS IS OPEN\n"
    )
    text = written("A 10 20; B 10 20; C 10 5", "P1 R A 100 300 130; P2 A B 0 300 130; P3 B C 1 300 130", more=rules)
    ran = runnable(given(text), hours=1)
    assert "LINK P1 OPEN" in ran
    assert "RULE two" in ran
    assert "RULE one" not in ran
    assert "P2" not in ran
    assert simulate(given(text), hours=1).pressure_m[0, 0] > 0


def test_no_file_of_the_machine_is_written_or_read_because_a_network_says_so(tmp_path):
    aim = tmp_path / "stolen"
    more = f"[REPORT]\n FILE {aim}\n STATUS FULL\n[OPTIONS]\n HYDRAULICS SAVE {aim}\n MAP {aim}\n"
    found = simulate(given(written("A 10 20", "P R A 100 300 130", more=more)), hours=1)
    assert found.pressure_m[0, 0] > 0
    assert not aim.exists()


def test_a_network_without_a_source_is_refused_in_a_sentence():
    with pytest.raises(NoSourceError, match="no reservoir with its head and no tank with its levels"):
        simulate(given(written("A 1 1; B 1 1", "P A B 1 300 130", reservoirs="")), hours=0)


def test_what_the_engine_says_of_a_network_it_cannot_solve_is_told():
    # EPANET allows no pressure-reducing valve beside a reservoir.
    text = written("A 10 20", "P A R 100 300 130", valves="V R A 300 PRV 20 0")
    with pytest.raises(EngineError, match=r"EPANET cannot simulate this network \(error"):
        simulate(given(text), hours=0)


def test_a_simulation_of_months_is_refused():
    with pytest.raises(TooLargeError, match="336"):
        simulate(given(TANK), hours=10_000)


def test_a_simulation_tells_how_far_it_has_come(net3: Simulation):
    told: list[float] = []
    with heard_by(told.append):
        simulate(of_wntr("Net1"), hours=24)
    assert len(told) > 20
    assert told == sorted(told)


def test_water_is_followed_from_its_sources():
    # R1 gives 30 l/s to A, R2 10 l/s: what A draws and what flows on to B is three quarters of R1.
    text = written(
        "A 0 20; B 0 20", "P1 R1 A 100 300 130; P2 R2 A 100 300 130; P3 A B 10 300 130", reservoirs="R1 50; R2 50"
    )
    net = given(text).network
    shares = mixed(net, np.array([0.03, 0.01, 0.02]), np.array([net.node_places["R1"], net.node_places["R2"]]))
    assert shares[:2].tolist() == [pytest.approx([0.75, 0.25])] * 2
    assert shares[2:].tolist() == [pytest.approx([1, 0]), pytest.approx([0, 1])]


def test_loose_parts_are_joined_only_where_that_is_asked_and_each_joint_is_told():
    text = written(
        "A 5 1; B 5 1; C 5 1", "P1 R A 100 300 130; P2 B C 100 200 120",
        more="[COORDINATES]\n;CRS EPSG:5899\nR 550000 1776000\nA 550100 1776000\n"
        "B 550100.4 1776000\nC 550200 1776000\n",
    )  # fmt: skip
    assert not given(text).checked.supplied[1:3].any()
    mended = given(text, repair_m=1.0)
    assert mended.checked.supplied.all()
    (repair,) = mended.repairs
    assert {repair.start, repair.end} == {"A", "B"}
    assert (repair.apart_m, repair.diameter_m) == pytest.approx((0.4, 0.3))
    assert pressure(simulate(mended, hours=0), "C") == pytest.approx(45, abs=0.05)
    assert given(text, repair_m=0.3).repairs == ()


def test_a_simulation_that_takes_too_long_or_is_not_wanted_any_more_ends():
    text = runnable(of_wntr("Net3"), hours=24)
    with pytest.raises(TooLongError, match="given up after 0 s"):
        solved(text, [], duration_s=86_400, hear=lambda _: None, most_s=0.0)

    def enough(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        solved(text, [], duration_s=86_400, hear=enough)


def test_wntr_is_not_entered_to_simulate():
    code = (
        "import sys; from gis.networks.supply.model import model; from gis.networks.supply.simulation import simulate\n"
        f"simulate(model(None, network={str(wntr_file('Net1'))!r}), hours=1); print('wntr' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "False"
