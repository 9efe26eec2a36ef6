"""`quyhoach swmm` writes a model that the engine takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gis.networks.drainage.swmm.engine import simulate
from gis.networks.drainage.swmm.inp import model

ROOT = Path(__file__).resolve().parents[4]


def swmm(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gis", "swmm", *words],
        capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
        env={"QUYHOACH_DATABASE_URL": url, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )  # fmt: skip


def test_a_model_of_the_town_is_written_and_not_written_over(town_url: str, tmp_path: Path):
    path = tmp_path / "town.inp"
    done = swmm(town_url, str(path), "--rain", "i=60 t=60", "--horizon", "2030")
    assert (done.returncode, done.stdout.strip()) == (0, f"{path}: 4 nodes, 3 sewers, 0 left out")
    assert simulate(model(str(path)).text).is_trusted
    again = swmm(town_url, str(path), "--rain", "i=60 t=60")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert swmm(town_url, str(path), "--rain", "i=60 t=60", "--overwrite").returncode == 0
    without = swmm(town_url, str(tmp_path / "x.inp"), "--rain", "")
    assert (without.returncode, "not known for this place" in without.stderr) == (2, True)
    assert not (tmp_path / "x.inp").exists()
