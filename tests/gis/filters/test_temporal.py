"""Days and intervals in CQL2: three parcels, of which A holds until before 1 January 2030 and B from then on."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from psycopg import sql

from gis.db import City
from gis.features.period import Period
from tests.gis.filters.conftest import meant


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("T_AFTER(valid_from, DATE('2025-01-01'))", "B"),
        ("T_BEFORE(valid_from, DATE('2025-01-01'))", "A"),
        ("T_AFTER(TIMESTAMP('2025-01-01T00:00:01Z'), TIMESTAMP('2025-01-01T00:00:00Z'))", "ABC"),
        ("T_DISJOINT(INTERVAL(valid_from, valid_to), INTERVAL('2031-01-01', '..'))", "A"),
        ("T_INTERSECTS(INTERVAL(valid_from, valid_to), DATE('2025-06-01'))", "AC"),
        ("T_EQUALS(valid_from, DATE('2030-01-01'))", "B"),
        ("T_EQUALS(valid_from, TIMESTAMP('2030-01-01T00:00:00+07:00'))", "B"),
        ("T_EQUALS(valid_to, DATE('2030-01-01'))", "A"),
        ("T_EQUALS(INTERVAL(valid_from, valid_to), INTERVAL('2020-01-01', '2029-12-31'))", "A"),
        ("T_EQUALS(INTERVAL(valid_from, valid_to), INTERVAL('2030-01-01', '..'))", "B"),
        ("T_CONTAINS(INTERVAL(valid_from, valid_to), INTERVAL('2021-01-01', '2022-01-01'))", "AC"),
        ("T_DURING(INTERVAL(valid_from, valid_to), INTERVAL('2010-01-01', '..'))", "A"),
        ("T_FINISHEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2029-01-01', '2029-12-31'))", "A"),
        ("T_FINISHES(INTERVAL(valid_from, valid_to), INTERVAL('2010-01-01', '2029-12-31'))", "A"),
        ("T_MEETS(INTERVAL(valid_from, valid_to), INTERVAL('2029-12-31', '..'))", "A"),
        ("T_METBY(INTERVAL(valid_from, valid_to), INTERVAL('2010-01-01', '2020-01-01'))", "A"),
        ("T_OVERLAPPEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2010-01-01', '2025-01-01'))", "A"),
        ("T_OVERLAPS(INTERVAL(valid_from, valid_to), INTERVAL('2025-01-01', '2035-01-01'))", "A"),
        ("T_STARTEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2020-01-01', '2021-01-01'))", "A"),
        ("T_STARTS(INTERVAL(valid_from, valid_to), INTERVAL('2020-01-01', '..'))", "A"),
    ],
)
def test_days_stand_in_each_temporal_relation_to_an_interval(parcels: City, text: str, numbers: str):
    assert meant(parcels, text) == numbers


DAYS = ("2019-12-31", "2020-01-01", "2025-06-01", "2029-12-31", "2030-01-01", "2030-01-02")


@pytest.mark.parametrize(("first", "last"), list(combinations_with_replacement((*DAYS, ".."), 2)))
def test_a_feature_meets_in_a_filter_the_days_on_which_datetime_finds_it(parcels: City, first: str, last: str):
    if first == "..":
        first, last = last, DAYS[3]
    if first == last:
        interval, text = f"DATE('{first}')", first
    else:
        interval, text = f"INTERVAL('{first}', '{last}')", f"{first}/{last}"
    wanted = Period.read(text).condition
    query = sql.SQL("SELECT string_agg(parcel_number, '' ORDER BY uid) FROM parcel WHERE {}").format(wanted.sql)
    (found,) = parcels.connection.execute(query, wanted.values).fetchone() or ("",)
    assert meant(parcels, f"T_INTERSECTS(INTERVAL(valid_from, valid_to), {interval})") == found
    assert meant(parcels, f"NOT T_DISJOINT({interval}, INTERVAL(valid_from, valid_to))") == found


def test_the_day_a_parcel_ceases_to_hold_belongs_to_the_one_that_follows(parcels: City):
    # A holds until before 1 January 2030, B from that day on; C says nothing and holds on any day.
    for day, numbers in (("2029-12-31", "AC"), ("2030-01-01", "BC")):
        assert meant(parcels, f"T_INTERSECTS(INTERVAL(valid_from, valid_to), DATE('{day}'))") == numbers
