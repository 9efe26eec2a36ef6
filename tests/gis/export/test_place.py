"""A file stands complete in its place, or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.db import City
from gis.export import FORMATS, export
from gis.export.errors import (
    DiskFullError,
    FileExistsAlreadyError,
    FileInUseError,
    FileNameError,
    NoFolderError,
    NoNameError,
    NotOrdinaryError,
)
from gis.export.place import place
from tests.gis.hand import closed

EVERY = [suffix for format_ in FORMATS.values() for suffix in format_.suffixes]
ROOT = Path(__file__).resolve().parents[3]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; tests that use it are skipped where none may be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.call(
        [mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], stderr=subprocess.DEVNULL
    ):
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(city: City, rows: int) -> None:
    city.connection.execute(
        """
        INSERT INTO city.facility (facility_type, name, stage, source, geom)
        SELECT 'park', md5(n::text) || md5((n + 1)::text), 'existing', 'sample',
            ST_SetSRID(ST_MakePoint(550000 + n * 1.23456789, 1778000 + n * 0.987654321), 5899)
        FROM generate_series(1, %s) AS n
        """,
        [rows],
    )


@pytest.mark.parametrize("suffix", EVERY)
def test_a_file_that_stands_there_is_refused_and_replaced_only_when_asked(odd: City, tmp_path: Path, suffix: str):
    path = tmp_path / f"a{suffix}"
    path.write_text("mine")
    with pytest.raises(FileExistsAlreadyError, match="exists already"):
        export(odd, "road", path)
    assert path.read_text() == "mine"
    assert export(odd, "road", path, overwrite=True).rows == 2
    assert path.read_bytes()[:4] != b"mine"
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_a_shapefile_does_not_write_over_a_table_of_the_same_name(odd: City, tmp_path: Path):
    (tmp_path / "a.dbf").write_text("mine")
    with pytest.raises(FileExistsAlreadyError, match=r"a\.dbf"):
        export(odd, "road", tmp_path / "a.shp")


def test_an_overwritten_shapefile_loses_its_old_index(odd: City, tmp_path: Path):
    export(odd, "road", tmp_path / "a.shp")
    (tmp_path / "a.qix").write_text("an index of other features")
    export(odd, "road", tmp_path / "a.shp", overwrite=True)
    assert names(tmp_path) == ["a.cpg", "a.dbf", "a.prj", "a.shp", "a.shx"]


def test_a_geopackage_that_another_program_holds_open_is_not_replaced(odd: City, tmp_path: Path):
    path = export(odd, "road", tmp_path / "a.gpkg").path
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = wal")
    other.execute("UPDATE gpkg_contents SET description = 'open'")
    with pytest.raises(FileInUseError, match="open in another program"):
        export(odd, "road", path, overwrite=True)
    other.close()


def test_a_folder_that_is_not_there_is_said(odd: City, tmp_path: Path):
    with pytest.raises(NoFolderError, match="no such folder"):
        export(odd, "road", tmp_path / "nowhere" / "a.gpkg")
    with pytest.raises(NoFolderError, match="it is a folder"):
        export(odd, "road", tmp_path.parent / tmp_path.name, format="gpkg")


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_pipe_a_socket_and_a_link_are_not_replaced(odd: City, tmp_path: Path, overwrite: bool):
    os.mkfifo(tmp_path / "pipe.csv")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket.csv"))
    (tmp_path / "mine.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to("mine.csv")
    (tmp_path / "hanging.csv").symlink_to("nowhere.csv")
    before = {path.name: path.lstat().st_ino for path in tmp_path.iterdir()}
    for name, kind in (("pipe", "a pipe"), ("socket", "a socket"), ("link", "a link"), ("hanging", "a link")):
        with pytest.raises(NotOrdinaryError, match=f"{name}.csv' is {kind}"):
            export(odd, "road", tmp_path / f"{name}.csv", overwrite=overwrite)
    assert {path.name: path.lstat().st_ino for path in tmp_path.iterdir()} == before
    listening.close()


def test_a_part_of_a_shapefile_that_is_no_ordinary_file_is_not_replaced(odd: City, tmp_path: Path):
    os.mkfifo(tmp_path / "a.dbf")
    with pytest.raises(NotOrdinaryError, match=r"a\.dbf' is a pipe"):
        export(odd, "road", tmp_path / "a.shp", overwrite=True)


def test_a_folder_that_may_not_be_entered_is_said(tmp_path: Path):
    with (
        closed(tmp_path / "closed") as folder,
        pytest.raises(NoFolderError, match="closed': Permission denied"),
        place(folder / "a.csv", written_as="a.csv", overwrite=False),
    ):
        pass


def test_a_name_that_is_none_is_refused(odd: City, tmp_path: Path):
    with pytest.raises(NoNameError, match=r"such as 'city\.shp'"):
        export(odd, "road", tmp_path / ".shp")
    with pytest.raises(FileNameError, match="not in UTF-8"):
        export(odd, "road", tmp_path / os.fsdecode(b"\xff.csv"))
    with pytest.raises(NoFolderError, match="File name too long"):
        export(odd, "road", tmp_path / f"{'t' * 300}.csv")
    assert names(tmp_path) == []


@pytest.mark.parametrize("suffix", EVERY)
def test_a_full_disk_is_one_sentence_and_leaves_nothing(city: City, small_disk: Path, suffix: str):
    fill(city, 6_000)
    with pytest.raises(DiskFullError, match="The disk is full") as refused:
        export(city, "facility", small_disk / f"a{suffix}")
    assert "\n" not in str(refused.value)
    assert names(small_disk) == []


def test_an_older_file_survives_a_full_disk(city: City, small_disk: Path):
    path = small_disk / "a.gpkg"
    fill(city, 10)
    export(city, "facility", path)
    before = path.read_bytes()
    fill(city, 6_000)
    with pytest.raises(DiskFullError):
        export(city, "facility", path, overwrite=True)
    assert path.read_bytes() == before


KILLED = """
import os, sys
from gis.db import open_city
from gis.export.delivery import deliver, order
def wait(done, total):
    print("under way", flush=True)
    sys.stdin.read()
with open_city(sys.argv[1]) as city:
    deliver(order(city, "road", sys.argv[2], overwrite=True), seen=wait)
"""


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".csv"])
def test_a_killed_export_leaves_no_half_file_and_the_next_one_clears_up(
    odd: City, odd_url: str, tmp_path: Path, suffix: str
):
    path = tmp_path / f"a{suffix}"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, odd_url, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"under way\n"
    [under_way] = names(tmp_path)
    assert under_way.endswith(".part")
    assert export(odd, "road", tmp_path / f"b{suffix}").rows == 2
    assert under_way in names(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not path.exists()
    export(odd, "road", path)
    assert under_way not in names(tmp_path)


def test_two_exports_of_one_file_do_not_clear_each_other_away(odd: City, odd_url: str, tmp_path: Path):
    path = tmp_path / "a.gpkg"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, odd_url, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    assert export(odd, "road", path).rows == 2
    process.communicate(b"")
    assert process.returncode == 0
    assert names(tmp_path) == ["a.gpkg"]


def test_an_error_in_the_middle_of_a_stream_is_told_as_it_is(city: City, tmp_path: Path):
    fill(city, 3_000)
    from gis.export.delivery import deliver, order

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    for suffix in (".gpkg", ".parquet", ".xlsx", ".dxf"):
        with pytest.raises(KeyboardInterrupt):
            deliver(order(city, "facility", tmp_path / f"a{suffix}"), seen=stop)
        assert names(tmp_path) == []
        assert city.connection.execute("SELECT 1").fetchone() == (1,)
