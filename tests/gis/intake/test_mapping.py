"""A mapping says what columns and values mean; a guess is shown first, and used unasked only without doubt."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.copy import copied_columns, encoded
from gis.db import City
from gis.intake import Manner, Mapping, load
from gis.intake.attributes import Attributes
from gis.intake.choosing import MAPPINGS, GuessDeclinedError, given_tables
from gis.intake.entries import KERNEL, LISTS, SETTINGS, TABLES, check_entries
from gis.intake.errors import AmbiguousGuessError, MappingError, NoSuchColumnError, NoSuchFileError
from gis.intake.guess import guess
from gis.intake.mapping import check_source, mapping
from gis.intake.remarks import Refusals, Tally
from layers import LAYERS
from tests.gis.intake.conftest import Write, square, stored


def test_cadastral_column_names_are_known_in_whatever_spelling():
    columns = ("SO_TO", "soThuTuThua", "Mã đơn vị hành chính", "LOAIDAT", "dien_tich", "ghiChu")
    found = guess(LAYERS["parcel"], columns, "x.gpkg")
    assert found.doubts == ()
    assert found.mapping.columns == {
        "ward_code": ("Mã đơn vị hành chính",),
        "map_sheet": ("SO_TO",),
        "parcel_number": ("soThuTuThua",),
        "land_use_code": ("LOAIDAT",),
        "area_legal_m2": ("dien_tich",),
    }
    assert found.mapping.ignored == ("ghiChu",)
    assert found.mapping.constants == {"source": "x.gpkg", "stage": "existing"}


def test_names_of_the_circular_are_known():
    columns = ("maHoSoQH", "maDoiTuong", "chucNang", "matDoXayDung", "heSoSuDungDat", "tangCaoToiDa", "horizon")
    found = guess(LAYERS["zone"], columns, "x.gpkg")
    assert found.mapping.columns["plan_code"] == ("maHoSoQH",)
    assert found.mapping.columns["max_floor_area_ratio"] == ("heSoSuDungDat",)
    assert found.mapping.columns["max_built_share"] == ("matDoXayDung",)
    assert found.mapping.columns["max_storeys"] == ("tangCaoToiDa",)
    assert found.doubts == ()


def test_our_own_names_go_before_others():
    found = guess(LAYERS["parcel"], ("land_use_code", "loai_dat"), "x")
    assert found.mapping.columns["land_use_code"] == ("land_use_code",)


def test_two_columns_for_one_meaning_are_a_doubt_and_refused_where_nobody_can_be_asked(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)], so_thu_tu_thua=["1"], parcel_no=["2"])
    with pytest.raises(AmbiguousGuessError, match=r"parcel_number may be so_thu_tu_thua or parcel_no.*--map"):
        load(city, path, layer="parcel")
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]


def test_a_guess_without_doubt_is_used(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)], so_thua=["12"], so_to=[7], fid_1=[1])
    report = load(city, path, layer="parcel")
    assert stored(city, "SELECT map_sheet, parcel_number, source, stage FROM city.parcel") == [
        ("7", "12", "parcels.gpkg", "existing")
    ]
    assert report.mapping["columns"] == {"map_sheet": ["so_to"], "parcel_number": ["so_thua"]}
    assert any("fid_1" in note for note in report.notes)


def test_a_required_column_nothing_fills_is_a_doubt():
    assert guess(LAYERS["facility"], ("ten",), "x").doubts == ("nothing fills facility_type, which is required",)


def test_a_guess_is_shown_and_can_be_declined(city: City, write: Write):
    shown: list[str] = []

    def decline(found, layer):
        shown.append(found.as_toml(layer))
        return False

    with pytest.raises(GuessDeclinedError):
        load(city, write("p.gpkg", [square(0)], so_thua=["12"]), layer="parcel", manner=Manner(confirm=decline))
    tables = tomllib.loads(shown[0])
    assert tables["columns"] == {"parcel_number": "so_thua"}
    assert mapping(tables, LAYERS["parcel"], "shown").constants == {"source": "p.gpkg", "stage": "existing"}


def test_a_column_that_is_not_there_offers_the_nearest(city: City, write: Write):
    path = write("parcels.gpkg", [square(0)], so_thua=["12"])
    made = Mapping(columns={"parcel_number": ("so_thu",)}, constants={"source": "t", "stage": "existing"})
    with pytest.raises(NoSuchColumnError, match="nearest is 'so_thua'"):
        load(city, path, layer="parcel", mapping=made)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("[columns", MappingError, "mapping.toml"),
        ('[columns]\nso_thua = "x"', NoSuchColumnError, "no column 'so_thua'"),
        ('[columns]\nparcel_number = "x"\n[constants]\nparcel_number = "y"', MappingError, "both fill parcel_number"),
        ('[columns]\n[values.stage]\nnay = "today"', MappingError, "'today' is no code of 'stage'"),
        ('layer = "ward"\n[columns]', MappingError, "for layer 'ward'"),
        ('colour = "red"\n[columns]\n', MappingError, "unknown entries colour"),
        ('[ward.columns]\ncode = "x"', MappingError, "says nothing about layer 'parcel'"),
        ('decimal = ";"\n[columns]\n', MappingError, "decimal is"),
        (
            '[columns]\n[valeus.stage]\nnay = "existing"',
            MappingError,
            "unknown entries valeus. The nearest is 'values'",
        ),
        ("# nothing", MappingError, "it is empty"),
        ('columns = "x"', MappingError, r"columns is a table \(written \[columns\]\), not 'x'"),
        ("[columns]\nstage = []", MappingError, r"columns.stage is a column of the delivery.*, not \[\]"),
        ("values = 3\n[columns]", MappingError, "values is a table"),
        ('[columns]\n[values]\nstage = "x"', MappingError, "values.stage is a table"),
        ("only = 3\n[columns]", MappingError, "only is a table"),
        ('[constants]\narea_legal_m2 = "abc"', MappingError, "constants.area_legal_m2 is a number, at least 0"),
        ("[constants]\narea_legal_m2 = -1", MappingError, "constants.area_legal_m2 is a number, at least 0, not -1"),
        ("[constants]\narea_legal_m2 = 2026-05-01", MappingError, "constants.area_legal_m2 is a number"),
        ("[constants]\narea_legal_m2 = true", MappingError, "constants.area_legal_m2 is a number"),
        ("[constants]\narea_legal_m2 = nan", MappingError, "constants.area_legal_m2 is .* a finite number"),
        ('[constants]\nland_use_code = ["ODT"]', MappingError, "constants.land_use_code is a text"),
        ('[constants]\nstage = "now"', MappingError, "constants.stage is one of existing, 2030, 2045, not 'now'"),
        ('[columns]\n[defaults]\narea_legal_m2 = "abc"', MappingError, "defaults.area_legal_m2 is a number"),
        ('source_date = "yesterday"\n[columns]', MappingError, "source_date is a date"),
        ('source = "a\\u0000b"\n[columns]', MappingError, "source is a text"),
        ('[columns]\n[scale]\narea_legal_m2 = "abc"', MappingError, "scale.area_legal_m2 is a number other than 0"),
        ("[columns]\n[scale]\narea_legal_m2 = inf", MappingError, "scale.area_legal_m2 is a number other than 0"),
        ("[columns]\n[scale]\nmap_sheet = 10", MappingError, "scale.map_sheet multiplies numbers"),
        ("encoding = 5\n[columns]", MappingError, "encoding is the name"),
        ('encoding = "hex"\n[columns]', MappingError, "no such text encoding"),
        ('decimal = ["."]\n[columns]', MappingError, "decimal is"),
        ("source_layer = 3\n[columns]", MappingError, "source_layer is a text"),
        ("crs = 2026-01-01\n[columns]", MappingError, "crs is a text such as EPSG:5899"),
        ("parcel = 3", MappingError, r"parcel is a table"),
        ("[parcel]\nosm = 3", MappingError, r"parcel.osm is a table"),
        ("[parcel.columns]\n[columns]", MappingError, r"\[columns\] stands beside \[parcel\]"),
        ("valid_from = 2030-01-01\nvalid_to = 2020-01-01\n[columns]", MappingError, "2020-01-01, is before valid_from"),
        ("[constants]\nuid = 3", MappingError, "uid is the name of one feature"),
        ("x = " + "[" * 5000, MappingError, "mapping.toml"),
        ('encoding = "tcvn3"\n[columns]\n', MappingError, "no such text encoding"),
    ],
)
def test_a_mapping_file_that_cannot_be_is_refused(
    city: City, write: Write, tmp_path: Path, *, text: str, error: type[Exception], says: str
):
    path = write("parcels.geojson", [square(0)], x=["12"])
    with pytest.raises(error, match=says):
        load(city, path, layer="parcel", mapping=file(tmp_path, text))


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.sampled_from(["", "x", "ODT", "existing", "1,5", "EPSG:5899", "a\0b", "2026-01-01", ".", "windows-1258"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["x", "stage", "area_legal_m2", "valid_from", "objects"]), inner, max_size=2)
    ),
    max_leaves=4,
)
_ENTRIES = st.sampled_from(sorted({*SETTINGS, *KERNEL, *LISTS, *TABLES, "parcel", "valeus"}))
_OF_PARCEL = st.sampled_from(["stage", "area_legal_m2", "land_use_code", "valid_from", "source", "uid", "x"])


@settings(max_examples=400)
@given(
    said=st.dictionaries(_ENTRIES, _VALUES, max_size=3),
    table=st.sampled_from(sorted(TABLES)),
    entries=st.dictionaries(_OF_PARCEL, _VALUES, max_size=3),
)
def test_whatever_a_mapping_file_says_is_used_or_refused(said: dict[str, Any], table: str, entries: dict[str, Any]):
    tables = {"columns": {"map_sheet": "x"}, **said, table: entries}
    try:
        check_entries(tables, "m.toml")
        made = mapping(tables, LAYERS["parcel"], "m.toml")
        check_source(made, ("x",), "the file")
    except (MappingError, NoSuchColumnError):
        return
    batch = pa.RecordBatch.from_pydict({"x": ["1", "existing", "2026-02-03"]})
    columns = Attributes(LAYERS["parcel"], made, Tally()).read(batch, Refusals(3))
    columns["geometry"] = pa.array([square(n).wkb for n in range(3)], pa.large_binary())
    rows = pa.RecordBatch.from_pydict(columns)
    names = copied_columns(LAYERS["parcel"], rows.schema.names, made.constants)
    assert len(encoded(rows, LAYERS["parcel"], names, made.constants)) == 3
    json.dumps(made.described(), allow_nan=False)


def test_a_number_that_is_no_longer_whole_once_multiplied_refuses_its_row(city: City, write: Write, tmp_path: Path):
    path = write("w.gpkg", [square(0), square(1)], ma=["1", "2"], dan=[5, 10])
    text = 'source = "t"\n[columns]\ncode = "ma"\nname = "ma"\npopulation = "dan"\n[scale]\npopulation = 0.1'
    report = load(city, path, layer="ward", mapping=file(tmp_path, text))
    assert (report.stored, report.reasons) == (1, {"not_a_number": 1})
    assert stored(city, "SELECT population FROM city.ward") == [(1,)]


def test_no_such_mapping_file(city: City, write: Write, tmp_path: Path):
    with pytest.raises(NoSuchFileError, match=r"nothing\.toml"):
        load(city, write("p.gpkg", [square(0)]), layer="parcel", mapping=tmp_path / "nothing.toml")


def test_values_scales_defaults_and_filters_do_what_they_say(city: City, write: Write, tmp_path: Path):
    text = """
        source = "Sở Xây dựng"
        source_date = 2026-01-02
        quality = "surveyed"
        lenient = ["population"]
        [columns]
        code = "ma"
        name = ["ten_moi", "ten_cu"]
        unit_type = "loai"
        area_legal_ha = "km2"
        population = "dan"
        [values.unit_type]
        "Phường *" = "ward"
        "*" = "commune"
        [scale]
        area_legal_ha = 100
        [defaults]
        population_year = 2025
        [only]
        co = ["1"]
    """
    path = write(
        "w.gpkg",
        [square(n) for n in range(4)],
        ma=["1", "2", "3", "4"],
        ten_moi=["Mới", None, None, "x"],
        ten_cu=["Cũ", "Cũ 2", "Cũ 3", "x"],
        loai=["Phường Hải Châu", "xã", "Thị trấn", "x"],
        km2=[1.5, 2.0, None, 1.0],
        dan=["12000", "không rõ", "7", "1"],
        co=["1", "1", "1", "0"],
    )
    report = load(city, path, layer="ward", mapping=file(tmp_path, text))
    assert (report.read, report.left_out, report.stored) == (3, 1, 3)
    assert report.changes == {"population: value that cannot be read became unknown": 1}
    rows = stored(
        city,
        "SELECT name, unit_type, area_legal_ha, population, population_year, source, quality, source_date::text"
        " FROM city.ward ORDER BY code",
    )
    kernel = ("Sở Xây dựng", "surveyed", "2026-01-02")
    assert rows == [
        ("Mới", "ward", 150.0, 12000, 2025, *kernel),
        ("Cũ 2", "commune", 200.0, None, 2025, *kernel),
        ("Cũ 3", "commune", None, 7, 2025, *kernel),
    ]


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_mapping_fits_the_layers_it_names(path: Path):
    if path.stem == "synonyms":
        known = {column.name for layer in LAYERS.values() for column in layer.columns} | {"source"}
        assert set(tomllib.loads(path.read_text(encoding="utf-8"))["columns"]) <= known
        return
    tables = given_tables(Path(path.stem))
    named = [tables["layer"]] if "layer" in tables else [name for name in tables if name in LAYERS]
    assert named
    for name in named:
        assert mapping(tables, LAYERS[name], path.name).columns
