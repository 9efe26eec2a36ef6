"""A table of text is refused where rows of it would be lost, and read where it is merely careless."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.db import City
from gis.intake import Mapping, Report, load
from gis.intake.errors import DamagedFileError
from gis.intake.table import BEYOND_THE_HEAD, LIKE_FURTHER_ROWS
from tests.gis.intake.conftest import square, stored

GIVEN = Mapping(
    columns={"parcel_number": ("so_thua",)}, constants={"source": "test", "stage": "existing"}, crs="EPSG:5899"
)


def row(number: int, name: str = "n") -> str:
    return f'{number},{name},"{square(number).wkt}"\n'


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "parcels.csv"
    path.write_text(f"so_thua,ten,wkt\n{text}", encoding="utf-8", newline="")
    return path


def read(city: City, path: Path) -> Report:
    return load(city, path, layer="parcel", mapping=GIVEN)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (row(1) + row(2)[:30], "mark in row 2 is not closed"),
        (row(1) + row(2) + row(3)[:-2] + "\n", "mark in row 3 is not closed"),
        (row(1) + row(2)[:-2] + "\n" + row(3) + row(4), "mark in row 2 is not closed"),
        (row(1)[:-2] + "\n" + row(2)[:-2] + "\n" + row(3), "mark in row 1 is not closed"),
        (row(1) + row(2) + "3,n", "last row is cut off: it has 2 of 3 fields"),
        (row(1) + row(2) + "3\n", "last row is cut off: it has 1 of 3 fields"),
        (row(1) + row(2, '"a\nb"') + "3", "last row is cut off: it has 1 of 3 fields"),
    ],
)
def test_a_table_that_would_lose_rows_is_damaged(city: City, tmp_path: Path, text: str, says: str):
    with pytest.raises(DamagedFileError, match=says):
        read(city, table(tmp_path, text))
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]


@pytest.mark.parametrize(
    "text",
    [
        row(1) + row(2),
        row(1) + row(2)[:-1],
        row(1) + "\n\n" + row(2) + "\n",
        row(1, 'ống 5"') + row(2),
        row(1, "ễ") + row(2, "ễ")[:-1],
        row(1, '"a\nb, c"') + row(2),
        (row(1) + row(2)).replace("\n", "\r\n"),
        (row(1) + row(2)).replace("MULTI", "").replace("((", "((\n").replace(", ", ",\n"),
    ],
)
def test_a_table_that_is_merely_careless_is_read(city: City, tmp_path: Path, text: str):
    report = read(city, table(tmp_path, text))
    assert (report.read, report.stored, report.changes) == (2, 2, {})


def test_short_rows_are_a_habit_where_there_are_several(city: City, tmp_path: Path):
    path = tmp_path / "parks.csv"
    path.write_text("lon,lat,ten,note\n108.22,16.06,a,b\n108.23,16.06,a\n108.24,16.06\n")
    given = Mapping(columns={}, constants={**GIVEN.constants, "facility_type": "park"}, crs="EPSG:4326")
    assert load(city, path, layer="facility", mapping=given).stored == 3


def test_a_field_that_seems_to_hold_further_rows_is_told(city: City, tmp_path: Path):
    report = read(city, table(tmp_path, row(1) + row(2, '"x,y\n3,z"') + row(4)))
    assert (report.read, report.changes) == (3, {LIKE_FURTHER_ROWS: 1})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (row(1).rstrip() + ",lost\n" + row(2), 1),
        (row(1).rstrip() + ",,lost\n" + row(2).rstrip() + ",lost\n", 2),
        (row(1, '"a\nb"').rstrip() + ",lost\n" + row(2), 1),
        (row(1).rstrip() + ",\n" + row(2).rstrip() + ", ,\n", 0),
    ],
)
def test_fields_without_a_name_in_the_head_are_told(city: City, tmp_path: Path, text: str, rows: int):
    report = read(city, table(tmp_path, text))
    assert (report.stored, report.changes) == (2, {BEYOND_THE_HEAD: rows} if rows else {})
