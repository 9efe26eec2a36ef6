"""Whatever the format, a stream holds what the table holds."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path

import geopandas
import psycopg
import pyogrio
import pytest
import shapely
from psycopg import sql

from gis import streams
from gis.db import City, open_city
from gis.features import public_columns
from gis.features.equalities import chosen
from gis.features.order import read_order
from gis.features.question import Question
from gis.features.system import LATLON, STORED
from gis.streams import Traversal, batches
from gis.streams.flatgeobuf import head
from layers import LAYERS
from layers.model import Geometry, Horizon, Kind, Layer
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]
RING = "MULTIPOLYGON(((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 3 6, 6 6, 6 3, 3 3)), ((20 0, 29 0, 29 9, 20 0)))"


def collection(traversal: Traversal) -> Generator[bytes]:
    return streams.feature_collection(
        traversal,
        head=b'"snapshot":"one"',
        foot=lambda told: json.dumps({"numberReturned": told.features, "following": told.following})[1:-1].encode(),
    )


ENCODERS: dict[str, Callable[[Traversal], Generator[bytes]]] = {
    "geojson": collection,
    "geojsonl": streams.text_sequence,
    "csv": streams.csv,
    "fgb": streams.flatgeobuf,
    "parquet": streams.parquet,
}


@pytest.fixture(scope="module")
def town_url(server_url: str, template: str) -> Iterator[str]:
    """Four parcels: whole, without most attributes, with a hole and two parts, with numbers that are none."""
    whole = {"area_legal_m2": 100.5, "frontage_m": 10.25, "ward_code": "20194", "valid_from": date(2024, 2, 29)}
    nowhere = {"area_legal_m2": float("nan"), "frontage_m": float("inf")}
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        put(
            connection,
            "parcel",
            square(550_000, 1_778_400, 100),
            land_use_code="ODT",
            stage="existing",
            map_sheet='Tờ "số" 1, quyển\nhai',
            source_document="Quyết định 359/QĐ-TTg",
            **whole,
        )
        put(connection, "parcel", square(550_100, 1_778_400, 100), stage="existing", map_sheet="")
        put(connection, "parcel", RING, stage="existing", map_sheet="Đà Nẵng")
        put(connection, "parcel", square(550_300, 1_778_400, 100), stage="existing", **nowhere)
        yield url


@pytest.fixture
def town(town_url: str) -> Iterator[City]:
    with open_city(town_url) as city:
        yield city


def question(layer: Layer = PARCEL) -> Question:
    return Question(layer, public_columns(layer))


def streamed(
    city: City, asked: Question, suffix: str, *, limit: int | None = None, bookmark: str | None = None
) -> bytes:
    with streams.traversal(city, asked, limit=limit, bookmark=bookmark) as traversal:
        return b"".join(ENCODERS[suffix](traversal))


def read(folder: Path, city: City, asked: Question, suffix: str) -> geopandas.GeoDataFrame:
    file = folder / f"features.{suffix}"
    file.write_bytes(streamed(city, asked, suffix))
    if suffix == "parquet":
        return geopandas.read_parquet(file)
    if suffix == "csv":
        frame = geopandas.pd.read_csv(file)
        return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries.from_wkt(frame["geometry"]))
    return pyogrio.read_dataframe(file)


def stored(city: City, srid: int = 4326) -> list[shapely.Geometry]:
    statement = sql.SQL("SELECT ST_AsBinary(ST_Transform(geom, {})) FROM parcel ORDER BY uid").format(sql.Literal(srid))
    return [shapely.from_wkb(bytes(wkb)) for (wkb,) in city.connection.execute(statement)]


@pytest.mark.parametrize("suffix", ENCODERS)
def test_other_programs_read_every_feature_as_it_is_stored(tmp_path: Path, town: City, suffix: str):
    found = read(tmp_path, town, question(), suffix)
    assert next(iter(found["map_sheet"])) == 'Tờ "số" 1, quyển\nhai'
    assert list(found["map_sheet"])[2] == "Đà Nẵng"
    assert next(iter(found["source_document"])) == "Quyết định 359/QĐ-TTg"
    assert next(iter(found["area_legal_m2"])) == 100.5
    assert found["area_legal_m2"].isna().tolist() == [False, True, True, True]
    assert found["ward_code"].isna().tolist() == [False, True, True, True]
    assert str(next(iter(found["valid_from"])))[:10] == "2024-02-29"
    assert found["valid_from"].isna().tolist() == [False, True, True, True]
    for drawn, kept in zip(found.geometry, stored(town), strict=True):
        assert drawn.geom_type == "MultiPolygon"
        # Seven decimals of a degree are a centimetre.
        assert shapely.hausdorff_distance(drawn, kept) < 1e-7
        assert shapely.get_num_interior_rings(shapely.get_parts(drawn)).tolist() == (
            shapely.get_num_interior_rings(shapely.get_parts(kept)).tolist()
        )


EXAMPLES = {Kind.TEXT: "Đường", Kind.INTEGER: 2**40, Kind.NUMBER: 1.5, Kind.BOOLEAN: True, Kind.DATE: "2024-02-29"}
DRAWN = {
    Geometry.POINT: "POINT(550000 1778400)",
    Geometry.LINE: "MULTILINESTRING((0 0, 9 9), (20 0, 29 0))",
    Geometry.POLYGON: square(550_000, 1_778_400, 100),
}


def example(layer: Layer) -> dict[str, object]:
    """Return a value for each column of a layer whose kind has an example."""
    values: dict[str, object] = {
        column.name: column.codes.values[0] if column.codes else EXAMPLES[column.kind]
        for column in layer.columns
        if column.kind in EXAMPLES and column.name not in ("stage", "stage_end")
    }
    return values | ({"horizon": "2030"} if layer.planned else {})


@pytest.fixture(scope="module")
def full_url(server_url: str, template: str) -> Iterator[str]:
    """One feature in each layer, with a value in each column."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        for name, layer in LAYERS.items():
            stage = {"stage": "existing"} if layer.staged else {}
            put(connection, name, DRAWN[layer.geometry], **example(layer), **stage)
        yield url


