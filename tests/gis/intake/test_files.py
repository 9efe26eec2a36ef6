"""A file that cannot be read is refused in one sentence that says what would be right; nothing is fetched or run."""

from __future__ import annotations

import gzip
import http.server
import json
import os
import shutil
import sqlite3
import struct
import tempfile
import threading
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from gis.db import City
from gis.errors import UnknownLayerError
from gis.intake import Mapping, load
from gis.intake.archive import refuse_unsafe
from gis.intake.choosing import given_tables
from gis.intake.errors import (
    ArchiveContentError,
    DamagedFileError,
    DirectoryError,
    EmptyFileError,
    EncodingUnknownError,
    ExpansionError,
    ForbiddenFormatError,
    HeaderClaimError,
    IntakeError,
    MappingError,
    MissingPartError,
    NoGeometryError,
    NoSuchFileError,
    NoSystemError,
    RemoteFileError,
    SourceLayerError,
    SwappedCoordinatesError,
    UnknownFormatError,
    WebPageError,
)
from gis.intake.given import FileNameError, UnreadableFileError
from gis.intake.workroom import workroom
from tests.gis.hand import closed
from tests.gis.intake.conftest import Write, square, stored

GIVEN = Mapping(columns={}, constants={"source": "test", "stage": "existing"})


def refusal(city: City, path: Path | str, kind: type[IntakeError], says: str) -> None:
    with pytest.raises(kind, match=says):
        load(city, path, layer="parcel", mapping=GIVEN)
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]
    assert stored(city, "SELECT count(*) FROM register.delivery") == [(0,)]


def test_no_such_file_offers_the_nearest(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)])
    refusal(city, path.with_name("parcel.gpkg"), NoSuchFileError, r"nearest is 'parcels\.gpkg'")


def test_a_file_that_may_not_be_read_is_said(city: City, tmp_path: Path):
    with closed(tmp_path / "closed") as folder:
        for path in (folder / "a.geojson", tmp_path / f"{'t' * 300}.geojson"):
            with pytest.raises(UnreadableFileError, match=r"cannot be read: (Permission denied|File name too long)"):
                load(city, path, layer="parcel", mapping=GIVEN)


def test_a_mapping_that_may_not_be_read_is_said(city: City, write: Write, tmp_path: Path):
    path = write("parcels.gpkg", [square(0)])
    for given in (tmp_path / f"{'t' * 300}.toml", Path(f"{'t' * 300}")):
        with pytest.raises(MappingError, match="File name too long"):
            load(city, path, layer="parcel", mapping=given)
    with closed(tmp_path / "closed") as folder, pytest.raises(MappingError, match="Permission denied"):
        given_tables(folder / "m.toml")


def test_a_name_that_is_no_text_is_refused(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)])
    path = path.rename(path.with_name(os.fsdecode(b"\xff.gpkg")))
    refusal(city, path, FileNameError, "is not in UTF-8; rename the file")


def test_a_directory_is_no_file(city: City, tmp_path: Path):
    refusal(city, tmp_path, DirectoryError, r"is a directory.*\.gdb")


def test_an_empty_file_is_named(city: City, tmp_path: Path):
    path = tmp_path / "parcels.geojson"
    path.touch()
    refusal(city, path, EmptyFileError, "holds no bytes")


def test_a_file_of_no_features_is_named(city: City, tmp_path: Path):
    path = tmp_path / "parcels.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    refusal(city, path, EmptyFileError, "holds no")


@pytest.mark.parametrize(
    "name", ["http://example.org/a.geojson", "/vsicurl/http://example.org/a", "s3://x/y", "WFS:http://x"]
)
def test_an_address_is_not_fetched(city: City, name: str):
    refusal(city, name, RemoteFileError, "Nothing is fetched")


def test_a_truncated_zip_is_damaged(city: City, write: Write, tmp_path: Path):
    path = write("parcels.gpkg", [square(0)])
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "parcels.gpkg")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-200])
    refusal(city, cut, DamagedFileError, "zip cannot be read")


