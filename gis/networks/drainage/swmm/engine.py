"""Running a model: in a process of its own, bounded in time and memory; the engine is not safe within the service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Timer

from gis.answering import told
from gis.errors import QuyhoachError
from gis.networks.drainage.swmm.results import Results

MOST_S = 540
"""Longest that a model may run, in s."""
_PROCESS = Path(__file__).with_name("process.py")
_SHOWN = 5


class SimulationError(QuyhoachError):
    """A model that the engine refuses, that takes too long, or at which it breaks off."""


def simulate(model: str, *, most_s: int = MOST_S, begin: float = 0.0, end: float = 1.0) -> Results:
    """Run a model and return what it found, saying how far it has come.

    Parameters
    ----------
    model : the text of an `.inp` file.
    most_s : longest that it may take, in s.
    begin, end : shares (0-1) of the question that the run is.

    Raises
    ------
    SimulationError
        When the engine refuses it, breaks off, or takes too long.
    """
    folder = Path(tempfile.mkdtemp(prefix="quyhoach-swmm-"))
    try:
        (folder / "model.inp").write_text(model, encoding="utf-8")
        _run(folder, most_s, (begin, end))
        return _results(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, most_s: int, shares: tuple[float, float]) -> None:
    begin, end = shares
    # Isolated from the paths of whoever runs it; one thread, whatever a model says, so that a second run repeats it.
    command = [sys.executable, "-I", str(_PROCESS), str(folder), str(most_s)]
    environment = {"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1"}
    late = False

    def stop() -> None:
        nonlocal late
        late = True
        process.kill()

    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        timer = Timer(most_s, stop)
        timer.start()
        try:
            for line in process.stdout or ():
                told(begin + (end - begin) * _share(line))
            code = process.wait()
        finally:
            timer.cancel()
            process.kill()
    if late:
        raise SimulationError(f"The simulation was stopped after {most_s} s; take a smaller part, or a shorter storm.")
    if code != 0:
        raise SimulationError(f"The engine broke off (status {code}): the model holds what it cannot take.")


def _share(line: str) -> float:
    try:
        return float(line)
    except ValueError:
        return 0.0


def _results(folder: Path) -> Results:
    left = folder / "results.json"
    if not left.exists():
        raise SimulationError("The engine left no results: it ran out of memory or of room on the disk.")
    said = json.loads(left.read_text(encoding="utf-8"))
    if "error" in said:
        complaints = said["complaints"][:_SHOWN] or [said["error"]]
        raise SimulationError(f"The engine refuses the model: {'; '.join(complaints)}.")
    return Results.read(said)
