"""Who of the workers draws which tile: a claim that its worker holds while it lives."""

from __future__ import annotations

import fcntl
import os
from hashlib import blake2b
from pathlib import Path

_PLACE_BYTES = 7
"""A lock lies at an offset of a file, of which there are 2**63."""


class Claims:
    """Claims of one worker among others, as locks on single bytes of a file.

    To take one asks the system once, and writes nothing. A worker that dies gives up what it held.

    Parameters
    ----------
    path : a file that all workers share; it stays empty. It must not be opened anywhere else in this process, since to
        close it there would give up all claims.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held: set[int] = set()

    def close(self) -> None:
        """Give up all claims."""
        self._held.clear()
        os.close(self._file)

    def take(self, name: bytes) -> bool:
        """Claim a tile; False where it is claimed already, by another worker or by this one."""
        place = _place(name)
        if place in self._held or not self._lock(place):
            return False
        self._held.add(place)
        return True

    def give_up(self, name: bytes) -> None:
        """Give up a claim; nothing where this worker holds none."""
        place = _place(name)
        if place in self._held:
            self._held.discard(place)
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def is_taken(self, name: bytes) -> bool:
        """Return whether a tile is claimed."""
        if not self.take(name):
            return True
        self.give_up(name)
        return False

    def _lock(self, place: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return False
        return True


def _place(name: bytes) -> int:
    return int.from_bytes(blake2b(name, digest_size=_PLACE_BYTES).digest(), "big")
