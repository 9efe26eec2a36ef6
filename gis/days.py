"""Days as a question is asked of them: those of the calendar of Đà Nẵng."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from gis.errors import QuyhoachError

_CITY = ZoneInfo("Asia/Ho_Chi_Minh")
_SHOWN = 40
_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class DayError(QuyhoachError):
    """What is given as a day and is none."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given[:_SHOWN]!r} is no day; write it as {_meant(given) or '2026-12-31'}.")


def _meant(given: str) -> str | None:
    """Return the day that is meant by 27/11/2026, as it is written in Vietnam; None where it is none."""
    written = _WRITTEN.fullmatch(given.strip())
    if written is None:
        return None
    try:
        return dt.date(*(int(written[place]) for place in (3, 2, 1))).isoformat()
    except ValueError:
        return None


def day(said: str) -> dt.date:
    """Return the day that is meant, today in the city where nothing is said; DayError where it is none."""
    if not said.strip():
        return dt.datetime.now(_CITY).date()
    try:
        return dt.date.fromisoformat(said.strip())
    except ValueError:
        raise DayError(said) from None
