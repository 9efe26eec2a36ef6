"""The shell's door: whatever goes wrong is one sentence on standard error and exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return {**os.environ, "QUYHOACH_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}


def refused(environment: dict[str, str], *words: str | bytes) -> str:
    """Return the one line that the shell refuses with."""
    done = subprocess.run(
        [sys.executable, "-m", "gis", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_file_that_fails_in_a_way_of_its_own_is_named_with_the_reason(environment: dict[str, str], tmp_path: Path):
    frame = gpd.GeoDataFrame({"so": ["1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:5899")
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    (tmp_path / "a.dbf").mkdir()
    said = refused(environment, "load", str(tmp_path / "a.shp"), "--layer", "parcel")
    assert said == f"✗ '{tmp_path}/a.dbf': Is a directory."


def test_words_that_are_not_in_utf_8_are_refused(environment: dict[str, str]):
    assert "is not text in UTF-8" in refused(environment, "scenario", "open", "green", "--title", b"\xff")


def test_a_layer_without_an_overview_is_not_said_to_be_none(environment: dict[str, str]):
    assert "The layer road has no overview" in refused(environment, "overviews", "--layer", "road")
    assert "There is no layer 'roads'" in refused(environment, "overviews", "--layer", "roads")


def test_the_size_of_a_sample_is_looked_at_before_it_is_announced(environment: dict[str, str]):
    assert refused(environment, "sample", "--parcels", "0").startswith("✗ A sample city has 2,000 to 3,000,000 parcels")
