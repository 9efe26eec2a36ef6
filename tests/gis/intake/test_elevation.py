"""Heights are read between cells; no data stays unknown and is counted; what is there is not touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import rasterio
import shapely

from gis.copy import copy_batches
from gis.db import City
from gis.elevation import NoElevationError, StatedErrorError
from gis.intake import load
from gis.intake.elevation import sample_elevation
from gis.intake.errors import DamagedFileError, NoSystemError
from gis.intake.opening import ImageError
from layers import LAYERS
from tests.gis.intake.conftest import EAST_M, NORTH_M, stored


def plane(path: Path, *, hole: bool = False, crs: str | None = "EPSG:5899") -> Path:
    """Write a tilted plane of 20 × 20 cells of 10 m: the height is the distance in m from the western edge, by 100."""
    columns, _ = np.meshgrid(np.arange(20), np.arange(20))
    heights = ((columns + 0.5) * 0.1).astype("float32")
    if hole:
        heights[5, 5] = -9999
    transform = rasterio.transform.from_origin(EAST_M, NORTH_M + 200, 10, 10)
    with rasterio.open(path, "w", driver="GTiff", width=20, height=20, count=1, dtype="float32", nodata=-9999,
                       crs=crs, transform=transform) as model:  # fmt: skip
        model.write(heights, 1)
    return path


def put(city: City, layer: str, shapes: list[shapely.Geometry], **columns: list[object]) -> None:
    batch = pa.RecordBatch.from_pydict({**columns, "geometry": pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())})
    copy_batches(city.connection, LAYERS[layer], [batch], constants={"source": "t", "stage": "existing"})


def test_a_height_between_cells_lies_between_theirs(city: City, tmp_path: Path):
    points = [shapely.Point(EAST_M + x, NORTH_M + 100) for x in (50, 73, 195, 198, 500)]
    put(
        city, "node", points, code=list("abcde"), node_type=["junction"] * 5, elevation_m=[None, None, None, None, None]
    )
    report = sample_elevation(city, plane(tmp_path / "dem.tif"), layer="node", stated_error_m=1.5)
    (column,) = report.columns
    assert (column.layer, column.column, column.empty, column.filled, column.unknown) == (
        "node",
        "elevation_m",
        5,
        3,
        2,
    )
    assert (report.cell_m, report.stated_error_m) == (10, 1.5)
    heights = dict(stored(city, "SELECT code, elevation_m FROM city.node"))
    assert heights == {"a": 0.5, "b": 0.73, "c": 1.95, "d": None, "e": None}


def test_no_data_stays_unknown_and_what_is_there_is_kept(city: City, tmp_path: Path):
    points = [shapely.Point(EAST_M + 55, NORTH_M + 145), shapely.Point(EAST_M + 150, NORTH_M + 20)]
    put(city, "node", points, code=["hole", "known"], node_type=["junction"] * 2, elevation_m=[None, 42.0])
    (column,) = sample_elevation(city, plane(tmp_path / "dem.tif", hole=True), layer="node").columns
    assert (column.empty, column.filled, column.unknown) == (1, 0, 1)
    assert dict(stored(city, "SELECT code, elevation_m FROM city.node")) == {"hole": None, "known": 42.0}


def test_a_channel_takes_the_heights_of_its_two_ends(city: City, tmp_path: Path):
    line = shapely.LineString(
        [(EAST_M + 20, NORTH_M + 100), (EAST_M + 90, NORTH_M + 50), (EAST_M + 160, NORTH_M + 100)]
    )
    put(city, "channel", [line], channel_type=["canal"])
    report = sample_elevation(city, plane(tmp_path / "dem.tif"))
    assert {(each.layer, each.column): each.filled for each in report.columns if each.empty} == {
        ("channel", "invert_start_m"): 1,
        ("channel", "invert_end_m"): 1,
    }
    assert stored(city, "SELECT invert_start_m, invert_end_m FROM city.channel") == [(0.2, 1.6)]


def test_what_is_no_elevation_model_is_refused(city: City, tmp_path: Path):
    with pytest.raises(NoElevationError, match="has no heights to fill"):
        sample_elevation(city, plane(tmp_path / "dem.tif"), layer="parcel")
    with pytest.raises(NoSystemError, match="declares no coordinate system"):
        sample_elevation(city, plane(tmp_path / "bare.tif", crs=None), layer="node")
    (tmp_path / "cut.tif").write_bytes((tmp_path / "dem.tif").read_bytes()[:60])
    with pytest.raises(DamagedFileError):
        sample_elevation(city, tmp_path / "cut.tif", layer="node")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(NoElevationError, match="is CSV"):
        sample_elevation(city, tmp_path / "a.csv", layer="node")


def test_a_dry_run_says_what_would_be_filled_and_stores_nothing(city: City, tmp_path: Path):
    points = [shapely.Point(EAST_M + x, NORTH_M + 100) for x in (50, 500)]
    put(city, "node", points, code=["a", "b"], node_type=["junction"] * 2, elevation_m=[None, None])
    report = sample_elevation(city, plane(tmp_path / "dem.tif"), layer="node", dry_run=True)
    assert report.dry_run
    assert [(each.empty, each.filled, each.unknown) for each in report.columns] == [(2, 1, 1)]
    assert dict(stored(city, "SELECT code, elevation_m FROM city.node")) == {"a": None, "b": None}


def test_a_model_that_declares_no_system_is_read_in_the_one_that_is_said(city: City, tmp_path: Path):
    put(city, "node", [shapely.Point(EAST_M + 50, NORTH_M + 100)], code=["a"], node_type=["junction"])
    sample_elevation(city, plane(tmp_path / "bare.tif", crs=None), layer="node", crs="EPSG:5899")
    assert stored(city, "SELECT elevation_m FROM city.node") == [(0.5,)]


@pytest.mark.parametrize("stated_error_m", [float("nan"), float("inf"), -1.0])
def test_an_error_that_is_no_length_is_refused(city: City, tmp_path: Path, stated_error_m: float):
    with pytest.raises(StatedErrorError, match="0 or more"):
        sample_elevation(city, plane(tmp_path / "dem.tif"), layer="node", stated_error_m=stated_error_m)


def test_a_model_is_no_delivery_of_features(city: City, tmp_path: Path):
    with pytest.raises(ImageError, match=r"holds no features; .* sampled with --elevation\.$"):
        load(city, plane(tmp_path / "dem.tif"), layer="node")
