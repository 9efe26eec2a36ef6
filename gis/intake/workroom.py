"""Where a delivery is unpacked or written anew: a temporary folder, removed afterwards, by the next load if need be."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "quyhoach-delivery-"


@contextmanager
def workroom() -> Generator[Path]:
    """Yield an empty folder, held for as long as it is needed; those that killed loads left are cleared."""
    _clear_abandoned(Path(tempfile.gettempdir()))
    folder, mark = _held()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(mark)


def _held() -> tuple[Path, int]:
    """Make a folder and hold it; another one where a load that clears took it for abandoned in between."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            mark = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(mark, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, mark
        os.close(mark)


def _clear_abandoned(within: Path) -> None:
    for folder in within.glob(f"{_PREFIX}*"):
        try:
            mark = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(mark).st_uid == os.geteuid():
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(mark)
