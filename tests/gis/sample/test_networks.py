"""Streets, pipes and sewers of the sample are networks that work."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
import shapely


def ends(shapes):
    lines = shapely.get_geometry(shapes, 0)
    return [shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]


def parts(links):
    """The parts of a graph given as pairs of names: the part of each name."""
    part = {}

    def root(name):
        part.setdefault(name, name)
        while part[name] != name:
            part[name] = part[part[name]]
            name = part[name]
        return name

    for start, end in links:
        part[root(start)] = root(end)
    return {name: root(name) for name in part}


def standing(drawn, layer, stage):
    reached = {"existing": ["existing"], "2030": ["existing", "2030"], "2045": ["existing", "2030", "2045"]}[stage]
    stands = np.isin(drawn.column(layer, "stage"), reached)
    return stands & ~np.isin(drawn.column(layer, "stage_end").astype(str), reached)


@pytest.mark.parametrize("stage", ["existing", "2045"])
def test_nearly_every_street_is_reached_from_every_other(drawn, stage):
    shapes = drawn.shapes("road")[standing(drawn, "road", stage)]
    start, end = ends(shapes)
    links = list(zip(map(tuple, start), map(tuple, end), strict=True))
    part = parts(links)
    lengths = {}
    for (name, _), length in zip(links, shapely.length(shapes), strict=True):
        lengths[part[name]] = lengths.get(part[name], 0) + length
    assert max(lengths.values()) > 0.97 * sum(lengths.values())


def test_streets_on_the_ground_meet_only_at_their_ends(drawn):
    ground = standing(drawn, "road", "existing") & (drawn.column("road", "level") == 0)
    shapes = drawn.shapes("road")[ground]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    assert len(first) == 0, shapely.intersection(shapes[first[:3]], shapes[second[:3]])


def test_the_river_is_bridged(drawn):
    bridges = drawn.shapes("road")[drawn.column("road", "bridge").astype(bool)]
    river = drawn.shapes("water_body")[drawn.column("water_body", "water_body_type") == "river"]
    assert shapely.intersects(river[0], bridges).sum() >= 2
    assert set(drawn.column("road", "level")[drawn.column("road", "bridge").astype(bool)]) == {1}


def test_a_raised_street_shares_no_vertex_with_what_it_crosses(usual):
    raised = usual.column("road", "road_class") == "expressway"
    raised &= usual.column("road", "bridge").astype(bool)
    shapes = usual.shapes("road")
    ground = shapes[~raised]
    vertices = {tuple(point) for point in shapely.get_coordinates(ground)}
    crossings = 0
    for shape in shapes[raised]:
        points = shapely.get_coordinates(shape)[1:-1]
        assert not vertices & {tuple(point) for point in points}
        crossings += int(shapely.crosses(shape, ground).sum())
    assert crossings > 0


def test_bus_stops_stand_on_streets(drawn):
    bus = drawn.column("transit_stop", "transit_mode") == "bus"
    vertices = {tuple(point) for point in shapely.get_coordinates(drawn.shapes("road"))}
    stops = shapely.get_coordinates(drawn.shapes("transit_stop")[bus])
    assert {tuple(stop) for stop in stops} <= vertices


def test_pipes_end_at_their_nodes_and_hang_together(drawn):
    places = dict(
        zip(drawn.column("node", "code"), map(tuple, shapely.get_coordinates(drawn.shapes("node"))), strict=True)
    )
    start, end = drawn.column("pipe", "start_node"), drawn.column("pipe", "end_node")
    first, last = ends(drawn.shapes("pipe"))
    assert [places[code] for code in start] == list(map(tuple, first))
    assert [places[code] for code in end] == list(map(tuple, last))
    today = drawn.column("pipe", "stage") == "existing"
    for chosen in (today, np.ones(len(today), dtype=bool)):
        part = parts(list(zip(start[chosen], end[chosen], strict=True)))
        assert len(set(part.values())) == 1


def test_no_place_on_a_main_is_farther_than_75_m_from_a_hydrant_along_straight_lines(usual):
    today = usual.column("pipe", "stage") == "existing"
    mains = usual.shapes("pipe")[today & (usual.number("pipe", "diameter_mm") >= 150)]
    hydrants = usual.shapes("node")[usual.column("node", "node_type") == "hydrant"]
    points = shapely.line_interpolate_point(shapely.get_geometry(mains, 0), 0.5, normalized=True)
    _, away = shapely.STRtree(hydrants).query_nearest(points, return_distance=True)
    assert np.quantile(away, 0.98) <= 75


@pytest.mark.skipif(importlib.util.find_spec("wntr") is None, reason="wntr has no wheel for this machine")
def test_water_reaches_every_tap_with_more_than_10_m(drawn, tmp_path, monkeypatch):
    import wntr

    monkeypatch.chdir(tmp_path)
    model = epanet_model(drawn, wntr)
    results = wntr.sim.EpanetSimulator(model).run_sim()
    pressure = results.node["pressure"].iloc[0]
    drawing = [name for name, junction in model.junctions() if junction.base_demand > 0]
    assert len(drawing) > 50
    assert pressure[drawing].min() >= 10
    assert pressure[drawing].max() <= 120


def epanet_model(drawn, wntr):
    """Today's supply as an EPANET model: a pump node is a link between what ends there and what starts there."""
    model = wntr.network.WaterNetworkModel()
    model.options.hydraulic.headloss = "H-W"
    model.options.time.duration = 0
    nodes = {row["code"]: row for row in drawn.tables["node"].to_pylist() if row["stage"] == "existing"}
    for code, node in nodes.items():
        kind = node["node_type"]
        if kind == "reservoir":
            model.add_reservoir(code, base_head=node["head_m"])
        elif kind == "tank":
            levels = {f"{name}_level": node[f"tank_{long}_level_m"] for name, long in TANK_LEVELS}
            model.add_tank(code, elevation=node["elevation_m"], diameter=node["tank_diameter_m"], **levels)
        else:
            demand = (node["demand_m3_day"] or 0) / 86_400
            model.add_junction(code, base_demand=demand, elevation=node["elevation_m"])
        if kind == "pump":
            model.add_junction(f"{code}-out", elevation=node["elevation_m"])
            model.add_curve(f"curve-{code}", "HEAD", [(node["pump_flow_m3_h"] / 3600, node["pump_head_m"])])
            model.add_pump(f"pump-{code}", code, f"{code}-out", "HEAD", f"curve-{code}")
    for pipe in drawn.tables["pipe"].to_pylist():
        if pipe["stage"] != "existing":
            continue
        start = f"{pipe['start_node']}-out" if nodes[pipe["start_node"]]["node_type"] == "pump" else pipe["start_node"]
        sizes = {"length": pipe["length_m"], "diameter": pipe["diameter_mm"] / 1000, "roughness": pipe["roughness_hw"]}
        check = nodes[pipe["start_node"]]["valve_type"] == "check"
        model.add_pipe(pipe["code"], start, pipe["end_node"], check_valve=check, **sizes)
    return model


