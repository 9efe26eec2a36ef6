"""Pages of features: each begins where the one before it ended."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from itertools import pairwise

import psycopg
import pytest
from psycopg import sql

from gis.db import City, open_city
from gis.features.bookmark import BookmarkError
from gis.features.order import read_order
from gis.features.page import Page, page
from gis.features.question import Question
from gis.filters.condition import Condition
from layers import LAYERS
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]
AREAS = [300, None, 100, 100, None, 200, 100]


def settle(city: City) -> City:
    """Seven parcels; three have the same area, two have none."""
    for place, area in enumerate(AREAS):
        parcel = square(550_000 + 100 * place, 1_778_000, 100)
        put(city.connection, "parcel", parcel, area_legal_m2=area, parcel_number=str(place), stage="existing")
    return city


@pytest.fixture
def parcels(city: City) -> City:
    return settle(city)


@pytest.fixture(scope="module")
def untouched(server_url: str, template: str) -> Iterator[City]:
    """The same parcels, for tests that only read."""
    with database(server_url, template) as url, open_city(url) as city:
        yield settle(city)


def question(order: str | None = None, condition: Condition | None = None) -> Question:
    columns = (PARCEL.column("parcel_number"), PARCEL.column("area_legal_m2"))
    asked = Question(PARCEL, columns, order=read_order(PARCEL, order))
    return asked if condition is None else Question(PARCEL, columns, condition, asked.order)


def numbers(found: Page) -> str:
    return "".join(json.loads(text)["properties"]["parcel_number"] for text in found.features)


def traversal(city: City, asked: Question, limit: int) -> list[Page]:
    pages = [page(city, asked, limit=limit)]
    while pages[-1].following is not None:
        pages.append(page(city, asked, limit=limit, bookmark=pages[-1].following))
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, "0123456"),
        ("-uid", "6543210"),
        ("area_legal_m2", "2365014"),
        ("-area_legal_m2", "0523614"),
        ("area_legal_m2,-uid", "6325041"),
        ("-area_legal_m2,-parcel_number", "0563241"),
    ],
)
def test_a_traversal_ends_with_every_feature_seen_once_in_order(untouched: City, order: str, expected: str, limit: int):
    pages = traversal(untouched, question(order), limit)
    assert "".join(map(numbers, pages)) == expected
    assert len(pages) == -(-7 // limit)
    assert all(found.one_snapshot for found in pages)


def test_a_number_of_features_is_found_once_and_carried_on(untouched: City):
    pages = traversal(untouched, question(), 3)
    assert [found.matched.exact for found in pages] == [7, 7, 7]
    assert page(untouched, question(), limit=3, count=False).matched.exact is None


def test_a_change_of_the_layer_between_pages_is_told(parcels: City):
    first = page(parcels, question(), limit=3)
    put(parcels.connection, "ward", square(549_000, 1_778_000, 100), code="1", name="Hải Châu", unit_type="ward")
    assert page(parcels, question(), limit=3, bookmark=first.following).one_snapshot
    parcels.connection.execute("UPDATE city.parcel SET frontage_m = 4 WHERE parcel_number = '6'")
    assert not page(parcels, question(), limit=3, bookmark=first.following).one_snapshot


def test_a_change_that_was_not_committed_when_the_traversal_began_is_told(parcels: City, database_url: str):
    with psycopg.connect(database_url) as other:
        other.execute("UPDATE city.parcel SET frontage_m = 4 WHERE parcel_number = '6'")
        first = page(parcels, question(), limit=3)
        assert page(parcels, question(), limit=3, bookmark=first.following).one_snapshot
        other.commit()
        assert not page(parcels, question(), limit=3, bookmark=first.following).one_snapshot


def test_a_forged_bookmark_is_refused(untouched: City):
    mark = page(untouched, question(), limit=3).following
    assert mark
    sealed = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
    forged = base64.urlsafe_b64encode(sealed[:16] + sealed[16:].replace(b"7", b"8")).decode().rstrip("=")
    assert forged != mark
    for text in (forged, "", "x", mark[:-4], "é", "A" * 20_000):
        with pytest.raises(BookmarkError):
            page(untouched, question(), limit=3, bookmark=text)


def test_a_bookmark_belongs_to_its_question(untouched: City):
    mark = page(untouched, question(), limit=3).following
    with pytest.raises(BookmarkError, match="belongs to another question"):
        page(untouched, question("-area_legal_m2"), limit=3, bookmark=mark)
    chosen = Condition(sql.SQL("area_legal_m2 > {}").format(sql.Placeholder("least")), {"least": 1})
    with pytest.raises(BookmarkError, match="belongs to another question"):
        page(untouched, question(None, chosen), limit=3, bookmark=mark)


def test_another_limit_goes_on_from_the_same_bookmark(untouched: City):
    first = page(untouched, question(), limit=2)
    rest = page(untouched, question(), limit=100, bookmark=first.following)
    assert numbers(first) + numbers(rest) == "0123456"
    assert all(one < two for one, two in pairwise(numbers(rest)))


def test_a_page_at_depth_begins_in_the_index_of_its_key(city: City):
    city.connection.execute(
        "INSERT INTO city.parcel (stage, source, geom) "
        "SELECT 'existing', 'sample', ST_Multi(ST_MakeEnvelope(550000 + n, 1778000, 550001 + n, 1778001, 5899)) "
        "FROM generate_series(1, 5000) AS n"
    )
    city.connection.execute("ANALYZE city.parcel")
    row = city.connection.execute("SELECT min(uid) + 4000 FROM parcel").fetchone()
    assert row
    query = question().following([str(row[0])]).first(101)
    lines = city.connection.execute(sql.SQL("EXPLAIN {}").format(query.statement), query.values)
    plan = "\n".join(line for (line,) in lines)
    assert "Index Scan using parcel_pkey" in plan
    assert f"Index Cond: (uid > '{row[0]}'::bigint)" in plan
    assert "Sort" not in plan
