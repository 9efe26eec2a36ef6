"""What comes out of a file is what went in, but for what its format cannot hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from pyproj import Transformer

from gis.db import City
from gis.export import FORMATS, LIMITS, export
from tests.gis.export import reading
from tests.gis.export.conftest import LONG_NAME, stored

LAYERS = ("parcel", "road", "facility")
EXACT = ("gpkg", "parquet", "fgb")


def rows_of(path: Path, layer: str, renamed: dict[str, str] | None = None) -> dict[int, dict[str, Any]]:
    long = {short: name for name, short in (renamed or {}).items()}
    rows = [{long.get(name, name): value for name, value in row.items()} for row in reading.read(path)]
    return {int(row["uid"]): reading.typed(layer, row) for row in rows}


def attributes(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "geometry"}


@pytest.mark.parametrize("suffix", EXACT)
@pytest.mark.parametrize("layer", LAYERS)
def test_geopackage_geoparquet_and_flatgeobuf_hold_every_value(odd: City, tmp_path: Path, layer: str, suffix: str):
    report = export(odd, layer, tmp_path / f"a.{suffix}")
    found, expected = rows_of(report.path, layer), stored(odd, layer)
    assert report.rows == len(expected)
    assert report.losses == report.renamed == ()
    assert found.keys() == expected.keys()
    for uid, row in expected.items():
        assert attributes(found[uid]) == attributes(row)
        assert found[uid]["geometry"].wkb == row["geometry"]


@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "fgb", "shp"])
def test_gis_formats_say_that_they_are_in_epsg_5899(odd: City, tmp_path: Path, suffix: str):
    report = export(odd, "parcel", tmp_path / f"a.{suffix}")
    import geopandas

    read = geopandas.read_parquet if suffix == "parquet" else geopandas.read_file
    assert read(report.path).crs.to_epsg() == report.srid == 5899


@pytest.mark.parametrize("layer", LAYERS)
def test_shapefile_holds_all_but_long_texts_and_empty_ones(odd: City, tmp_path: Path, layer: str):
    report = export(odd, layer, tmp_path / "a.shp")
    assert max(len(short) for _, short in report.renamed) <= 10
    found, expected = rows_of(report.path, layer, dict(report.renamed)), stored(odd, layer)
    lost = {(loss.column, uid) for loss in report.losses for uid in loss.uids}
    for uid, row in expected.items():
        for name, value in attributes(row).items():
            if (name, uid) not in lost:
                assert found[uid][name] == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
        assert found[uid]["geometry"].equals(shapely.from_wkb(row["geometry"]))


def test_shapefile_cuts_a_long_text_at_a_whole_letter_and_says_which(odd: City, tmp_path: Path):
    report = export(odd, "facility", tmp_path / "a.shp")
    found = rows_of(report.path, "facility", dict(report.renamed))
    kept = found[report.losses[0].uids[0]]["name"]
    assert LONG_NAME.startswith(kept)
    assert len(LONG_NAME.encode()) > 254 >= len(kept.encode()) > 250
    assert {(loss.column, loss.reason) for loss in report.losses} == {
        ("name", "text was cut at 254 bytes"),
        ("name", "an empty text became an empty value"),
        ("capacity", "a number that is not finite became empty"),
    }


def test_shapefile_comes_whole_and_zipped_in_one_file(odd: City, tmp_path: Path):
    export(odd, "road", tmp_path / "loose.shp")
    assert {path.suffix for path in tmp_path.iterdir()} == {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert (tmp_path / "loose.cpg").read_text() == "UTF-8"
    zipped = export(odd, "road", tmp_path / "packed.shp.zip")
    assert rows_of(zipped.path, "road", dict(zipped.renamed)).keys() == stored(odd, "road").keys()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("layer", LAYERS)
def test_tables_hold_all_values_and_the_geometry_as_text(odd: City, tmp_path: Path, layer: str, suffix: str):
    report = export(odd, layer, tmp_path / f"a.{suffix}")
    found, expected = rows_of(report.path, layer), stored(odd, layer)
    lost = {(loss.column, uid) for loss in report.losses for uid in loss.uids}
    assert found.keys() == expected.keys()
    for uid, row in expected.items():
        for name, value in attributes(row).items():
            if (name, uid) not in lost:
                assert found[uid][name] == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
        geometry = shapely.from_wkb(row["geometry"])
        assert found[uid]["geometry"].equals_exact(geometry, 1e-8, normalize=True)


def test_a_text_that_looks_like_a_formula_stays_a_text(odd: City, tmp_path: Path):
    report = export(odd, "facility", tmp_path / "a.xlsx")
    from openpyxl import load_workbook

    sheet = load_workbook(report.path)["facility"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("suffix", ["geojson", "kml"])
@pytest.mark.parametrize("layer", LAYERS)
def test_geojson_and_kml_lie_in_longitude_and_latitude(odd: City, tmp_path: Path, layer: str, suffix: str):
    report = export(odd, layer, tmp_path / f"a.{suffix}")
    renamed = {"name": "Name"} if suffix == "kml" else {}
    found, expected = rows_of(report.path, layer, renamed), stored(odd, layer)
    to_degrees = Transformer.from_crs(5899, 4326, always_xy=True)
    lost = {(loss.column, uid) for loss in report.losses for uid in loss.uids}
    for uid, row in expected.items():
        for name, value in attributes(row).items():
            if (name, uid) not in lost:
                assert found[uid][name] == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
        moved = shapely.transform(shapely.from_wkb(row["geometry"]), to_degrees.transform, interleaved=False)
        assert found[uid]["geometry"].equals_exact(moved, 1e-7, normalize=True)


def test_kml_leaves_out_what_xml_forbids_and_says_so(odd: City, tmp_path: Path):
    report = export(odd, "facility", tmp_path / "a.kml")
    loss = next(loss for loss in report.losses if "XML" in loss.reason)
    assert (loss.column, loss.rows) == ("name", 1)
    assert rows_of(report.path, "facility", {"name": "Name"})[loss.uids[0]]["name"] == "ab"


def test_dxf_holds_every_ring_and_every_attribute_as_extended_data(odd: City, tmp_path: Path):
    report = export(odd, "parcel", tmp_path / "a.dxf")
    found, expected = reading.drawing(report.path), stored(odd, "parcel")
    assert found.keys() == expected.keys()
    for uid, row in expected.items():
        geometry = shapely.from_wkb(row["geometry"])
        rings = [shapely.get_coordinates(ring)[:-1].tolist() for ring in shapely.get_rings(shapely.get_parts(geometry))]
        assert [entity["positions"] for entity in found[uid]["entities"]] == rings
        assert all(entity["closed"] for entity in found[uid]["entities"])
        held = {name: str(value) for name, value in attributes(row).items() if value is not None}
        held["parcel_number"] = held.get("parcel_number", "").replace("\n", " ")
        assert found[uid]["texts"] == {name: value for name, value in held.items() if value}
    assert {feature["layer"] for feature in found.values()} == {"ODT", "parcel"}


def test_gdal_reads_the_drawing(odd: City, tmp_path: Path):
    for layer, kind in {"parcel": "LineString", "road": "LineString", "facility": "Point"}.items():
        report = export(odd, layer, tmp_path / f"{layer}.dxf")
        _, table = pyogrio.read_arrow(report.path)
        shapes = shapely.from_wkb(table["wkb_geometry"].to_pylist())
        assert {shape.geom_type for shape in shapes} == {kind}
        assert len(shapes) == {"parcel": 4, "road": 4, "facility": 5}[layer]


def test_every_format_says_what_it_cannot_hold():
    assert set(LIMITS) == {format_.title for format_ in FORMATS.values()}
    assert all(limits for title, limits in LIMITS.items() if title != "GeoParquet")
