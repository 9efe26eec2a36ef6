"""Copies of tiles that all workers share: kept on disk, bounded in size, each with the state of the city it shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import lmdb

from gis.changes.snapshot import Snapshot

_READERS = 256
_SLACK = 1.5
_ENTRY_BYTES = 64
"""What the store needs beside a value, roughly."""
_YOUNG, _BYTES = b"young", b"bytes"

_log = logging.getLogger("quyhoach")


@dataclass(frozen=True, slots=True)
class Copy:
    """A tile as it was drawn.

    `reign` names the life of the database in which the snapshot was taken (see `gis.changes.watch`); `etag` names its
    bytes; `omitted` says what was left out; `body` is coded as `gis.tiles.coding.stored`, empty where nothing lies.
    """

    reign: str
    snapshot: Snapshot
    etag: str
    omitted: str
    body: bytes

    def is_older_than(self, other: Copy) -> bool:
        """Return whether another copy shows a later state."""
        mine, theirs = self.snapshot, other.snapshot
        return self.reign == other.reign and (mine.next, mine.first_running) < (theirs.next, theirs.first_running)


class Copies:
    """Copies of tiles in a folder that lasts as long as the service.

    Two generations bound the size: when the young one is full the old one is thrown away as a whole, the young one
    grows old, and what is still asked for moves over. A worker that is killed while it writes leaves no half of a copy.

    Parameters
    ----------
    folder : a folder of this service alone.
    most_bytes : size of both generations together.
    """

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._most = most_bytes // 2
        self._store = lmdb.open(
            str(folder),
            map_size=int(_SLACK * most_bytes) + (1 << 20),
            max_dbs=3,
            max_readers=_READERS,
            sync=False,
            metasync=False,
        )
        self._generations = (self._store.open_db(b"even"), self._store.open_db(b"odd"))
        self._book = self._store.open_db(b"book")

    def close(self) -> None:
        """Let go of the folder."""
        self._store.close()

    def read(self, name: bytes) -> Copy | None:
        """Return the copy of a tile, if any."""
        key = _key(name)
        with self._store.begin() as reading:
            young = self._young(reading)
            found = reading.get(key, db=self._generations[young])
            if found is not None:
                return _read(found)
            found = reading.get(key, db=self._generations[1 - young])
        if found is None:
            return None
        copy = _read(found)
        self._put(key, copy)
        return copy

    def keep(self, name: bytes, copy: Copy) -> None:
        """Keep a copy; one of an earlier state never takes the place of a later one."""
        self._put(_key(name), copy)

    @property
    def used_bytes(self) -> int:
        """Bytes that both generations take at most."""
        with self._store.begin() as reading:
            return self._number(reading, _BYTES) + self._most

    def _put(self, key: bytes, copy: Copy) -> None:
        value = _written(copy)
        size = len(key) + len(value) + _ENTRY_BYTES
        if size > self._most // 8:
            return
        try:
            with self._store.begin(write=True) as writing:
                young = self._young(writing)
                present = writing.get(key, db=self._generations[young])
                if present is not None and copy.is_older_than(_read(present)):
                    return
                used = self._number(writing, _BYTES) + size
                if used > self._most:
                    young, used = 1 - young, size
                    writing.drop(self._generations[young], delete=False)
                    writing.put(_YOUNG, b"%d" % young, db=self._book)
                writing.put(key, value, db=self._generations[young])
                writing.put(_BYTES, b"%d" % used, db=self._book)
        except (lmdb.MapFullError, lmdb.DiskError) as full:
            _log.warning("a tile could not be kept: %s", full)

    def _young(self, transaction: lmdb.Transaction) -> int:
        return self._number(transaction, _YOUNG)

    def _number(self, transaction: lmdb.Transaction, name: bytes) -> int:
        return int(bytes(transaction.get(name, b"0", db=self._book)))


def _key(name: bytes) -> bytes:
    return blake2b(name, digest_size=20).digest()


def _written(copy: Copy) -> bytes:
    head = f"{copy.reign}\n{copy.snapshot}\n{copy.etag}\n{copy.omitted}\n"
    return head.encode() + copy.body


def _read(value: bytes | memoryview) -> Copy:
    reign, snapshot, etag, omitted, body = bytes(value).split(b"\n", 4)
    return Copy(reign.decode(), Snapshot.read(snapshot.decode()), etag.decode(), omitted.decode(), body)
