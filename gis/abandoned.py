"""Folders that a process holds while it needs them: what a killed one left is nobody's, and is cleared."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def hold(folder: Path) -> int:
    """Hold a folder until the returned descriptor is closed, or the process ends.

    Raises
    ------
    FileNotFoundError
        When it is gone.
    """
    mark = os.open(folder, os.O_RDONLY)
    fcntl.flock(mark, fcntl.LOCK_EX)
    return mark


def clear(folders: Iterable[Path]) -> None:
    """Remove those of these folders that are our own and that nobody holds."""
    for folder in folders:
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
