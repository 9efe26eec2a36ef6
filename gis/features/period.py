"""Features by the days they hold: `datetime` as OGC API writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg import sql

from gis.errors import QuyhoachError
from gis.filters.condition import Binder, Condition
from gis.filters.days import read_day, read_instant

_OPEN = ("", "..")


class PeriodError(QuyhoachError):
    """Text that is neither an instant nor an interval."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"datetime={given[:80]!r} is refused: {reason}. It is a day 2030-12-31, an instant 2030-12-31T00:00:00Z, "
            "or an interval 2025-01-01/2030-12-31 of which one end may be open, written '..'."
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The days from first to last, both included; None where it is open."""

    first: date | None
    last: date | None

    @classmethod
    def read(cls, text: str) -> Period:
        """Read an instant or an interval; an instant means its day in UTC. PeriodError where it is neither."""
        ends = text.split("/")
        if len(ends) == 1:
            day = _day(text, text)
            return cls(day, day)
        if len(ends) > 2:  # noqa: PLR2004 — an interval has two ends
            raise PeriodError(text, "it has more than two ends")
        first, last = (None if end in _OPEN else _day(end, text) for end in ends)
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


def _day(end: str, whole: str) -> date:
    day = read_day(end)
    if day is not None:
        return day
    instant = read_instant(end)
    if instant is None:
        raise PeriodError(whole, f"{end[:40]!r} is no day and no instant")
    return instant.date()
