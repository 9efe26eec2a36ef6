"""Days and instants as ISO 8601 writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_MICROSECONDS = 7
AHEAD = timedelta(hours=7)
"""How far the clocks of Đà Nẵng are before UTC, all year; the registers of the city count their days by them."""


def read_day(text: str) -> date | None:
    """Return the day `2030-12-31`; None where the text is no day of the calendar."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_instant(text: str) -> datetime | None:
    """Return the instant `2030-12-31T23:00:00Z` in UTC, without its zone; None where the text is no instant."""
    parts = _INSTANT.fullmatch(text)
    if parts is None:
        return None
    day, clock, fraction, zone = parts.groups()
    zone = "+00:00" if zone in "Zz" else zone
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:_MICROSECONDS]}{zone}")
        return instant.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def city_time(instant: datetime) -> datetime:
    """Return an instant in UTC as the clocks of Đà Nẵng show it; in the last hours of the calendar, as it is."""
    try:
        return instant + AHEAD
    except OverflowError:
        return instant
