"""Boxes: in each coordinate system, across the antimeridian, with heights, by the spatial index."""

from __future__ import annotations

import pytest
from psycopg import sql

from gis.db import City
from gis.features.reach import BoundsError, reached
from gis.features.system import CRS84, LATLON, STORED, WEB, System
from tests.gis.hand import put, square


@pytest.fixture
def wards(city: City) -> City:
    """W and E share a border at 550 000 m east, 108.2192 degrees; each is a kilometre wide."""
    put(city.connection, "ward", square(549_000, 1_778_000, 1_000), code="1", name="W", unit_type="ward")
    put(city.connection, "ward", square(550_000, 1_778_000, 1_000), code="2", name="E", unit_type="ward")
    return city


def met(city: City, text: str, system: System = CRS84) -> str:
    wanted = reached(text, system)
    query = sql.SQL("SELECT name FROM ward WHERE {} ORDER BY uid").format(wanted.sql)
    return "".join(name for (name,) in city.connection.execute(query, wanted.values))


@pytest.mark.parametrize(
    ("text", "system", "names"),
    [
        ("108.210,16.076,108.215,16.078", CRS84, "W"),
        ("108.210,16.076,-5,108.215,16.078,50", CRS84, "W"),
        ("16.076,108.210,16.078,108.215", LATLON, "W"),
        ("549100,1778100,549200,1778200", STORED, "W"),
        ("549100,1778100,550200,1778200", STORED, "WE"),
        ("12046000,1813000,12048000,1815000", WEB, "WE"),
        ("-180,-90,180,90", CRS84, "WE"),
        ("100,10,101,11", CRS84, ""),
        ("108.225,16,-170,17", CRS84, "E"),
        ("170,16,108.215,17", CRS84, "W"),
        ("170,16,-170,17", CRS84, ""),
        ("16,170,17,108.215", LATLON, "W"),
    ],
)
def test_a_box_means_what_meets_it(wards: City, text: str, system: System, names: str):
    assert met(wards, text, system) == names


@pytest.mark.parametrize(
    ("text", "system", "reason"),
    [
        ("1,2,3", CRS84, "is not four numbers, or six"),
        ("1,2,3,nan", CRS84, "is not four numbers, or six"),
        ("1,2,3,1e999", CRS84, "a side is larger than can be held"),
        ("1_08,15.9,108.3,16.1", CRS84, "is not four numbers, or six"),
        ("１０８,15.9,108.3,16.1", CRS84, "is not four numbers, or six"),
        ("1,2,3,4,", CRS84, "is not four numbers, or six"),
        ("1,3,2,2", CRS84, "south 3 lies north of 2"),
        ("16.05,108.2,16.08,108.3", CRS84, "between -90 and 90"),
        ("3,1,2,2", STORED, "west 3 lies east of 2"),
        ("1,2,9,3,4,5", CRS84, "the lower height 9 lies above 5"),
        ("108,16,109,17", LATLON, "It is south,west,north,east in degrees of EPSG:4326"),
    ],
)
def test_numbers_that_are_no_box_are_refused(text: str, system: System, reason: str):
    with pytest.raises(BoundsError) as refused:
        reached(text, system)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("text", "system"), [("108.21,16.07,108.22,16.08", CRS84), ("549100,1778100,549200,1778200", STORED)]
)
def test_a_box_is_searched_in_the_spatial_index(wards: City, text: str, system: System):
    wanted = reached(text, system)
    wards.connection.execute("SET enable_seqscan = off")
    lines = wards.connection.execute(sql.SQL("EXPLAIN SELECT uid FROM ward WHERE {}").format(wanted.sql), wanted.values)
    plan = "\n".join(line for (line,) in lines)
    assert "ward_geom" in plan
    assert "Index Cond: (geom &&" in plan