def test_a_truncated_gzip_is_damaged(city: City, write: Write, tmp_path: Path):
    packed = gzip.compress(write("parcels.geojson", [square(0)], crs="EPSG:5899").read_bytes())
    path = tmp_path / "cut.geojson.gz"
    path.write_bytes(packed[:-20])
    refusal(city, path, DamagedFileError, "cannot be unpacked")


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_without_a_part_names_the_part(city: City, write: Write, missing: str):
    path = write("parcels.shp", [square(0)], code=["a"])
    path.with_suffix(missing).unlink()
    refusal(city, path, MissingPartError, rf"came without \{missing}")


def test_a_zipped_shapefile_without_dbf_names_the_part(city: City, write: Write, tmp_path: Path):
    path = write("parcels.shp", [square(0)], code=["a"])
    packed = tmp_path / "parcels.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in (".shp", ".shx", ".prj"):
            archive.write(path.with_suffix(suffix), f"parcels{suffix}")
    refusal(city, packed, MissingPartError, r"\.dbf")


def test_a_web_page_saved_as_geojson_is_seen(city: City, tmp_path: Path):
    path = tmp_path / "parcels.geojson"
    path.write_text("<!DOCTYPE html><html><body>Please log in</body></html>")
    refusal(city, path, WebPageError, "web page")


def test_a_format_that_is_not_read_lists_those_that_are(city: City, tmp_path: Path):
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1032" + bytes(100))
    refusal(city, path, UnknownFormatError, "GeoPackage, Shapefile")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.kml", '<kml><!-- --><OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource></kml>'),
        (
            "a.vrt",
            '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>",
        ),
        ("a.geojson", '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read x ! stream"}'),
        ("a.kml", '<kml xmlns="x"><NetworkLink><Link><href>http://127.0.0.1/</href></Link></NetworkLink></kml>'),
    ],
)
def test_a_file_that_points_elsewhere_is_not_followed(city: City, tmp_path: Path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text)
    refusal(city, path, ForbiddenFormatError, "names other files or addresses")


def test_a_geojson_that_names_its_system_by_address_fetches_nothing(city: City, tmp_path: Path):
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = tmp_path / "parcels.geojson"
    address = f"http://127.0.0.1:{server.server_port}/crs"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "crs": {"type": "link", "properties": {"href": address, "type": "proj4"}},
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [108.2, 16.0]}}
                ],
            }
        )
    )
    try:
        load(
            city,
            path,
            layer="facility",
            mapping=Mapping(columns={}, constants={"source": "t", "stage": "existing", "facility_type": "park"}),
        )
    except IntakeError:
        pass
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_a_geopackage_layer_that_is_a_query_is_not_run(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)], code=["a"])
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW hidden AS SELECT * FROM parcels")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " SELECT 'hidden', data_type, 'hidden', srs_id FROM gpkg_contents"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns"
            " SELECT 'hidden', column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns"
        )
    with pytest.raises(ForbiddenFormatError, match="is a view"):
        load(city, path, layer="parcel", mapping=GIVEN, source_layer="hidden")


def test_a_file_of_several_layers_lists_them_with_their_systems(city: City, tmp_path: Path):
    path = tmp_path / "city.gpkg"
    for name, crs in (("thua_dat", "EPSG:5899"), ("duong", "EPSG:3405")):
        gpd.GeoDataFrame(geometry=[square(0)], crs=crs).to_file(path, layer=name)
    refusal(
        city,
        path,
        SourceLayerError,
        r"thua_dat \(EPSG:5899\); duong \(EPSG:3405\).*2 coordinate systems.*--source-layer",
    )
    with pytest.raises(SourceLayerError, match="nearest is 'thua_dat'"):
        load(city, path, layer="parcel", mapping=GIVEN, source_layer="thuadat")
    assert load(city, path, layer="parcel", mapping=GIVEN, source_layer="thua_dat").stored == 1


