"""The log of changes says what changed where, whoever changed it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gis.copy import copy_batches
from gis.db import City
from layers import LAYERS
from tests.gis.hand import put, square


def logged(city: City) -> list[tuple[object, ...]]:
    """Return layer and width of each logged box, in whole metres of EPSG:3857; no width where it is everywhere."""
    return city.connection.execute(
        "SELECT layer, round(east - west), round(north - south) FROM register.change ORDER BY number"
    ).fetchall()


def parcels(count: int) -> pa.RecordBatch:
    west = 550_000 + 10.0 * np.arange(count)
    boxes = shapely.box(west, 1_778_000, west + 10, 1_778_010)
    return pa.RecordBatch.from_pydict({"geometry": pa.array(shapely.to_wkb(boxes).tolist(), pa.binary())})


def forget(city: City) -> None:
    city.connection.execute("DELETE FROM register.change")


def test_each_kind_of_statement_is_logged(city: City):
    put(
        city.connection, "zone", square(550_000, 1_778_000, 100), plan_code="P", horizon="2030", plan_use="DAT_HTXH_Yte"
    )
    city.connection.execute("UPDATE city.zone SET code = 'A1'")
    city.connection.execute("DELETE FROM city.zone")
    city.connection.execute("TRUNCATE city.zone")
    boxes = logged(city)
    assert [layer for layer, *_ in boxes] == ["zone"] * 4
    # A hundred metres here are 104 of EPSG:3857, for the city lies at 16 degrees north.
    assert [width for _, width, _ in boxes] == [104, 104, 104, None]


def test_a_feature_that_moves_is_logged_where_it_was_and_where_it_is(city: City):
    put(city.connection, "facility", "POINT(550000 1778000)", facility_type="park", stage="existing")
    forget(city)
    city.connection.execute("UPDATE city.facility SET geom = ST_Translate(geom, 0, 9000)")
    rows = city.connection.execute("SELECT south FROM register.change ORDER BY south").fetchall()
    assert len(rows) == 2
    assert rows[1][0] - rows[0][0] == pytest.approx(9000 * 1.047, rel=1e-3)  # as the map stretches it at 16 degrees


def test_a_statement_that_changes_nothing_logs_nothing(city: City):
    city.connection.execute("UPDATE city.parcel SET map_sheet = '1'")
    assert logged(city) == []


def test_many_features_far_apart_are_logged_as_one_box(city: City):
    city.connection.execute(
        "INSERT INTO city.facility (facility_type, stage, source, geom)"
        " SELECT 'park', 'existing', 'hand', ST_SetSRID(ST_MakePoint(500000 + 3000 * i, 1700000 + 3000 * j), 5899)"
        " FROM generate_series(0, 16) AS i, generate_series(0, 16) AS j"
    )
    assert len(logged(city)) == 1


def test_a_change_that_is_rolled_back_was_never_logged(city: City):
    with city.connection.transaction(force_rollback=True):
        put(city.connection, "facility", "POINT(550000 1778000)", facility_type="park", stage="existing")
        assert len(logged(city)) == 1
    assert logged(city) == []


def test_a_load_into_an_empty_layer_is_one_change_of_everything(city: City):
    shared = {"land_use_code": "ODT", "stage": "existing", "source": "test"}
    copy_batches(city.connection, LAYERS["parcel"], [parcels(3)], constants=shared)
    assert logged(city) == [("parcel", None, None)]
    forget(city)
    copy_batches(city.connection, LAYERS["parcel"], [parcels(2)], constants=shared)
    assert len(logged(city)) == 1
    assert logged(city)[0][1] is not None
