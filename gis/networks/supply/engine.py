"""The hydraulic engine: EPANET 2.2, as wntr brings it; the only place that knows either.

It is entered late: wntr takes seconds and a hundred megabytes, and machines without it draw maps all the same.
"""

from __future__ import annotations

import importlib
import platform
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any  # wntr has no types

from gis.networks.supply.errors import EngineError, NoEngineError, TooLongError

_BASE_DEMAND, _DEMAND, _HEAD, _TANK_VOLUME = 1, 9, 10, 24
"""What is asked of nodes, by the numbers of EPANET's toolkit."""
_SAVED = 1
MOST_S = 900.0
"""Longest time that one simulation may take."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was noted when heads were found: time and length of the step in s, flows and volumes of what was asked."""

    time_s: float
    step_s: float
    flow: tuple[float, ...]
    volume: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """What the engine left: its binary results, its steps, and its warnings by code with the first time of each."""

    output: bytes
    steps: tuple[Step, ...]
    warnings: Mapping[int, float]


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

    Raises
    ------
    NoEngineError, EngineError, TooLongError
        When there is no engine here, it cannot solve the network, or takes too long.
    """
    with TemporaryDirectory(prefix="supply-") as folder, _opened(text, Path(folder)) as project:
        places = [project.ENgetnodeindex(name) for name in watched]
        steps: list[Step] = []
        warnings: dict[int, float] = {}
        begun = time.monotonic()
        with _hydraulics(project):
            while True:
                at = float(project.ENrunH())
                if project.errcode:
                    warnings.setdefault(int(project.errcode), at)
                noted = [[float(project.ENgetnodevalue(place, what)) for place in places] for what in _NOTED]
                step = float(project.ENnextH())
                steps.append(Step(at, step, tuple(noted[0]), tuple(noted[1])))
                share = at / duration_s if duration_s > 0 else 1.0
                hear(share)
                if step <= 0:
                    break
                if time.monotonic() - begun > most_s:
                    raise TooLongError(most_s, share)
        project.ENsaveH()
        project.ENclose()
        return Solved((Path(folder) / "net.bin").read_bytes(), tuple(steps), warnings)


_NOTED = (_DEMAND, _TANK_VOLUME)


class Steady:
    """A network that is open at one moment, and is solved again and again with another demand somewhere."""

    def __init__(self, project: Any) -> None:
        self._project = project

    def place(self, name: str) -> int:
        """Return the place of a node."""
        return int(self._project.ENgetnodeindex(name))

    def base_demand(self, place: int) -> float:
        """Return the base demand at a node, in the unit of the file."""
        return float(self._project.ENgetnodevalue(place, _BASE_DEMAND))

    def draw(self, place: int, demand: float) -> None:
        """Set the base demand at a node, in the unit of the file."""
        self._project.ENsetnodevalue(place, _BASE_DEMAND, demand)

    def heads(self, places: Sequence[int]) -> list[float]:
        """Solve it, and return the heads of nodes in the unit of the file."""
        self._project.ENinitH(0)
        self._project.ENrunH()
        return [float(self._project.ENgetnodevalue(place, _HEAD)) for place in places]


@contextmanager
def steady(text: str) -> Generator[Steady]:
    """Open a network to solve one moment of it many times.

    Raises
    ------
    NoEngineError, EngineError
        When there is no engine here, or it cannot read or solve the network.
    """
    with (
        TemporaryDirectory(prefix="supply-") as folder,
        _opened(text, Path(folder)) as project,
        _hydraulics(project),
    ):
        yield Steady(project)


def wntr_model(text: str) -> Any:
    """Return an EPANET file as the model of wntr, for who goes on in a notebook."""
    wntr = _library("wntr")
    with TemporaryDirectory(prefix="supply-") as folder:
        path = Path(folder) / "net.inp"
        path.write_text(text, encoding="utf-8")
        return wntr.network.WaterNetworkModel(str(path))


def is_there() -> bool:
    """Return whether there is an engine on this machine."""
    return find_spec("wntr") is not None


def _library(name: str) -> Any:
    if not is_there():
        raise NoEngineError(platform.machine())
    return importlib.import_module(name)


@contextmanager
def _opened(text: str, folder: Path) -> Generator[Any]:
    """Open a project in a folder; what the engine says of a file it cannot read is in its report."""
    project: Any = _library("wntr.epanet.toolkit").ENepanet()
    wrong: Any = _library("wntr.epanet.exceptions").EpanetException
    given, report = folder / "net.inp", folder / "net.rpt"
    given.write_text(text, encoding="utf-8")
    try:
        project.ENopen(str(given), str(report), str(folder / "net.bin"))
        yield project
    except wrong as refused:
        code = int(project.errcode or 0)
        raise EngineError(code, _reported(report) or str(refused.args[0])) from refused
    finally:
        if project._project.value:  # noqa: SLF001 - closed whatever went wrong, which its own methods refuse
            project.ENlib.EN_close(project._project)  # noqa: SLF001
            project.ENlib.EN_deleteproject(project._project)  # noqa: SLF001


def _reported(report: Path) -> str:
    """Return the first error that a report names, with what it is about."""
    if not report.is_file():
        return ""
    lines = [line.strip() for line in report.read_text(encoding="utf-8", errors="replace").splitlines()]
    for place, line in enumerate(lines):
        if line.startswith("Error ") and "200" not in line.partition(":")[0]:
            return " ".join([line.partition(":")[2].strip(" :") or line, *lines[place + 1 : place + 2]]).strip()
    return ""


@contextmanager
def _hydraulics(project: Any) -> Generator[None]:
    project.ENopenH()
    project.ENinitH(_SAVED)
    try:
        yield
    finally:
        project.ENlib.EN_closeH(project._project)  # noqa: SLF001 - closed whatever went wrong
