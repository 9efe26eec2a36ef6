"""Models made of the layers: what is in them, what they are called, and what a storm does in them."""

from __future__ import annotations

import pytest

from gis.db import City, seen_at
from gis.networks.drainage.rain import RainError, rain
from gis.networks.drainage.swmm.built import NothingToSimulateError, built
from gis.networks.drainage.swmm.engine import simulate
from gis.networks.drainage.swmm.inp import model
from gis.networks.drainage.swmm.results import NodeKind
from gis.networks.drainage.swmm.storm import hyetograph
from gis.planning.places import EVERYWHERE, place
from gis.planning.plans import plan_if_any
from layers.model import Horizon
from tests.gis.networks.drainage.drains import catchment, chain, manhole, outfall, sewer


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
    return built(city, rain(given), plan_if_any(city), where=where, ground="land_use")


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


def test_what_has_no_level_or_no_way_out_is_left_out(city: City):
    chain(city)
    manhole(city, "P", (0, 500))
    manhole(city, "Q", (100, 500), ground_level_m=None)
    manhole(city, "R", (200, 500))
    sewer(city, "P", "Q", (0, 500), (100, 500))
    sewer(city, "Q", "R", (100, 500), (200, 500))
    catchment(city, "C1", "A", (0, 0, 100, 100), impervious_share=0.5, slope_share=0.01)
    catchment(city, "C2", "P", (0, 400, 100, 500), impervious_share=0.5, slope_share=0.01)
    made = written(city)
    assert sorted(made.sewer_names.values()) == ["A-B", "B-C", "C-Z"]
    assert len(made.areas) == 1
    assert simulate(made.text).is_trusted


def test_drains_of_which_none_can_be_simulated_are_refused_with_where_to_look(city: City):
    with pytest.raises(NothingToSimulateError, match="holds no storm sewer"):
        written(city)
    chain(city)
    city.connection.execute("UPDATE city.sewer SET roughness_n = NULL")
    with pytest.raises(NothingToSimulateError, match=r"3 storm sewers, of which none .* drainage_faults"):
        written(city)


def test_codes_that_are_no_names_are_replaced_and_an_outfall_of_several_sewers_becomes_several(city: City):
    chain(city)
    manhole(city, "giếng 1", (300, 100))
    manhole(city, "a", (300, -100))
    sewer(city, "giếng 1", "Z", (300, 100), (300, 0))
    sewer(city, "a", "Z", (300, -100), (300, 0))
    made = written(city)
    names = set(made.node_names.values())
    assert {"B", "C", "Z"} < names
    assert not {"A", "a", "giếng 1"} & names  # the engine takes A for a
    assert sorted(made.mouths.values()) == ["Z", "Z~2", "Z~3"]
    assert {each.name for each in simulate(made.text).nodes} == (names - {"Z"}) | {"Z", "Z~2", "Z~3"}


def test_of_a_place_all_that_hangs_together_with_it_is_simulated(city: City):
    chain(city)
    manhole(city, "P", (0, 500))
    outfall(city, "Y", (100, 500))
    sewer(city, "P", "Y", (0, 500), (100, 500))
    around = "[107, 15], [109, 15], [109, 17], [107, 17], [107, 15]"
    drawn = f'{{"type": "Polygon", "coordinates": [[{around}]]}}'
    assert len(written(city, within=drawn).sewers) == 4
    city.connection.execute(
        "INSERT INTO city.ward (code, name, unit_type, source, geom) VALUES ('W', 'W', 'ward', 'sample', "
        "ST_Multi(ST_MakeEnvelope(549950, 1775950, 550050, 1776050, 5899)))"
    )
    assert sorted(written(city, within="ward:W").sewer_names.values()) == ["A-B", "B-C", "C-Z"]


def test_a_model_is_placed_where_its_nodes_lie(town: City):
    read = model(written(town).text)
    assert read.coordinates["M1"] == (550_200, 1_776_100)
    assert set(read.coordinates) == {"M1", "M2", "M3", "O1"}
