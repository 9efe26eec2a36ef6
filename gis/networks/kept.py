"""Arrays kept in files: made once for each state of the data, mapped into memory by whoever asks after that.

A copy is proved fresh by the log of changes before it is used: every change of its layers that is visible now was
visible when it was made.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any  # arrays are generic over what they hold

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from gis.changes.ledger import EVERY_LAYER
from gis.changes.log import life
from gis.changes.pruning import KEPT
from gis.changes.snapshot import Snapshot
from gis.statements import statements

_SAID = "said.json"
_MOST_CHANGES = KEPT // 2
"""Changes after which a copy is made anew, long before the log forgets any that it might have to know."""
_SQL = Path(__file__).with_suffix(".sql")

Arrays = Mapping[str, "np.ndarray[Any, Any]"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A state of the database: its life, what was visible in it, the number of its latest change.

    It `is_own` where whoever looked had changed something that nobody else can see yet.
    """

    life: str
    snapshot: str
    number: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy was made from: layers, as they are seen in scenarios besides the baseline."""

    layers: tuple[str, ...]
    scenarios: tuple[str, ...] = ()


def moment(connection: Connection[TupleRow]) -> Moment:
    """Return the state that a connection sees; what it reads after that is of this state or a later one."""
    lived = connection.execute(life()).fetchone()
    seen = connection.execute(statements(_SQL)["moment"].sql()).fetchone()
    if lived is None or seen is None:
        raise ValueError("the database does not name its state")
    return Moment(str(lived[0]), *seen)


def is_fresh(connection: Connection[TupleRow], made: Moment, origin: Origin) -> bool:
    """Return whether nothing that is visible now has changed the origin of a copy since that was made."""
    lived = connection.execute(life()).fetchone()
    if lived is None or str(lived[0]) != made.life:
        return False
    asked = {
        "seen": made.snapshot,
        "first": Snapshot.read(made.snapshot).first_running,
        "number": made.number,
        "most": _MOST_CHANGES,
        "layers": [*origin.layers, EVERY_LAYER],
        "scenarios": list(origin.scenarios),
    }
    found = connection.execute(statements(_SQL)["is_stale"].sql(), asked).fetchone()
    return found is not None and not found[0]


def keep(folder: Path, arrays: Arrays, made: Moment) -> None:
    """Write arrays into a folder, in the place of what it holds; readers of the former go on reading it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(beside / f"{name}.npy", array)
        said = {"made": asdict(made), "arrays": list(arrays)}
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
        return Moment(**said["made"]), arrays
    except (OSError, ValueError, KeyError, TypeError):
        return None
