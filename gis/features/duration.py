"""Durations as ISO 8601 writes them: P2D, P1Y6M, PT12H."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime, timedelta

_YEAR = 12
_WRITTEN = re.compile(
    r"P(?=[\dT])(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Months of the calendar, and what has the same length wherever it begins."""

    months: int
    rest: timedelta

    @classmethod
    def read(cls, text: str) -> Duration | None:
        """Read a duration of whole numbers; None where the text is none."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            return None
        years, months, weeks, days, hours, minutes, seconds = (int(number or 0) for number in written.groups())
        rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return cls(_YEAR * years + months, rest)

    def after(self, start: datetime) -> datetime:
        """Return the instant so long after another. OverflowError or ValueError where no calendar has it."""
        return _moved(start, self.months) + self.rest

    def before(self, end: datetime) -> datetime:
        """Return the instant so long before another. OverflowError or ValueError where no calendar has it."""
        return _moved(end, -self.months) - self.rest


def _moved(instant: datetime, months: int) -> datetime:
    """Move by months; the last day of a month stands for the days it lacks, as in PostgreSQL."""
    year, month = divmod(_YEAR * instant.year + instant.month - 1 + months, _YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError
    return instant.replace(year=year, month=month + 1, day=min(instant.day, monthrange(year, month + 1)[1]))
