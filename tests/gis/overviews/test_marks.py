"""Marks are written with the change they stand for, and taken only by who has seen it."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from psycopg import sql

from gis.changes.ledger import Place
from gis.db import City
from gis.overviews.blocks import base_level, block_side, blocks_meeting, levels
from gis.overviews.drawn import MOST_AT_ONCE, MOST_MARKS, base_corners, drawn_from, is_gathered, out_of_step, patches
from gis.overviews.errors import TooWideError, UngatheredError
from gis.overviews.keeper import keep
from gis.overviews.marks import mark, mark_everything, stale, stale_at
from gis.overviews.refreshing import build, catch_up, refresh
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import put, square

PARCEL = LAYERS["parcel"]
BASE = base_level(PARCEL)
EAST_M, NORTH_M = 550_000, 1_776_000


def parcel(connection: psycopg.Connection, easting_m: float = EAST_M, side_m: float = 300, code: str = "ODT") -> int:
    return put(connection, "parcel", square(easting_m, NORTH_M, side_m), land_use_code=code, stage="existing")


def place_of(connection: psycopg.Connection, uid: int) -> Place:
    row = connection.execute(
        "SELECT ST_XMin(web_geom), ST_YMin(web_geom), ST_XMax(web_geom), ST_YMax(web_geom)"
        " FROM city.parcel WHERE uid = %s",
        [uid],
    ).fetchone()
    assert row
    return Place(*row)


def test_a_change_marks_the_blocks_it_meets_in_its_own_transaction(city: City, database_url: str):
    with psycopg.connect(database_url) as editor:
        uid = parcel(editor)
        assert stale(editor, PARCEL)
        assert not stale(city.connection, PARCEL)
        place = place_of(editor, uid)
        editor.commit()
    marked = stale(city.connection, PARCEL)
    assert not marked.everywhere
    assert marked.blocks
    assert all(block.place.meets(place) for block in marked.blocks)
    assert not stale(city.connection, LAYERS["zone"])


def test_a_change_that_is_rolled_back_marks_nothing(city: City):
    with city.connection.transaction(force_rollback=True):
        parcel(city.connection)
    assert not stale(city.connection, PARCEL)


def test_truncating_and_loading_mark_everything(city: City):
    parcel(city.connection)
    build(city.connection, PARCEL)
    city.connection.execute("TRUNCATE city.parcel")
    assert stale(city.connection, PARCEL).everywhere
    catch_up(city.connection, PARCEL)
    assert not stale(city.connection, PARCEL)
    assert city.connection.execute("SELECT count(*) FROM overview.patch").fetchone() == (0,)


def test_a_refresh_leaves_the_mark_of_a_change_it_did_not_see(city: City, database_url: str):
    """The earlier of two transactions commits last: its mark has the smaller number and is still there."""
    with psycopg.connect(database_url) as slow:
        parcel(slow, EAST_M, code="ODT")
        parcel(city.connection, EAST_M + 400, code="DGD")
        catch_up(city.connection, PARCEL)
        assert not stale(city.connection, PARCEL)
        slow.commit()
    assert stale(city.connection, PARCEL)
    catch_up(city.connection, PARCEL)
    codes = city.connection.execute("SELECT DISTINCT code FROM overview.patch WHERE level = %s ORDER BY code", [BASE])
    assert codes.fetchall() == [("DGD",), ("ODT",)]


def test_a_snapshot_without_marks_sees_an_overview_that_is_in_step_with_it(city: City, database_url: str):
    parcel(city.connection)
    catch_up(city.connection, PARCEL)
    with psycopg.connect(database_url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert not stale(reader, PARCEL)
        parcel(city.connection, EAST_M + 400, code="DGD")
        catch_up(city.connection, PARCEL)
        # Both the data and the overview are those of before the edit.
        assert not stale(reader, PARCEL)
        assert reader.execute("SELECT DISTINCT code FROM overview.patch").fetchall() == [("ODT",)]


def test_who_does_not_want_to_wait_is_told_that_another_refreshes(city: City, database_url: str):
    parcel(city.connection)
    blocks = stale(city.connection, PARCEL).blocks
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7230548, hashtext(%s))", [f"parcel/{BASE}"])
        assert refresh(city.connection, PARCEL, blocks, wait=False) is False
        assert stale(city.connection, PARCEL).blocks == blocks
        other.execute("SELECT pg_advisory_unlock(7230548, hashtext(%s))", [f"parcel/{BASE}"])
    assert refresh(city.connection, PARCEL, blocks, wait=False) is True
    assert {block.level for block in stale(city.connection, PARCEL).blocks} == {BASE - 1}


def test_a_tile_asks_only_for_the_blocks_it_is_drawn_from(city: City):
    place = place_of(city.connection, parcel(city.connection))
    elsewhere = Place(*(side + 200 * block_side(BASE) for side in (place.west, place.south, place.east, place.north)))
    for level in levels(PARCEL):
        assert stale_at(city.connection, PARCEL, level, place, most=64).blocks
        assert stale_at(city.connection, PARCEL, BASE, elsewhere, most=64).blocks == ()
    # At level 8 a block has many blocks of the base level: what changes in one of them may alter all of it.
    coarse = drawn_from(8, place)
    corner = Place(coarse.west + 1, coarse.south + 1, coarse.west + 2, coarse.south + 2)
    assert not corner.meets(place)
    assert stale_at(city.connection, PARCEL, 8, corner, most=64).blocks


def test_more_marks_than_are_refreshed_at_once_are_called_everything(city: City):
    uid = parcel(city.connection, side_m=10_000)
    assert stale_at(city.connection, PARCEL, 8, place_of(city.connection, uid), most=3).everywhere


def test_a_change_of_half_the_country_is_one_mark(city: City):
    parcel(city.connection, side_m=90_000)
    assert city.connection.execute(
        "SELECT layer, block_column FROM overview.mark WHERE layer = 'parcel'"
    ).fetchall() == [("parcel", None)]


def test_features_beyond_what_the_service_finds_need_no_block(city: City):
    put(city.connection, "parcel", square(-30_000, 5_000_000, 50), srid=3857, land_use_code="ODT", stage="existing")
    parcel(city.connection)
    mark_everything(city.connection, PARCEL)
    assert 1 <= catch_up(city.connection, PARCEL) <= 8


def test_a_layer_that_is_spread_too_far_is_refused_in_words_and_stays_marked(city: City):
    parcel(city.connection, side_m=400_000)
    with pytest.raises(TooWideError, match=r"parcel is spread over .* look for features"):
        build(city.connection, PARCEL)
    assert stale(city.connection, PARCEL).everywhere


def test_a_layer_without_overview_says_so():
    assert not is_gathered(LAYERS["road"], 8)
    with pytest.raises(UngatheredError, match="road has no overview"):
        base_level(LAYERS["road"])


def test_a_layer_is_gathered_from_its_first_zoom_until_the_declared_one():
    gathered = [zoom for zoom in range(23) if is_gathered(PARCEL, zoom)]
    assert gathered == list(range(PARCEL.zooms[0], PARCEL.gathered_below))


def test_a_tile_reads_its_patches_and_what_is_out_of_step_in_one_statement(city: City):
    uid = parcel(city.connection)
    place = place_of(city.connection, uid)
    reach = sql.SQL("ST_MakeEnvelope({}, {}, {}, {}, 3857)").format(
        *map(sql.Literal, (place.west, place.south, place.east, place.north))
    )
    asked = sql.SQL("SELECT ({marks}), (SELECT round(sum(area_m2)) FROM ({patches}) AS patch)").format(
        marks=out_of_step(PARCEL), patches=patches(PARCEL, 10, Horizon.H2030, reach=reach)
    )
    corners = base_corners(PARCEL, 10, place)
    numbers = {number for (number,) in city.connection.execute("SELECT number FROM overview.mark")}
    named, area_m2 = city.connection.execute(asked, corners).fetchone() or ("", 0)
    assert (set(map(int, named.split(","))), area_m2) == (numbers, None)
    catch_up(city.connection, PARCEL)
    assert city.connection.execute(asked, corners).fetchone() == (None, 90_000)
    mark_everything(city.connection, PARCEL)
    assert city.connection.execute(asked, corners).fetchone() == ("*", 90_000)


def test_marks_of_more_blocks_than_are_waited_for_are_not_named(city: City):
    catch_up(city.connection, PARCEL)
    around = place_of(city.connection, parcel(city.connection))
    wide = Place(around.west, around.south, around.west + 60_000, around.south + 60_000)
    blocks = blocks_meeting(base_level(PARCEL), wide)
    corners = base_corners(PARCEL, 8, wide)
    for count in (MOST_AT_ONCE, MOST_AT_ONCE + 1):
        city.connection.execute("DELETE FROM overview.mark")
        mark(city.connection, PARCEL, blocks[:count])
        named = named_marks(city, corners)
        assert named == (None if count > MOST_AT_ONCE else count)


def test_many_edits_of_one_block_are_named_all_of_them(city: City):
    corners = base_corners(PARCEL, 10, place_of(city.connection, parcel(city.connection)))
    catch_up(city.connection, PARCEL)
    block = blocks_meeting(base_level(PARCEL), place_of(city.connection, 1))[0]
    for count, named in ((5 * MOST_AT_ONCE, 5 * MOST_AT_ONCE), (MOST_MARKS, MOST_MARKS), (MOST_MARKS + 1, None)):
        city.connection.execute("DELETE FROM overview.mark")
        mark(city.connection, PARCEL, [block])
        city.connection.execute(
            "INSERT INTO overview.mark (layer, level, block_column, block_row)"
            " SELECT layer, level, block_column, block_row FROM overview.mark, generate_series(2, %s)",
            [count],
        )
        assert named_marks(city, corners) == named


def named_marks(city: City, corners: dict[str, int]) -> int | None:
    """Return how many marks are named; None where all is meant."""
    row = city.connection.execute(out_of_step(PARCEL), corners).fetchone()
    assert row is not None
    return None if row[0] == "*" else len(row[0].split(","))


def test_a_coarse_block_out_of_step_is_drawn_from_finer_ones(city: City):
    uid = parcel(city.connection, side_m=3_000)
    parcel(city.connection, EAST_M + 6_000, side_m=2_000, code="DGD")
    catch_up(city.connection, PARCEL)
    place = place_of(city.connection, uid)
    around = Place(place.west - 50_000, place.south - 50_000, place.east + 50_000, place.north + 50_000)

    def seen(level: int) -> list[tuple[str, int, int]]:
        reach = sql.SQL("ST_MakeEnvelope({}, {}, {}, {}, 3857)").format(*map(sql.Literal, around.sides))
        asked = sql.SQL(
            "SELECT code, sum(features), round(sum(area_m2)) FROM ({}) AS patch GROUP BY code ORDER BY code"
        ).format(patches(PARCEL, level, Horizon.H2030, reach=reach))
        return city.connection.execute(asked, base_corners(PARCEL, level, around)).fetchall()

    city.connection.execute("UPDATE city.parcel SET land_use_code = 'TMD' WHERE uid = %s", [uid])
    refresh(city.connection, PARCEL, stale(city.connection, PARCEL).blocks)
    for _ in levels(PARCEL):
        for level in levels(PARCEL):
            assert seen(level) == [("DGD", 1, 4_000_000), ("TMD", 1, 9_000_000)]
        if marked := stale(city.connection, PARCEL).blocks:
            refresh(city.connection, PARCEL, marked)
    assert not stale(city.connection, PARCEL)


def test_the_keeper_refreshes_what_is_marked_until_it_is_stopped(city: City, database_url: str):
    stop = threading.Event()
    keeper = threading.Thread(target=keep, args=(database_url, [PARCEL], stop), kwargs={"pause_s": 0.2})
    keeper.start()
    try:
        parcel(city.connection)
        until = time.monotonic() + 20
        while stale(city.connection, PARCEL) and time.monotonic() < until:
            time.sleep(0.02)
        assert not stale(city.connection, PARCEL)
        assert city.connection.execute("SELECT DISTINCT code FROM overview.patch").fetchall() == [("ODT",)]
    finally:
        stop.set()
        keeper.join(10)
    assert not keeper.is_alive()


def test_only_one_keeper_works_on_a_database(city: City, database_url: str):
    stop = threading.Event()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7230549, 0)")
        keeper = threading.Thread(target=keep, args=(database_url, [PARCEL], stop), kwargs={"pause_s": 0.05})
        keeper.start()
        parcel(city.connection)
        time.sleep(0.5)
        assert stale(city.connection, PARCEL)
        stop.set()
        keeper.join(10)
    assert not keeper.is_alive()
