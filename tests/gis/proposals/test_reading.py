"""What is handed in as a proposal and is none is refused, with what would be right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.db import City
from gis.lineage import UnknownScenarioError
from gis.proposals import ProposalError, read
from gis.proposals.errors import ElsewhereError
from tests.gis.conftest import lonlat_box
from tests.gis.proposed import building, facility, lot, written

BOX = json.loads(lonlat_box(10, 10, 50, 50))


def geojson(geometry: object = BOX, **properties: object) -> str:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": properties})


def test_layers_of_a_file_are_those_of_the_objects(town: City, tmp_path: Path):
    given = written(tmp_path, lot((10, 10, 50, 50), code="L1"), building((20, 20, 30, 30)), facility(40, 40, "market"))
    proposal = read(town, given)
    assert [(each.layer, each.label) for each in proposal.objects] == [
        ("zone", "L1"),
        ("building", "building 1"),
        ("facility", "facility 1"),
    ]
    assert proposal.objects[0].values["max_height_m"] is None
    assert shapely.area(proposal.objects[0].geometry) == pytest.approx(1_600)


def test_attributes_tell_what_an_object_is(town: City):
    assert read(town, geojson(building_use="house", storeys="3")).objects[0].values["storeys"] == 3
    assert read(town, geojson(plan_use="DAT_Dichvu")).objects[0].layer == "zone"
    assert read(town, geojson(layer="parcel")).objects[0].layer == "parcel"


def test_a_file_in_another_system_is_moved(town: City, tmp_path: Path):
    import geopandas

    there = read(town, written(tmp_path, lot((10, 10, 50, 50)))).objects[0].geometry
    frame = geopandas.read_file(tmp_path / "proposal.gpkg").to_crs(32648)
    frame["layer"] = "zone"
    frame.to_file(tmp_path / "moved.gpkg", layer="anything")
    moved = read(town, str(tmp_path / "moved.gpkg")).objects[0].geometry
    assert shapely.hausdorff_distance(there, moved) < 0.01


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        # UTM zone 49N, of 111° east, puts numbers of TM-3 107-45 near Hoàng Sa.
        (
            32649,
            r"EPSG:32649 \(WGS 84 / UTM zone 49N\), which puts it 34\d km from the city",
        ),
        (32648, r"EPSG:32648 \(WGS 84 / UTM zone 48N\)"),
        (9217, r"EPSG:9217 \(VN-2000 / TM-3 108-15\), which puts it 5\d km"),
        (4326, "in which its numbers mean no place"),
    ],
)
def test_a_file_that_names_the_wrong_system_hears_which_one_puts_it_into_the_city(
    town: City, tmp_path: Path, declared: int, why: str
):
    with pytest.raises(ElsewhereError, match=why) as refused:
        read(town, written(tmp_path, lot((10, 10, 50, 50)), building((20, 20, 30, 30)), crs=declared))
    assert "in EPSG:5899 (VN-2000 / TM-3 107-45): save it with the system that it is in." in str(refused.value)


def test_a_single_object_that_lies_elsewhere_is_named(town: City):
    far = ring((108.9, 16.05), (108.91, 16.05), (108.91, 16.06))
    features = [json.loads(geojson(layer="zone")) for _ in range(2)] + [json.loads(geojson(far, layer="zone"))]
    with pytest.raises(ProposalError, match=r"object 3 lies outside of the city, 7\d km from it\.$"):
        read(town, json.dumps({"type": "FeatureCollection", "features": features}))


def test_what_lies_beside_the_boundary_is_looked_at(town: City, tmp_path: Path):
    assert read(town, written(tmp_path, lot((600, 10, 650, 50)))).objects


def test_where_no_boundary_is_loaded_the_greatest_extent_counts(empty: City, tmp_path: Path):
    assert read(empty, written(tmp_path, lot((10, 10, 50, 50)))).objects
    with pytest.raises(ElsewhereError):
        read(empty, geojson(ELSEWHERE, layer="zone"))


def test_the_same_content_has_the_same_digest(town: City):
    first, second = read(town, geojson(layer="zone", code="A")), read(town, geojson(layer="zone", code="A"))
    assert first.digest == second.digest != read(town, geojson(layer="zone", code="B")).digest


def ring(*positions: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[*positions, positions[0]]]}


BOWTIE = ring((108.2, 16.05), (108.21, 16.06), (108.21, 16.05), (108.2, 16.06))
ELSEWHERE = ring((2.3, 48.8), (2.4, 48.8), (2.4, 48.9))
SWAPPED = ring((16.05, 108.2), (16.06, 108.2), (16.06, 108.21))
METRES = ring((550_000, 1_776_000), (550_010, 1_776_000), (550_010, 1_776_010))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{", "no GeoJSON"),
        ('{"type": "FeatureCollection"}', "no list of features"),
        ('{"type": "FeatureCollection", "features": []}', "holds no object"),
        ('{"type": "Point", "coordinates": [108, 16]}', "Object 1 of the proposal is no GeoJSON feature"),
        (geojson(None, layer="zone"), "object 1 has no geometry"),
        (geojson({"type": "Polygon", "coordinates": []}, layer="zone"), "object 1 has no geometry"),
        (geojson({"type": "Polygon", "coordinates": [1, 2]}, layer="zone"), "geometry that is none"),
        (geojson({"type": "Point", "coordinates": [108.21, 16.06]}, layer="zone"), "is a Point; a zone is a polygon"),
        (geojson(BOWTIE, layer="zone"), "crosses or touches itself at longitude 108.205000, latitude 16.055000"),
        (geojson(ELSEWHERE, layer="zone"), r"10,811 km from the city\. None of the usual systems"),
        (
            geojson(METRES, layer="zone"),
            r"mean no place\. It would lie in the city in EPSG:5899 .* so give a GeoPackage",
        ),
        (
            geojson(SWAPPED, layer="zone"),
            "of each position exchanged: the east, or the longitude, comes first",
        ),
        (geojson(), "does not say what it is"),
        (geojson(layer="zones"), "nearest is zone"),
        (geojson(layer="road"), "there are zone, parcel, building, facility"),
        (geojson(layer="building", building_use="hause"), "has building_use 'hause'; the nearest is house"),
        (geojson(layer="zone", plan_use="DAT_Dichvo"), "the nearest is DAT_Dichvu"),
        (geojson(layer="zone", plan_use="nhóm nhà ở"), "its code is DAT_O_Nhomnhao"),
        (geojson(layer="building", building_use="Apartmants"), "the nearest is apartment"),
        (geojson(layer="zone", plan_use="?"), r"there are \d+, such as DAT_"),
        (geojson(layer="building", storeys="many"), "storeys 'many', which is no number"),
        (geojson(layer="building", storeys=2.5), "storeys 2.5, which is no whole number"),
        (geojson(layer="building", storeys=-1), "storeys -1; it lies from 0 to 200"),
        (geojson(layer="zone", max_built_share=60), "max_built_share 60; it lies from 0 to 1"),
        (geojson(layer="building", height_m=float("nan")), "height_m nan"),
        ("nowhere.gpkg", "There is no file 'nowhere.gpkg'"),
        ("x" * 300, "There is no file"),
    ],
)
def test_what_is_no_proposal_is_refused(town: City, given: str, why: str):
    with pytest.raises(ProposalError, match=why):
        read(town, given)


def test_all_that_is_wrong_is_said_at_once(town: City):
    wrong = [json.loads(geojson(layer="building", building_use=f"use {number}")) for number in range(12)]
    with pytest.raises(ProposalError, match=r"object 1 has .*; object 10 has .* and 2 more"):
        read(town, json.dumps({"type": "FeatureCollection", "features": wrong}))


def test_millions_of_vertices_are_refused(town: City, tmp_path: Path):
    turn = np.linspace(0, 2 * np.pi, 2_000_001)
    ring = np.column_stack([550_000 + 100 * np.cos(turn), 1_776_000 + 100 * np.sin(turn)])
    path = written(tmp_path, ("zone", shapely.Polygon(ring), {"plan_use": "DAT_Dichvu"}))
    with pytest.raises(ProposalError, match=r"2,000,00. vertices; a proposal has at most 2,000,000"):
        read(town, path)


def test_a_file_without_a_coordinate_system_is_refused(town: City, tmp_path: Path):
    with pytest.raises(ProposalError, match="names no coordinate system"):
        read(town, written(tmp_path, lot((10, 10, 50, 50)), crs=None))


def test_a_file_that_is_none_is_refused(town: City, tmp_path: Path):
    path = tmp_path / "plan.gpkg"
    path.write_text("not a database")
    with pytest.raises(ProposalError, match=r"plan\.gpkg cannot be read as a file of features"):
        read(town, str(path))


def test_a_table_without_geometry_is_refused(town: City, tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ProposalError, match=r"holds no object|no geometry"):
        read(town, str(path))


def test_a_scenario_that_is_none_or_changes_nothing_is_refused(city: City):
    from gis.scenarios import open_scenario

    with pytest.raises(UnknownScenarioError):
        read(city, "scenario:none")
    open_scenario(city.connection, "same")
    with pytest.raises(ProposalError, match="adds and changes no lot"):
        read(city, "scenario:same")
