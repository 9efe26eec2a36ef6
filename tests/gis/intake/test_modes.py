"""One load is one transaction: append, replace, upsert; a kill at any moment leaves the old state whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import shapely
from psycopg import sql

from gis.db import City
from gis.intake import Manner, Mapping, load
from gis.intake.errors import NoKeyError, NothingStorableError, UnfilledKeyError
from gis.intake.loading import load_layers
from tests.gis.intake.conftest import Write, square, stored

ROOT = Path(__file__).resolve().parents[3]
WARD = Mapping(columns={"code": ("ma",), "name": ("ten",)}, constants={"source": "test"})
PARCEL = Mapping(columns={"parcel_number": ("so",)}, constants={"source": "test", "stage": "existing"})


def wards(write: Write, name: str, rows: list[tuple[str | None, str, shapely.Polygon]]) -> Path:
    return write(name, [row[2] for row in rows], ma=[row[0] for row in rows], ten=[row[1] for row in rows])


def names(city: City) -> list[tuple[str, str]]:
    return stored(city, "SELECT code, name FROM city.ward ORDER BY code, name")


def test_append_adds(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    load(city, wards(write, "b.gpkg", [("2", "B", square(1))]), layer="ward", mapping=WARD)
    assert names(city) == [("1", "A"), ("2", "B")]


def test_replace_takes_the_place_of_all_and_the_history_keeps_them(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0)), ("2", "B", square(1))]), layer="ward", mapping=WARD)
    report = load(city, wards(write, "b.gpkg", [("3", "C", square(2))]), layer="ward", mapping=WARD, mode="replace")
    assert names(city) == [("3", "C")]
    assert report.outcome == {"removed": 2}
    assert stored(city, "SELECT code FROM history.ward ORDER BY code") == [("1",), ("2",)]


def test_a_replacement_of_nothing_is_refused(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    with pytest.raises(NothingStorableError, match=r"missing_required: 1.*is kept"):
        load(city, wards(write, "b.gpkg", [(None, "C", square(2))]), layer="ward", mapping=WARD, mode="replace")
    assert names(city) == [("1", "A")]


def test_upsert_changes_by_key_keeps_the_uid_and_adds_the_new(city: City, write: Write):
    rows = [("1", "A", square(0)), ("2", "B", square(1))]
    load(city, wards(write, "a.gpkg", rows), layer="ward", mapping=WARD)
    before = dict(stored(city, "SELECT code, uid FROM city.ward"))
    path = wards(write, "b.gpkg", [("2", "Bê", square(1)), ("1", "A", square(0)), ("3", "C", square(2))])
    report = load(city, path, layer="ward", mapping=WARD, mode="upsert")
    assert report.outcome == {"updated": 1, "unchanged": 1, "inserted": 1}
    assert names(city) == [("1", "A"), ("2", "Bê"), ("3", "C")]
    after = dict(stored(city, "SELECT code, uid FROM city.ward"))
    assert {code: after[code] for code in before} == before
    assert stored(city, "SELECT code, name FROM history.ward") == [("2", "B")]


def test_only_rows_that_stand_twice_are_said_to(city: City, write: Write):
    first = wards(write, "a.gpkg", [("1", "A", square(0))])
    once = load(city, first, layer="ward", mapping=WARD)
    twice = load(city, first, layer="ward", mapping=WARD)
    assert [note for note in twice.notes if "stored twice" in note] == [
        f"the same file was loaded before, as delivery {once.delivery}: its rows are now stored twice"
    ]
    load(city, wards(write, "b.gpkg", [("2", "B", square(1))]), layer="ward", mapping=WARD, mode="replace")
    assert load(city, first, layer="ward", mapping=WARD).notes == ()


def test_a_file_of_which_no_row_is_fit_is_not_said_to_be_stored_twice(city: City, write: Write):
    path = wards(write, "a.gpkg", [(None, "A", square(0))])
    for _ in range(2):
        assert load(city, path, layer="ward", mapping=WARD).notes == ()


def test_two_layers_are_upserted_in_one_transaction(city: City, write: Write):
    path = wards(write, "a.gpkg", [("1", "A", square(0))])
    reports = load_layers(city, path, layers=("district", "ward"), mapping=WARD, mode="upsert")
    assert [(each.layer, each.outcome["inserted"]) for each in reports] == [("ward", 1), ("district", 1)]


def test_upsert_sees_a_moved_boundary_as_a_change(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    moved = wards(write, "b.gpkg", [("1", "A", square(0, size_m=150))])
    assert load(city, moved, layer="ward", mapping=WARD, mode="upsert").outcome["updated"] == 1
    assert stored(city, "SELECT ST_Area(geom) FROM city.ward") == [(22_500.0,)]


def test_upsert_refuses_a_key_that_is_not_unique_or_not_there(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("7", "A", square(0)), ("7", "B", square(1))]), layer="ward", mapping=WARD)
    rows = [("7", "C", square(2)), ("8", "D", square(3)), ("8", "E", square(4)), ("9", "F", square(5))]
    report = load(city, wards(write, "b.gpkg", rows), layer="ward", mapping=WARD, mode="upsert")
    assert (report.read, report.stored, report.refused) == (4, 1, 3)
    assert report.reasons == {"ambiguous_key": 3}
    found = stored(city, "SELECT row_number, message FROM register.refused ORDER BY row_number")
    assert found == [
        (1, "its key (code) fits several stored features: 7"),
        (2, "its key (code) stands more than once in the delivery: 8"),
        (3, "its key (code) stands more than once in the delivery: 8"),
    ]


def test_upsert_refuses_rows_whose_key_is_not_filled(city: City, write: Write):
    path = write("p.gpkg", [square(0), square(1)], ma=["1", "1"], to=["2", None], so=["3", "4"])
    keyed = {"ward_code": ("ma",), "map_sheet": ("to",), "parcel_number": ("so",)}
    mapping = Mapping(columns=keyed, constants=PARCEL.constants)
    report = load(city, path, layer="parcel", mapping=mapping, mode="upsert")
    assert (report.stored, report.reasons) == (1, {"missing_key": 1})
    with pytest.raises(UnfilledKeyError, match="found by ward_code, map_sheet"):
        load(city, path, layer="parcel", mapping=PARCEL, mode="upsert")


def test_upsert_by_uid_finds_the_feature_whatever_its_key(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    ((uid,),) = stored(city, "SELECT uid FROM city.ward")
    path = write("b.gpkg", [square(0), square(1)], uid=[uid, uid + 1_000_000], ma=["5", "6"], ten=["Mới", "Lạ"])
    by_uid = Mapping(columns={**WARD.columns, "uid": ("uid",)}, constants=WARD.constants)
    report = load(city, path, layer="ward", mapping=by_uid, mode="upsert")
    assert (report.outcome, report.reasons) == ({"updated": 1, "unchanged": 0, "inserted": 0}, {"ambiguous_key": 1})
    assert stored(city, "SELECT uid, code, name FROM city.ward") == [(uid, "5", "Mới")]


def test_a_layer_without_key_cannot_be_upserted(city: City, write: Write):
    path = write("b.gpkg", [square(0)], so=["1"])
    with pytest.raises(NoKeyError, match="--mode append or replace"):
        load(city, path, layer="building", mapping=Mapping(columns={}, constants=PARCEL.constants), mode="upsert")


def test_a_dry_run_counts_and_stores_nothing(city: City, write: Write):
    path = wards(write, "a.gpkg", [("1", "A", square(0)), (None, "B", square(1))])
    report = load(city, path, layer="ward", mapping=WARD, manner=Manner(dry_run=True))
    assert (report.delivery, report.read, report.stored, report.refused) == (None, 2, 1, 1)
    assert names(city) == []
    assert stored(city, "SELECT count(*) FROM register.delivery") == [(0,)]


def test_a_load_of_an_upsert_that_fails_leaves_no_trace(city: City, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    path = wards(write, "b.gpkg", [("1", "X", square(0))])

    def broken(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(city, path, layer="ward", mapping=WARD, mode="upsert", manner=Manner(watch=broken))
    assert names(city) == [("1", "A")]
    assert stored(city, "SELECT count(*) FROM register.delivery") == [(1,)]


KILLED = """
import sys, time
from pathlib import Path
from gis.db import open_city
from gis.intake import Manner, Mapping, load

