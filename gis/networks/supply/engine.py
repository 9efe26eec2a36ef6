"""The hydraulic engine: EPANET 2.2 as wntr brings it, run beside us (see `epanet.py`); who calls it knows neither.

wntr itself, which takes seconds and hundreds of megabytes to be imported, is entered by who asks for its model alone.
"""

from __future__ import annotations

import importlib
import json
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any  # what is said as JSON, and wntr, have no types

from gis.networks.supply.errors import EngineError, NoEngineError, TooLongError

MOST_S = 900.0
"""Longest time that one simulation may take."""
_MOST_BYTES = 6 * 1024**3
_WORKER = Path(__file__).with_name("epanet.py")
_LIBRARIES: Mapping[tuple[str, str], str] = {
    ("linux", "x86_64"): "linux-x64/libepanet22.so",
    ("win32", "AMD64"): "windows-x64/epanet22.dll",
    ("darwin", "x86_64"): "darwin-x64/libepanet22.dylib",
}
"""Where the library lies within wntr, by system and processor."""
_BROKE = 0
"""The code of an error that the engine did not live to name."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was noted when heads were found: time and length of the step in s, flows and volumes of what was asked.

    `code` is the warning of the engine, 0 where it has none.
    """

    time_s: float
    step_s: float
    flow: tuple[float, ...]
    volume: tuple[float, ...]
    code: int


@dataclass(frozen=True, slots=True)
class Solved:
    """What the engine left: its binary results, and its steps."""

    output: bytes
    steps: tuple[Step, ...]


def solved(
    text: str, watched: Sequence[str], *, duration_s: float, hear: Callable[[float], None], most_s: float = MOST_S
) -> Solved:
    """Solve a network for all times.

    Parameters
    ----------
    text : the EPANET file.
    watched : names of reservoirs and tanks whose flows and volumes are noted at every step.
    duration_s : what `hear` is told shares of.
    hear : told the share (0-1) that is done; what it raises ends it.
    most_s : how long it may take.

    Raises
    ------
    NoEngineError, EngineError, TooLongError
        When there is no engine here, it cannot solve the network, or takes too long.
    """
    steps: list[Step] = []
    task = {"what": "solve", "watched": list(watched)}
    with _folder(text, task) as folder:
        for said in _said(folder, most_s=most_s):
            steps.append(Step(said["at"], said["step"], tuple(said["flow"]), tuple(said["volume"]), said["code"]))
            hear(said["at"] / duration_s if duration_s > 0 else 1.0)
        return Solved((folder / "net.bin").read_bytes(), tuple(steps))


def heads_drawing(text: str, nodes: Sequence[str], *, more: float, most_s: float = MOST_S) -> Iterator[float]:
    """Yield the head at one node after the other when more is drawn there, at the moment a network begins.

    Parameters
    ----------
    text : the EPANET file.
    nodes : names of junctions.
    more : what is drawn besides, in the unit of the file; heads are in its unit, too.

    Raises
    ------
    NoEngineError, EngineError, TooLongError
        When there is no engine here, it cannot solve the network, or takes too long.
    """
    with _folder(text, {"what": "draw", "nodes": list(nodes), "more": more}) as folder:
        for said in _said(folder, most_s=most_s):
            yield float(said["head"])


@contextmanager
def _folder(text: str, task: Mapping[str, Any]) -> Generator[Path]:
    with TemporaryDirectory(prefix="supply-") as name:
        folder = Path(name)
        (folder / "net.inp").write_text(text, encoding="utf-8")
        (folder / "task.json").write_text(json.dumps({**task, "most_bytes": _MOST_BYTES}), encoding="utf-8")
        yield folder


def _said(folder: Path, *, most_s: float) -> Iterator[dict[str, Any]]:
    """Run the engine in a folder, and yield what it says; end it, whatever happens."""
    command = [sys.executable, "-I", "-S", str(_WORKER), str(library()), str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        late = threading.Timer(most_s, process.kill)
        late.start()
        began = time.monotonic()
        last: dict[str, Any] = {}
        try:
            for line in process.stdout or ():
                last = json.loads(line)
                if "error" in last:
                    raise EngineError(last["error"], last["said"])
                if "done" not in last:
                    yield last
            process.wait()
        finally:
            late.cancel()
            process.kill()
    if "done" not in last:
        if time.monotonic() - began >= most_s:
            raise TooLongError(most_s)
        raise EngineError(_BROKE, "the engine broke; the file holds something that it cannot read")


def library() -> Path:
    """Return the engine's library; NoEngineError where this machine has none."""
    found, within = find_spec("wntr"), _LIBRARIES.get((sys.platform, platform.machine()))
    if found is None or found.origin is None or within is None:
        raise NoEngineError(platform.machine())
    path = Path(found.origin).parent / "epanet" / "libepanet" / within
    if not path.is_file():
        raise NoEngineError(platform.machine())
    return path


def wntr_model(text: str) -> Any:
    """Return an EPANET file as the model of wntr, for who goes on in a notebook.

    Raises
    ------
    NoEngineError
        When wntr is not installed.
    """
    if find_spec("wntr") is None:
        raise NoEngineError(platform.machine())
    wntr: Any = importlib.import_module("wntr")
    with TemporaryDirectory(prefix="supply-") as folder:
        path = Path(folder) / "net.inp"
        path.write_text(text, encoding="utf-8")
        return wntr.network.WaterNetworkModel(str(path))
