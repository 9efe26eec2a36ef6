"""Copies in files: whole, mapped, and fresh or known not to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest

from gis.db import City
from gis.networks.kept import Origin, is_fresh, keep, kept, moment
from tests.gis.hand import put

ROADS = Origin(("road",))
ARRAYS = {"length_m": np.array([1.5, 2.5]), "start": np.arange(4)}


def road(city: City, north: float = 0.0) -> int:
    return put(
        city.connection,
        "road",
        f"MULTILINESTRING((550000 {1_776_000 + north}, 550100 {1_776_000 + north}))",
        road_class="district",
        stage="existing",
    )


def test_what_is_kept_is_mapped_as_it_was(city: City, tmp_path: Path):
    made = moment(city.connection)
    keep(tmp_path / "road", ARRAYS, made)
    found = kept(tmp_path / "road")
    assert found is not None
    assert found[0] == made
    assert {name: array.tolist() for name, array in found[1].items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    assert all(isinstance(array, np.memmap) for array in found[1].values())


def test_a_newer_copy_takes_the_place_of_the_old_one_whose_readers_go_on(city: City, tmp_path: Path):
    keep(tmp_path / "road", ARRAYS, moment(city.connection))
    former = kept(tmp_path / "road")
    keep(tmp_path / "road", {"length_m": np.array([9.0])}, moment(city.connection))
    newer = kept(tmp_path / "road")
    assert former is not None
    assert newer is not None
    assert (former[1]["length_m"].tolist(), newer[1]["length_m"].tolist()) == ([1.5, 2.5], [9.0])
    assert len([each for each in tmp_path.iterdir() if each.is_dir() and not each.is_symlink()]) == 1


@pytest.mark.parametrize(
    "broken", ["", "{}", '{"made": {"life": "1", "snapshot": "1:1:", "number": 1}, "arrays": ["gone"]}']
)
def test_a_copy_that_is_not_whole_is_none(tmp_path: Path, broken: str):
    assert kept(tmp_path / "road") is None
    (tmp_path / "road").mkdir()
    (tmp_path / "road" / "said.json").write_text(broken)
    assert kept(tmp_path / "road") is None


def test_a_copy_is_fresh_until_its_layer_changes(city: City):
    road(city)
    made = moment(city.connection)
    assert is_fresh(city.connection, made, ROADS)
    put(
        city.connection,
        "ward",
        "MULTIPOLYGON(((550000 1776000, 550100 1776000, 550100 1776100, 550000 1776000)))",
        code="1",
        name="A",
    )
    assert is_fresh(city.connection, made, ROADS)
    road(city, 10)
    assert not is_fresh(city.connection, made, ROADS)
    assert is_fresh(city.connection, moment(city.connection), ROADS)


def test_a_change_that_was_under_way_when_it_was_made_is_seen_once_it_is_committed(city: City, database_url: str):
    with psycopg.connect(database_url) as other:
        other.execute(
            "INSERT INTO city.road (road_class, stage, source, geom) SELECT 'district', 'existing', 'test',"
            " ST_GeomFromText('MULTILINESTRING((550000 1776000, 550100 1776000))', 5899)"
        )
        made = moment(city.connection)
        assert is_fresh(city.connection, made, ROADS)
        other.commit()
    assert not is_fresh(city.connection, made, ROADS)


def test_a_copy_of_another_life_of_the_database_is_not_trusted(city: City):
    made = moment(city.connection)
    assert not is_fresh(city.connection, replace(made, life="another"), ROADS)


def test_a_copy_older_than_the_log_tells_is_not_trusted(city: City):
    made = moment(city.connection)
    assert not is_fresh(city.connection, replace(made, number=made.number - 60_000), ROADS)
    assert not is_fresh(city.connection, replace(made, number=made.number + 1), ROADS)