def test_a_layer_that_does_not_exist_offers_the_nearest(city: City, write: Write):
    with pytest.raises(UnknownLayerError, match="nearest name is parcel"):
        load(city, write("a.gpkg", [square(0)]), layer="parcels")


def test_a_shapefile_header_that_claims_two_gigabytes_is_not_believed(city: City, write: Write):
    path = write("parcels.shp", [square(0)], code=["a"])
    content = bytearray(path.read_bytes())
    content[24:28] = struct.pack(">i", 2**30)
    path.write_bytes(content)
    refusal(city, path, HeaderClaimError, r"claims 2,147,483,648 bytes")


def test_a_table_header_that_claims_a_billion_rows_is_not_believed(city: City, write: Write):
    path = write("parcels.shp", [square(0)], code=["a"])
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[4:8] = struct.pack("<I", 1_000_000_000)
    table.write_bytes(content)
    refusal(city, path, HeaderClaimError, r"\.dbf")


def test_a_geometry_that_claims_two_billion_points_refuses_its_row(city: City, write: Write):
    path = write("parcels.gpkg", [square(0), square(1)])
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS rtree_parcels_geom_update1")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        blob = b"GP\x00\x01" + struct.pack("<i", 5899) + b"\x01" + struct.pack("<III", 3, 1, 2**31 - 1) + bytes(32)
        database.execute("UPDATE parcels SET geom = ? WHERE fid = 2", [blob])
    report = load(city, path, layer="parcel", mapping=GIVEN)
    assert (report.stored, report.refused) == (1, 1)


