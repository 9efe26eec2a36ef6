"""Locks on files: the kernel drops them with the process that held them, however it ended."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from gis.cluster.errors import NoLocksError


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Generator[int]:
    """Hold a lock while the block runs, waiting for it; yields the open file that carries it.

    The lock lasts until every copy of the open file is closed, so that a child which inherits it keeps it alive.
    """
    handle = _opened(path)
    try:
        _flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, path)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def locked_if_free(path: Path) -> Generator[bool]:
    """Hold a lock while the block runs if nobody else has it; yields whether it is held."""
    handle = _opened(path)
    try:
        yield _flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, path)
    finally:
        os.close(handle)


def is_free(path: Path) -> bool:
    """Return whether nobody holds this lock."""
    if not path.exists():
        return True
    with locked_if_free(path) as free:
        return free


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _flock(handle: int, operation: int, path: Path) -> bool:
    try:
        fcntl.flock(handle, operation)
    except BlockingIOError:
        return False
    except OSError as refused:
        raise NoLocksError(path, refused.strerror or str(refused)) from refused
    return True
