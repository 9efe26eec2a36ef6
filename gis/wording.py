"""How words, numbers, units and days are written in Vietnamese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from gis.errors import QuyhoachError
from layers.model import Words

LANGUAGES = ("vi", "en")

NUMBER = "1"
"""The unit of what has none: ratios, and shares, which are kept as 0-1 and written as per cent."""
YEAR = "year"
"""The unit of a year of the calendar, which is no amount: its digits are not grouped."""
SHARE = Words("phần (0–1)", "share (0-1)")
"""The unit of a share, where the unit stands beside its value; people read both in per cent."""

_NBSP = "\u00a0"
UNKNOWN = Words("chưa rõ", "not known")
"""What is said where a value is not known: never zero, never nothing."""
_BOOLEANS = (Words("không", "no"), Words("có", "yes"))
_FROM_THOUSAND, _FROM_TEN_THOUSAND = 1_000, 10_000
_SMALLEST = 0.005
_NOTHING = 0.0001
"""What is smaller is said to be less than the smallest number that two decimals can write."""

_UNIT_WORDS: Mapping[str, str] = {
    "buildings": "công trình",
    "day": "ngày",
    "dwellings": "căn hộ",
    "hydrants": "trụ",
    "indicators": "chỉ tiêu",
    "lanes": "làn",
    "min": "phút",
    "nodes": "nút",
    "objects": "đối tượng",
    "or": "hoặc",
    "parcels": "thửa",
    "people": "người",
    "person": "người",
    "place": "chỗ",
    "places": "chỗ",
    "room": "phòng",
    "rules": "quy định",
    "schools": "trường",
    "segments": "đoạn",
    "services": "dịch vụ",
    "space": "chỗ đỗ",
    "spaces": "chỗ đỗ",
    "storeys": "tầng",
    "unit": "căn hộ",
    "valves": "van",
    "verdicts": "kết luận",
    "year": "năm",
    "years": "năm",
    "zones": "ô quy hoạch",
}
_DECIMALS: Mapping[str, int] = {"m": 1, "m²": 1, "m³": 0, "people": 0, "dwellings": 0}
"""Decimals that a unit deserves in a column of figures; others have two."""
_MOST_DECIMALS = 2
_SYMBOL = 2
"""Letters of units that are symbols."""
_ONE: Mapping[str, str] = {"people": "person", "min": "min"}
_UNIT_WORD = re.compile(r"[a-z]{2,}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_REFERENCE_WORDS = (
    (re.compile(r"\bTables?\b"), "Bảng"),
    (re.compile(r"(?<=\d) and (?=\d)"), " và "),
    (re.compile(r"\bnot noted\b"), "chưa ghi điều khoản"),
)
_SWAPPED = str.maketrans(",.", ".,")


class LanguageError(QuyhoachError):
    """A language that nothing is written in here."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given[:40]!r} is no language of a report; it is vi (Vietnamese) or en (English).")


def check_language(language: str) -> None:
    """Raise LanguageError where nothing is written in a language."""
    if language not in LANGUAGES:
        raise LanguageError(language)


def words_in(words: Words, language: str) -> str:
    """Return an expression in a language."""
    return words.vi if language == "vi" else words.en


def unknown_in(language: str) -> str:
    """Return what is written where a value is not known."""
    return words_in(UNKNOWN, language)


def number_in(number: float, language: str, *, decimals: int = 2) -> str:
    """Return a number with its digits grouped: 2.159,60 in Vietnamese, 2,159.60 in English.

    What is not zero is never written as zero, but as less than the smallest number that can be written.
    """
    least = 10.0**-decimals
    if 0 < abs(number) < least / 2:
        return f"{'> −' if number < 0 else '< '}{_grouped(least, language, decimals)}"
    return _grouped(number, language, decimals)


def share_in(share: float, language: str) -> str:
    """Return a share (0-1) as per cent."""
    return f"{number_in(100 * share, language, decimals=1)}{_NBSP}%"


def figure_in(number: float | None, language: str, *, unit: str | None = None, is_share: bool = False) -> str:
    """Return a figure that stands alone, without its unit, to the decimals that its size deserves; None is unknown."""
    if number is None:
        return unknown_in(language)
    if is_share:
        return f"{_trimmed(number_in(100 * number, language, decimals=1), language)}{_NBSP}%"
    if unit == YEAR:
        return f"{number:g}"
    if float(number).is_integer():
        return number_in(number, language, decimals=0)
    size = abs(number)
    if _NOTHING < size < _SMALLEST:
        return pointed(f"{number:.2g}", language)
    decimals = 0 if size >= _FROM_TEN_THOUSAND else 1 if size >= _FROM_THOUSAND else 2
    return _trimmed(number_in(number, language, decimals=decimals), language)


def measure_in(number: float | None, unit: str, language: str, *, is_share: bool = False) -> str:
    """Return a figure with its unit; None is unknown and has none."""
    written, named = figure_in(number, language, unit=unit, is_share=is_share), unit_of(number, unit, language)
    return written if number is None or not named else f"{written}{_NBSP}{named}"


def unit_in(unit: str | None, language: str) -> str:
    """Return a unit in the field's form; nothing for a ratio, a share and a year."""
    if unit is None or unit in (NUMBER, YEAR):
        return ""
    if language != "vi":
        return unit
    return _UNIT_WORD.sub(lambda match: _UNIT_WORDS.get(match[0], match[0]), unit)


def unit_under(title: str, unit: str | None, language: str) -> str:
    """Return the unit of a column as it stands in its head; nothing where the title names it already."""
    named = unit_in(unit, language)
    return "" if len(named) > _SYMBOL and named.casefold() in title.casefold() else named


def unit_of(number: float | None, unit: str, language: str) -> str:
    """Return a unit as it stands behind a number: of one there is no plural."""
    if number == 1 and language != "vi":
        return _ONE.get(unit, unit.removesuffix("s") if unit in _UNIT_WORDS else unit_in(unit, language))
    return unit_in(unit, language)


def decimals_of(unit: str | None) -> int:
    """Return the decimals that figures in a unit deserve where they stand below each other."""
    return _DECIMALS.get(unit or "", _MOST_DECIMALS)


def reference_in(reference: str, language: str) -> str:
    """Return where something stands, as a language writes it; references are kept with the words of English."""
    if language != "vi":
        return reference
    for english, vietnamese in _REFERENCE_WORDS:
        reference = english.sub(vietnamese, reference)
    return reference


def boolean_in(said: bool, language: str) -> str:
    """Return yes or no."""
    return words_in(_BOOLEANS[said], language)


def day_in(day: date, language: str) -> str:
    """Return a day: 27/11/2026 in Vietnamese, 27 November 2026 in English."""
    if language == "vi":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def text_in(text: str, language: str) -> str:
    """Return a text as it is, but for a day written as 2026-11-27."""
    if not _DAY.fullmatch(text):
        return text
    try:
        return day_in(date.fromisoformat(text), language)
    except ValueError:
        return text


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _grouped(number: float, language: str, decimals: int) -> str:
    written = pointed(f"{number:,.{decimals}f}", language)
    bare = written.lstrip("-")
    return bare if not bare.strip("0.,") else written.replace("-", "−")


def _trimmed(written: str, language: str) -> str:
    point = "," if language == "vi" else "."
    return written.rstrip("0").rstrip(point) if point in written else written


def pointed(written: str, language: str) -> str:
    """Return a number, written as 2,159.6, with comma and point as the language has them."""
    return written.translate(_SWAPPED) if language == "vi" else written
