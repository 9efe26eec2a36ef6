"""The town is what its docstring says."""

from __future__ import annotations

import pytest
import shapely

from gis.sample.town import load_town, town
from layers import LAYERS


@pytest.fixture(scope="module")
def frames():
    return town()


def at(frame, stage):
    reached = {"existing": ["existing"], "2030": ["existing", "2030"], "2045": ["existing", "2030", "2045"]}[stage]
    return frame[frame["stage"].isin(reached) & ~frame["stage_end"].isin(reached)]


def test_every_declared_layer_has_a_feature_in_declared_codes(frames):
    assert set(frames) == set(LAYERS)
    for name, frame in frames.items():
        assert len(frame) > 0
        for column in LAYERS[name].columns:
            if column.required:
                assert frame[column.name].notna().all(), (name, column.name)
            if column.codes is not None:
                assert set(frame[column.name].dropna()) <= set(column.codes.values), (name, column.name)


def test_two_wards_of_4_and_6_hectares_have_1000_people(frames):
    ward = frames["ward"].set_index("code")
    assert ward.area.to_dict() == {"WEST": 40_000, "EAST": 60_000}
    assert ward["population"].sum() == frames["city"]["population"].sum() == 1000


def test_25_parcels_today_and_26_from_2030_cover_9_hectares_each(frames):
    parcel = frames["parcel"]
    for stage, count in (("existing", 25), ("2030", 26)):
        assert len(at(parcel, stage)) == count
        assert at(parcel, stage).area.sum() == 90_000
        assert shapely.coverage_is_valid(at(parcel, stage).geometry.to_numpy())


def test_sheet_1_number_13_comes_twice(frames):
    twin = frames["parcel"].query("ward_code == 'WEST' and map_sheet == '1' and parcel_number == '13'")
    assert len(twin) == 2


def test_streets_are_2500_m_today_and_two_of_200_m_come(frames):
    road = frames["road"]
    assert [at(road, stage).length.sum() for stage in ("existing", "2030", "2045")] == [2500, 2700, 2900]
    assert len(at(road, "existing")) == 30


def test_the_raised_road_crosses_the_middle_street_without_a_shared_vertex(frames):
    road = frames["road"]
    raised = road[road["name"] == "Đường Trên Cao"].geometry.iloc[0]
    middle = road[road["name"] == "Phố Giữa"].geometry
    assert raised.crosses(middle.union_all())
    vertices = {tuple(place) for shape in middle for place in shapely.get_coordinates(shape)}
    assert not vertices & {tuple(place) for place in shapely.get_coordinates(raised)}


@pytest.mark.parametrize("horizon", ["2030", "2045"])
def test_zones_cover_the_ten_hectares_of_the_plan(frames, horizon):
    zone = frames["zone"].query("horizon == @horizon").geometry.to_numpy()
    assert shapely.area(zone).sum() == 100_000
    assert shapely.coverage_is_valid(zone)


def test_pipes_join_their_nodes_and_400_m3_a_day_are_asked(frames):
    node = frames["node"].set_index("code")
    for _, pipe in frames["pipe"].iterrows():
        ends = [shapely.get_point(shapely.get_geometry(pipe.geometry, 0), place) for place in (0, -1)]
        assert ends == [node.geometry[pipe["start_node"]], node.geometry[pipe["end_node"]]]
    assert node["demand_m3_day"].sum() == 400


def test_sewers_fall(frames):
    assert (frames["sewer"]["invert_start_m"] > frames["sewer"]["invert_end_m"]).all()


def test_the_flood_of_100_years_contains_that_of_10(frames):
    flood = frames["flood_zone"]
    often = flood.query("return_period_years == 10").union_all()
    rare = flood.query("return_period_years == 100").union_all()
    assert (often.area, rare.area) == (5_000, 10_000)
    assert rare.covers(often)


def test_a_loaded_town_shows_what_stands_today(city):
    counts = load_town(city)
    assert counts == {name: len(frame) for name, frame in town().items()}
    shown = city.connection.execute("SELECT count(*), sum(ST_Area(geom)) FROM parcel").fetchone()
    assert shown == (25, 90_000)