def slowly(rows):
    Path(sys.argv[3]).write_text(str(rows))
    time.sleep(3)

mapping = Mapping(columns={"parcel_number": ("so",)}, constants={"source": "new", "stage": "existing"})
with open_city(sys.argv[1]) as city:
    load(city, sys.argv[2], layer="parcel", mapping=mapping, mode=sys.argv[4], manner=Manner(watch=slowly))
"""


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_kill_in_mid_load_leaves_the_old_state_whole(
    city: City, database_url: str, write: Write, tmp_path: Path, mode: str
):
    old = write("old.gpkg", [square(n) for n in range(5)], so=[str(n) for n in range(5)])
    load(city, old, layer="parcel", mapping=PARCEL)
    before = stored(city, "SELECT uid, parcel_number, source, recorded_at FROM city.parcel ORDER BY uid")
    many = [square(n % 250, n // 250, size_m=20) for n in range(20_000)]
    path = write("many.fgb", many, so=[str(n) for n in range(20_000)])
    mark = tmp_path / "mark"
    arguments = [sys.executable, "-c", KILLED, database_url, str(path), str(mark), mode]
    with subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as loader:
        deadline = time.monotonic() + 60
        while not (mark.exists() and mark.read_text() > "") and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        assert loader.poll() is None, "it was too fast to be killed in the middle"
        loader.send_signal(signal.SIGKILL)
    assert int(mark.read_text()) < 20_000
    _wait_until_alone(database_url)
    assert stored(city, "SELECT uid, parcel_number, source, recorded_at FROM city.parcel ORDER BY uid") == before
    assert stored(city, "SELECT count(*) FROM history.parcel") == [(0,)]
    assert stored(city, "SELECT count(*) FROM register.delivery") == [(1,)]
    assert load(city, path, layer="parcel", mapping=PARCEL, mode=mode).stored == 20_000


def _wait_until_alone(database_url: str) -> None:
    """Wait until the server has noticed that the loader is gone."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for _ in range(200):
            busy = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
                " AND pid <> pg_backend_pid()"
            ).fetchone()
            if busy == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("the server still works for a process that was killed")


def test_readers_see_the_old_state_while_a_layer_is_replaced(city: City, database_url: str, write: Write):
    load(city, wards(write, "a.gpkg", [("1", "A", square(0))]), layer="ward", mapping=WARD)
    seen: list[object] = []

    def look(_rows: int) -> None:
        with psycopg.connect(database_url, options="-c lock_timeout=2000") as reader:
            seen.append(reader.execute(sql.SQL("SELECT name FROM city.ward")).fetchall())

    path = wards(write, "b.gpkg", [("2", "B", square(1))])
    load(city, path, layer="ward", mapping=WARD, mode="replace", manner=Manner(watch=look))
    assert seen == [[("A",)]]
    assert names(city) == [("2", "B")]