@pytest.mark.parametrize("suffix", ["geojson", "fgb", "parquet"])
@pytest.mark.parametrize("name", [name for name, layer in LAYERS.items() if layer.public])
def test_every_layer_streams_with_all_its_columns(tmp_path: Path, full_url: str, name: str, suffix: str):
    layer = LAYERS[name]
    with open_city(full_url, horizon=Horizon.H2030) as city:
        found = read(tmp_path, city, question(layer), suffix)
    assert len(found) == 1
    assert found.geometry.iloc[0].geom_type == layer.geometry.value
    for key, value in example(layer).items():
        shown = found[key].iloc[0]
        assert str(shown)[:10] == value if layer.column(key).kind is Kind.DATE else shown == value


@pytest.mark.parametrize("suffix", ENCODERS)
def test_an_answer_without_features_is_a_whole_document(tmp_path: Path, empty: City, suffix: str):
    if suffix == "geojsonl":
        assert streamed(empty, question(), suffix) == b""
        return
    found = read(tmp_path, empty, question(), suffix)
    assert len(found) == 0


def test_a_number_that_is_none_is_null_in_json(town: City):
    features = json.loads(streamed(town, question(), "geojson"))["features"]
    assert [feature["properties"]["frontage_m"] for feature in features] == [10.25, None, None, None]


def test_csv_tells_an_empty_text_from_an_unknown_one(town: City):
    lines = streamed(town, Question(PARCEL, (PARCEL.column("map_sheet"), PARCEL.column("ward_code"))), "csv").decode()
    assert lines.splitlines()[0] == "uid,map_sheet,ward_code,geometry"
    assert ',"",,"MULTIPOLYGON' in lines
    assert len(list(csv.reader(io.StringIO(lines)))) == 5


def test_each_text_of_a_sequence_follows_a_separator(town: City):
    records = streamed(town, question(), "geojsonl").split(b"\x1e")
    assert records[0] == b""
    assert [json.loads(record)["type"] for record in records[1:]] == ["Feature"] * 4
    assert all(record.endswith(b"\n") for record in records[1:])


