"""The processes of a server, as the operating system lists them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gis.cluster.place import Place

_PROC = Path("/proc")


def postmaster(place: Place) -> int | None:
    """Return the process id of the living server, None where there is none.

    The file that should name it outlives a killed server, and its number may meanwhile be another program's: only a
    process that was started over this very directory counts.
    """
    try:
        pid = int((place.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    program, _, options = _command(pid).partition(" ")
    return pid if program.endswith("postgres") and f"-D {place.data}" in options else None


def ask_to_stop(place: Place, *, how: signal.Signals) -> None:
    """Send a signal to the living server, which passes it on to its sessions."""
    server = postmaster(place)
    if server is not None:
        _send(server, how)


def end_left_behind(place: Place) -> None:
    """Kill what a killed server left behind: none of it may write while the next one repairs the data.

    The order is what keeps a server that is just starting from harm. It names itself in its file before it has any
    helper, so helpers that were there first, with no server named afterwards, are nobody's.
    """
    helpers = list(_helpers(place))
    if postmaster(place) is None:
        for pid in helpers:
            _send(pid, signal.SIGKILL)


def _send(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def _helpers(place: Place) -> Iterator[int]:
    """Yield the sessions and other helpers of this server, which carry its name in their titles."""
    title = f"postgres: {place.cluster_name}: "
    for entry in _PROC.glob("[0-9]*"):
        if _command(int(entry.name)).startswith(title):
            yield int(entry.name)


def _command(pid: int) -> str:
    """Return the command line of a process, its words separated by blanks; empty where it is gone."""
    if (_PROC / "self").exists():
        try:
            return os.fsdecode((_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" "))
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout
