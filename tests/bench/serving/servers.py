"""Servers as processes of their own: started, waited for, ended by their id."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.bench.serving.walk import Tile

HOST = "127.0.0.1"
_START_S = 60
_REST_S = 0.5
_AT_REST = 0.05
"""Share of a core that a server takes at most when it has finished its start."""
_STOP_S = 15


class NotReadyError(RuntimeError):
    """A server that did not answer in time; what it said is in the message."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens on the loopback address, and how it names a tile of parcels."""

    name: str
    port: int
    pid: int
    tile_path: str

    def path(self, tile: Tile) -> str:
        """Return the path of a tile."""
        return self.tile_path.format(z=tile.z, x=tile.x, y=tile.y)

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer: its children, or itself where it has none."""
        return [pid for pid in _descendants(self.pid) if "resource_tracker" not in _command(pid)] or [self.pid]

    def peak_mib(self) -> float:
        """Return the greatest resident memory any of its processes had since `forget_peak`."""
        return max(_peak_kib(pid) for pid in [self.pid, *self.workers()]) / 1024

    def forget_peak(self) -> None:
        """Count peak memory from now on."""
        for pid in [self.pid, *self.workers()]:
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    *,
    port: int,
    tile_path: str,
    ready: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Generator[Server]:
    """Run a server until the block ends, which begins when it has finished its start and is at rest.

    NotReadyError where it does not answer at `ready` within a minute.
    """
    said = folder / f"{name}-{port}.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=folder if environment and environment.get("PWD") else None,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, ready, said)
        _rest(process.pid)
        yield Server(name, port, process.pid, tile_path)
    finally:
        _end(process)


def free_port() -> int:
    """Return a port of the loopback address where nothing listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], port: int, ready: str, said: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", ready)
            if connection.getresponse().status < 400:
                return
        time.sleep(0.1)
    raise NotReadyError(f"{said.name}: {said.read_text(errors='replace')[-2000:]}")


def _rest(pid: int) -> None:
    """Return when a server is at rest, or a minute later: what it still begins with would be measured too."""
    until = time.monotonic() + _START_S
    used_s = _used_s(pid)
    while time.monotonic() < until:
        time.sleep(_REST_S)
        before_s, used_s = used_s, _used_s(pid)
        if used_s - before_s <= _AT_REST * _REST_S:
            return


def _used_s(pid: int) -> float:
    """Return the processor time that a process and those under it have used."""
    ticks = 0
    for one in [pid, *_descendants(pid)]:
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server with all its processes: they are one group, which bears the id of the first."""
    for by in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            if by is signal.SIGINT and process.poll() is None:
                process.send_signal(by)
            else:
                os.killpg(process.pid, by)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_S)


def _descendants(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for child in children for one in (child, *_descendants(child))]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return "resource_tracker"


def _peak_kib(pid: int) -> int:
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) if match else 0
