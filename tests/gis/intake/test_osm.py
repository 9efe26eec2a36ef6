"""OpenStreetMap objects become features by their tags: names, lanes, directions, holes and routes are kept."""

from __future__ import annotations

import bz2
import json
from pathlib import Path
from typing import Any

import osmium
import pytest

from gis.db import City
from gis.intake import load
from gis.intake.errors import DamagedFileError
from gis.intake.opening import WithOpenStreetMapError
from gis.intake.osm import NoObjectsError
from tests.gis.intake.conftest import stored

NODES = {
    1: (108.2200, 16.0600), 2: (108.2210, 16.0600), 3: (108.2210, 16.0610), 4: (108.2200, 16.0610),
    5: (108.2203, 16.0603), 6: (108.2207, 16.0603), 7: (108.2207, 16.0607), 8: (108.2203, 16.0607),
    9: (108.2220, 16.0600),
}  # fmt: skip

TOWN = f"""<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
{"".join(f'<node id="{n}" version="1" lon="{lon}" lat="{lat}"/>' for n, (lon, lat) in NODES.items())}
<node id="20" version="1" lon="108.2205" lat="16.0605"><tag k="highway" v="bus_stop"/><tag k="name" v="Trạm 1"/></node>
<node id="21" version="1" lon="108.2206" lat="16.0606"><tag k="amenity" v="clinic"/><tag k="leisure" v="x"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="9"/><tag k="highway" v="primary"/>
  <tag k="name" v="Bạch Đằng"/><tag k="oneway" v="yes"/><tag k="lanes" v="3"/>
  <tag k="bridge" v="yes"/><tag k="layer" v="1"/></way>
<way id="2" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/>
  <tag k="oneway" v="-1"/><tag k="lanes" v="2;3"/></way>
<way id="3" version="1"><nd ref="3"/><nd ref="4"/><tag k="highway" v="service"/></way>
<way id="4" version="1"><nd ref="3"/><nd ref="999"/><tag k="highway" v="service"/></way>
<way id="5" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="6" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/></way>
<way id="7" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/>
  <tag k="building" v="apartments"/>
  <tag k="building:levels" v="9"/><tag k="height" v="30 m"/></way>
<way id="8" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="building" v="yes"/></way>
<relation id="1" version="1"><member type="way" ref="5" role="outer"/><member type="way" ref="6" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="natural" v="water"/><tag k="water" v="lake"/><tag k="name" v="Hồ"/></relation>
<relation id="2" version="1"><member type="way" ref="777" role="outer"/>
  <tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
<relation id="3" version="1"><member type="node" ref="20" role="platform"/><member type="way" ref="1" role=""/>
  <member type="way" ref="2" role=""/><tag k="type" v="route"/><tag k="route" v="bus"/><tag k="ref" v="05"/></relation>
</osm>"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    return path


def test_roads_keep_name_direction_lanes_and_level(city: City, town: Path):
    report = load(city, town, layer="road")
    assert (report.read, report.stored, report.reasons) == (4, 3, {"null_geometry": 1})
    assert report.changes == {"lanes: value that cannot be read became unknown": 1}
    rows = stored(
        city,
        "SELECT name, road_class, oneway, lanes, bridge, level, walkable, original_class"
        " FROM city.road ORDER BY road_class",
    )
    assert rows == [
        ("Bạch Đằng", "city_main", "forward", 3, True, 1, True, "primary"),
        (None, "service", "both", None, False, 0, True, "service"),
        (None, "sub_district", "backward", None, False, 0, True, "residential"),
    ]
    assert stored(city, "SELECT attributes->>'osm_id' FROM register.refused") == [("way/4",)]


@pytest.mark.parametrize(
    ("layer", "read", "left_out"),
    [("road", 4, 7), ("building", 2, 9), ("water_body", 2, 9), ("transit_stop", 1, 10), ("transit_route", 1, 2)],
)
def test_objects_with_tags_that_are_not_of_the_layer_are_counted(
    city: City, town: Path, layer: str, read: int, left_out: int
):
    """Eleven objects of the town have tags: two nodes, six ways, three relations; a route is one of the relations."""
    report = load(city, town, layer=layer)
    assert (report.read, report.left_out) == (read, left_out)


def test_a_layer_of_the_file_cannot_be_asked_for(city: City, town: Path):
    with pytest.raises(WithOpenStreetMapError, match=r"has no layer 'lines'.*Leave --source-layer out"):
        load(city, town, layer="road", source_layer="lines")


def test_a_multipolygon_keeps_its_hole_and_one_that_is_cut_off_is_refused_by_name(city: City, town: Path):
    report = load(city, town, layer="water_body")
    assert (report.read, report.stored, report.reasons) == (2, 1, {"null_geometry": 1})
    ((name, kind, holes),) = stored(
        city, "SELECT name, water_body_type, ST_NumInteriorRings(ST_GeometryN(geom, 1)) FROM city.water_body"
    )
    assert (name, kind, holes) == ("Hồ", "lake", 1)
    assert stored(city, "SELECT attributes->>'osm_id' FROM register.refused") == [("relation/2",)]


def test_a_building_that_is_not_closed_is_refused_as_a_line(city: City, town: Path):
    report = load(city, town, layer="building")
    assert (report.stored, report.reasons) == (1, {"wrong_type": 1})
    assert stored(city, "SELECT building_use, storeys, height_m FROM city.building") == [("apartment", 9, 30.0)]


def test_stops_and_facilities_are_points(city: City, town: Path):
    load(city, town, layer="transit_stop")
    load(city, town, layer="facility")
    assert stored(city, "SELECT name, transit_mode FROM city.transit_stop") == [("Trạm 1", "bus")]
    assert stored(city, "SELECT facility_type FROM city.facility") == [("health_station",)]


def test_a_route_is_the_lines_of_its_ways(city: City, town: Path):
    load(city, town, layer="transit_route")
    assert stored(city, "SELECT number, transit_mode, ST_NumGeometries(geom) FROM city.transit_route") == [
        ("05", "bus", 2)
    ]


def test_pbf_and_bz2_say_the_same_as_xml(city: City, town: Path, tmp_path: Path):
    packed = tmp_path / "town.osm.bz2"
    packed.write_bytes(bz2.compress(town.read_bytes()))
    pbf = tmp_path / "town.osm.pbf"
    with osmium.SimpleWriter(str(pbf)) as writer:
        for each in osmium.FileProcessor(str(town)):
            writer.add(each)
    found = []
    for path in (town, packed, pbf):
        report = load(city, path, layer="road", mode="replace")
        found.append((report.stored, stored(city, "SELECT sum(ST_Length(geom)) FROM city.road")[0][0]))
    assert found[0] == found[1] == found[2]


def test_an_answer_of_overpass_is_read_like_a_file(city: City, tmp_path: Path):
    path = tmp_path / "answer.json"
    nodes = [{"type": "node", "id": n, "lon": lon, "lat": lat} for n, (lon, lat) in NODES.items()]
    way = {"type": "way", "id": 5, "nodes": [1, 2, 3, 4, 1], "tags": {"landuse": "cemetery", "name": "Nghĩa trang"}}
    path.write_text(json.dumps({"version": 0.6, "generator": "Overpass API", "elements": [way, *nodes]}))
    load(city, path, layer="land_use")
    assert stored(city, "SELECT land_use_code, name FROM city.land_use") == [("NTD", "Nghĩa trang")]
    bare = {"type": "way", "id": 5, "tags": {"landuse": "cemetery"}}
    path.write_text(json.dumps({"generator": "Overpass API", "elements": [bare]}))
    with pytest.raises(DamagedFileError, match="its ways have no nodes"):
        load(city, path, layer="land_use")


def test_a_layer_openstreetmap_says_nothing_about_is_refused(city: City, town: Path):
    with pytest.raises(NoObjectsError, match="it does for: road"):
        load(city, town, layer="parcel")


def test_a_file_cut_off_is_damaged(city: City, tmp_path: Path):
    path = tmp_path / "cut.osm"
    path.write_text(TOWN[: len(TOWN) // 2], encoding="utf-8")
    with pytest.raises(DamagedFileError):
        load(city, path, layer="road")


def test_a_mapping_for_other_files_is_refused_without_an_empty_list(city: City, town: Path, tmp_path: Path):
    (tmp_path / "m.toml").write_text('[columns]\ncode = "ma"\n')
    with pytest.raises(NoObjectsError, match="of layer 'road'; without --map the one that comes with it is used"):
        load(city, town, layer="road", mapping=tmp_path / "m.toml")


@pytest.mark.parametrize(
    "element",
    [
        3,
        {"type": "foo", "id": 1},
        {"type": "node", "id": 1},
        {"type": "way", "id": "a", "nodes": [1]},
        {"type": ["way"]},
        {"type": "relation", "id": 1, "members": [{"type": "", "ref": 1}]},
    ],
)
def test_an_answer_with_an_element_that_is_none_is_damaged(city: City, tmp_path: Path, element: Any):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"generator": "Overpass API", "elements": [element]}))
    with pytest.raises(DamagedFileError, match=r"an element is a node|not as Overpass writes it|unhashable"):
        load(city, path, layer="land_use")
