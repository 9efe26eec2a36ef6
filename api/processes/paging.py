"""Parameters of lists: numbers, names and times as they stand in an address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from fastapi import Request

from api.errors import ParameterError

_DIGITS = re.compile(r"[0-9]{1,18}")


def whole_number(request: Request, name: str, *, least: int, most: int, default: int) -> int:
    """Return a parameter that is a whole number; one that is too large means the largest.

    Raises
    ------
    ParameterError
        When it is no whole number, or too small.
    """
    written = request.query_params.get(name)
    if written is None:
        return default
    if not _DIGITS.fullmatch(written) or int(written) < least:
        raise ParameterError(name, written, f"a whole number from {least} to {most}")
    return min(int(written), most)


def seconds(request: Request, name: str) -> int | None:
    """Return a parameter that is a duration in seconds; None where it is not given."""
    written = request.query_params.get(name)
    if written is None:
        return None
    if not _DIGITS.fullmatch(written):
        raise ParameterError(name, written, "a whole number of seconds")
    return int(written)


def chosen(request: Request, name: str, known: Sequence[str]) -> list[str] | None:
    """Return a parameter that names some of a closed list, with commas between; None where it is not given.

    Raises
    ------
    ParameterError
        When it names something else.
    """
    written = request.query_params.get(name)
    if written is None:
        return None
    named = written.split(",")
    if not set(named) <= set(known):
        raise ParameterError(name, written, f"some of {', '.join(known)}, with commas between")
    return named


def interval(request: Request, name: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return a parameter that is an instant or an interval of RFC 3339, `..` or nothing for an open end.

    Raises
    ------
    ParameterError
        When it is neither.
    """
    written = request.query_params.get(name)
    if written is None:
        return None, None
    first, slash, last = written.partition("/")
    try:
        begin, end = _instant(first), _instant(last if slash else first)
    except ValueError:
        begin = end = None
    if (begin is None and end is None) or (begin is not None and end is not None and begin > end):
        raise ParameterError(name, written, "an instant, 2026-11-27T00:00:00Z, or two of them with / between, or ..")
    return begin, end


def _instant(written: str) -> dt.datetime | None:
    if written in ("", ".."):
        return None
    read = dt.datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)
