"""Claims on tiles: one worker has one at a time, and none outlives its worker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.tiles import Claims

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[Claims]:
    claims = Claims(tmp_path / "claims")
    yield claims
    claims.close()


def other_worker(tmp_path: Path, then: str) -> subprocess.Popen[str]:
    """Start a process that claims tile `a`, says so, and goes on."""
    code = (
        "import os, pathlib, signal, sys; from gis.tiles import Claims\n"
        f"claims = Claims(pathlib.Path({str(tmp_path / 'claims')!r}))\n"
        "print(claims.take(b'a'), flush=True)\n"
        f"{then}\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def go_on(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()


def test_one_drawing_holds_a_tile_and_others_their_own(claims: Claims):
    assert claims.take(b"a")
    assert not claims.take(b"a")
    assert claims.is_taken(b"a")
    assert claims.take(b"b")
    claims.give_up(b"a")
    assert not claims.is_taken(b"a")
    assert claims.is_taken(b"b")
    assert claims.take(b"a")


def test_what_another_worker_holds_is_taken_until_it_gives_it_up(claims: Claims, tmp_path: Path):
    with other_worker(tmp_path, "input(); claims.give_up(b'a'); print('given up', flush=True); input()") as worker:
        assert said(worker) == "True"
        assert not claims.take(b"a")
        assert claims.is_taken(b"a")
        claims.give_up(b"a")
        assert claims.is_taken(b"a"), "nobody gives up what another holds"
        assert claims.take(b"b")
        go_on(worker)
        assert said(worker) == "given up"
        assert claims.take(b"a")
        go_on(worker)


def test_the_claim_of_a_dead_worker_holds_nobody_up(claims: Claims, tmp_path: Path):
    with other_worker(tmp_path, "input(); os.kill(os.getpid(), signal.SIGKILL)") as worker:
        assert said(worker) == "True"
        assert claims.is_taken(b"a")
        go_on(worker)
        worker.wait()
        assert claims.take(b"a")
