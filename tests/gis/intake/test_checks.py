"""Every row is stored or refused with its reason; what is repaired, converted or dropped is said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.db import City
from gis.intake import Manner, Mapping, load
from gis.intake.errors import ReportFolderError, ReportUnwrittenError
from gis.intake.report import LostRowsError, Report
from gis.intake.values import date_of, number_of, whole_number_of, yes_no_of
from layers import LAYERS
from layers.model import Layer
from tests.gis.intake.conftest import Write, square, stored

KERNEL = {"source": "test", "stage": "existing"}
PARCEL = Mapping(
    columns={"parcel_number": ("so_thua",), "land_use_code": ("loai_dat",), "area_legal_m2": ("dien_tich",)},
    constants=KERNEL,
)


def parcels(write: Write, shapes: list[Any], name: str = "parcels.gpkg", **columns: list[Any]) -> Path:
    count = len(shapes)
    given = {
        "so_thua": [str(n) for n in range(1, count + 1)],
        "loai_dat": ["ODT"] * count,
        "dien_tich": ["1.5"] * count,
    }
    return write(name, shapes, **(given | columns))


def reasons(city: City, report: Report) -> list[tuple[int, str]]:
    assert report.read == report.stored + report.refused
    return stored(
        city, "SELECT row_number, reason FROM register.refused WHERE delivery = %s ORDER BY row_number", report.delivery
    )


def test_no_geometry_and_empty_geometry_are_refused(city: City, write: Write):
    report = load(city, parcels(write, [square(0), None, shapely.Polygon()]), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(2, "null_geometry"), (3, "empty_geometry")]


def test_a_bow_tie_is_repaired_and_its_area_told(city: City, write: Write):
    west, south = 550_000, 1_778_000
    tie = shapely.Polygon([(west, south), (west + 100, south + 100), (west + 100, south), (west, south + 100)])
    report = load(city, parcels(write, [tie]), layer="parcel", mapping=PARCEL)
    (repair,) = report.repairs.each
    assert (repair.row_number, repair.method) == (1, "make_valid (structure)")
    assert "Self-intersection" in repair.fault
    assert (repair.area_before_m2, repair.area_after_m2) == pytest.approx((0, 5000))
    assert stored(city, "SELECT ST_IsValid(geom), ST_Area(geom), ST_NumGeometries(geom) FROM city.parcel") == [
        (True, 5000.0, 2)
    ]


def test_a_polygon_without_area_is_beyond_repair(city: City, write: Write):
    flat = shapely.Polygon([(550_000, 1_778_000), (550_100, 1_778_000), (550_050, 1_778_000)])
    report = load(city, parcels(write, [square(0), flat]), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(2, "beyond_repair")]


def test_mixed_geometry_keeps_what_fits_and_names_the_rest(city: City, write: Write):
    shapes = [square(0), square(1).centroid, shapely.LineString([(550_000, 1_778_000), (550_100, 1_778_000)])]
    report = load(city, parcels(write, shapes), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(2, "wrong_type"), (3, "wrong_type")]
    message = stored(city, "SELECT message FROM register.refused WHERE row_number = 2")[0][0]
    assert message == "it is a Point; layer parcel takes Polygon or MultiPolygon"


def test_an_area_becomes_a_point_on_it_and_leaves_its_area(city: City, write: Write):
    ring = square(0, size_m=300).difference(shapely.box(550_050, 1_778_050, 550_250, 1_778_250))
    path = write("schools.gpkg", [ring, square(9).centroid], ten=["Trường A", "Trường B"])
    mapping = Mapping(columns={"name": ("ten",)}, constants={**KERNEL, "facility_type": "school"})
    report = load(city, path, layer="facility", mapping=mapping)
    assert report.changes == {"area became a point on its surface": 1}
    rows = stored(city, "SELECT name, land_area_m2, ST_AsBinary(geom) FROM city.facility ORDER BY name")
    assert [row[:2] for row in rows] == [("Trường A", 50_000.0), ("Trường B", None)]
    assert ring.contains(shapely.from_wkb(rows[0][2]))


def test_heights_are_dropped_and_counted(city: City, write: Write):
    report = load(city, parcels(write, [shapely.force_3d(square(0), 7), square(1)]), layer="parcel", mapping=PARCEL)
    assert report.changes == {"heights or measures (Z, M) dropped": 1}
    assert stored(city, "SELECT DISTINCT ST_NDims(geom) FROM city.parcel") == [(2,)]


def test_arcs_become_short_lines_of_nearly_the_same_area(city: City, tmp_path: Path):
    path = tmp_path / "round.csv"
    east, north = 550_000, 1_778_000
    ring = ", ".join(f"{east + x} {north + y}" for x, y in [(0, 0), (50, 50), (100, 0), (50, -50), (0, 0)])
    path.write_text(f'so_thua,wkt\n1,"CURVEPOLYGON(CIRCULARSTRING({ring}))"\n')
    mapping = Mapping(columns={"parcel_number": ("so_thua",)}, constants=KERNEL, crs="EPSG:5899")
    report = load(city, path, layer="parcel", mapping=mapping)
    assert (report.stored, report.changes) == (1, {"arcs drawn as short lines": 1})
    assert stored(city, "SELECT ST_Area(geom) FROM city.parcel")[0][0] == pytest.approx(7853.98, rel=0.002)


def test_what_lies_outside_the_city_is_refused_with_its_place(city: City, write: Write):
    load(city, write("city.gpkg", [shapely.box(549_000, 1_777_000, 551_000, 1_779_000)], ma=["48"]), layer="city",
         mapping=Mapping(columns={"code": ("ma",)}, constants={"source": "t", "name": "Đà Nẵng"}))  # fmt: skip
    shapes = [square(0), square(10, 0), square(9, 0), square(50)]
    report = load(city, parcels(write, shapes), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(4, "out_of_city")]
    message = stored(city, "SELECT message FROM register.refused")[0][0]
    assert message.startswith("it lies at E 555")
    assert message.endswith("outside the boundary of Đà Nẵng")


def test_what_the_coarse_city_misses_is_kept_if_it_meets_a_ward(city: City, write: Write):
    load(city, write("city.gpkg", [shapely.box(549_000, 1_777_000, 551_000, 1_779_000)], ma=["48"]), layer="city",
         mapping=Mapping(columns={"code": ("ma",)}, constants={"source": "t", "name": "Đà Nẵng"}))  # fmt: skip
    load(city, write("wards.gpkg", [shapely.box(550_000, 1_777_000, 551_500, 1_779_000)], ma=["1"]), layer="ward",
         mapping=Mapping(columns={"code": ("ma",)}, constants={"source": "t", "name": "Hải Châu"}))  # fmt: skip
    report = load(city, parcels(write, [square(12), square(30)]), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(2, "out_of_city")]


def test_coordinates_that_are_no_numbers_or_nowhere_are_refused(city: City, tmp_path: Path):
    path = tmp_path / "parks.csv"
    path.write_text("x,y\n550000,1778000\nnan,1778000\n550000,inf\n1e30,1e30\n")
    mapping = Mapping(columns={}, constants={**KERNEL, "facility_type": "park"}, crs="EPSG:5899")
    report = load(city, path, layer="facility", mapping=mapping)
    assert report.stored == 1
    found = reasons(city, report)
    assert [row for row, _ in found] == [2, 3, 4]
    assert {reason for _, reason in found} <= {"not_finite", "out_of_city", "null_geometry", "empty_geometry"}


def test_absurd_degrees_are_refused_not_wrapped(city: City, tmp_path: Path):
    path = tmp_path / "parks.csv"
    path.write_text("lon,lat\n108.22,16.06\n108.22,95\n108.23,16.07\n900,16\n")
    mapping = Mapping(columns={}, constants={**KERNEL, "facility_type": "park"}, crs="EPSG:4326")
    report = load(city, path, layer="facility", mapping=mapping)
    assert reasons(city, report) == [(2, "out_of_city"), (4, "out_of_city")]


def test_a_missing_required_value_is_refused(city: City, write: Write):
    path = write("facilities.gpkg", [square(0).centroid, square(1).centroid], loai=["park", None])
    report = load(city, path, layer="facility", mapping=Mapping(columns={"facility_type": ("loai",)}, constants=KERNEL))
    assert reasons(city, report) == [(2, "missing_required")]


def test_an_unknown_code_offers_the_nearest_and_a_title_is_as_good_as_a_code(city: City, write: Write):
    codes = ["ODT", "odt", "Đất ở tại đô thị", "ODTT"]
    report = load(city, parcels(write, [square(n) for n in range(4)], loai_dat=codes), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(4, "unknown_code")]
    assert "nearest is 'ODT'" in stored(city, "SELECT message FROM register.refused")[0][0]
    assert stored(city, "SELECT DISTINCT land_use_code FROM city.parcel") == [("ODT",)]


def test_numbers_are_checked_against_their_bounds(city: City, write: Write):
    areas = ["100.5", "-1", "nhiều", "", "NaN", "1,234.5", "1,5", "12 m²", "12 ha"]
    report = load(city, parcels(write, [square(n) for n in range(9)], dien_tich=areas), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [
        (2, "out_of_bounds"), (3, "not_a_number"), (5, "not_a_number"), (7, "not_a_number"), (9, "not_a_number"),
    ]  # fmt: skip
    assert stored(city, "SELECT area_legal_m2 FROM city.parcel ORDER BY uid") == [(100.5,), (None,), (1234.5,), (12.0,)]


def test_a_decimal_comma_is_read_where_the_mapping_says_so(city: City, write: Write):
    path = parcels(write, [square(0), square(1)], dien_tich=["2.159,6", "80,5"])
    comma = Mapping(columns=PARCEL.columns, constants=KERNEL, decimal=",")
    load(city, path, layer="parcel", mapping=comma)
    assert stored(city, "SELECT area_legal_m2 FROM city.parcel ORDER BY uid") == [(2159.6,), (80.5,)]


def test_dates_are_read_year_first_or_day_first(city: City, write: Write):
    given = ["2025-07-01", "1/7/2025", "31/02/2025", "hôm qua"]
    path = write("parks.gpkg", [square(n).centroid for n in range(4)], ngay=given)
    mapping = Mapping(columns={"opened_on": ("ngay",)}, constants={**KERNEL, "facility_type": "park"})
    report = load(city, path, layer="facility", mapping=mapping)
    assert reasons(city, report) == [(3, "not_a_date"), (4, "not_a_date")]
    assert stored(city, "SELECT DISTINCT opened_on FROM city.facility") == [(dt.date(2025, 7, 1),)]


def test_an_exact_repetition_is_refused_naming_the_first(city: City, write: Write):
    shapes = [square(0), square(1), square(0), square(0), square(0)]
    path = parcels(write, shapes, so_thua=["1", "2", "1", "1", "9"])
    report = load(city, path, layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(3, "duplicate"), (4, "duplicate")]
    assert {row[0] for row in stored(city, "SELECT message FROM register.refused")} == {
        "it repeats row 1 exactly (same attributes, same geometry)"
    }
    assert report.overlaps is not None
    assert (report.overlaps.pairs, report.overlaps.contained) == (1, 1)


def test_a_repetition_is_found_across_batches(city: City, write: Write):
    shapes = [square(n % 200, n // 200, size_m=50) for n in range(20_000)]
    shapes[19_999] = shapes[7]
    path = parcels(write, shapes, name="many.fgb", so_thua=["1"] * 20_000)
    report = load(city, path, layer="parcel", mapping=PARCEL)
    assert (report.read, report.stored, report.refused) == (20_000, 19_999, 1)


def test_text_is_composed_and_trimmed(city: City, write: Write):
    path = write("parks.gpkg", [square(0).centroid, square(1).centroid], ten=["  Co\u0302ng vie\u0302n  ", "   "])
    mapping = Mapping(columns={"name": ("ten",)}, constants={**KERNEL, "facility_type": "park"})
    load(city, path, layer="facility", mapping=mapping)
    assert stored(city, "SELECT name FROM city.facility ORDER BY uid") == [("Công viên",), (None,)]


def test_refused_rows_keep_their_attributes_and_geometry(city: City, write: Write, tmp_path: Path):
    path = parcels(write, [square(0), square(1)], loai_dat=["ODT", "???"], ghi_chu=["", "chờ đo lại"])
    report = load(city, path, layer="parcel", mapping=PARCEL, manner=Manner(report_dir=tmp_path / "report"))
    attributes, area = stored(city, "SELECT attributes, ST_Area(geom) FROM register.refused")[0]
    assert attributes == {"so_thua": "2", "loai_dat": "???", "dien_tich": "1.5", "ghi_chu": "chờ đo lại"}
    assert area == 10_000
    frame = pyogrio.read_dataframe(tmp_path / "report" / "parcels.gpkg-parcel-refused.gpkg")
    assert frame[["row_number", "reason", "ghi_chu"]].to_numpy().tolist() == [[2, "unknown_code", "chờ đo lại"]]
    assert frame.crs.to_epsg() == 5899
    assert frame.geometry.iloc[0].equals(square(1))
    written = json.loads((tmp_path / "report" / "parcels.gpkg-parcel.json").read_text())
    assert (written["read"], written["stored"], written["refused"]) == (2, 1, 1)
    assert written["reasons"] == {"unknown_code": 1}
    assert report.reasons == {"unknown_code": 1}


def test_refused_rows_of_an_earlier_load_do_not_stay_in_the_folder(city: City, write: Write, tmp_path: Path):
    manner = Manner(report_dir=tmp_path / "report")
    load(city, parcels(write, [square(0)], loai_dat=["???"]), layer="parcel", mapping=PARCEL, manner=manner)
    assert (tmp_path / "report" / "parcels.gpkg-parcel-refused.gpkg").exists()
    load(city, parcels(write, [square(0)]), layer="parcel", mapping=PARCEL, manner=manner)
    assert [file.name for file in (tmp_path / "report").iterdir()] == ["parcels.gpkg-parcel.json"]


def test_a_folder_that_cannot_hold_the_report_is_refused_before_anything_is_stored(
    city: City, write: Write, tmp_path: Path
):
    (tmp_path / "file").touch()
    with pytest.raises(ReportFolderError, match=r"file/report'.*Nothing was loaded"):
        load(
            city,
            parcels(write, [square(0)]),
            layer="parcel",
            mapping=PARCEL,
            manner=Manner(report_dir=tmp_path / "file" / "report"),
        )
    assert stored(city, "SELECT (SELECT count(*) FROM city.parcel), (SELECT count(*) FROM register.delivery)") == [
        (0, 0)
    ]


def test_a_report_that_cannot_be_written_says_that_the_rows_are_stored(city: City, write: Write, tmp_path: Path):
    (tmp_path / "report" / "parcels.gpkg-parcel.json").mkdir(parents=True)
    with pytest.raises(ReportUnwrittenError, match=r"Is a directory.*stored, as delivery \d+"):
        load(
            city,
            parcels(write, [square(0)]),
            layer="parcel",
            mapping=PARCEL,
            manner=Manner(report_dir=tmp_path / "report"),
        )
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(1,)]


def test_the_register_holds_what_the_report_says(city: City, write: Write):
    report = load(city, parcels(write, [square(0), None]), layer="parcel", mapping=PARCEL)
    row = stored(city, "SELECT layer, file_name, mode, crs, rows_read, rows_stored, rows_refused, length(sha256),"
                       " mapping->'columns'->'parcel_number'->>0, software FROM register.delivery")[0]  # fmt: skip
    assert row[:9] == ("parcel", "parcels.gpkg", "append", "EPSG:5899", 2, 1, 1, 64, "so_thua")
    assert row[9].startswith("quyhoach")
    assert stored(city, "SELECT delivery FROM city.parcel") == [(report.delivery,)]


def test_a_report_that_loses_a_row_cannot_be_made(city: City, write: Write):
    report = load(city, parcels(write, [square(0)]), layer="parcel", mapping=PARCEL)
    values = {name: getattr(report, name) for name in report.__slots__}
    with pytest.raises(LostRowsError, match="some are lost"):
        Report(**{**values, "read": 2})


def test_the_same_file_again_is_remarked(city: City, write: Write):
    path = parcels(write, [square(0)])
    load(city, path, layer="parcel", mapping=PARCEL)
    report = load(city, path, layer="parcel", mapping=PARCEL)
    assert any("was loaded before" in note for note in report.notes)


def test_the_order_of_rows_changes_no_count(city: City, write: Write):
    shapes = [square(0), None, square(0), square(1), shapely.Point(550_000, 1_778_000), square(1, size_m=150)]
    numbers = ["1", "2", "1", "3", "4", "5"]
    found = []
    for order in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 2, 4, 1]):
        path = parcels(write, [shapes[n] for n in order], so_thua=[numbers[n] for n in order])
        report = load(city, path, layer="parcel", mapping=PARCEL, mode="replace")
        assert report.overlaps is not None
        found.append((report.stored, sorted(report.reasons.items()), report.overlaps.pairs, report.overlaps.area_m2))
    assert found[0] == found[1] == found[2]


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False))
@settings(max_examples=200, deadline=None)
def test_a_number_written_out_is_read_back_with_either_mark(number: float):
    written = f"{number:,.3f}"
    assert number_of(written, ".") == pytest.approx(number, abs=0.0006)
    swapped = written.replace(",", " ").replace(".", ",")
    assert number_of(swapped, ",") == pytest.approx(number, abs=0.0006)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", 3), ("3.0", 3), ("3.5", None), ("1e400", None), ("", None), ("٣", 3), ("9" * 30, None), ("2;3", None)],
)
def test_a_whole_number_has_no_fraction_and_fits(text: str, expected: int | None):
    assert whole_number_of(text, ".") == expected


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:45", 45), ("1:30", 90), ("45 min", 45), ("00:15-00:30", None), ("0:60", None), ("00:45 h", None)],
)
def test_minutes_may_be_written_as_hours_and_minutes(text: str, minutes: float | None):
    assert number_of(text, ".", "min") == minutes
    assert number_of("00:45", ".", "m") is None


def test_yes_and_no_are_known_in_both_languages():
    assert [yes_no_of(word) for word in ("Có", "không", "yes", "0", 1, 0, "có thể")] == [
        True, False, True, False, True, False, None,
    ]  # fmt: skip


def test_a_date_out_of_the_calendar_is_none():
    assert date_of("30/02/2026") is None
    assert date_of("2026/03/04") == dt.date(2026, 3, 4)


def test_a_refused_row_keeps_numbers_that_are_none_as_their_words(city: City, write: Write):
    shapes = [square(n) for n in range(4)]
    columns = {"cao": [float("nan"), float("inf"), float("-inf"), 2.5], "loai_dat": ["?", "?", "?", "ODT"]}
    for name in ("a.gpkg", "a.fgb", "a.parquet"):
        report = load(city, parcels(write, shapes, name, **columns), layer="parcel", mapping=PARCEL, mode="replace")
        assert (name, report.stored, report.refused) == (name, 1, 3)
        query = "SELECT attributes->>'cao' FROM register.refused WHERE delivery = %s"
        kept = {value for (value,) in stored(city, query, report.delivery)}
        assert kept - {"NaN", None} == {"Infinity", "-Infinity"}


def test_not_a_number_is_kept_as_that_word(city: City, tmp_path: Path):
    path = tmp_path / "a.geojson"
    properties = '{"loai_dat": "?", "cao": NaN, "dau": -Infinity}'
    shape = json.dumps(shapely.geometry.mapping(square(0)))
    path.write_text(f'{{"type": "Feature", "properties": {properties}, "geometry": {shape}}}')
    mapping = Mapping(columns={"land_use_code": ("loai_dat",)}, constants=KERNEL, crs="EPSG:5899")
    report = load(city, path, layer="parcel", mapping=mapping)
    assert reasons(city, report) == [(1, "unknown_code")]
    ((kept,),) = stored(city, "SELECT attributes FROM register.refused")
    assert kept == {"loai_dat": "?", "cao": "NaN", "dau": "-Infinity"}


def test_a_column_of_numbers_and_words_refuses_the_words_alone(city: City, tmp_path: Path):
    path = tmp_path / "mixed.geojson"
    given: list[Any] = [1.0, "abc", 3, "4.5", None]
    features = [
        {"type": "Feature", "properties": {"dt": value, "so": [n]}, "geometry": shapely.geometry.mapping(square(n))}
        for n, value in enumerate(given)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    mapping = Mapping(columns={"area_legal_m2": ("dt",), "parcel_number": ("so",)}, constants=KERNEL, crs="EPSG:5899")
    report = load(city, path, layer="parcel", mapping=mapping)
    assert reasons(city, report) == [(2, "not_a_number")]
    assert stored(city, "SELECT area_legal_m2, parcel_number FROM city.parcel ORDER BY parcel_number") == [
        (1.0, "[0]"),
        (3.0, "[2]"),
        (4.5, "[3]"),
        (None, "[4]"),
    ]


def test_a_text_longer_than_its_column_may_hold_refuses_its_row(city: City, write: Write):
    numbers = ["ễ" * 200, "x" * 201, "x" * 100_000, None]
    report = load(city, parcels(write, [square(n) for n in range(4)], so_thua=numbers), layer="parcel", mapping=PARCEL)
    assert reasons(city, report) == [(2, "bad_text"), (3, "bad_text")]
    messages = stored(city, "SELECT message FROM register.refused ORDER BY row_number")
    assert messages[0] == ("parcel_number: the text has 201 letters, and may have 200",)


@pytest.mark.parametrize("layer", [layer for layer in LAYERS.values() if layer.key], ids=lambda layer: layer.name)
def test_the_longest_key_fits_into_its_index(layer: Layer):
    four_bytes_a_letter = 4
    assert sum(layer.longest_text(name) * four_bytes_a_letter for name in layer.key) < 2_704


@pytest.mark.parametrize(
    ("columns", "constants"),
    [
        ({"valid_from": ("tu",), "valid_to": ("den",)}, {}),
        ({"valid_to": ("den",)}, {"valid_from": dt.date(2026, 1, 1)}),
    ],
)
def test_what_ceases_to_hold_before_it_begins_is_refused(
    city: City, write: Write, *, columns: dict[str, tuple[str, ...]], constants: dict[str, dt.date]
):
    days = {"tu": ["2026-01-01"] * 4, "den": ["2025-12-31", "2026-01-01", "2027-01-01", None]}
    path = parcels(write, [square(n) for n in range(4)], **days)
    report = load(city, path, layer="parcel", mapping=Mapping(columns=columns, constants={**KERNEL, **constants}))
    assert reasons(city, report) == [(1, "out_of_bounds")]
    assert stored(city, "SELECT message FROM register.refused") == [("valid_to is before valid_from",)]