def test_a_zip_bomb_is_not_unpacked(city: City, tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("parcels.geojson", "w") as member:
        for _ in range(80):
            member.write(bytes(1024**2))
    refusal(city, path, ExpansionError, "expands beyond 64 MiB")


def test_a_gzip_bomb_is_stopped_while_it_is_unpacked(city: City, tmp_path: Path):
    path = tmp_path / "bomb.geojson.gz"
    with gzip.open(path, "wb", compresslevel=9) as packed:
        for _ in range(80):
            packed.write(bytes(1024**2))
    refusal(city, path, ExpansionError, "expands beyond 64 MiB")


def test_a_zip_whose_directory_lies_about_its_size_is_stopped(city: City, tmp_path: Path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parcels.geojson", bytes(80 * 1024**2))
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    path.write_bytes(content)
    with pytest.raises((ExpansionError, DamagedFileError)):
        load(city, path, layer="parcel", mapping=GIVEN)


def test_a_zip_does_not_write_outside_its_folder(city: City, tmp_path: Path):
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../outside.geojson", "{}")
    refusal(city, path, DamagedFileError, "outside its folder")
    assert not (tmp_path.parent / "outside.geojson").exists()


def test_a_zip_of_two_deliveries_is_asked_about(city: City, write: Write, tmp_path: Path):
    path = write("a.geojson", [square(0)])
    packed = tmp_path / "two.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "a.geojson")
        archive.write(path, "b.geojson")
    refusal(city, packed, ArchiveContentError, r"a\.geojson, b\.geojson")


def test_a_table_without_geometry_says_what_it_needs(city: City, tmp_path: Path):
    path = tmp_path / "parcels.csv"
    path.write_text("so_to,so_thua\n1,2\n")
    refusal(city, path, NoGeometryError, r"lon and lat.*so_to, so_thua")


def test_a_file_without_system_is_asked_about_with_the_candidates(city: City, tmp_path: Path):
    path = tmp_path / "parcels.csv"
    path.write_text(f'so_to,wkt\n1,"{square(0).wkt}"\n')
    refusal(city, path, NoSystemError, r"EPSG:5899 VN-2000 / TM-3 107-45 \(100% inside.*--crs; it is not assumed")
    assert load(city, path, layer="parcel", mapping=GIVEN, crs="EPSG:5899").stored == 1


def test_a_geojson_of_which_no_system_can_be_assumed_is_asked_about(city: City, tmp_path: Path):
    """`"crs": null` says so (GeoJSON of 2008, section 3); a column of that name says nothing."""
    path = tmp_path / "parks.geojson"
    lonlat = gpd.GeoSeries([square(0).centroid], crs=5899).to_crs(4326).iloc[0]
    feature = {"type": "Feature", "properties": {"crs": None}, "geometry": shapely.geometry.mapping(lonlat)}
    constants = {"source": "t", "stage": "existing", "facility_type": "park"}
    given = Mapping(columns={}, constants=constants, ignored=("crs",))
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": None, "features": [feature]}))
    with pytest.raises(NoSystemError):
        load(city, path, layer="facility", mapping=given)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert load(city, path, layer="facility", mapping=given).stored == 1


def test_latitude_before_longitude_is_seen(city: City, tmp_path: Path):
    path = tmp_path / "parks.csv"
    path.write_text("lon,lat\n16.06,108.22\n16.07,108.21\n")
    given = Mapping(
        columns={}, constants={"source": "t", "stage": "existing", "facility_type": "park"}, crs="EPSG:4326"
    )
    with pytest.raises(SwappedCoordinatesError, match="swapped"):
        load(city, path, layer="facility", mapping=given)


def dbf_bytes(write: Write, text: bytes) -> Path:
    """Write a shapefile whose table says, in bytes of no declared encoding, the given text."""
    path = write("wards.shp", [square(0)], name=["x" * 20], code=["1"])
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 0
    place = content.index(b"x" * 20)
    content[place : place + 20] = text.ljust(20)
    table.write_bytes(content)
    return path


WARD = {"columns": {"name": ("name",), "code": ("code",)}, "constants": {"source": "t"}}


@pytest.mark.parametrize(
    ("encoding", "raw", "text"),
    [
        ("windows-1258", b"H\x61\xd2i Ch\xe2u", "Hải Châu"),
        ("latin-1", b"H\xf2a Vang", "Hòa Vang"),
    ],
)
def test_text_of_no_declared_encoding_is_asked_about_and_read_as_told(
    city: City, write: Write, encoding: str, raw: bytes, text: str
):
    path = dbf_bytes(write, raw)
    with pytest.raises(EncodingUnknownError, match=r"as windows-1258: .*as latin-1: .*encoding = "):
        load(city, path, layer="ward", mapping=Mapping(**WARD))
    load(city, path, layer="ward", mapping=Mapping(**WARD, encoding=encoding))
    assert stored(city, "SELECT name FROM city.ward") == [(text,)]


def test_text_that_is_not_in_the_encoding_it_is_said_to_be_in_is_refused(city: City, write: Write, tmp_path: Path):
    shape = dbf_bytes(write, "Hải Châu".encode())
    table = tmp_path / "wards.csv"
    table.write_text(f'code,name,wkt\n1,Hải Châu,"{square(0).wkt}"\n', encoding="utf-8")
    for path in (shape, table):
        with pytest.raises(MappingError, match="not in this encoding"):
            load(city, path, layer="ward", mapping=Mapping(**WARD, encoding="ascii"), crs="EPSG:5899")


def test_utf8_without_declaration_is_recognised(city: City, write: Write):
    path = dbf_bytes(write, "Hải Châu".encode())
    load(city, path, layer="ward", mapping=Mapping(**WARD))
    assert stored(city, "SELECT name FROM city.ward") == [("Hải Châu",)]


def test_a_csv_in_windows_1258_is_asked_about_and_read_as_told(city: City, tmp_path: Path):
    path = tmp_path / "wards.csv"
    path.write_bytes(f'code,name,wkt\n1,Ha\u0309i Châu,"{square(0).wkt}"\n'.encode("windows-1258"))
    with pytest.raises(EncodingUnknownError):
        load(city, path, layer="ward", mapping=Mapping(**WARD), crs="EPSG:5899")
    load(city, path, layer="ward", mapping=Mapping(**WARD, encoding="windows-1258"), crs="EPSG:5899")
    assert stored(city, "SELECT name FROM city.ward") == [("Hải Châu",)]


def test_a_file_cut_off_in_the_middle_is_damaged(city: City, write: Write, tmp_path: Path):
    for name in ("a.fgb", "a.parquet", "a.gpkg", "a.geojson"):
        path = write(name, [square(column, row) for column in range(60) for row in range(60)])
        cut = tmp_path / f"cut-{name}"
        cut.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        with pytest.raises((DamagedFileError, EmptyFileError)):
            load(city, cut, layer="parcel", mapping=GIVEN)
        assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]


def test_every_format_stores_the_same(city: City, write: Write, tmp_path: Path):
    shapes = [square(0), square(1)]
    paths = [
        write(f"a.{ending}", shapes, code=["1", "2"]) for ending in ("gpkg", "shp", "fgb", "parquet", "tab", "mif")
    ]
    paths.append(write("a.geojson", shapes, code=["1", "2"]))
    database = tmp_path / "a.gdb"
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=shapes, crs=5899), database, driver="OpenFileGDB"
    )
    paths.append(database)
    lonlat = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=shapes, crs=5899).to_crs(4326)
    lonlat.to_file(tmp_path / "a.kml", driver="KML")
    (tmp_path / "a.csv").write_text("\n".join(["code;wkt", *(f"{n};{s.wkt}" for n, s in enumerate(shapes))]))
    paths += [tmp_path / "a.kml", tmp_path / "a.csv"]
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write((tmp_path / "a.shp").with_suffix(suffix), f"inner/a{suffix}")
    with (tmp_path / "a.gpkg").open("rb") as plain, gzip.open(tmp_path / "a.gpkg.gz", "wb") as out:
        shutil.copyfileobj(plain, out)
    paths += [packed, tmp_path / "a.gpkg.gz"]
    for path in paths:
        crs = "EPSG:5899" if path.suffix == ".csv" else None
        report = load(city, path, layer="parcel", mapping=GIVEN, mode="replace", crs=crs)
        assert (path.name, report.read, report.stored) == (path.name, 2, 2)
        total = stored(city, "SELECT sum(ST_Area(geom)) FROM city.parcel")[0][0]
        assert total == pytest.approx(20_000, abs=5 if path.suffix == ".tab" else 0.5)  # TAB keeps centimetres