def test_a_limit_leaves_a_bookmark_from_which_the_rest_is_read(town: City):
    first = json.loads(streamed(town, question(), "geojson", limit=3))
    rest = json.loads(streamed(town, question(), "geojson", limit=3, bookmark=first["following"]))
    whole = json.loads(streamed(town, question(), "geojson"))
    assert (first["numberReturned"], rest["numberReturned"], rest["following"]) == (3, 1, None)
    assert first["features"] + rest["features"] == whole["features"]


def test_a_limit_of_as_many_as_there_are_leaves_none(town: City):
    assert json.loads(streamed(town, question(), "geojson", limit=4))["following"] is None


@pytest.mark.parametrize("suffix", ENCODERS)
def test_order_and_condition_hold_in_every_format(tmp_path: Path, town: City, suffix: str):
    asked = Question(
        PARCEL,
        public_columns(PARCEL),
        chosen(PARCEL, {"stage": ["existing"], "source": ["sample"]}),
        read_order(PARCEL, "-map_sheet"),
    )
    sheets = read(tmp_path, town, asked, suffix)["map_sheet"].fillna("").tolist()
    assert sheets == sorted(sheets, key=lambda sheet: sheet.encode(), reverse=True)
    assert len(sheets) == 4


def test_the_system_of_the_answer_decides_the_axes_of_text_but_not_those_of_binary_formats(tmp_path: Path, town: City):
    asked = Question(PARCEL, public_columns(PARCEL), system=LATLON)
    first = json.loads(streamed(town, asked, "geojson"))["features"][0]["geometry"]["coordinates"][0][0][0]
    assert first[0] == pytest.approx(16.08, abs=0.05)
    assert read(tmp_path, town, asked, "csv").geometry.iloc[0].bounds[0] == pytest.approx(16.08, abs=0.05)
    for suffix in ("fgb", "parquet"):
        assert read(tmp_path, town, asked, suffix).geometry.iloc[0].bounds[1] == pytest.approx(16.08, abs=0.05)


@pytest.mark.parametrize("suffix", ["fgb", "parquet"])
def test_binary_formats_name_their_coordinate_system(tmp_path: Path, town: City, suffix: str):
    found = read(tmp_path, town, Question(PARCEL, public_columns(PARCEL), system=STORED), suffix)
    assert found.crs.to_epsg() == STORED.srid
    assert found.geometry.iloc[0].bounds[:2] == pytest.approx((550_000, 1_778_400), abs=1e-6)


def test_geoparquet_tells_the_box_of_each_feature(tmp_path: Path, town: City):
    boxes = read(tmp_path, town, question(), "parquet")
    file = tmp_path / "features.parquet"
    part = geopandas.read_parquet(file, bbox=tuple(boxes.geometry.iloc[1].buffer(-1e-5).bounds))
    assert part["uid"].tolist() == [boxes["uid"].iloc[1]]


def test_a_head_of_flatgeobuf_ends_where_the_features_begin(town: City):
    with streams.traversal(town, question()) as traversal:
        begun = head(PARCEL, batches.schema(traversal), 4326)
    assert begun[:4] == b"fgb\x03"
    assert len(begun) == 12 + int.from_bytes(begun[8:12], "little")


@pytest.fixture(scope="module")
def many_url(server_url: str, template: str) -> Iterator[str]:
    """Sixty thousand parcels."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO city.parcel (stage, source, map_sheet, geom) "
            "SELECT 'existing', 'sample', repeat('Đ', 500), "
            "ST_Multi(ST_MakeEnvelope(n, 0, n + 1, 1, 5899)) FROM generate_series(1, 60000) AS n"
        )
        yield url


@pytest.mark.parametrize(("suffix", "most_mib"), [("geojson", 8), ("geojsonl", 8), ("csv", 8), ("fgb", 110)])
def test_memory_does_not_grow_with_the_layer(many_url: str, suffix: str, most_mib: int):
    size = 0
    with open_city(many_url) as many, streams.traversal(many, question()) as traversal:
        tracemalloc.start()
        for chunk in ENCODERS[suffix](traversal):
            size += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size > 60_000_000
    assert peak < most_mib * 2**20
