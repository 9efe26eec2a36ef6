"""Features by the days they hold: `datetime` as OGC API writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from psycopg import sql

from gis.errors import QuyhoachError
from gis.features.duration import Duration
from gis.filters.condition import Binder, Condition
from gis.filters.days import city_time, read_day, read_instant

_OPEN = ("", "..")


class PeriodError(QuyhoachError):
    """Text that is neither an instant nor an interval."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"datetime={given[:80]!r} is refused: {reason}. It is a day 2030-12-31, an instant 2030-12-31T00:00:00Z, "
            "or an interval 2025-01-01/2030-12-31 of which one end may be open, written '..', or a duration, P5Y."
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The days from first to last, both included; None where it is open."""

    first: date | None
    last: date | None

    @classmethod
    def read(cls, text: str) -> Period:
        """Read an instant or an interval; an instant means its day in Đà Nẵng. PeriodError where it is neither."""
        ends = text.split("/")
        if len(ends) == 1:
            day = _instant(text, text).date()
            return cls(day, day)
        if len(ends) > 2:  # noqa: PLR2004 — an interval has two ends
            raise PeriodError(text, "it has more than two ends")
        first, last = _ends(ends[0], ends[1], text)
        if first is None and last is None:
            raise PeriodError(text, "both ends are open; leave datetime out where any day will do")
        if first is not None and last is not None and last < first:
            raise PeriodError(text, "it ends before it begins")
        return cls(first, last)

    @property
    def condition(self) -> Condition:
        """What holds on one of the days: [valid_from, valid_to) meets them; an end that is not known is open."""
        binder = Binder("datetime")
        parts: list[sql.Composable] = []
        if self.last is not None:
            day = binder.bind(self.last, "date")
            parts.append(sql.SQL("(valid_from IS NULL OR valid_from <= {})").format(day))
        if self.first is not None:
            day = binder.bind(self.first, "date")
            parts.append(sql.SQL("(valid_to IS NULL OR valid_to > {})").format(day))
        return binder.condition(sql.SQL(" AND ").join(parts))


def _ends(first: str, last: str, whole: str) -> tuple[date | None, date | None]:
    """Read both ends; a duration is counted from the other one."""
    leading, lasting = Duration.read(first), Duration.read(last)
    length = lasting or leading
    if length is None:
        begin, end = (None if text in _OPEN else _instant(text, whole).date() for text in (first, last))
        return begin, end
    told = last if lasting is None else first
    if told in _OPEN or (leading is not None and lasting is not None):
        raise PeriodError(whole, "a duration is counted from a day or an instant at the other end")
    instant = _instant(told, whole)
    try:
        other = length.before(instant) if lasting is None else length.after(instant)
    except (OverflowError, ValueError) as beyond:
        raise PeriodError(whole, "its other end lies outside the calendar, years 1 to 9999") from beyond
    return (other.date(), instant.date()) if lasting is None else (instant.date(), other.date())


def _instant(end: str, whole: str) -> datetime:
    """Read an end by the clocks of Đà Nẵng; a day begins at midnight."""
    day = read_day(end)
    if day is not None:
        return datetime.combine(day, time.min)
    instant = read_instant(end)
    if instant is None:
        raise PeriodError(whole, f"{end[:40]!r} is no day and no instant")
    return city_time(instant)
