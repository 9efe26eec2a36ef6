"""The PostGIS of the tests: the one that is named, or one for tests alone that need not outlive them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from gis import cluster
from gis.cluster.lock import locked_if_free
from gis.cluster.place import SUPERUSER, free_bytes, place
from gis.settings import settings

_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY_BYTES = 6_000_000_000


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a server on which databases may be made.

    Hundreds of databases are made and dropped. In memory, where there is enough of it, that is ten times as fast as
    on a disk whose file system does not use the places of deleted files again for some seconds (ext4).
    """
    own = settings().model_copy(update={"local_dir": _local_dir()})
    with cluster.database(own) as url:
        if own.database_url is None:
            _hasten(own.local_dir)
        yield url
    if own.database_url is None:
        _remove_if_last(own.local_dir)


def _local_dir() -> Path:
    usual = settings().local_dir / "tests"
    if not _MEMORY.is_dir() or free_bytes(_MEMORY) < _ENOUGH_MEMORY_BYTES:
        return usual
    near = _MEMORY / f"quyhoach-{os.geteuid()}-{hashlib.sha256(os.fsencode(usual)).hexdigest()[:12]}"
    near.mkdir(exist_ok=True)
    return usual if near.is_symlink() or near.stat().st_uid != os.geteuid() else near  # everybody may write there


def _hasten(local_dir: Path) -> None:
    """Let the server not wait for the disk and keep little of its log: no power cut has to be survived."""
    url = place(local_dir).url(role=SUPERUSER, dbname=SUPERUSER)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
        connection.execute("SELECT pg_reload_conf()")


def _remove_if_last(local_dir: Path) -> None:
    """Remove the data, but for the locks that others may be waiting for."""
    with locked_if_free(local_dir / "postgres.lease") as last:
        if last:
            shutil.rmtree((local_dir / "postgres").resolve())
