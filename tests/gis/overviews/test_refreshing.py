"""Overviews stand for the area they are made from, and a refresh leaves what a whole building would make."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.db import City, open_city
from gis.overviews.blocks import Block, base_level, levels, pixel_side
from gis.overviews.errors import OtherLevelError
from gis.overviews.marks import stale
from gis.overviews.refreshing import build, catch_up, refresh
from gis.sample.town import load_town
from layers import LAYERS
from tests.gis.hand import database, put, square

PARCEL, ZONE = LAYERS["parcel"], LAYERS["zone"]
GATHERED = [LAYERS[name] for name in ("parcel", "land_use", "zone")]
BASE = base_level(PARCEL)
EAST_M, NORTH_M = 550_000, 1_776_000


@pytest.fixture
def town(city: City) -> City:
    """The town, with its overviews."""
    load_town(city)
    for layer in GATHERED:
        build(city.connection, layer)
    return city


def drawn(city: City, layer: str = "parcel") -> list[tuple[object, ...]]:
    """Return all patches of a layer, byte by byte."""
    return city.connection.execute(
        "SELECT level, block_column, block_row, horizons, code, area_m2, features, ST_AsBinary(web_geom)"
        " FROM overview.patch WHERE layer = %s ORDER BY 1, 2, 3, 4, 5",
        [layer],
    ).fetchall()


@pytest.mark.parametrize("layer", GATHERED, ids=lambda layer: layer.name)
def test_shares_of_every_level_sum_up_to_what_was_surveyed(town: City, layer):
    for horizon in ("existing", "2030", "2045"):
        table = "city.land_use" if layer.name == "land_use" else f"at_{horizon}.{layer.name}"
        surveyed = town.connection.execute(
            f"SELECT {layer.paint.by}, count(*), sum(ST_Area(geom)) FROM {table} GROUP BY 1 ORDER BY 1".encode()
        ).fetchall()
        for level in levels(layer):
            gathered = town.connection.execute(
                "SELECT code, sum(features), sum(area_m2) FROM overview.share"
                " WHERE layer = %s AND level = %s AND %s = ANY (horizons) GROUP BY code ORDER BY code",
                [layer.name, level, horizon],
            ).fetchall()
            assert [row[:2] for row in gathered] == [row[:2] for row in surveyed]
            assert [row[2] for row in gathered] == pytest.approx([row[2] for row in surveyed], rel=1e-9)


def test_the_town_is_drawn_with_its_nine_hectares(town: City):
    for level in levels(PARCEL):
        pixel_m2 = town.connection.execute(
            "SELECT %s * ST_Area(geom) / ST_Area(web_geom) FROM city.parcel LIMIT 1", [pixel_side(level) ** 2]
        ).fetchone()[0]
        patches = town.connection.execute(
            "SELECT sum(ST_Area(ST_Transform(web_geom, 5899))), count(DISTINCT code),"
            " count(DISTINCT (block_column, block_row)) FROM overview.patch"
            " WHERE layer = 'parcel' AND level = %s AND 'existing' = ANY (horizons)",
            [level],
        ).fetchone()
        codes = town.connection.execute("SELECT count(DISTINCT land_use_code) FROM at_existing.parcel").fetchone()[0]
        blocks = max(patches[2], 1)
        assert abs((patches[0] or 0) - 90_000) <= codes * blocks * pixel_m2


def test_parcels_that_stand_at_all_horizons_are_stored_once(city: City):
    put(city.connection, "parcel", square(EAST_M, NORTH_M, 100), land_use_code="ODT", stage="existing")
    build(city.connection, PARCEL)
    assert {tuple(row[3]) for row in drawn(city)} == {("existing", "2030", "2045")}


def test_horizons_at_which_something_else_stands_are_drawn_apart(city: City):
    for easting, stage, end in ((0, "existing", "2030"), (500, "2030", None), (0, "2045", None)):
        put(
            city.connection,
            "parcel",
            square(EAST_M + easting, NORTH_M, 300),
            land_use_code="ODT",
            stage=stage,
            stage_end=end,
        )
    build(city.connection, PARCEL)
    by_horizon = {tuple(row[3]): row[6] for row in drawn(city) if row[0] == 10 and row[4] == "ODT"}
    assert by_horizon == {("existing",): 1, ("2030",): 1, ("2045",): 2}


def test_a_parcel_without_a_use_is_drawn_without_one(city: City):
    put(city.connection, "parcel", square(EAST_M, NORTH_M, 300), stage="existing")
    build(city.connection, PARCEL)
    assert {row[4] for row in drawn(city)} == {None}


def test_an_empty_layer_has_an_empty_overview(city: City):
    assert build(city.connection, PARCEL) == 0
    assert drawn(city) == []
    assert not stale(city.connection, PARCEL)


def test_a_second_building_changes_nothing(town: City):
    numbers = town.connection.execute("SELECT array_agg(number ORDER BY number) FROM overview.patch").fetchone()
    build(town.connection, PARCEL)
    assert numbers == town.connection.execute("SELECT array_agg(number ORDER BY number) FROM overview.patch").fetchone()


def test_an_edit_rewrites_the_blocks_it_meets_and_those_above_alone(city: City):
    near = put(city.connection, "parcel", square(EAST_M, NORTH_M, 300), land_use_code="ODT", stage="existing")
    put(city.connection, "parcel", square(EAST_M + 20_000, NORTH_M, 300), land_use_code="ODT", stage="existing")
    build(city.connection, PARCEL)
    before = dict(
        city.connection.execute("SELECT (level, block_column, block_row)::text, number FROM overview.patch").fetchall()
    )
    city.connection.execute("UPDATE city.parcel SET land_use_code = 'DGD' WHERE uid = %s", [near])
    marked = stale(city.connection, PARCEL).blocks
    assert 1 <= len(marked) <= 4
    catch_up(city.connection, PARCEL)
    after = city.connection.execute(
        "SELECT (level, block_column, block_row)::text, number, level, block_column, block_row FROM overview.patch"
    ).fetchall()
    above = {
        (level, block.column >> (BASE - level), block.row >> (BASE - level))
        for block in marked
        for level in levels(PARCEL)
    }
    rewritten = {(level, column, row) for name, number, level, column, row in after if before.get(name) != number}
    kept = [name for name, number, *_ in after if before.get(name) == number]
    assert rewritten <= above
    assert any(name.startswith(f"({BASE},") for name in kept)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "recode", "remove", "end"]),
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from([5, 40, 700, 3_000]),
        st.sampled_from(["ODT", "DGD", "DGT", None]),
        st.sampled_from(["existing", "2030", "2045"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def ground(server_url: str, template: str) -> Iterator[City]:
    """A database for many examples."""
    with database(server_url, template) as url, open_city(url) as city:
        yield city


def edit(connection: psycopg.Connection, drawn_edit: tuple) -> None:
    """Make one edit; what is edited is the feature whose turn it is by column and row."""
    kind, column, row, side_m, code, stage = drawn_edit
    place = square(EAST_M + 137 * column, NORTH_M + 211 * row, side_m)
    if kind == "add":
        put(connection, "parcel", place, land_use_code=code, stage=stage)
        return
    count = connection.execute("SELECT count(*) FROM city.parcel").fetchone()[0]
    if not count:
        return
    (uid,) = connection.execute(
        "SELECT uid FROM city.parcel ORDER BY uid OFFSET %s LIMIT 1", [(61 * column + row) % count]
    ).fetchone()
    done = {
        "move": "UPDATE city.parcel SET geom = ST_Translate(geom, 900, -500) WHERE uid = %(uid)s",
        "recode": "UPDATE city.parcel SET land_use_code = %(code)s WHERE uid = %(uid)s",
        "remove": "DELETE FROM city.parcel WHERE uid = %(uid)s",
        "end": "UPDATE city.parcel SET stage_end = '2045' WHERE uid = %(uid)s",
    }
    connection.execute(done[kind].encode(), {"uid": uid, "code": code})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_refreshes_after_any_edits_leave_what_a_whole_building_makes(ground: City, rounds):
    ground.connection.execute("TRUNCATE city.parcel")
    for edits in rounds:
        for each in edits:
            edit(ground.connection, each)
        catch_up(ground.connection, PARCEL)
        assert not stale(ground.connection, PARCEL)
    refreshed = drawn(ground)
    ground.connection.execute("DELETE FROM overview.share")
    ground.connection.execute("DELETE FROM overview.patch")
    build(ground.connection, PARCEL)
    assert drawn(ground) == refreshed


def test_a_refresh_of_blocks_that_nothing_marked_is_harmless(town: City):
    before = drawn(town)
    columns = town.connection.execute(
        "SELECT DISTINCT block_column, block_row FROM overview.share WHERE level = %s", [BASE]
    )
    refresh(town.connection, PARCEL, [Block(BASE, column, row) for column, row in columns])
    refresh(town.connection, PARCEL, [Block(BASE, 0, 0)])
    with pytest.raises(OtherLevelError, match="A block of level 3 was given"):
        refresh(town.connection, PARCEL, [Block(3, 0, 0)])
    assert drawn(town) == before


def test_an_overview_of_another_level_is_put_aside(town: City):
    before = drawn(town)
    town.connection.execute("UPDATE overview.share SET level = level + 1 WHERE layer = 'parcel'")
    town.connection.execute("UPDATE overview.patch SET level = level + 1 WHERE layer = 'parcel'")
    build(town.connection, PARCEL)
    assert drawn(town) == before
