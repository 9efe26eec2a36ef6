"""Peers' programs: found where they are, or installed outside the project's own environment."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import CommandFailedError, run
from tests.bench.serving.ground import Ground

MARTIN = "QUYHOACH_BENCH_MARTIN"
"""Names Martin's program; PATH is searched without it, then cargo builds it."""
_BUILDS = re.compile(r"`martin ([0-9.]+)` supports rustc")


class PeerAbsentError(RuntimeError):
    """A peer that is neither there nor could be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A peer in Python: its virtual environment, what is installed there, the program by which it is known."""

    name: str
    requirements: Sequence[str]
    program: str = "uvicorn"

    def directory(self, ground: Ground) -> Path:
        """Return the environment; made where it is not there.

        Raises
        ------
        PeerAbsentError
            When it could not be made.
        """
        place = ground.peers / self.name
        if (place / "bin" / self.program).exists():
            return place
        try:
            run([sys.executable, "-m", "venv", str(place)])
            run([str(place / "bin" / "pip"), "install", "--quiet", *self.requirements])
        except (OSError, CommandFailedError) as reason:
            raise PeerAbsentError(f"{self.name} could not be installed: {str(reason)[-300:]}") from reason
        return place


def martin_program(ground: Ground) -> Path:
    """Return Martin's program; built by cargo where it is not there.

    Raises
    ------
    PeerAbsentError
        When it is not there and cannot be built.
    """
    built = ground.peers / "martin" / "bin" / "martin"
    found = os.environ.get(MARTIN) or shutil.which("martin") or (str(built) if built.exists() else None)
    if found:
        return Path(found)
    if shutil.which("cargo") is None:
        raise PeerAbsentError(
            f"Martin is not on the PATH, {MARTIN} does not name it, and there is no cargo to build it"
        )
    features = ["--no-default-features", "--features", "postgres,metrics"]
    install = ["cargo", "install", "martin", "--locked", *features, "--root", str(ground.peers / "martin")]
    try:
        try:
            run(install)
        except CommandFailedError as reason:
            # The newest may need a newer compiler; cargo then names the version that builds with this one.
            if (older := _BUILDS.search(str(reason))) is None:
                raise
            run([*install, "--version", older[1]])
    except CommandFailedError as reason:
        raise PeerAbsentError(f"Martin could not be built: {str(reason)[-300:]}") from reason
    return built
