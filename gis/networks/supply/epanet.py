"""EPANET 2.2 at work, in a process of its own: `python epanet.py LIBRARY FOLDER`.

A file that somebody sends may break the engine, which is written in C, and with it the process that it runs in. So it
is run in this one, which needs nothing but Python, says on standard output line by line, as JSON, what it finds, and
leaves its results in the folder. Who started it reads the lines, and ends it where it takes too long.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any  # functions of a C library have no types

_BASE_DEMAND, _DEMAND, _HEAD, _TANK_VOLUME = 1, 9, 10, 24
"""What is asked of nodes, by the numbers of EPANET's toolkit."""
_SAVED, _NOT_SAVED = 1, 0
_ERROR = 100
"""From which code on the engine gives up; what is below is a warning."""
_LONGEST = 256


class _GivesUpError(Exception):
    """What the engine cannot do: its code, and what it says."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


class _Project:
    """A network that is open in the engine."""

    def __init__(self, library: str, folder: Path) -> None:
        loader = ctypes.WinDLL if sys.platform == "win32" else ctypes.CDLL
        self._library: Any = loader(library)
        self._handle = ctypes.c_void_p()
        self._report = folder / "net.rpt"
        self.code = 0
        self._library.EN_createproject(ctypes.byref(self._handle))
        paths = (folder / "net.inp", self._report, folder / "net.bin")
        self.call("open", *(str(path).encode() for path in paths))

    def call(self, name: str, *given: Any) -> None:
        """Call a function of the toolkit; `code` is its warning afterwards."""
        self.code = int(getattr(self._library, f"EN_{name}")(self._handle, *given))
        if self.code >= _ERROR:
            raise _GivesUpError(self.code, self._reported() or self._said())

    def _said(self) -> str:
        said = ctypes.create_string_buffer(_LONGEST)
        self._library.EN_geterror(self.code, said, _LONGEST - 1)
        return said.value.decode("latin-1").partition(":")[2].strip() or f"error {self.code}"

    def _reported(self) -> str:
        """Return the first error that the report names, with what it is about."""
        if not self._report.is_file():
            return ""
        lines = [line.strip() for line in self._report.read_text(encoding="utf-8", errors="replace").splitlines()]
        for place, line in enumerate(lines):
            if line.startswith("Error ") and "200" not in line.partition(":")[0]:
                return " ".join([line.partition(":")[2].strip(" :") or line, *lines[place + 1 : place + 2]]).strip()
        return ""

    def place(self, name: str) -> int:
        place = ctypes.c_int()
        self.call("getnodeindex", name.encode(), ctypes.byref(place))
        return place.value

    def value(self, place: int, what: int) -> float:
        found = ctypes.c_double()
        self.call("getnodevalue", place, what, ctypes.byref(found))
        return found.value

    def moment(self, name: str) -> float:
        """Run or go on (`runH`, `nextH`), and return the time, or how far the next one is, in s."""
        time_s = ctypes.c_long()
        self.call(name, ctypes.byref(time_s))
        return float(time_s.value)

    def close(self) -> None:
        """Close the network: what it left is whole only then."""
        self._library.EN_close(self._handle)


def _say(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def solve(project: _Project, watched: Sequence[str]) -> None:
    """Solve a network for all times; say of every step what some nodes give, and what they hold."""
    places = [project.place(name) for name in watched]
    project.call("openH")
    project.call("initH", _SAVED)
    while True:
        at = project.moment("runH")
        code = project.code
        flow, volume = ([project.value(place, what) for place in places] for what in (_DEMAND, _TANK_VOLUME))
        step = project.moment("nextH")
        _say(at=at, step=step, flow=flow, volume=volume, code=code)
        if step <= 0:
            break
    project.call("closeH")
    project.call("saveH")


def draw(project: _Project, nodes: Sequence[str], more: float) -> None:
    """Solve one moment again and again, with more demand at one node after the other; say its head each time."""
    project.call("openH")
    for name in nodes:
        place = project.place(name)
        before = project.value(place, _BASE_DEMAND)
        project.call("setnodevalue", place, _BASE_DEMAND, ctypes.c_double(before + more))
        project.call("initH", _NOT_SAVED)
        project.moment("runH")
        code = project.code
        _say(head=project.value(place, _HEAD), code=code)
        project.call("setnodevalue", place, _BASE_DEMAND, ctypes.c_double(before))


def _bounded(most_bytes: int) -> None:
    """Take no more memory than is due, where the system can be told so."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Do the task that is written in the folder."""
    library, folder = sys.argv[1], Path(sys.argv[2])
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    _bounded(task["most_bytes"])
    os.chdir(folder)
    try:
        project = _Project(library, folder)
        if task["what"] == "solve":
            solve(project, task["watched"])
        else:
            draw(project, task["nodes"], task["more"])
        project.close()
    except _GivesUpError as refused:
        _say(error=refused.code, said=refused.said)
        return
    _say(done=True)


if __name__ == "__main__":
    main()
