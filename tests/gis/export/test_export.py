"""What is exported, what accompanies it, and what is refused."""

from __future__ import annotations

import json
import math
import sqlite3
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from psycopg import sql
from pyproj import CRS
from typer.testing import CliRunner

from gis.arrow import ARROW
from gis.crs import SwappedOriginError, UnknownSystemError
from gis.db import City, open_city
from gis.errors import UnknownLayerError
from gis.export import FORMATS, export
from gis.export import delivery as export_delivery
from gis.export.drawing import nearest_index
from gis.export.errors import (
    EndingError,
    EndlessDateError,
    FormatUnknownError,
    SystemFixedError,
    SystemUnheldError,
    TooLargeError,
    TooManyRowsError,
)
from gis.export.fitting import short_names
from gis.export.rows import rows
from gis.features import Box
from layers.model import Kind
from tests.gis.export import reading
from tests.gis.export.conftest import put

SUFFIXES = [format_.suffixes[0] for format_ in FORMATS.values()]
SEA = Box(109.0, 16.0, 109.1, 16.1)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_box_where_nothing_is_gives_a_valid_file_of_no_rows(odd: City, tmp_path: Path, suffix: str):
    report = export(odd, "parcel", tmp_path / f"a{suffix}", box=SEA)
    assert report.rows == 0
    if suffix == ".dxf":
        assert reading.drawing(report.path) == {}
    else:
        assert reading.read(report.path) == []


def test_a_box_takes_what_meets_it_whole(odd: City, tmp_path: Path):
    around_the_square = Box(108.2285, 16.0756, 108.2290, 16.0760)
    report = export(odd, "parcel", tmp_path / "a.gpkg", box=around_the_square)
    [row] = reading.read(report.path)
    assert report.rows == 1
    assert row["geometry"].area == 100 * 100


def test_the_horizon_of_the_city_decides_what_is_written(odd: City, odd_2030: City, tmp_path: Path):
    assert export(odd, "parcel", tmp_path / "now.gpkg").rows == 2
    report = export(odd_2030, "parcel", tmp_path / "later.gpkg")
    assert (report.rows, report.horizon) == (3, "2030")
    assert {row["stage"] for row in reading.read(report.path)} == {"existing", "2030"}


def test_geojson_keeps_rfc_7946(odd: City, tmp_path: Path):
    report = export(odd, "parcel", tmp_path / "a.geojson")
    found = json.loads(report.path.read_text("utf-8"))
    assert "crs" not in found
    assert [feature["id"] for feature in found["features"]] == [
        feature["properties"]["uid"] for feature in found["features"]
    ]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in found["features"]])
    for part in shapely.get_parts(shapes):
        assert shapely.is_ccw(part.exterior)
        assert not any(shapely.is_ccw(ring) for ring in part.interiors)
    numbers = shapely.get_coordinates(shapes)
    assert np.array_equal(numbers, numbers.round(7))
    assert found["quyhoach"]["columns"]["area_legal_m2"]["unit"] == "m²"


