"""A table as it is read: in sections, with what is not known said, and what cannot be left as a dash."""

from __future__ import annotations

from gis.findings import NOT_APPLICABLE, Heading, Table
from gis.reports.tabulated import Section, Written, written
from gis.wording import SHARE
from layers.model import Words

TITLE = Words("Bảng", "Table")
WARD, SERVICE, AREA = (
    Heading("ward", Words("Phường", "Ward")),
    Heading("service", Words("Dịch vụ", "Service")),
    Heading("area_m2", Words("Đất", "Land"), "m²"),
)


def read(rows: tuple[tuple[object, ...], ...], *headings: Heading, sums: int = 0) -> Written:
    return written(Table("t", TITLE, headings or (WARD, SERVICE, AREA), rows, sums), "vi")  # pyright: ignore[reportArgumentType]


def test_rows_that_begin_alike_are_read_under_what_they_have_in_common():
    rows = tuple((ward, service, 10.0) for ward in ("A", "B") for service in ("chợ", "trường", "công viên"))
    found = read(rows)
    assert [section.title for section in found.sections] == ["A", "B"]
    assert found.sections[1].rows == (("chợ", "10"), ("trường", "10"), ("công viên", "10"))
    assert [column.title for column in found.columns] == ["Dịch vụ", "Đất"]
    assert (found.number, len(found.first(4)), len(found.first(4)[1].rows)) == (6, 2, 1)


def test_a_table_without_repetition_or_with_what_comes_again_has_no_sections():
    for wards in ("ABCDEF", "AABBCC", "AAABBBAAA"):
        rows = tuple((ward, f"{place}", 1.0) for place, ward in enumerate(wards))
        assert read(rows).sections == (Section("", tuple((ward, f"{n}", "1") for n, ward in enumerate(wards))),)


def test_what_is_the_same_in_all_rows_is_said_once():
    rows = (("A", "QHC", "2030", 1.0), ("A", "QHC", "2045", 2.5))
    found = read(rows, WARD, SERVICE, Heading("horizon", Words("Mốc", "Horizon")), AREA)
    assert found.sections == (Section("A · QHC", (("2030", "1,0"), ("2045", "2,5"))),)


def test_what_is_not_known_is_told_from_what_does_not_apply():
    found = read((("A", "chợ", None), ("B", "chợ", NOT_APPLICABLE), ("C", None, 0.0)))
    assert [row[1:] for row in found.sections[0].rows] == [("chợ", "chưa rõ"), ("chợ", "–"), ("chưa rõ", "0")]
    assert found.has_dashes
    assert not read((("A", "chợ", None),)).has_dashes
    assert found.columns[2].is_figure


def test_a_row_of_sums_stands_under_no_section_and_is_empty_where_a_code_would_stand():
    rows = (("A", "chợ", 1.0), ("A", "trường", 2.0), (NOT_APPLICABLE, "Tổng", 3.0))
    found = read(rows, sums=1)
    assert (found.sections[0].title, found.sums) == ("A", (("Tổng", "3"),))
    bare = read((("A", "chợ", 1.0), ("B", "trường", 2.0), (NOT_APPLICABLE, "Tổng", 3.0)), sums=1)
    assert bare.sums == (("", "Tổng", "3"),)


def test_a_unit_that_stands_beside_its_value_says_how_it_is_written():
    unit, value = Heading("unit", Words("Đơn vị", "Unit")), Heading("value", TITLE, unit_column="unit")
    people, share, ratio = (Words("người", "people"), 1_234.0), (SHARE, 0.1256), (NOT_APPLICABLE, 0.1256)
    found = read((people, share, ratio), unit, value)
    assert found.sections[0].rows == (("người", "1.234"), ("%", "12,6"), ("–", "0,13"))


def test_people_are_whole_and_land_has_the_decimals_of_its_unit():
    people, land = Heading("people", TITLE, "people"), Heading("ha", TITLE, "ha")
    found = read((("A", 12.4, 1.234, 5.66), ("B", 0.2, 2.0, 7.0)), WARD, people, land, AREA)
    assert [row[1:] for row in found.sections[0].rows] == [("12", "1,23", "5,7"), ("< 1", "2,00", "7,0")]
