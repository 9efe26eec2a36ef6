"""The folder of a load's report: whole, of its own file, and never in the way of what was stored."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest

from gis.db import City
from gis.intake import Manner, Mapping, load
from gis.intake.errors import NothingStorableError, ReportFolderError
from tests.gis.intake.conftest import Write, square, stored

PARCEL = Mapping(columns={"parcel_number": ("so",)}, constants={"source": "test", "stage": "existing"})
WARD = Mapping(columns={"code": ("ma",), "name": ("ten",)}, constants={"source": "test"})


@pytest.fixture
def manner(tmp_path: Path) -> Manner:
    return Manner(report_dir=tmp_path / "report")


def names(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "report").iterdir())


def test_columns_that_a_geopackage_does_not_tell_apart_get_names_of_their_own(
    city: City, tmp_path: Path, manner: Manner
):
    path = tmp_path / "a.csv"
    path.write_text("so,Name,name,fid,fid_,Reason,wkt\n1,A,b,7,8,why,\n", encoding="utf-8")
    load(city, path, layer="parcel", mapping=PARCEL, crs="EPSG:5899", manner=manner)
    frame = pyogrio.read_dataframe(tmp_path / "report" / "a.csv-parcel-refused.gpkg")
    given = frame.drop(columns=["row_number", "reason", "message", "geometry"]).iloc[0].to_dict()
    assert {name: value for name, value in given.items() if name != "wkt"} == {
        "so": "1",
        "Name": "A",
        "name_": "b",
        "fid_": "7",
        "fid__": "8",
        "Reason_": "why",
    }


def test_rows_refused_as_delivered_and_rows_refused_by_their_key_stand_together(
    city: City, write: Write, tmp_path: Path, manner: Manner
):
    path = write("a.gpkg", [square(0), square(1), None], ma=["1", "1", "2"], ten=["A", "B", "C"])
    load(city, path, layer="ward", mapping=WARD, mode="upsert", manner=manner)
    frame = pyogrio.read_dataframe(tmp_path / "report" / "a.gpkg-ward-refused.gpkg").sort_values("row_number")
    assert frame["reason"].tolist() == ["ambiguous_key", "ambiguous_key", "null_geometry"]
    assert frame["code"].dropna().tolist() == ["1", "1"]
    assert frame["ma"].dropna().tolist() == ["2"]


def test_deliveries_whose_names_begin_alike_do_not_share_a_report(
    city: City, write: Write, tmp_path: Path, manner: Manner
):
    for name in ("thua.q1.geojson", "thua.q2.geojson", "thua.gpkg", ".thua.geojson"):
        load(city, write(name, [square(0)], so=["1"]), layer="parcel", mapping=PARCEL, manner=manner)
    assert names(tmp_path) == [
        ".thua.geojson-parcel.json",
        "thua.gpkg-parcel.json",
        "thua.q1.geojson-parcel.json",
        "thua.q2.geojson-parcel.json",
    ]


def test_a_replacement_of_which_no_row_is_fit_leaves_its_report(
    city: City, write: Write, tmp_path: Path, manner: Manner
):
    path = write("a.gpkg", [square(0), None], ma=[None, "2"], ten=["A", "B"])
    with pytest.raises(NothingStorableError):
        load(city, path, layer="ward", mapping=WARD, mode="replace", manner=manner)
    assert names(tmp_path) == ["a.gpkg-ward-refused.gpkg", "a.gpkg-ward.json"]
    said = json.loads((tmp_path / "report" / "a.gpkg-ward.json").read_text())
    assert (said["delivery"], said["dry_run"], said["read"], said["stored"], said["refused"]) == (None, False, 2, 0, 2)
    frame = pyogrio.read_dataframe(tmp_path / "report" / "a.gpkg-ward-refused.gpkg")
    assert frame["reason"].tolist() == ["missing_required", "null_geometry"]


def test_refused_rows_lie_in_the_system_they_were_read_in(city: City, write: Write, tmp_path: Path, manner: Manner):
    path = write("bare.gpkg", [square(0), square(1)], crs=None, so=["1", "2"], loai=["ODT", "???"])
    mapping = Mapping({"parcel_number": ("so",), "land_use_code": ("loai",)}, constants=dict(PARCEL.constants))
    load(city, path, layer="parcel", mapping=mapping, crs="EPSG:5899", manner=manner)
    frame = pyogrio.read_dataframe(tmp_path / "report" / "bare.gpkg-parcel-refused.gpkg")
    assert frame.crs.to_epsg() == 5899


def test_a_name_that_is_too_long_for_the_folder_is_refused_before_anything_is_stored(
    city: City, write: Write, manner: Manner
):
    path = write(f"{'t' * 240}.gpkg", [square(0)], so=["1"])
    with pytest.raises(ReportFolderError, match="File name too long"):
        load(city, path, layer="parcel", mapping=PARCEL, manner=manner)
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]