def test_a_dxf_is_read_and_its_system_is_asked_for(city: City, write: Write, tmp_path: Path):
    path = tmp_path / "roads.dxf"
    line = shapely.LineString([(550_000, 1_778_000), (550_100, 1_778_000)])
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[line]), path, driver="DXF")
    given = Mapping(columns={}, constants={"source": "t", "stage": "existing", "road_class": "district"})
    with pytest.raises(NoSystemError, match="EPSG:5899"):
        load(city, path, layer="road", mapping=given)
    assert load(city, path, layer="road", mapping=given, crs="EPSG:5899").stored == 1


def test_a_drawing_without_its_end_is_damaged(city: City, tmp_path: Path):
    path = tmp_path / "roads.dxf"
    lines = [shapely.LineString([(550_000, 1_778_000 + n), (550_100, 1_778_000)]) for n in range(20)]
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=lines), path, driver="DXF")
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 10])
    refusal(city, path, DamagedFileError, "no end")


def test_no_more_files_are_unpacked_than_a_delivery_has(tmp_path: Path):
    path = tmp_path / "many.zip"
    path.write_bytes(bytes(10))
    with pytest.raises(ExpansionError, match="10,000 files"):
        refuse_unsafe(path, [zipfile.ZipInfo(f"{number}") for number in range(10_001)])


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    """Write a workbook with a sheet for each name."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_sheet_with_longitude_and_latitude_is_read(city: City, tmp_path: Path):
    rows = [["ten", "loai", "kinh_do", "vi_do", "mo_cua"], ["Chợ Hàn", "market", 108.2243, 16.0683, date(1989, 3, 29)]]
    path = workbook(tmp_path / "cho.xlsx", cho=rows)
    mapping = Mapping(
        columns={"name": ("ten",), "facility_type": ("loai",), "opened_on": ("mo_cua",)},
        constants={"source": "test", "stage": "existing"},
        ignored=("*",),
    )
    report = load(city, path, layer="facility", mapping=mapping, crs="EPSG:4326")
    assert (report.format, report.stored) == ("XLSX", 1)
    assert stored(city, "SELECT name, opened_on FROM city.facility") == [("Chợ Hàn", date(1989, 3, 29))]


def test_a_workbook_of_several_sheets_asks_which(city: City, tmp_path: Path):
    rows = [["loai", "wkt"], ["park", "POINT (550000 1778000)"]]
    path = workbook(tmp_path / "two.xlsx", a=rows, b=rows)
    with pytest.raises(SourceLayerError, match="holds 2 layers"):
        load(city, path, layer="facility")
    mapping = Mapping(columns={"facility_type": ("loai",)}, constants={"source": "test", "stage": "existing"})
    assert load(city, path, layer="facility", mapping=mapping, crs="EPSG:5899", source_layer="b").stored == 1


def test_a_broken_workbook_is_said_to_be_one(city: City, tmp_path: Path):
    path = workbook(tmp_path / "half.xlsx", a=[["loai", "wkt"], ["park", "POINT (1 1)"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedFileError, match="workbook cannot be read"):
        load(city, path, layer="facility")


def test_a_chart_with_a_sheet_of_its_own_is_no_table(city: City, tmp_path: Path):
    book = Workbook()
    book.active.append(["loai", "kinh_do", "vi_do"])
    book.active.append(["park", 108.22, 16.06])
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=2))
    book.create_chartsheet("Biểu đồ").add_chart(chart)
    path = tmp_path / "cho.xlsx"
    book.save(path)
    mapping = Mapping(columns={"facility_type": ("loai",)}, constants={"source": "test", "stage": "existing"})
    assert load(city, path, layer="facility", mapping=mapping, crs="EPSG:4326").stored == 1
    with pytest.raises(SourceLayerError, match="has no layer 'Biểu đồ'"):
        load(city, path, layer="facility", mapping=mapping, crs="EPSG:4326", source_layer="Biểu đồ")


def test_bytes_changed_on_the_way_make_a_workbook_damaged(city: City, tmp_path: Path):
    path = workbook(tmp_path / "changed.xlsx", a=[["loai", "wkt"], *([str(n), "POINT (1 1)"] for n in range(2_000))])
    content = path.read_bytes()
    for place in range(60, len(content), len(content) // 40):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with pytest.raises(IntakeError):
            load(city, path, layer="facility")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["x" * 300 + ".geojson"], "a name in it has more than 255 bytes"),
        (["a", "a/b.geojson"], "'a/b.geojson' is a file and a folder in it"),
        (["a/b.geojson", "a"], "'a' is a file and a folder in it"),
    ],
)
def test_a_zip_whose_names_no_folder_can_hold_is_damaged(city: City, tmp_path: Path, names: list[str], says: str):
    path = tmp_path / "names.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    refusal(city, path, DamagedFileError, says)


def test_a_zip_packed_with_lzma_and_changed_on_the_way_is_damaged(city: City, write: Write, tmp_path: Path):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.write(write("a.geojson", [square(n) for n in range(50)]), "a.geojson")
    content = bytearray(path.read_bytes())
    content[100:110] = bytes(each ^ 0xFF for each in content[100:110])
    path.write_bytes(content)
    refusal(city, path, DamagedFileError, "zip cannot be read")


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}},
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_geojson_that_names_an_unknown_system_is_asked_about(
    city: City, tmp_path: Path, *, crs: dict[str, Any], first: bool
):
    lonlat = gpd.GeoSeries([square(0)], crs=5899).to_crs(4326)[0]
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(lonlat)}
    named = {"type": "FeatureCollection", "crs": crs, "features": [feature] * 500}
    if not first:
        named["crs"] = named.pop("crs")
    path = tmp_path / "parcels.geojson"
    path.write_text(json.dumps(named))
    refusal(city, path, NoSystemError, r"no coordinate system that is known.*EPSG:4326 WGS 84 \(100% inside.*--crs")
    assert load(city, path, layer="parcel", mapping=GIVEN, crs="EPSG:4326").stored == 1


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", None])
def test_a_geojson_in_degrees_is_read_as_it_says(city: City, tmp_path: Path, name: str | None):
    lonlat = gpd.GeoSeries([square(0)], crs=5899).to_crs(4326)[0]
    feature = {"type": "Feature", "properties": {"crs": {"a": 1}}, "geometry": shapely.geometry.mapping(lonlat)}
    crs = {} if name is None else {"crs": {"type": "name", "properties": {"name": name}}}
    path = tmp_path / "parcels.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", **crs, "features": [feature]}))
    report = load(city, path, layer="parcel", mapping=GIVEN)
    assert (report.stored, report.refused) == (1, 0)


def test_text_of_two_bytes_a_letter_is_read_by_its_mark(city: City, tmp_path: Path):
    text = f'code,name,wkt\n1,Hải Châu,"{square(0).wkt}"\n'
    for encoding in ("utf-16", "utf-16-be"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(b"\xfe\xff" * (encoding == "utf-16-be") + text.encode(encoding))
        load(city, path, layer="ward", mapping=Mapping(**WARD), crs="EPSG:5899", mode="replace")
        assert stored(city, "SELECT name FROM city.ward") == [("Hải Châu",)]
    link = tmp_path / "a.kml"
    link.write_bytes(
        '<kml xmlns="x"><NetworkLink><Link><href>http://x</href></Link></NetworkLink></kml>'.encode("utf-16")
    )
    with pytest.raises(ForbiddenFormatError, match="names other files or addresses"):
        load(city, link, layer="ward", mapping=Mapping(**WARD))


def test_swapped_coordinates_of_no_declared_system_are_seen(city: City, tmp_path: Path):
    path = tmp_path / "parks.csv"
    path.write_text("lon,lat\n16.06,108.22\n16.07,108.21\n")
    refusal(city, path, SwappedCoordinatesError, "swapped")


def test_a_workbook_is_refused_by_its_own_name(city: City, tmp_path: Path):
    refusal(city, workbook(tmp_path / "bang.xlsx", a=[["so_to"], ["1"]]), NoGeometryError, r"'bang\.xlsx' has no")


def test_a_link_to_nothing_says_so(city: City, tmp_path: Path):
    path = tmp_path / "parcels.gpkg"
    path.symlink_to("gone.gpkg")
    refusal(city, path, NoSuchFileError, r"is a link to 'gone\.gpkg', where nothing is")


def test_a_layer_that_a_geoparquet_is_not_is_refused(city: City, write: Write):
    path = write("thua.parquet", [square(0)])
    with pytest.raises(SourceLayerError, match="has no layer 'thau': thua"):
        load(city, path, layer="parcel", mapping=GIVEN, source_layer="thau")
    assert load(city, path, layer="parcel", mapping=GIVEN, source_layer="thua").stored == 1


def test_what_a_killed_load_left_is_cleared_and_what_another_holds_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "quyhoach-delivery-left"
    left.mkdir()
    (left / "parcels.gpkg").touch()
    with workroom() as held, workroom() as other:
        assert sorted(tmp_path.iterdir()) == sorted([held, other])
    assert list(tmp_path.iterdir()) == []
