"""Running one side of a comparison and reading what it found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from gis.settings import REPOSITORY
from tests.bench.measure import Run, run


def side(url: str, folder: Path, name: str, *arguments: str) -> tuple[Run, dict[str, Any]]:
    """Run a side (see `pawns`) on a database; return its time and memory, and what it found."""
    out = folder / f"{name}.json"
    command = [sys.executable, "-m", "tests.bench.evaluating.pawns", name, str(out), *arguments]
    measured = run(command, environment={"QUYHOACH_DATABASE_URL": url, "PYTHONPATH": str(REPOSITORY)})
    return measured, json.loads(out.read_text(encoding="utf-8"))


def farthest_apart(ours: dict[str, float], theirs: dict[str, float], *, least: float) -> float:
    """Return by what share areas differ at most, of those that are at least so large on either side."""
    names = {name for name in {**ours, **theirs} if max(ours.get(name, 0), theirs.get(name, 0)) >= least}
    return max(
        (abs(ours.get(n, 0) - theirs.get(n, 0)) / max(ours.get(n, 0), theirs.get(n, 0)) for n in names), default=0
    )
