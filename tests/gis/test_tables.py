"""From declaration to table: no drift, comments, history, horizons; a new group costs one file."""

from __future__ import annotations

import numpy as np
import psycopg
import pytest
import shapely

from gis import crs, migrations, views
from gis.db import City, open_city, seen_at
from gis.migrations import running
from gis.tables import metadata
from layers import LAYERS, by_name
from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Horizon, LayerGroup, Paint
from layers.model import Layer as DeclaredLayer
from layers.write import number, words


def test_migrations_lead_to_the_declared_tables(database_url: str):
    running.check(database_url)


def test_migrations_can_be_undone_and_done_again(database_url: str):
    running.undo(database_url)
    migrations.upgrade(database_url)
    running.check(database_url)


def test_a_second_upgrade_changes_nothing(database_url: str):
    with psycopg.connect(database_url) as connection:
        assert views.refresh(connection, LAYERS.values()) is False


def test_every_table_and_column_carries_its_meaning(empty: City):
    silent = empty.connection.execute("""
        SELECT relation.relname, attribute.attname
        FROM pg_class AS relation
        JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum > 0
        WHERE relation.relnamespace = 'city'::regnamespace
            AND relation.relkind = 'r'
            AND (col_description(relation.oid, attribute.attnum) IS NULL OR obj_description(relation.oid) IS NULL)
    """).fetchall()
    assert silent == []


@pytest.mark.parametrize("name", LAYERS)
def test_features_are_found_by_the_geometry_they_are_measured_in(empty: City, name: str):
    indexes = empty.connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'city' AND tablename = %s", [name]
    ).fetchall()
    assert sum("USING gist (geom)" in index for (index,) in indexes) == 1
    assert not any("web_geom" in index for (index,) in indexes)


@pytest.mark.parametrize("side_m", [1, 300, 20_000, 3_000_000])
def test_a_box_of_the_map_is_searched_as_far_as_it_lies_on_the_ground(empty: City, side_m: int):
    """Points of the outline, brought to EPSG:5899 one by one, all lie in what is searched, which is little larger."""
    corner = np.array([12_030_000 - side_m / 3, 1_800_000 - side_m / 2])
    along = np.linspace(0, side_m, 251)
    outline = corner + np.concatenate(
        [np.stack([along, np.full(251, edge)], axis=1)[:, order] for edge in (0, side_m) for order in ([0, 1], [1, 0])]
    )
    known = (outline >= [10_686_671, 0]).all(axis=1) & (outline <= [13_358_339, 3_503_550]).all(axis=1)
    placed = shapely.points(crs.transformation("EPSG:3857").stored(outline[known]))
    searched = empty.connection.execute(
        "SELECT ST_AsBinary(city.searched(ST_MakeEnvelope(%s, %s, %s, %s, 3857)))", [*corner, *(corner + side_m)]
    ).fetchone()
    assert searched is not None
    box = shapely.from_wkb(searched[0])
    assert len(placed)
    assert shapely.covers(box, placed).all()
    west, south, east, north = shapely.bounds(box)
    assert max(east - west, north - south) < 1.1 * side_m + 4


def test_a_box_on_the_other_side_of_the_earth_finds_nothing(empty: City):
    found = empty.connection.execute(
        "SELECT count(*) FROM (SELECT ST_MakeEnvelope(0, 0, 2e6, 4e6, 5899) AS geom) AS land"
        " WHERE geom && city.searched(ST_MakeEnvelope(-9000000, 1, -8000000, 2, 3857))"
    ).fetchone()
    assert found == (0,)


ROAD = """
    INSERT INTO city.road (name, road_class, stage, stage_end, source, geom)
    VALUES (%s, 'district', %s, %s, 'test', 'SRID=5899;MULTILINESTRING((550000 1776000, 550100 1776000))')
    RETURNING uid
"""


def test_a_horizon_shows_what_stands_then(city: City):
    for name, stage, stage_end in [("old", "existing", None), ("lost", "existing", "2030"), ("new", "2045", None)]:
        city.connection.execute(ROAD, [name, stage, stage_end])
    seen = {}
    for horizon in Horizon:
        here = seen_at(city.connection, horizon)
        seen[horizon.value] = {name for (name,) in here.connection.execute("SELECT name FROM road").fetchall()}
    assert seen == {"existing": {"old", "lost"}, "2030": {"old"}, "2045": {"old", "new"}}


def test_zones_hold_for_their_own_horizon(city: City):
    for horizon in ("2030", "2045"):
        city.connection.execute(
            "INSERT INTO city.zone (plan_code, horizon, plan_use, source, geom) VALUES ('P', %s, 'DAT_Coquan', 'test',"
            " 'SRID=5899;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))')",
            [horizon],
        )
    counts = [
        seen_at(city.connection, horizon).connection.execute("SELECT count(*) FROM zone").fetchone()
        for horizon in Horizon
    ]
    assert counts == [(0,), (1,), (1,)]


def test_a_changed_row_leaves_its_former_state_in_the_history(city: City):
    (uid,) = city.connection.execute(ROAD, ["Lê Lợi", "existing", None]).fetchone() or (None,)
    city.connection.execute("UPDATE city.road SET name = 'Lê Duẩn' WHERE uid = %s", [uid])
    city.connection.execute("DELETE FROM city.road WHERE uid = %s", [uid])
    kept = city.connection.execute(
        "SELECT name, recorded_at < superseded_at FROM history.road WHERE uid = %s ORDER BY superseded_at", [uid]
    ).fetchall()
    assert kept == [("Lê Lợi", True), ("Lê Duẩn", True)]


def test_truncating_a_layer_keeps_its_rows_in_the_history(city: City):
    city.connection.execute(ROAD, ["Trần Phú", "existing", None])
    city.connection.execute("TRUNCATE city.road")
    assert city.connection.execute("SELECT name FROM history.road").fetchall() == [("Trần Phú",)]


def test_the_tile_geometry_follows_the_measured_one(city: City):
    city.connection.execute(ROAD, ["Bạch Đằng", "existing", None])
    distance = city.connection.execute("SELECT ST_Distance(web_geom, ST_Transform(geom, 3857)) FROM road").fetchone()
    assert distance == (0.0,)


def test_a_new_group_needs_its_declaration_and_nothing_else(database_url: str):
    tree = DeclaredLayer(
        "tree",
        words("Cây", "Tree"),
        words("Cây xanh đường phố", "Street tree"),
        Geometry.POINT,
        (number("crown_m", words("Tán", "Crown"), words("Đường kính tán", "Diameter"), unit="m"), STAGE, STAGE_END),
        Paint("#2f8f4f"),
    )
    layers = by_name((LayerGroup("green", words("Cây xanh", "Green"), (tree,)),))
    engine = running.engine(database_url)
    metadata(layers.values()).create_all(
        engine, tables=[table for table in metadata(layers.values()).tables.values() if table.name == "tree"]
    )
    with psycopg.connect(database_url) as connection:
        assert views.refresh(connection, [*LAYERS.values(), tree])
    with open_city(database_url, horizon=Horizon.H2030) as city:
        city.connection.execute(
            "INSERT INTO city.tree (crown_m, stage, source, geom) VALUES (4, '2030', 'test', 'SRID=5899;POINT(0 0)')"
        )
        assert city.connection.execute("SELECT crown_m FROM tree").fetchall() == [(4.0,)]
        city.connection.execute("DELETE FROM city.tree")
        assert city.connection.execute("SELECT crown_m FROM history.tree").fetchall() == [(4.0,)]
