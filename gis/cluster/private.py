"""A database for the length of a block: the private one, or the one that QUYHOACH_DATABASE_URL names."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gis.cluster.account import caller, owner_name
from gis.cluster.address import checked
from gis.cluster.contents import provide_contents
from gis.cluster.directory import provided_directory
from gis.cluster.errors import DiskFullError, NoDirectoryError, NotOursError
from gis.cluster.lock import locked, locked_if_free
from gis.cluster.place import Place, free_bytes, place, provided_place
from gis.cluster.server import start, stop
from gis.settings import Settings


@contextmanager
def database(settings: Settings) -> Generator[str]:
    """Yield the libpq address of a database with PostGIS that works while the block runs.

    Every process that uses the private server holds a shared lock. Who leaves tries to have the lock for itself, and
    whoever gets it was the last and stops the server. A killed process loses its lock without stopping anything: the
    next one finds the server running and goes on with it.

    Raises
    ------
    DatabaseRefusedError
        When there is none; the sentence says why and what to do.
    """
    if settings.database_url is not None:
        yield checked(settings.database_url)
        return
    with ExitStack() as leaving:
        yield _entered(settings.local_dir, leaving)


def _entered(local_dir: Path, leaving: ExitStack) -> str:
    try:
        _provide(local_dir)
        lease = local_dir / "postgres.lease"
        with ExitStack() as holding:
            holding.enter_context(locked(lease, shared=True))
            # What is entered last is left first: the lease is given back, then whoever was last stops the server.
            leaving.callback(_stop_if_last, lease)
            leaving.push(holding.pop_all())
        return _served(local_dir).url()
    except PermissionError as refused:
        path = Path(refused.filename or local_dir)
        standing = path if path.exists() else path.parent
        raise NotOursError(standing, owner=owner_name(standing), caller=caller().name) from refused
    except OSError as refused:
        if refused.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise DiskFullError(local_dir, free_bytes=free_bytes(local_dir)) from refused


def _provide(local_dir: Path) -> None:
    try:
        local_dir.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as refused:
        reason = "it is no directory" if local_dir.exists() else refused.strerror or str(refused)
        raise NoDirectoryError(local_dir, reason) from refused


def _served(local_dir: Path) -> Place:
    """Bring the server up, one process at a time."""
    with locked(local_dir / "postgres.start"):
        found = provided_place(local_dir)
        start(found, programs=provided_directory(found))
        provide_contents(found)
    return found


def _stop_if_last(lease: Path) -> None:
    with locked_if_free(lease) as last:
        if last:
            stop(place(lease.parent))
