"""A binary COPY stores exactly what a batch holds."""

from __future__ import annotations

import datetime as dt

import numpy as np
import psycopg
import pyarrow as pa
import pytest
import shapely

from gis.copy import BatchError, copy_batches
from gis.db import City
from gis.schema import stored_columns
from layers import LAYERS

SHARED = {"source": "test", "stage": "existing"}


def parcels(count: int, **columns: pa.Array) -> pa.RecordBatch:
    west = 550_000 + 10.0 * np.arange(count)
    boxes = shapely.box(west, 1_778_000, west + 10, 1_778_010)
    return pa.RecordBatch.from_pydict({**columns, "geometry": pa.array(shapely.to_wkb(boxes).tolist(), pa.binary())})


def test_every_kind_of_value_comes_back_as_it_went_in(city: City):
    batch = pa.RecordBatch.from_pydict(
        {
            "facility_type": pa.array(["school", "park", "market"]),
            "name": pa.array(["Trường Tiểu học Phù Đổng", None, ""]),
            "capacity": pa.array([1.5, None, -0.0]),
            "opened_on": pa.array([dt.date(1999, 12, 31), None, dt.date(2026, 1, 1)]),
            "delivery": pa.array([1, 2, 9_007_199_254_740_993]),
            "geometry": pa.array(
                shapely.to_wkb(shapely.points([[550000, 1778000], [550001, 1778001], [1, 2]])).tolist()
            ),
        }
    )
    assert copy_batches(city.connection, LAYERS["facility"], [batch], constants=SHARED) == 3
    rows = city.connection.execute(
        "SELECT facility_type, name, capacity, opened_on, delivery, source, ST_AsText(geom)"
        " FROM city.facility ORDER BY uid"
    ).fetchall()
    assert rows == [
        ("school", "Trường Tiểu học Phù Đổng", 1.5, dt.date(1999, 12, 31), 1, "test", "POINT(550000 1778000)"),
        ("park", None, None, None, 2, "test", "POINT(550001 1778001)"),
        ("market", "", 0.0, dt.date(2026, 1, 1), 9_007_199_254_740_993, "test", "POINT(1 2)"),
    ]


def test_yes_no_and_unknown_stay_apart(city: City):
    lines = shapely.linestrings([[[0, 0], [1, 1]], [[0, 0], [2, 2]], [[0, 0], [3, 3]]])
    batch = pa.RecordBatch.from_pydict(
        {
            "road_class": pa.array(["track"] * 3),
            "bridge": pa.array([True, False, None]),
            "level": pa.array([-1, None, 2], pa.int32()),
            "geometry": pa.array(shapely.to_wkb(lines).tolist()),
        }
    )
    copy_batches(city.connection, LAYERS["road"], [batch], constants=SHARED)
    found = city.connection.execute("SELECT bridge, level, GeometryType(geom) FROM city.road ORDER BY uid").fetchall()
    assert found == [(True, -1, "MULTILINESTRING"), (False, None, "MULTILINESTRING"), (None, 2, "MULTILINESTRING")]


def test_single_parts_become_multi_part_beside_those_that_are(city: City):
    one = shapely.box(0, 0, 1, 1)
    two = shapely.multipolygons([shapely.box(2, 0, 3, 1), shapely.box(4, 0, 5, 1)])
    batch = pa.RecordBatch.from_pydict({"geometry": pa.array(shapely.to_wkb([one, two]).tolist())})
    copy_batches(city.connection, LAYERS["parcel"], [batch], constants=SHARED)
    rows = city.connection.execute(
        "SELECT ST_NumGeometries(geom), ST_Area(geom), ST_SRID(geom) FROM city.parcel ORDER BY uid"
    )
    assert rows.fetchall() == [(1, 1.0, 5899), (2, 2.0, 5899)]


def test_a_slice_of_a_batch_stores_only_its_rows(city: City):
    batch = parcels(10, parcel_number=pa.array([str(n) for n in range(10)])).slice(4, 3)
    assert copy_batches(city.connection, LAYERS["parcel"], [batch], constants=SHARED) == 3
    found = city.connection.execute("SELECT parcel_number, ST_XMin(geom) FROM city.parcel ORDER BY uid").fetchall()
    assert found == [("4", 550_040.0), ("5", 550_050.0), ("6", 550_060.0)]


def test_no_batches_store_nothing(city: City):
    assert copy_batches(city.connection, LAYERS["parcel"], [], constants=SHARED) == 0


def test_given_uids_are_kept(city: City):
    copy_batches(city.connection, LAYERS["parcel"], [parcels(2, uid=pa.array([70, 71]))], constants=SHARED)
    assert city.connection.execute("SELECT uid FROM city.parcel ORDER BY uid").fetchall() == [(70,), (71,)]


def indexes(city: City) -> set[str]:
    return {
        row[0]
        for row in city.connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'city'").fetchall()
    }


def test_an_empty_table_has_all_its_indexes_afterwards(city: City):
    before = indexes(city)
    copy_batches(city.connection, LAYERS["parcel"], [parcels(3)], constants=SHARED)
    assert indexes(city) == before
    copy_batches(city.connection, LAYERS["parcel"], [parcels(3)], constants=SHARED)
    assert indexes(city) == before


def test_a_filled_table_can_be_read_while_it_is_filled_further(city: City, database_url: str):
    copy_batches(city.connection, LAYERS["parcel"], [parcels(3)], constants=SHARED)
    seen: list[int] = []

    def batches():
        yield parcels(2)
        with psycopg.connect(database_url, options="-c lock_timeout=2000") as reader:
            seen.append(reader.execute("SELECT count(*) FROM city.parcel WHERE geom IS NOT NULL").fetchone()[0])
        yield parcels(2)

    copy_batches(city.connection, LAYERS["parcel"], batches(), constants=SHARED)
    assert seen == [3]


def test_a_failure_half_way_leaves_nothing(city: City):
    def batches():
        yield parcels(5)
        raise RuntimeError("the source broke")

    before = indexes(city)
    with pytest.raises(RuntimeError, match="the source broke"):
        copy_batches(city.connection, LAYERS["parcel"], batches(), constants=SHARED)
    assert city.connection.execute("SELECT count(*) FROM city.parcel").fetchone() == (0,)
    assert indexes(city) == before


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"owner": pa.array(["x"])}, "no such column: owner"),
        ({"geometry": pa.array(shapely.to_wkb([shapely.Point(1, 2)]).tolist())}, "not MultiPolygon in two dimensions"),
        ({"geometry": pa.array([None], pa.binary())}, "geometry is missing"),
        ({"geometry": pa.array(shapely.to_wkb([shapely.box(0, 0, 1, 1)], byte_order=0).tolist())}, "little-endian"),
        ({"geometry": pa.array([b"\x01\x03"])}, "shorter than the shortest"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(city: City, columns: dict[str, pa.Array], complaint: str):
    batch = parcels(1)
    batch = pa.RecordBatch.from_pydict({**dict(zip(batch.schema.names, batch.columns, strict=True)), **columns})
    with pytest.raises(BatchError, match=complaint):
        copy_batches(city.connection, LAYERS["parcel"], [batch], constants=SHARED)


def test_columns_go_where_the_table_has_them_for_every_layer(city: City):
    for layer in LAYERS.values():
        names = [column.name for column in stored_columns(layer)]
        table = [
            row[0]
            for row in city.connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'city' AND table_name = %s"
                " ORDER BY ordinal_position",
                [layer.name],
            ).fetchall()
        ]
        assert [name for name in table if name in names] == names
