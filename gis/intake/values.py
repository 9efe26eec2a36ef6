"""Single values as people write them: numbers, dates, yes and no."""

from __future__ import annotations

import datetime as dt
import math
import re

_NUMBERS = {
    mark: re.compile(
        rf"^([+-]?(?:\d+|\d{{1,3}}(?:[{thousands} \u00a0]\d{{3}})+)(?:[{mark}]\d+)?(?:e[+-]?\d+)?)\s*(\D*)$",
        re.IGNORECASE,
    )
    for mark, thousands in ((".", ","), (",", "."))
}
"""A number by its decimal mark: the other mark may only part thousands, so that 1,5 is never read as fifteen."""
_HOURS_MINUTES = re.compile(r"^(\d{1,3}):([0-5]\d)$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_YES = frozenset({"yes", "y", "true", "t", "1", "có", "co", "x"})
_NO = frozenset({"no", "n", "false", "f", "0", "không", "khong"})
_LONGEST = 64
_BEYOND = 2**63


def number_of(value: object, decimal: str, unit: str | None = None) -> float | None:
    """Return a number, written with this decimal mark and perhaps followed by this unit; None where it is none.

    Minutes may be written as hours and minutes, 1:30.
    """
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value).strip()
    if unit == "min" and (clock := _HOURS_MINUTES.match(text)):
        return 60.0 * int(clock[1]) + int(clock[2])
    match = _NUMBERS[decimal].match(text) if len(text) <= _LONGEST else None
    if match is None or match[2].strip() not in {"", unit}:
        return None
    digits = re.sub(r"[ \u00a0]", "", match[1]).replace("." if decimal == "," else ",", "")
    number = float(digits.replace(decimal, "."))
    return number if math.isfinite(number) else None


def whole_number_of(value: object, decimal: str, unit: str | None = None) -> int | None:
    """Return a whole number; None where it is none, or has a fraction, or is larger than a database holds."""
    number = number_of(value, decimal, unit)
    if number is None or not math.isfinite(number) or number != math.floor(number) or abs(number) >= _BEYOND:
        return None
    return int(number)


def yes_no_of(value: object) -> bool | None:
    """Return yes or no, in either language; None where it is neither."""
    word = str(value).strip().casefold()
    if word in {"1.0", "0.0"}:
        return word == "1.0"
    return True if word in _YES else False if word in _NO else None


def date_of(value: object) -> dt.date | None:
    """Return a date, written year first (ISO) or day first; None where it is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value).strip()
    try:
        if match := _DAY_FIRST.match(text):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.datetime.fromisoformat(text.replace("/", "-")).date()
    except ValueError:
        return None
