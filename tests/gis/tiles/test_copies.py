"""Copies on disk: bounded, shared, never set back to an older state, never half written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.changes.snapshot import Snapshot
from gis.tiles import Copies, Copy

ROOT = Path(__file__).resolve().parents[3]
MIB = 1 << 20


def copy(snapshot: str = "100:100:", *, reign: str = "r", body: bytes = b"tile") -> Copy:
    return Copy(reign, Snapshot.read(snapshot), "etag", "", body)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    copies = Copies(tmp_path / "copies", most_bytes=4 * MIB)
    yield copies
    copies.close()


def test_a_copy_comes_back_as_it_was_kept(copies: Copies):
    kept = Copy("1/2/3", Snapshot.read("7:12:8,9"), "abc", '{"parcel": 4}', b"\n\x00binary\n")
    copies.keep(b"a", kept)
    assert copies.read(b"a") == kept
    assert copies.read(b"b") is None


def test_an_older_state_never_takes_the_place_of_a_newer_one(copies: Copies):
    copies.keep(b"a", copy("100:105:", body=b"newer"))
    copies.keep(b"a", copy("100:104:", body=b"older"))
    found = copies.read(b"a")
    assert found is not None
    assert found.body == b"newer"


def test_the_folder_stays_within_its_bound_and_keeps_what_is_asked_for(tmp_path: Path):
    copies = Copies(tmp_path / "copies", most_bytes=4 * MIB)
    copies.keep(b"wanted", copy(body=b"wanted"))
    for number in range(3_000):
        copies.keep(b"%d" % number, copy(body=os.urandom(20_000)))
        assert copies.read(b"wanted") is not None
    size = sum(file.stat().st_blocks * 512 for file in (tmp_path / "copies").iterdir())
    copies.close()
    assert size < 7 * MIB


def test_what_is_too_large_for_the_folder_is_not_kept(copies: Copies):
    copies.keep(b"a", copy(body=bytes(MIB)))
    assert copies.read(b"a") is None


def test_a_worker_killed_while_it_writes_leaves_no_half_of_a_copy(tmp_path: Path):
    killed = (
        "import os, pathlib, threading, time; from gis.tiles import Copies, Copy;"
        "from gis.changes.snapshot import Snapshot;"
        f"copies = Copies(pathlib.Path({str(tmp_path)!r}), most_bytes={4 * MIB});"
        "threading.Timer(0.3, os.kill, (os.getpid(), 9)).start()\n"
        "while True:\n"
        "    for n in range(20):\n"
        "        copies.keep(b'%d' % n, Copy('r', Snapshot(1, 1, frozenset()), 'e', '', bytes([n]) * 10000))\n"
    )
    subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False)
    copies = Copies(tmp_path, most_bytes=4 * MIB)
    for number in range(20):
        found = copies.read(b"%d" % number)
        assert found is not None
        assert found.body == bytes([number]) * 10_000
        copies.keep(b"%d" % number, found)
    copies.close()