TANK_LEVELS = (("init", "initial"), ("min", "min"), ("max", "max"))


def test_every_sewer_falls(drawn):
    assert (drawn.number("sewer", "invert_start_m") > drawn.number("sewer", "invert_end_m")).all()


def test_every_manhole_is_covered_and_drains_to_an_outfall(drawn):
    assert (drawn.number("manhole", "ground_level_m") - drawn.number("manhole", "invert_level_m")).min() > 0.5
    down = {}
    for start, end in zip(drawn.column("sewer", "start_node"), drawn.column("sewer", "end_node"), strict=True):
        down.setdefault(start, []).append(end)
    good = set(drawn.column("outfall", "code"))
    up = {}
    for start, below in down.items():
        for end in below:
            up.setdefault(end, []).append(start)
    waiting = list(good)
    while waiting:
        for upper in up.get(waiting.pop(), []):
            if upper not in good:
                good.add(upper)
                waiting.append(upper)
    assert set(drawn.column("manhole", "code")) <= good


def test_a_sewer_begins_and_ends_at_the_level_of_its_manholes(drawn):
    beds = dict(zip(drawn.column("manhole", "code"), drawn.number("manhole", "invert_level_m"), strict=True))
    beds |= dict(zip(drawn.column("outfall", "code"), drawn.number("outfall", "invert_level_m"), strict=True))
    for node, level in (("start_node", "invert_start_m"), ("end_node", "invert_end_m")):
        ends_at = np.array([beds[code] for code in drawn.column("sewer", node)])
        assert np.abs(ends_at - drawn.number("sewer", level)).max() < 0.001


def test_a_catchment_drains_to_an_outfall_that_exists(drawn):
    assert set(drawn.column("catchment", "outlet")) <= set(drawn.column("outfall", "code"))
    assert shapely.coverage_is_valid(drawn.shapes("catchment"))


def test_ditches_join_on_their_way_to_open_water(drawn):
    ditch = drawn.column("channel", "channel_type") == "ditch"
    places = shapely.get_coordinates(drawn.shapes("channel")[ditch]).reshape(-1, 12, 2)
    start, end = places[:, 0].tolist(), places[:, -1].tolist()
    flowing = np.isin(drawn.column("water_body", "water_body_type"), ["sea", "river"])
    water = shapely.union_all(drawn.shapes("water_body")[flowing])
    level = dict(zip(map(tuple, start), drawn.number("channel", "invert_start_m")[ditch].tolist(), strict=True))
    for place, bed in zip(map(tuple, end), drawn.number("channel", "invert_end_m")[ditch].tolist(), strict=True):
        if place in level:
            assert bed == level[place]
        else:
            assert shapely.dwithin(shapely.Point(place), water, 0.1)
    assert len(start) < 5 or max(end.count(place) for place in end) < len(start) / 2


def test_channels_fall(drawn):
    assert (drawn.number("channel", "invert_start_m") > drawn.number("channel", "invert_end_m")).all()
