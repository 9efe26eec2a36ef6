"""EPANET files into the layers and out of them: nothing is lost, and what is changed there is changed in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point

from gis.db import City, open_city, seen_at
from gis.networks.supply.command import with_crs
from gis.networks.supply.errors import InpError
from gis.networks.supply.inp import parsed
from gis.networks.supply.loading import Loaded, load_inp
from gis.networks.supply.model import model
from gis.networks.supply.simulation import simulate
from gis.sample.town import load_town
from gis.scenarios import open_scenario
from gis.scenarios.edits import add, change, remove
from gis.scenarios.register import drop_scenario
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database
from tests.gis.networks.supply.files import NEEDS_WNTR, wntr_file, written

EAST, NORTH = 550_010.0, 1_776_010.0


def in_town(name: str, folder: Path) -> Path:
    """A network of wntr whose drawing is moved into the town, 400 m by 180 m; nothing else of it is touched."""
    text = parsed(name, wntr_file(name).read_bytes())
    rows = [row.tokens for row in text.rows("COORDINATES", "VERTICES")]
    places = np.array([[float(tokens[1]), float(tokens[2])] for tokens in rows])
    low, size = places.min(axis=0), places.max(axis=0) - places.min(axis=0)

    def moved(tokens: tuple[str, ...], line: str) -> str:
        share = (np.array([float(tokens[1]), float(tokens[2])]) - low) / size
        return f"{tokens[0]} {EAST + 400 * share[0]:.2f} {NORTH + 180 * share[1]:.2f}"

    path = folder / f"{name}.inp"
    path.write_bytes(text.changed("COORDINATES", moved).changed("VERTICES", moved).written)
    return path


@pytest.fixture
def city(server_url: str, template: str) -> Iterator[City]:
    """The town, seen in a scenario that is to hold another network."""
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        open_scenario(city.connection, "other")
        yield seen_at(city.connection, Horizon.EXISTING, "other")


def loaded(city: City, path: Path, **asked: str) -> Loaded:
    return load_inp(city, path, **{"crs": "EPSG:5899", "mode": "replace", **asked})


@NEEDS_WNTR
@pytest.mark.parametrize("name", ["Net1", "Net3", "Anytown"])
def test_a_network_comes_out_of_the_layers_as_it_went_in_and_simulates_alike(city: City, tmp_path: Path, name: str):
    path = in_town(name, tmp_path)
    reports = loaded(city, path).reports
    assert [(each.layer, each.refused) for each in reports] == [("pipe", 0), ("node", 0)]
    out = model(city)
    assert out.inp.written == path.read_bytes()
    again = tmp_path / "out.inp"
    again.write_bytes(with_crs(out).encode())
    assert parsed("out", again.read_bytes()).crs == "EPSG:5899"
    first, second = (simulate(model(city, network=str(each)), hours=24) for each in (wntr_file(name), again))
    assert first.network.nodes.code.tolist() == second.network.nodes.code.tolist()
    assert np.array_equal(first.head_m, second.head_m, equal_nan=True)
    assert np.array_equal(first.flow_m3_s, second.flow_m3_s, equal_nan=True)
    of_layers = simulate(out, hours=24)
    assert np.array_equal(of_layers.head_m, first.head_m, equal_nan=True)


@NEEDS_WNTR
def test_wntr_simulates_what_we_write_as_it_does_the_original(city: City, tmp_path: Path):
    import wntr

    loaded(city, in_town("Net3", tmp_path))
    out = tmp_path / "out.inp"
    out.write_text(with_crs(model(city)), encoding="utf-8")
    heads = []
    for path in (wntr_file("Net3"), out):
        made = wntr.network.WaterNetworkModel(str(path))
        made.options.time.duration = 86_400
        heads.append(wntr.sim.EpanetSimulator(made).run_sim(str(tmp_path / "run")).node["head"])
    assert (heads[0] == heads[1]).all(axis=None)


def test_what_the_layers_do_not_hold_is_named_and_kept(city: City, tmp_path: Path):
    found = loaded(city, in_town("Net3", tmp_path))
    assert {"PATTERNS", "CURVES", "CONTROLS", "OPTIONS", "TIMES"} <= set(found.beside)
    assert "Patterns, curves and controls are those of Net3.inp" in model(city).notes[0].en


def test_pumps_valves_and_tanks_stand_in_the_layers_in_metres(city: City, tmp_path: Path):
    loaded(city, in_town("Net1", tmp_path))
    columns = "node_type, elevation_m, tank_diameter_m, tank_initial_level_m, pump_flow_m3_h, pump_head_m"
    rows = {row[0]: row[1:] for row in city.connection.execute(f"SELECT code, {columns} FROM node".encode())}
    assert rows["2"][0] == "tank"
    assert rows["2"][1:4] == pytest.approx((850 * 0.3048, 50.5 * 0.3048, 120 * 0.3048))
    # The pump bears the code of a node, too, and is told apart; its curve is one point: 1,500 GPM at 250 ft.
    assert rows["pump:9"][0] == "pump"
    assert rows["pump:9"][4:] == pytest.approx((1_500 * 0.003785411784 * 60, 250 * 0.3048))
    connections = city.connection.execute(
        "SELECT start_node, end_node FROM pipe WHERE length_m = 0 ORDER BY code"
    ).fetchall()
    assert connections == [("9", "pump:9"), ("pump:9", "10")]


def uid(city: City, layer: str, code: str) -> int:
    (found,) = city.connection.execute(f"SELECT uid FROM {layer} WHERE code = %s".encode(), [code]).fetchone()
    return found


def test_what_is_changed_in_the_layers_is_changed_in_the_file_and_nothing_else(city: City, tmp_path: Path):
    path = in_town("Net3", tmp_path)
    loaded(city, path)
    before = model(city).inp
    change(city, LAYERS["pipe"], uid(city, "pipe", "101"), {"diameter_mm": 500.0, "closed": True})
    change(city, LAYERS["node"], uid(city, "node", "101"), {"elevation_m": 20.0})
    change(city, LAYERS["node"], uid(city, "node", "103"), {"demand_m3_day": 1_000.0})
    after = model(city)
    lines = list(zip(before.text.split("\n"), after.inp.text.split("\n"), strict=True))
    differing = [new for old, new in lines if old != new]
    assert len(differing) == 3
    net = after.network
    assert net.links.diameter_m[net.link_named("101")] == pytest.approx(0.5)
    assert bool(net.links.closed[net.link_named("101")])
    assert net.nodes.elevation_m[net.node_named("101")] == pytest.approx(20)
    assert 86_400 * net.nodes.demand_m3_s[net.node_named("103")] == pytest.approx(1_000)
    assert "3 parts changed, 0 added, 0 taken away" in after.notes[1].en


def test_what_is_taken_away_goes_with_all_that_names_it(city: City, tmp_path: Path):
    loaded(city, in_town("Net3", tmp_path))
    remove(city, LAYERS["node"], uid(city, "node", "pump:10"))
    for side in ("10:in", "10:out"):
        remove(city, LAYERS["pipe"], uid(city, "pipe", side))
    out = model(city)
    assert "10" not in out.network.link_places
    assert all(row.tokens[1] != "10" for row in out.inp.rows("CONTROLS"))
    assert [row.tokens[0] for row in out.inp.rows("PUMPS")] == ["335"]


def test_what_is_added_comes_in_the_units_and_the_system_of_the_file(city: City, tmp_path: Path):
    loaded(city, in_town("Net3", tmp_path))
    from shapely.geometry import MultiLineString

    there = model(city).network
    start = there.nodes.position[there.node_named("101")]
    new = {
        "code": "new node",
        "node_type": "junction",
        "elevation_m": 3.048,
        "demand_m3_day": 86.4,
        "stage": "existing",
    }
    add(city, LAYERS["node"], new, Point(start[0] + 10, start[1]))
    pipe = {
        "code": "new pipe",
        "start_node": "101",
        "end_node": "new node",
        "diameter_mm": 254.0,
        "roughness_hw": 120.0,
    }
    line = MultiLineString([[tuple(start), (start[0] + 10, start[1])]])
    add(city, LAYERS["pipe"], {**pipe, "length_m": 30.48, "stage": "existing"}, line)
    out = model(city)
    (junction,) = [row.tokens for row in out.inp.rows("JUNCTIONS") if row.tokens[0] == "new_node"]
    assert [float(each) for each in junction[1:]] == pytest.approx([10, 0.001 / 6.30901964e-5])
    (row,) = [row.tokens for row in out.inp.rows("PIPES") if row.tokens[0] == "new_pipe"]
    assert row[1:3] == ("101", "new_node")
    assert [float(each) for each in row[3:6]] == pytest.approx([100, 10, 120])
    assert out.checked.supplied[out.network.node_named("new_node")]


def test_a_file_that_names_no_coordinate_system_is_not_guessed(city: City, tmp_path: Path):
    with pytest.raises(InpError, match="names no coordinate system; say which its coordinates are in"):
        loaded(city, in_town("Net1", tmp_path), crs="")


def test_a_file_without_coordinates_is_refused_by_the_layers_and_named(city: City, tmp_path: Path):
    path = tmp_path / "bare.inp"
    path.write_text(written("A 1 1", "P R A 100 300 130"), encoding="utf-8")
    with pytest.raises(InpError, match=r"2 of its nodes have no coordinates \(A, R\)"):
        loaded(city, path)


def test_the_baseline_sees_nothing_of_a_network_that_was_loaded_into_a_scenario(city: City, tmp_path: Path):
    loaded(city, in_town("Net1", tmp_path))
    assert len(model(seen_at(city.connection, Horizon.EXISTING)).network.nodes) == 12
    drop_scenario(city.connection, "other")
    assert len(model(seen_at(city.connection, Horizon.EXISTING)).network.nodes) == 12


def test_a_check_valve_of_a_pipe_and_a_governing_valve_come_back_as_they_were(city: City, tmp_path: Path):
    path = tmp_path / "valves.inp"
    places = {"R": EAST, "A": EAST + 50, "B": EAST + 90, "C": EAST + 90}
    rows = "".join(f"{code} {easting} {NORTH}\n" for code, easting in places.items())
    more = f"[COORDINATES]\n;CRS EPSG:5899\n{rows}"
    path.write_text(
        written(
            "A 5 1; B 5 1; C 5 1", "P1 R A 50 300 130 0 CV", valves="V1 A B 200 PRV 20 0; V2 B C 200 FCV 1 0", more=more
        ),
        encoding="utf-8",
    )
    loaded(city, path, crs="")
    out = model(city)
    assert out.inp.text == path.read_text(encoding="utf-8")
    kinds = dict(city.connection.execute("SELECT code, valve_type FROM node WHERE node_type = 'valve'").fetchall())
    assert kinds == {"check:P1": "check", "V1": "pressure_reducing", "V2": "flow_control"}
    (flow,) = city.connection.execute("SELECT valve_setting FROM node WHERE code = 'V2'").fetchone()
    assert flow == pytest.approx(3.6)
    assert out.network.valves.code.tolist() == ["V1", "V2"]
    change(city, LAYERS["node"], uid(city, "node", "V1"), {"valve_setting": 15.0, "closed": True})
    changed = model(city).inp
    (row,) = [row.tokens for row in changed.rows("VALVES") if row.tokens[0] == "V1"]
    assert row[4:6] == ("PRV", "15")
    assert [row.tokens for row in changed.rows("STATUS")] == [("V1", "Closed")]
