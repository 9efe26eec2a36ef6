"""Days, instants, intervals and durations in `datetime`."""

from __future__ import annotations

from datetime import date

import pytest

from gis.features.period import Period, PeriodError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2030-12-31", date(2030, 12, 31), date(2030, 12, 31)),
        ("2030-12-31T20:00:00-05:00", date(2031, 1, 1), date(2031, 1, 1)),
        ("2030-12-31T00:00:00+07:00", date(2030, 12, 31), date(2030, 12, 31)),
        ("2030-12-31T23:59:59+07:00", date(2030, 12, 31), date(2030, 12, 31)),
        ("2030-12-31T16:59:59Z/2030-12-31T17:00:00Z", date(2030, 12, 31), date(2031, 1, 1)),
        ("9999-12-31T20:00:00Z", date(9999, 12, 31), date(9999, 12, 31)),
        ("2025-01-01/2030-12-31", date(2025, 1, 1), date(2030, 12, 31)),
        ("2025-01-01/..", date(2025, 1, 1), None),
        ("/2030-12-31", None, date(2030, 12, 31)),
        ("2018-02-12/P2D", date(2018, 2, 12), date(2018, 2, 14)),
        ("2018-02-12T00:00:00Z/P1M6D", date(2018, 2, 12), date(2018, 3, 18)),
        ("P1Y/2025-02-28", date(2024, 2, 28), date(2025, 2, 28)),
        ("2024-01-31/P1M", date(2024, 1, 31), date(2024, 2, 29)),
        ("2024-12-15/P1M", date(2024, 12, 15), date(2025, 1, 15)),
        ("P1M/2024-01-15", date(2023, 12, 15), date(2024, 1, 15)),
        ("2024-01-01/P2W", date(2024, 1, 1), date(2024, 1, 15)),
        ("2024-01-01T11:00:00Z/PT12H", date(2024, 1, 1), date(2024, 1, 2)),
        ("2024-01-01/PT12H", date(2024, 1, 1), date(2024, 1, 1)),
        ("2024-01-01/P0D", date(2024, 1, 1), date(2024, 1, 1)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date | None, last: date | None):
    assert Period.read(text) == Period(first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", "is no day and no instant"),
        ("2030-02-30", "is no day and no instant"),
        ("P2D", "is no day and no instant"),
        ("2024-01-01/P", "is no day and no instant"),
        ("2024-01-01/P1DT", "is no day and no instant"),
        ("2024-01-01/P1.5D", "is no day and no instant"),
        ("2024-01-01/-P1D", "is no day and no instant"),
        ("2024-01-01/P٣D", "is no day and no instant"),
        ("P1D/P1D", "counted from a day or an instant"),
        ("../P2D", "counted from a day or an instant"),
        ("P2D/", "counted from a day or an instant"),
        ("2024-01-01/P9999Y", "outside the calendar"),
        ("P99999D/0001-02-01", "outside the calendar"),
        ("P9999Y/2024-01-01", "outside the calendar"),
        ("../..", "both ends are open"),
        ("2030-01-01/2020-01-01", "it ends before it begins"),
        ("a/b/c", "more than two ends"),
    ],
)
def test_what_is_no_period_is_refused_with_its_reason(text: str, reason: str):
    with pytest.raises(PeriodError, match=reason):
        Period.read(text)
