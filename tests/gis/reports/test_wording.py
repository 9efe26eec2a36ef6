"""Numbers, units and days in Vietnamese and in English."""

from __future__ import annotations

from datetime import date

import pytest

from gis.wording import (
    LanguageError,
    check_language,
    day_in,
    figure_in,
    measure_in,
    number_in,
    reference_in,
    share_in,
    text_in,
    unit_in,
    unit_under,
)


def test_digits_are_grouped_as_the_language_groups_them():
    assert number_in(2159.6, "vi") == "2.159,60"
    assert number_in(2159.6, "en") == "2,159.60"
    assert number_in(-1_234_567, "vi", decimals=0) == "−1.234.567"


def test_a_figure_has_the_decimals_that_its_size_deserves():
    assert figure_in(2159.6, "vi") == "2.159,6"
    assert figure_in(2159.64, "en") == "2,159.6"
    assert figure_in(0.4, "vi") == "0,4"
    assert figure_in(1_283.0, "vi") == "1.283"
    assert figure_in(123_456.7, "en") == "123,457"
    assert figure_in(0.00034, "vi") == "0,00034"
    assert figure_in(2030, "vi", unit="year") == "2030"


def test_what_is_not_zero_is_never_written_as_zero():
    assert number_in(0.001, "vi") == "< 0,01"
    assert number_in(-0.001, "en") == "> −0.01"
    assert share_in(0.0001, "en") == "< 0.1\u00a0%"
    assert number_in(0.0, "vi") == "0,00"
    assert number_in(-0.0, "en") == "0.00"


def test_a_share_is_written_as_per_cent():
    assert share_in(0.125, "vi") == "12,5\u00a0%"
    assert share_in(0.125, "en") == "12.5\u00a0%"
    assert measure_in(0.125, "1", "vi", is_share=True) == "12,5\u00a0%"
    assert measure_in(2.5, "1", "vi") == "2,5"


def test_unknown_is_a_word_and_never_zero():
    assert measure_in(None, "ha", "vi") == "chưa rõ"
    assert measure_in(None, "ha", "en") == "not known"
    assert measure_in(0.0, "ha", "en") == "0\u00a0ha"


def test_units_have_the_form_of_the_field():
    assert unit_in("people", "vi") == "người"
    assert unit_in("m²/person", "vi") == "m²/người"
    assert unit_in("l/person/day", "vi") == "l/người/ngày"
    assert unit_in("km/h", "vi") == "km/h"
    assert unit_in("people", "en") == "people"
    assert unit_in("1", "vi") == ""


def test_a_day_is_written_as_the_language_writes_it():
    assert day_in(date(2026, 11, 27), "vi") == "27/11/2026"
    assert day_in(date(2026, 1, 7), "en") == "7 January 2026"
    assert text_in("2026-11-27", "vi") == "27/11/2026"
    assert text_in("2026-13-27", "vi") == "2026-13-27"
    assert text_in("QD 2026-11-27", "vi") == "QD 2026-11-27"


def test_another_language_is_refused():
    with pytest.raises(LanguageError, match=r"'fr' is no language of a report; it is vi .* or en"):
        check_language("fr")


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [(1, "storeys", "1 storey"), (2, "storeys", "2 storeys"), (1, "people", "1 person"), (1, "m²", "1 m²")],
)
def test_of_one_there_is_no_plural(number: float, unit: str, said: str):
    assert measure_in(number, unit, "en").replace("\u00a0", " ") == said


def test_a_reference_is_read_in_the_language_of_the_page():
    for reference, said in (
        ("QCVN 01:2021/BXD, Tables 2.9 and 2.10", "QCVN 01:2021/BXD, Bảng 2.9 và 2.10"),
        ("QCVN 01:2021/BXD, 2.4, Table 2.5", "QCVN 01:2021/BXD, 2.4, Bảng 2.5"),
        ("QCVN 01:2026/BXD, not noted", "QCVN 01:2026/BXD, chưa ghi điều khoản"),
        ("MẪU/2, Table", "MẪU/2, Bảng"),
    ):
        assert reference_in(reference, "vi") == said
        assert reference_in(reference, "en") == reference


def test_a_unit_that_the_title_names_is_not_said_again():
    assert unit_under("Số người", "people", "vi") == ""
    assert unit_under("Dwellings", "dwellings", "en") == ""
    assert unit_under("Dân số", "people", "vi") == "người"
    assert unit_under("Chiều cao m", "m", "vi") == "m"
