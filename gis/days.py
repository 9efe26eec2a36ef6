"""Days as a question is asked of them: those of the calendar of Đà Nẵng."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from gis.errors import QuyhoachError

_CITY = ZoneInfo("Asia/Ho_Chi_Minh")
_SHOWN = 40


class DayError(QuyhoachError):
    """What is given as a day and is none."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given[:_SHOWN]!r} is no day; write it as 2026-12-31.")


def day(said: str) -> dt.date:
    """Return the day that is meant, today in the city where nothing is said; DayError where it is none."""
    if not said.strip():
        return dt.datetime.now(_CITY).date()
    try:
        return dt.date.fromisoformat(said.strip())
    except ValueError:
        raise DayError(said) from None