def test_geopackage_says_what_it_holds_and_offers_the_codes(odd: City, tmp_path: Path):
    report = export(odd, "parcel", tmp_path / "a.gpkg")
    database = sqlite3.connect(report.path)
    [(title, description)] = database.execute("SELECT identifier, description FROM gpkg_contents").fetchall()
    assert title == "Thửa đất | Parcel"
    assert "Horizon existing" in description
    assert "sample (CC0): 1; sample: 1" in description
    columns = {
        name: (alias, comment, codes)
        for name, alias, comment, codes in database.execute(
            "SELECT column_name, name, description, constraint_name FROM gpkg_data_columns"
        )
    }
    assert columns["area_legal_m2"][0] == "Diện tích pháp lý"
    assert columns["area_legal_m2"][1].startswith("Legal area [m²]: Diện tích trên giấy chứng nhận; ")
    assert columns["stage"][2] == "horizon"
    offered = (
        "SELECT description FROM gpkg_data_column_constraints WHERE constraint_name = 'horizon' AND value = '2030'"
    )
    assert database.execute(offered).fetchall() == [("Đến năm 2030 | To 2030",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_geoparquet_says_where_it_lies(odd: City, tmp_path: Path):
    report = export(odd, "parcel", tmp_path / "a.parquet")
    file = pq.ParquetFile(report.path)
    metadata = file.schema_arrow.metadata
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert geo["version"] == "1.1.0"
    assert CRS.from_json_dict(column["crs"]).to_epsg() == 5899
    assert column["bbox"] == [550000, 1778000, 551100, 1778100.123456]
    assert column["geometry_types"] == ["MultiPolygon"]
    assert file.read().column("bbox")[1].as_py() == {"xmin": 551000, "ymin": 1778000, "xmax": 551100, "ymax": 1778100}
    assert json.loads(metadata[b"quyhoach"])["horizon"] == "existing"


def test_any_system_the_database_holds_may_be_asked_for(odd: City, tmp_path: Path):
    report = export(odd, "facility", tmp_path / "a.gpkg", crs="EPSG:3405")
    info = pyogrio.read_info(report.path)
    assert info["crs"] == "EPSG:3405"
    west = info["total_bounds"][0]
    assert 840_000 < west < 850_000


def test_refusals_name_what_would_be_right(odd: City, tmp_path: Path):
    with pytest.raises(UnknownLayerError, match="nearest name is parcel"):
        export(odd, "parcels", tmp_path / "a.gpkg")
    with pytest.raises(FormatUnknownError, match=r"\.gpkg, \.parquet, .*\.dxf"):
        export(odd, "parcel", tmp_path / "a.dwg")
    with pytest.raises(FormatUnknownError, match="geojson"):
        export(odd, "parcel", tmp_path / "a", format="word")
    with pytest.raises(SystemFixedError, match="longitude and latitude"):
        export(odd, "parcel", tmp_path / "a.geojson", crs=5899)
    with pytest.raises(SwappedOriginError):
        export(odd, "parcel", tmp_path / "a.gpkg", crs=6959)
    with pytest.raises(UnknownSystemError):
        export(odd, "parcel", tmp_path / "a.gpkg", crs="nowhere")
    with pytest.raises(SystemUnheldError, match="cannot transform"):
        export(odd, "parcel", tmp_path / "a.gpkg", crs="+proj=tmerc +lat_0=0 +lon_0=107 +datum=WGS84")
    assert list(tmp_path.iterdir()) == []


def test_a_format_may_be_named_whatever_the_ending(odd: City, tmp_path: Path):
    report = export(odd, "road", tmp_path / "roads.json", format="csv")
    assert report.format == "CSV"
    assert report.path.read_text("utf-8-sig").startswith("WKT,uid,")
    with pytest.raises(EndingError, match=r"ends in \.shp"):
        export(odd, "road", tmp_path / "roads.dat", format="shp")


def test_an_infinite_date_is_refused(city: City, tmp_path: Path):
    put(city.connection, "facility", [{"facility_type": "park", "stage": "existing", "geom": "POINT (550000 1778000)"}])
    city.connection.execute("UPDATE city.facility SET valid_to = 'infinity'")
    with pytest.raises(EndlessDateError, match="valid_to"):
        export(city, "facility", tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(
    odd: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gis.export.sheet._MOST_ROWS", 1)
    with pytest.raises(TooManyRowsError, match="has 2 features here and an XLSX sheet holds 1"):
        export(odd, "road", tmp_path / "a.xlsx")
    monkeypatch.setattr(export_delivery, "_SHAPEFILE_BYTES", 100)
    with pytest.raises(TooLargeError, match="2 GiB"):
        export(odd, "road", tmp_path / "a.shp")
    assert list(tmp_path.iterdir()) == []


def test_a_geometry_too_long_for_a_cell_is_left_out_and_named(city: City, tmp_path: Path):
    ring = [(550000 + 100 * math.cos(n / 1000), 1778000 + 100 * math.sin(n / 1000)) for n in range(6283)]
    put(city.connection, "land_use", [{"geom": shapely.MultiPolygon([shapely.Polygon(ring)]).wkt}])
    report = export(city, "land_use", tmp_path / "a.xlsx")
    [row] = reading.read(report.path)
    [loss] = report.losses
    assert row["geometry"] is None
    assert (loss.column, loss.rows, loss.uids) == ("geometry", 1, (row["uid"],))


def test_everything_is_read_in_one_state_of_the_database(odd_url: str, tmp_path: Path, city: City, database_url: str):
    put(city.connection, "road", [{"road_class": "foot", "stage": "existing", "geom": "MULTILINESTRING ((0 0, 1 1))"}])
    with psycopg.connect(database_url, autocommit=True) as other:
        selection = export_delivery.order(city, "road", tmp_path / "a.gpkg").selection
        with export_delivery.snapshot(city.connection):
            counted = selection.sources()[1]
            other.execute("DELETE FROM city.road")
            assert sum(batch.num_rows for batch in selection.batches()) == counted == 1
    assert export(city, "road", tmp_path / "b.gpkg").rows == 0


def test_rows_not_yet_committed_are_exported_by_who_wrote_them(city: City, tmp_path: Path):
    with city.connection.transaction(force_rollback=True):
        put(
            city.connection,
            "road",
            [{"road_class": "foot", "stage": "existing", "geom": "MULTILINESTRING ((0 0, 1 1))"}],
        )
        assert export(city, "road", tmp_path / "a.gpkg").rows == 1
    assert export(city, "road", tmp_path / "b.gpkg").rows == 0


def test_a_binary_copy_is_decoded_as_the_database_says(odd_url: str):
    kinds = [Kind.INTEGER, Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP, Kind.TEXT]
    schema = pa.schema([*(pa.field(f"c{n}", ARROW[kind]) for n, kind in enumerate(kinds)), ("bytes", pa.binary())])
    query = sql.SQL("""
        SELECT
            CASE WHEN n %% 3 > 0 THEN n - 9000000000 END,
            CASE WHEN n %% 5 > 0 THEN repeat('ể' || n, n %% 7) END,
            CASE WHEN n %% 2 > 0 THEN n / 7.0::double precision END,
            CASE WHEN n %% 4 > 0 THEN n %% 3 = 0 END,
            CASE WHEN n %% 6 > 0 THEN date '1850-01-01' + n END,
            CASE WHEN n %% 7 > 0 THEN timestamp '1999-12-31 23:59:59.123456' + n * interval '1 hour' END,
            NULL::text,
            decode(md5(n::text), 'hex')
        FROM generate_series(1, %(many)s) AS n
    """)
    with open_city(odd_url) as city:
        for many in (0, 1, 7, 40_000):
            values = {"many": many}
            composed = sql.Composed([query])
            found = pa.Table.from_batches(rows(city.connection, composed, values, schema), schema)
            found.validate(full=True)
            expected = city.connection.execute(composed, values).fetchall()
            assert [tuple(row.values()) for row in found.to_pylist()] == expected


def test_short_names_are_ten_characters_and_different():
    names = ["uid", "source_document", "source_date", "source_docket", "source_docs", "mật"]
    assert list(short_names(names).values()) == ["uid", "source_doc", "source_dat", "source_d_2", "source_d_3", "mật"]


def test_the_palette_of_drawing_programs_is_met():
    assert {color: nearest_index(color) for color in ("#ff0000", "#00ff00", "#0000ff", "#ffffff")} == {
        "#ff0000": 10,
        "#00ff00": 90,
        "#0000ff": 170,
        "#ffffff": 255,
    }


def test_the_shell_exports_and_reports(odd_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import typer

    from gis import opening
    from gis.export import command

    monkeypatch.setattr(opening, "city", lambda **seen: open_city(odd_url, **seen))
    shell = typer.Typer()
    shell.command()(command.export)
    path = tmp_path / "a.shp"
    done = CliRunner().invoke(shell, ["parcel", str(path), "--horizon", "2030", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["rows"], report["horizon"], report["srid"]) == (3, "2030", 5899)
    assert report["renamed"]["area_legal_m2"] == "area_legal"
    told = CliRunner().invoke(shell, ["facility", str(tmp_path / "b.csv"), "--box", "108,15,109,17"])
    assert "5 features of facility (horizon existing)" in told.stdout
    assert "lost: name: an empty text became an empty value in 1 rows (uid " in told.stdout
