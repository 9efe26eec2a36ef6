"""Real open data of Đà Nẵng goes in, every row accounted for. Skipped where it is not beside the project."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from gis.copy import copy_batches
from gis.db import City
from gis.intake import Report, load
from gis.intake.elevation import sample_elevation
from layers import LAYERS
from tests.gis.intake.conftest import stored

OSM = "osm/haichau_centre.osm.gz"


def counts(report: Report) -> tuple[int, int, dict[str, int]]:
    return report.read, report.stored, dict(report.reasons)


@pytest.fixture
def bounded(city: City, real_data: Path) -> City:
    """The city with its boundary and its 94 wards."""
    assert counts(load(city, real_data / "admin/city.geojson.gz", layer="city", mapping=Path("city"))) == (1, 1, {})
    report = load(city, real_data / "admin/wards.geojson.gz", layer="ward", mapping=Path("wards"))
    assert counts(report) == (94, 94, {})
    return city


def test_the_94_wards_do_not_overlap(bounded: City):
    kinds = dict(stored(bounded, "SELECT unit_type, count(*) FROM city.ward GROUP BY unit_type"))
    assert kinds == {"ward": 23, "commune": 70, "special_zone": 1}
    findings = stored(bounded, "SELECT findings FROM register.delivery WHERE layer = 'ward'")[0][0]
    assert findings["overlaps"]["pairs"] == 0
    assert findings["gaps"]["holes"] == 3
    assert stored(bounded, "SELECT name, area_legal_ha FROM city.ward WHERE code = '20194'") == [("Hải Vân", 40_609.0)]


def test_land_use_has_its_38_duplicates_and_its_overlaps(bounded: City, real_data: Path):
    report = load(bounded, real_data / "osm/landuse_water.geojson.gz", layer="land_use", mapping=Path("landuse_water"))
    assert counts(report) == (3_084, 3_027, {"duplicate": 38, "out_of_city": 19})
    assert report.overlaps is not None
    partly = report.overlaps.pairs - report.overlaps.contained
    (crossing,) = stored(
        bounded,
        "SELECT count(*) FROM city.land_use AS a"
        " JOIN city.land_use AS b ON a.uid < b.uid AND ST_Overlaps(a.geom, b.geom)",
    )
    assert abs(partly - crossing[0]) <= 5, "pairs that cross by less than a centimetre are none of ours"


def test_the_file_has_226_crossing_pairs_before_duplicates_are_refused(real_data: Path):
    features = json.loads(gzip.decompress((real_data / "osm/landuse_water.geojson.gz").read_bytes()))["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    left, right = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    assert (left < right).sum() == 226


def test_water_bodies_are_the_rows_tagged_water(bounded: City, real_data: Path):
    report = load(
        bounded, real_data / "osm/landuse_water.geojson.gz", layer="water_body", mapping=Path("landuse_water")
    )
    assert report.left_out == 3_084 - 829
    assert report.read == 829 == report.stored + report.refused
    assert report.reasons["duplicate"] == 10


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("road", (1_519, 1_519, {})),
        ("building", (314, 314, {})),
        ("facility", (76, 76, {})),
        ("parking", (4, 4, {})),
        ("transit_stop", (56, 56, {})),
        ("transit_route", (22, 22, {})),
        ("land_use", (40, 40, {})),
        ("water_body", (7, 6, {"null_geometry": 1})),
    ],
)
def test_the_centre_of_hai_chau_comes_in_by_layers(
    city: City, real_data: Path, layer: str, expected: tuple[int, int, dict[str, int]]
):
    assert counts(load(city, real_data / OSM, layer=layer)) == expected


def test_roads_of_hai_chau_keep_names_and_directions(city: City, real_data: Path):
    load(city, real_data / OSM, layer="road")
    ((named, one_way, bridges),) = stored(
        city,
        "SELECT count(name), count(*) FILTER (WHERE oneway = 'forward'), count(*) FILTER (WHERE bridge) FROM city.road",
    )
    assert (named > 500, one_way >= 200, bridges) == (True, True, 7)
    assert stored(city, "SELECT count(*) > 0 FROM city.road WHERE name LIKE '%%Bạch Đằng%%'") == [(True,)]


def test_the_answer_of_overpass_comes_in(city: City, real_data: Path):
    report = load(city, real_data / "osm/overpass_landuse_centre.json.gz", layer="land_use")
    assert report.read == 337 == report.stored + report.refused


def test_heights_come_from_the_elevation_model(city: City, real_data: Path):
    places = shapely.points([[550_172.714, 1_778_178.444], [553_000, 1_780_000], [520_000, 1_765_000]])
    batch = pa.RecordBatch.from_pydict(
        {"code": pa.array(["hall", "hill", "west"]), "geometry": pa.array(shapely.to_wkb(places).tolist())}
    )
    shared = {"source": "t", "stage": "existing", "node_type": "junction"}
    copy_batches(city.connection, LAYERS["node"], [batch], constants=shared)
    (column,) = sample_elevation(city, real_data / "dem/srtm_30m_east.tif", layer="node").columns
    assert (column.empty, column.filled, column.unknown) == (3, 2, 1)
    heights = dict(stored(city, "SELECT code, elevation_m FROM city.node"))
    assert 0 <= heights["hall"] < 40
    assert heights["west"] is None
