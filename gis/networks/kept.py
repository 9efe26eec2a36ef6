"""Graphs kept in files: made once for each state of the data, mapped into memory by whoever asks after that.

A copy is proved fresh by the log of changes before it is used: every change of its layer that is visible now was
visible when it was made.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # arrays are generic over what they hold

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from gis.changes.ledger import EVERYWHERE, Subject
from gis.changes.log import MOST_RECENT, begun, life, recent
from gis.changes.snapshot import Snapshot

_SAID = "said.json"

Arrays = Mapping[str, "np.ndarray[Any, Any]"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the database: its life, and what was visible in it."""

    life: str
    snapshot: str


def moment(connection: Connection[TupleRow]) -> Moment:
    """Return the state that a connection sees; within a transaction of repeatable reads, the one it goes on to see."""
    lived = connection.execute(life()).fetchone()
    if lived is None:
        raise ValueError("the database does not name its life")
    snapshot, _ = begun(connection.execute(recent(), {"most": 1}).fetchall())
    return Moment(str(lived[0]), snapshot)


def is_fresh(connection: Connection[TupleRow], made: Moment, subject: Subject) -> bool:
    """Return whether nothing that is visible now has changed a subject since a copy of it was made."""
    lived = connection.execute(life()).fetchone()
    if lived is None or str(lived[0]) != made.life:
        return False
    _, ledger = begun(connection.execute(recent(), {"most": MOST_RECENT}).fetchall())
    return ledger.is_fresh_in(Snapshot.read(made.snapshot), subject)


def everywhere(layer: str, scenarios: frozenset[str | None]) -> Subject:
    """Return a whole layer, as it is seen in scenarios, as the subject of copies."""
    return Subject(frozenset([layer]), scenarios, EVERYWHERE)


def keep(folder: Path, arrays: Arrays, made: Moment) -> None:
    """Write arrays into a folder, in the place of what it holds; readers of the former go on reading it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(beside / f"{name}.npy", array)
        said = {"life": made.life, "snapshot": made.snapshot, "arrays": list(arrays)}
        (beside / _SAID).write_text(json.dumps(said), encoding="utf-8")
        _put(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(beside: Path, folder: Path) -> None:
    """Let a link point to a new folder, in one step; a folder cannot take the place of one that holds something."""
    named = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    beside.replace(named)
    link = folder.with_name(f".{named.name}")
    link.symlink_to(named.name, target_is_directory=True)
    former = folder.resolve() if folder.is_symlink() else None
    link.replace(folder)
    if former is not None and former.exists():
        shutil.rmtree(former, ignore_errors=True)


def kept(folder: Path) -> tuple[Moment, Arrays] | None:
    """Return what a folder holds, mapped into memory, and when it was made; None where it holds nothing whole."""
    try:
        where = folder.resolve(strict=True)
        said = json.loads((where / _SAID).read_text(encoding="utf-8"))
        arrays = {name: np.load(where / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in said["arrays"]}
        return Moment(said["life"], said["snapshot"]), arrays
    except (OSError, ValueError, KeyError):
        return None
