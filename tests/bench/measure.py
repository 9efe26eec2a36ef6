"""Time and memory of a command, as the operating system counts them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class CommandFailedError(RuntimeError):
    """A measured command ended with an error; its output is in the message."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of a command: wall seconds, and the peak memory of its process in MiB."""

    wall_s: float
    peak_mib: float


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end and measure it; CommandFailedError where it fails."""
    began = time.perf_counter()
    with subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
    ) as process:
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise CommandFailedError(f"{' '.join(command)}: {output.decode(errors='replace')[-2000:]}")
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


def in_turn(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """Return the median of their time over ours, pair by pair: 2 means ours takes half as long."""
    return statistics.median(their.wall_s / our.wall_s for our, their in zip(ours, theirs, strict=True))


def median_s(runs: Sequence[Run]) -> float:
    """Return the median wall time."""
    return statistics.median(run.wall_s for run in runs)


def peak_mib(runs: Sequence[Run]) -> float:
    """Return the greatest peak memory."""
    return max(run.peak_mib for run in runs)
