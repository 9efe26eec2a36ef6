"""How the database stands, for `quyhoach doctor`: looked at, nothing started."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from gis.cluster.address import server_version, shown_address
from gis.cluster.place import Place, place
from gis.cluster.process import postmaster
from gis.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """How the database stands.

    Parameters
    ----------
    where
        Data directory of the private PostGIS, or the address of another one without its secrets.
    is_running
        Whether it answers now. The private one runs only while a program uses it.
    postgres, postgis
        Versions; empty where they cannot be told without starting the server.
    sockets
        Directory of the private socket.
    size_bytes
        What the private data directory takes on disk, in bytes.
    """

    where: str
    is_running: bool
    postgres: str = ""
    postgis: str = ""
    sockets: Path | None = None
    process: int | None = None
    size_bytes: int | None = None


def status(settings: Settings) -> Status:
    """Return how the database of these settings stands.

    Raises
    ------
    AddressRefusedError, NotOursError
        When the address is none, or the private PostGIS belongs to another user.
    """
    if settings.database_url is not None:
        return _answering(settings.database_url, Status(shown_address(settings.database_url), is_running=False))
    return _private(place(settings.local_dir))


def _private(found: Place) -> Status:
    version = found.data / "PG_VERSION"
    standing = Status(
        str(found.data),
        is_running=False,
        postgres=version.read_text(encoding="ascii").strip() if version.exists() else "",
        sockets=found.sockets,
        process=postmaster(found),
        size_bytes=_size_bytes(found.data),
    )
    return _answering(found.url(), standing) if standing.process is not None else standing


def _size_bytes(directory: Path) -> int:
    """Return what the files under a directory hold; a running server makes and removes some meanwhile."""
    size_bytes = 0
    for above, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):
                size_bytes += Path(above, name).lstat().st_size
    return size_bytes


def _answering(url: str, standing: Status) -> Status:
    try:
        postgres, postgis = server_version(url)
    except psycopg.OperationalError:
        return standing
    return replace(standing, is_running=True, postgres=postgres, postgis=postgis or "")
