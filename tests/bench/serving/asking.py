"""Ask a server for tiles, with nothing kept from one measurement to the next."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import CommandFailedError
from tests.bench.serving.servers import HOST, Server

LONGEST_S = 60
WRK = "wrk (Debian: apt-get install wrk) asks for tiles fast enough to measure a server, and is not installed."


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: answers, how many of them were errors, wall seconds, bytes, latencies."""

    answers: int
    errors: int
    seconds: float
    bytes: int
    p50_ms: float = 0
    p99_ms: float = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return (self.answers - self.errors) / self.seconds if self.seconds else 0.0

    @property
    def most_rate(self) -> float:
        """As `rate`; where none came in time, what it would have been had all come at that moment."""
        return self.rate or (self.answers / self.seconds if self.seconds >= LONGEST_S else 0.0)


class Answer(NamedTuple):
    """One answer with its status and headers."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def has_wrk() -> bool:
    """Whether the load generator is installed."""
    return shutil.which("wrk") is not None


def once(server: Server, paths: Sequence[str], *, connections: int, folder: Path) -> Asked:
    """Ask each path once, with wrk, until the last is answered."""
    return _wrk(server, paths, "once", connections=connections, seconds=LONGEST_S, folder=folder)


def over_and_over(
    server: Server, paths: Sequence[str], *, connections: int, seconds: int, folder: Path, headers: Sequence[str] = ()
) -> Asked:
    """Ask the paths in turn for some seconds, with wrk."""
    return _wrk(server, paths, "over", connections=connections, seconds=seconds, folder=folder, headers=headers)


def _wrk(
    server: Server,
    paths: Sequence[str],
    manner: str,
    *,
    connections: int,
    seconds: int,
    folder: Path,
    headers: Sequence[str] = (),
) -> Asked:
    listed = folder / "paths.txt"
    listed.write_text("\n".join(paths) + "\n", encoding="ascii")
    script = Path(__file__).with_name("ask.lua")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={LONGEST_S}s", "-s", str(script)]
    command += [part for header in headers for part in ("-H", header)]
    command += [f"http://{HOST}:{server.port}", "--", str(listed), manner]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False)
    last = done.stdout.strip().splitlines()[-1:] or [""]
    if done.returncode or not last[0].startswith("{"):
        raise CommandFailedError(f"wrk: {done.stdout[-500:]} {done.stderr[-500:]}")
    return Asked(**json.loads(last[0]))


class Client:
    """One connection that is kept; opened again, as a browser does, where the server closed it while it was idle."""

    def __init__(self, server: Server, *, timeout_s: float = LONGEST_S) -> None:
        self._connection = HTTPConnection(HOST, server.port, timeout=timeout_s)

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the whole answer; OSError or HTTPException where there is none."""
        was_open = self._connection.sock is not None
        try:
            return self._asked(path, headers)
        except (RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if not was_open:
                raise
            return self._asked(path, headers)

    def _asked(self, path: str, headers: Mapping[str, str] | None) -> Answer:
        try:
            self._connection.request("GET", path, headers=dict(headers or {}))
            answer = self._connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, HTTPException):
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def by_threads(server: Server, paths: Sequence[str], *, connections: int) -> Asked:
    """Ask each path once, and wait for every answer: for tiles that take long, of which there are few."""
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        answers = list(pool.map(lambda path: _timed(server, path), paths))
    seconds = time.perf_counter() - began
    took_ms = sorted(took for took, _, _ in answers)
    return Asked(
        len(answers),
        sum(not good for _, good, _ in answers),
        seconds,
        sum(size for _, _, size in answers),
        took_ms[len(took_ms) // 2],
        took_ms[int(len(took_ms) * 0.99)],
    )


def _timed(server: Server, path: str) -> tuple[float, bool, int]:
    began = time.perf_counter()
    client = Client(server)
    try:
        answer = client.ask(path)
    except (OSError, HTTPException):
        return (time.perf_counter() - began) * 1000, False, 0
    finally:
        client.close()
    return (time.perf_counter() - began) * 1000, answer.status in (200, 204), len(answer.body)
