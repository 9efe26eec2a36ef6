"""A layer as a GeoDataFrame: what it holds is what the database has, and it says what its columns mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import geopandas
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.db import City, open_city
from gis.errors import UnknownLayerError
from gis.features import Box, UnknownColumnError
from gis.features.reach import BoundsError
from gis.filters.errors import FilterError
from gis.frames import LimitError
from gis.scenarios import change, drop_scenario, open_scenario
from gis.schema import stored_columns
from layers import LAYERS
from layers.model import Horizon
from tests.gis.conftest import lonlat_box
from tests.gis.hand import database, put, square

EVERYWHERE = "108,16,109,17"
EAST, NORTH = 550_000, 1_778_000


@pytest.fixture(scope="module")
def hand(server_url: str, template: str) -> Iterator[City]:
    """Two parcels and three buildings of which little is known, placed by hand."""
    with database(server_url, template) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            values = {"land_use_code": "ODT", "valid_from": dt.date(2024, 3, 1), "area_legal_m2": 8100.5}
            put(connection, "parcel", square(EAST, NORTH, 90), stage="existing", parcel_number="Đ-7", **values)
            put(connection, "parcel", square(EAST + 100, NORTH, 90), stage="existing", source="survey")
            put(connection, "building", square(EAST, NORTH, 10), stage="existing", storeys=3)
            put(connection, "building", square(EAST + 20, NORTH, 10), stage="existing")
            put(connection, "building", square(EAST + 40, NORTH, 10), stage="2030", storeys=9)
        with open_city(url) as city:
            yield city


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_a_frame_in_vn_2000_with_all_its_columns(town: City, layer: str):
    frame = town.frame(layer)
    declared = [column.name for column in stored_columns(LAYERS[layer])]
    assert list(frame.columns) == ["uid", *declared, "geometry"]
    assert frame.crs.to_epsg() == 5899


@pytest.mark.parametrize("layer", ["parcel", "building", "road", "pipe", "facility"])
def test_its_rows_are_those_of_the_database_in_the_order_of_their_uid(town: City, layer: str):
    frame = town.frame(layer)
    names = [name for name in frame.columns if name != "geometry"]
    rows = town.connection.execute(f"SELECT {', '.join(names)}, ST_AsBinary(geom) FROM {layer} ORDER BY uid").fetchall()
    assert len(rows) == len(frame) > 0
    for place, name in enumerate(names):
        assert [_plain(value) for value in frame[name]] == [row[place] for row in rows], name
    assert shapely.equals_exact(frame.geometry.to_numpy(), shapely.from_wkb([row[-1] for row in rows])).all()


def _plain(value: object) -> object:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def test_values_arrive_as_what_they_are(hand: City):
    first, second = hand.frame("parcel").itertuples()
    assert (first.parcel_number, first.area_legal_m2, first.valid_from) == ("Đ-7", 8100.5, pd.Timestamp("2024-03-01"))
    assert pd.isna(second.area_legal_m2)
    assert pd.isna(second.valid_from)


def test_whole_numbers_that_are_not_always_known_stay_whole(hand: City):
    storeys = hand.frame("building").storeys
    assert (storeys.dtype.name, storeys[0], storeys[1]) == ("Int64", 3, pd.NA)


def test_a_frame_says_what_its_columns_are_called_and_measured_in(hand: City):
    attrs = hand.frame("parcel").attrs
    assert attrs["layer"] == "parcel"
    assert attrs["title"] == {"vi": "Thửa đất", "en": "Parcel"}
    assert attrs["titles"]["vi"]["frontage_m"] == LAYERS["parcel"].column("frontage_m").title.vi
    assert attrs["titles"]["en"]["uid"] == "Unique name"
    assert attrs["units"] == {"area_legal_m2": "m²", "frontage_m": "m"}
    assert (attrs["horizon"], attrs["scenario"], attrs["source"]) == ("existing", "baseline", ["sample", "survey"])


def test_only_the_columns_asked_for_are_read_in_their_order(hand: City):
    frame = hand.frame("parcel", columns=["stage", "land_use_code"])
    assert list(frame.columns) == ["uid", "stage", "land_use_code", "geometry"]
    assert frame.attrs["source"] == ["sample", "survey"]
    assert list(hand.frame("parcel", columns=[]).columns) == ["uid", "geometry"]


def test_a_filter_is_cql2_as_on_the_service(town: City):
    assert set(town.frame("parcel", where="land_use_code = 'LUC' OR frontage_m > 1000").land_use_code) <= {"LUC"}
    all_of_them = town.frame("building")
    tall = town.frame("building", where="height_m >= 9 AND storeys IS NOT NULL")
    assert 0 < len(tall) < len(all_of_them)
    assert tall.height_m.min() >= 9


@pytest.mark.parametrize("given", ["108.2189,16.07,108.2201,16.08", (108.2189, 16.07, 108.2201, 16.08)])
def test_a_box_is_in_degrees_as_text_or_numbers(hand: City, given: str | tuple[float, ...]):
    assert list(hand.frame("parcel", bbox=given).parcel_number) == ["Đ-7"]


def test_a_box_may_be_that_of_another_frame(hand: City):
    first = hand.frame("parcel", limit=1)
    inside = first.buffer(-1).to_crs(4326).total_bounds
    assert list(hand.frame("parcel", bbox=inside).uid) == list(first.uid)
    assert list(hand.frame("parcel", bbox=Box(*inside)).uid) == list(first.uid)


def test_a_limit_takes_the_first(town: City):
    assert list(town.frame("parcel", limit=3).uid) == list(town.frame("parcel").uid[:3])


def test_a_frame_without_features_has_its_columns_their_kinds_and_its_system(hand: City):
    full, empty = hand.frame("building"), hand.frame("building", where="storeys > 100")
    assert len(empty) == 0
    assert list(empty.dtypes) == list(full.dtypes)
    assert empty.crs == full.crs
    assert empty.attrs["source"] == []
    assert isinstance(empty, geopandas.GeoDataFrame)
    assert empty.area.sum() == 0


def test_the_horizon_decides_what_is_read(hand: City):
    with open_city(hand.connection.info.dsn, horizon=Horizon.H2030) as later:
        assert list(later.frame("building").storeys.fillna(0)) == [3, 0, 9]
        assert later.frame("building").attrs["horizon"] == "2030"
    assert len(hand.frame("building")) == 2


def test_a_scenario_decides_what_is_read(hand: City):
    uid = int(hand.frame("building").uid[0])
    open_scenario(hand.connection, "taller")
    try:
        with open_city(hand.connection.info.dsn, scenario="taller") as taller:
            change(taller, LAYERS["building"], uid, {"storeys": 12})
            assert taller.frame("building", where=f"uid = {uid}").storeys[0] == 12
            assert taller.frame("building").attrs["scenario"] == "taller"
        assert hand.frame("building", where=f"uid = {uid}").storeys[0] == 3
    finally:
        drop_scenario(hand.connection, "taller")


@pytest.mark.parametrize(
    ("asked", "refusal", "sentence"),
    [
        ({"layer": "parcels"}, UnknownLayerError, "nearest name is parcel"),
        ({"layer": "parcel", "columns": ["area"]}, UnknownColumnError, "parcel has no column 'area'"),
        ({"layer": "parcel", "where": "storeys > 3"}, FilterError, "there is no property 'storeys'"),
        ({"layer": "parcel", "where": "stage ="}, FilterError, "The filter is refused"),
        ({"layer": "parcel", "bbox": "108,16,109"}, BoundsError, "not four numbers"),
        ({"layer": "parcel", "bbox": (108, 17, 109, 16)}, BoundsError, "south 17 lies north of 16"),
        ({"layer": "parcel", "limit": -1}, LimitError, "0 or more"),
    ],
)
def test_what_is_not_there_is_refused_with_what_would_be_right(
    hand: City, asked: dict, refusal: type[Exception], sentence: str
):
    with pytest.raises(refusal, match=sentence):
        hand.frame(asked.pop("layer"), **asked)


SIDE = st.floats(min_value=-50, max_value=650, allow_nan=False)


@settings(deadline=None, max_examples=40)
@given(st.tuples(SIDE, SIDE).map(sorted), st.tuples(SIDE, SIDE).map(sorted))
def test_the_areas_of_a_frame_add_up_to_those_of_the_database(town: City, across: list[float], along: list[float]):
    drawn = shapely.from_geojson(lonlat_box(across[0], along[0], across[1] + 1, along[1] + 1))
    box = drawn.bounds
    total = town.connection.execute(
        "SELECT coalesce(sum(ST_Area(geom)), 0) FROM parcel"
        " WHERE ST_Intersects(web_geom, ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, 4326), 3857))",
        box,
    ).fetchall()[0][0]
    assert town.frame("parcel", bbox=box).area.sum() == pytest.approx(total)
