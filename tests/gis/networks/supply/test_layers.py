"""The town's network out of its layers: its pump, its valve, its tank, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gis.db import City, open_city, seen_at
from gis.networks.supply.errors import NoNetworkError
from gis.networks.supply.measures import head_loss_m
from gis.networks.supply.model import Model, model
from gis.networks.supply.network import LinkKind
from gis.networks.supply.simulation import simulate
from gis.sample.town import load_town
from gis.scenarios import open_scenario
from layers.model import Horizon
from tests.gis.hand import database, put
from tests.gis.networks.supply.files import NEEDS_WNTR

EAST, NORTH = 550_000, 1_776_000
LOSS = {"diameter_m": 0.2, "roughness_hw": 130}


@pytest.fixture
def city(server_url: str, template: str) -> Iterator[City]:
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        yield city


def set_(city: City, layer: str, which: str, /, **values: object) -> None:
    columns = ", ".join(f"{name} = %({name})s" for name in values)
    query = f"UPDATE city.{layer} SET {columns} WHERE code = %(which)s".encode()
    city.connection.execute(query, {**values, "which": which})


def faults(found: Model) -> dict[str, tuple[str, ...]]:
    return {fault.kind.name: fault.codes for fault in found.checked.faults}


def heads(found: Model) -> dict[str, float]:
    simulated = simulate(found, hours=0)
    return dict(zip(map(str, simulated.network.nodes.code), simulated.head_m[0].tolist(), strict=True))


def test_a_pump_is_a_link_from_the_pipe_that_ends_there_to_the_one_that_starts_there(city: City):
    found = model(city)
    net = found.network
    assert faults(found) == {}
    pump = net.link_named("PU1")
    assert net.links.kind[pump] == LinkKind.PUMP
    ends = [str(net.nodes.code[side]) for side in (net.links.start[pump], net.links.end[pump])]
    assert ends == ["PU1", "PU1~"]
    assert [str(net.nodes.code[net.links.end[net.link_named(code)]]) for code in ("P1", "P2")] == ["PU1", "J1"]


def test_demands_and_hydrants_are_those_of_the_layers(city: City):
    net = model(city).network
    drawn = {str(code): 86_400 * demand for code, demand in zip(net.nodes.code, net.nodes.demand_m3_s, strict=True)}
    assert sum(drawn.values()) == pytest.approx(400)
    assert (drawn["J2"], drawn["H1"]) == (pytest.approx(100), 0)
    assert net.nodes.code[net.nodes.stands == "hydrant"].tolist() == ["H1"]


@NEEDS_WNTR
def test_with_its_valve_shut_the_town_is_worked_out_on_paper(city: City):
    set_(city, "node", "V1", closed=True)
    found = heads(model(city))
    # 300 m³ a day, 12.5 m³ an hour, pass the pump, whose curve is 40 m − 10 m (Q / 36 m³/h)².
    lift = 40 - 10 * (12.5 / 36) ** 2
    assert lift == pytest.approx(38.794, abs=1e-3)
    fifty = head_loss_m(12.5 / 3_600, length_m=50, **LOSS)
    assert found["J1"] == pytest.approx(5 - fifty + lift - fifty, abs=2e-3)
    assert found["J1"] == pytest.approx(43.785, abs=2e-3)
    # The tank (floor 30 m, level 3 m) feeds J6 alone, with 100 m³ a day over 100 m.
    assert found["J6"] == pytest.approx(33 - head_loss_m(100 / 86_400, length_m=100, **LOSS), abs=1e-3)


@NEEDS_WNTR
def test_with_its_valve_open_flows_and_heads_agree_with_each_other_all_the_way(city: City):
    found = model(city)
    simulated = simulate(found, hours=0)
    head = heads(found)
    flow = float(simulated.flow_m3_s[0, found.network.link_named("PU1")])
    assert head["PU1~"] - head["PU1"] == pytest.approx(40 - 10 * (3_600 * flow / 36) ** 2, abs=1e-3)
    assert head["PU1~"] - head["J1"] == pytest.approx(head_loss_m(flow, length_m=50, **LOSS), abs=1e-3)
    into_tank = float(simulated.demand_m3_s[0, found.network.node_named("T1")])
    assert flow - 400 / 86_400 == pytest.approx(into_tank, abs=1e-6)
    assert head["J6"] - 33 == pytest.approx(head_loss_m(into_tank, length_m=100, **LOSS), abs=1e-3)


def test_a_pump_without_flow_and_head_is_an_error_and_the_town_has_its_tank_alone(city: City):
    set_(city, "node", "PU1", pump_head_m=None)
    found = model(city)
    assert faults(found)["pump_without_curve"] == ("PU1",)
    assert found.checked.supplied[found.network.node_named("J1")]  # by the tank
    set_(city, "node", "V1", closed=True)
    assert faults(model(city))["shut"][:1] == ("J1",)


def test_a_pump_between_pipes_that_both_end_there_lets_nothing_pass(city: City):
    set_(city, "pipe", "P2", start_node="J1", end_node="PU1")
    found = model(city)
    assert faults(found)["stray_equipment"] == ("PU1",)
    assert "PU1" not in found.network.link_places
    set_(city, "node", "V1", closed=True)
    assert not model(city).checked.supplied[found.network.node_named("J1")]


def test_a_check_valve_lets_water_pass_one_way(city: City):
    set_(city, "node", "V1", valve_type="check")
    net = model(city).network
    assert bool(net.links.one_way[net.link_named("P10")])
    assert len(net.valves) == 0


@NEEDS_WNTR
def test_a_valve_that_reduces_pressure_holds_it_behind(city: City):
    set_(city, "node", "V1", valve_type="pressure_reducing", valve_setting=12.0)
    city.connection.execute("DELETE FROM city.node WHERE code = 'T1'")
    city.connection.execute("DELETE FROM city.pipe WHERE code = 'P11'")
    found = model(city)
    assert found.network.links.kind[found.network.link_named("V1")] == LinkKind.PRV
    # The node of the valve stands at 3 m: 12 m of pressure are a head of 15 m; J6 lies 50 m on.
    assert heads(found)["V1~"] == pytest.approx(15, abs=1e-3)


def test_a_governing_valve_without_a_setting_is_told_and_taken_as_open(city: City):
    set_(city, "node", "V1", valve_type="throttle")
    found = model(city)
    assert faults(found) == {"valve_without_setting": ("V1",)}
    assert "V1 Open" in found.inp.text


def test_a_source_without_a_head_and_a_tank_without_levels_are_no_sources(city: City):
    set_(city, "node", "R1", head_m=None)
    set_(city, "node", "T1", tank_max_level_m=None)
    found = faults(model(city))
    assert set(found["source_without_head"]) == {"R1", "T1"}
    assert "no_source" in found


def test_a_pipe_without_a_recorded_length_is_as_long_as_it_is_drawn(city: City):
    set_(city, "pipe", "P3", length_m=None)
    net = model(city).network
    assert net.links.length_m[net.link_named("P3")] == pytest.approx(100)


@NEEDS_WNTR
def test_a_node_of_unknown_elevation_has_a_head_and_no_pressure(city: City):
    set_(city, "node", "J4", elevation_m=None)
    found = model(city)
    assert faults(found) == {"unknown_elevation": ("J4",)}
    place = found.network.node_named("J4")
    simulated = simulate(found, hours=0)
    assert np.isnan(simulated.pressure_m[0, place])
    assert simulated.head_m[0, place] == pytest.approx(simulated.head_m[0, found.network.node_named("J3")], abs=0.1)


def test_pipes_that_name_no_node_lie_at_the_node_on_which_they_end(city: City):
    set_(city, "pipe", "P3", start_node=None, end_node=None)
    assert faults(model(city)) == {}
    set_(city, "pipe", "P3", start_node="J9")
    found = faults(model(city))
    assert found["missing_node"] == ("P3",)


def test_a_pipe_that_ends_away_from_the_node_it_names_is_told(city: City):
    city.connection.execute("UPDATE city.node SET geom = ST_Translate(geom, 0, 30) WHERE code = 'J4'")
    assert {kind: set(codes) for kind, codes in faults(model(city)).items()} == {"end_apart": {"P6", "P7"}}


def test_a_pipe_that_ends_short_of_its_neighbour_is_disconnected_until_that_is_to_be_mended(city: City):
    set_(city, "pipe", "P10", start_node=None)
    short = f"MULTILINESTRING(({EAST + 250.5} {NORTH + 100}, {EAST + 300} {NORTH + 100}))"
    city.connection.execute("UPDATE city.pipe SET geom = ST_GeomFromText(%s, 5899) WHERE code = 'P10'", [short])
    city.connection.execute("DELETE FROM city.node WHERE code = 'T1'")
    city.connection.execute("DELETE FROM city.pipe WHERE code = 'P11'")
    found = model(city)
    assert faults(found)["disconnected"] == ("J6", "@1")
    mended = model(city, repair_m=1.0)
    assert mended.checked.supplied.all()
    assert [(each.start, each.end, round(each.apart_m, 3)) for each in mended.repairs] == [("@1", "V1", 0.5)]


def test_codes_that_several_have_are_numbered_and_told(city: City):
    set_(city, "node", "J5", code="J4")
    set_(city, "pipe", "P8", start_node="J4")
    set_(city, "pipe", "P7", start_node="J4", end_node="J4")
    found = model(city)
    assert faults(found)["twin_code"] == ("J4",)
    assert {"J4", "J4#2"} <= set(found.network.node_places)


def test_a_gate_valve_parts_its_second_pipe_and_one_of_three_pipes_is_told(city: City):
    net = model(city).network
    (link,) = net.valves.link.tolist()
    assert str(net.links.code[link]) == "P10"
    put(city.connection, "pipe", f"MULTILINESTRING(({EAST + 250} {NORTH + 100}, {EAST + 250} {NORTH + 150}))",
        code="P99", start_node="V1", diameter_mm=100, roughness_hw=130, stage="existing")  # fmt: skip
    found = model(city)
    assert faults(found)["valve_of_many_pipes"] == ("V1",)


def test_an_empty_city_has_no_network(city: City):
    city.connection.execute("TRUNCATE city.pipe, city.node")
    with pytest.raises(NoNetworkError, match="has no pipe and no node"):
        model(city)


def test_the_network_of_a_scenario_and_of_a_horizon_is_its_own(city: City):
    put(city.connection, "node", f"POINT({EAST + 400} {NORTH + 100})", code="J7", node_type="junction", elevation_m=3,
        demand_m3_day=10, stage="2030")  # fmt: skip
    line = f"MULTILINESTRING(({EAST + 300} {NORTH + 100}, {EAST + 400} {NORTH + 100}))"
    ends = {"start_node": "J6", "end_node": "J7"}
    put(city.connection, "pipe", line, code="P12", **ends, diameter_mm=100, roughness_hw=130, stage="2030")
    assert "J7" not in model(city).network.node_places
    assert "J7" in model(seen_at(city.connection, Horizon.H2030)).network.node_places
    open_scenario(city.connection, "same")
    same = model(seen_at(city.connection, Horizon.H2030, "same")).inp.text
    there = model(seen_at(city.connection, Horizon.H2030)).inp.text
    # But for the title, which names the scenario.
    assert same.partition("\n\n")[2] == there.partition("\n\n")[2]
