"""Where the private PostGIS keeps its things."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from gis.cluster.account import Account, caller, owner_name, server_account
from gis.cluster.errors import NotOursError, SocketDirectoryError, UnreachableError

ROLE = "quyhoach"
"""The role that works with the data: it may make databases, and is no superuser, as on a server of strangers."""
SUPERUSER = "postgres"
DATABASE = "quyhoach"
PORT = 5432
"""Part of the socket's name only; no port is opened."""

_FOR_ROOT = Path("/var/lib/quyhoach")
_SHORT_FOR_ROOT = Path("/run")
_SHORT = Path("/tmp")  # noqa: S108 - made with mode 0700 and refused when it is not ours
_PLAIN = re.compile(r"[\w/.+-]+", re.ASCII)
_SOCKET_PATH_BYTES = 103
"""Longest path of a Unix socket, on macOS; Linux bears four more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """The directories and files of one private PostGIS.

    Parameters
    ----------
    home
        Directory of all but, where its path is too long, the socket.
    sockets
        Directory of the socket, which the account alone can enter.
    account
        The user the server runs as, who owns the data.
    """

    home: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        """Return the data directory of PostgreSQL."""
        return self.home / "data"

    @property
    def unfinished(self) -> Path:
        """Return the data directory while it is being made; one that is found was never finished."""
        return self.home / "data.unfinished"

    @property
    def log(self) -> Path:
        """Return the log of the server."""
        return self.home / "server.log"

    @property
    def life(self) -> Path:
        """Return the file that every process of a living server keeps locked."""
        return self.home / "server.lock"

    @property
    def cluster_name(self) -> str:
        """Return the name by which the processes of this server are known in the list of processes."""
        return f"quyhoach-{_digest(self.data)}"

    def url(self, *, role: str = ROLE, dbname: str = DATABASE) -> str:
        """Return the libpq address of a database of this server."""
        return make_conninfo(host=str(self.sockets), port=PORT, user=role, dbname=dbname)


def place(local_dir: Path) -> Place:
    """Find the private PostGIS of a local directory, without making anything.

    Raises
    ------
    NotOursError
        When it belongs to another user.
    """
    home = (local_dir / "postgres").resolve()
    data = home / "data"
    if data.exists() and os.geteuid() not in {0, data.stat().st_uid}:
        raise NotOursError(data, owner=owner_name(data), caller=caller().name)
    account = server_account(data)
    return Place(home, _sockets(home, account), account)


def provided_place(local_dir: Path) -> Place:
    """Make the directories of the private PostGIS that are missing.

    A server started by root runs as another user, who cannot reach every directory that root can. Its data then lie
    under /var/lib, and `postgres` in the local directory is a link to them.

    Raises
    ------
    NotOursError, SocketDirectoryError
        When what is there belongs to another user.
    UnreachableError
        When there are data where the server's user cannot go.
    """
    home = local_dir / "postgres"
    home.resolve().mkdir(parents=True, exist_ok=True)
    found = place(local_dir)
    if not found.account.can_enter(found.home):
        _move_out(home, found.account)
        found = place(local_dir)
    _provide_sockets(found)
    return found


def free_bytes(directory: Path) -> int:
    """Return the room left on the file system of a directory, in bytes."""
    return shutil.disk_usage(directory).free


def _move_out(home: Path, account: Account) -> None:
    reachable = _FOR_ROOT / _digest(home)
    for directory in (_FOR_ROOT, reachable):
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)  # whatever the umask: the account passes through, its own directories are closed
    if home.is_symlink():
        home.unlink()
    elif any(home.iterdir()):
        raise UnreachableError(home, account=account.name)
    else:
        home.rmdir()
    home.symlink_to(reachable, target_is_directory=True)
    _log.warning("The user %s cannot reach %s; the database is kept in %s.", account.name, home.parent, reachable)


def _sockets(home: Path, account: Account) -> Path:
    """Choose a directory short enough for a socket and plain enough for a configuration file."""
    near = home / "run"
    length = len(os.fsencode(near / f".s.PGSQL.{PORT}"))
    if length <= _SOCKET_PATH_BYTES and _PLAIN.fullmatch(str(near)):
        return near
    if os.geteuid() == 0 and _SHORT_FOR_ROOT.is_dir():
        return _SHORT_FOR_ROOT / f"quyhoach-{_digest(home)}"
    return _SHORT / f"quyhoach-{account.uid}-{_digest(home)}"


def _provide_sockets(found: Place) -> None:
    try:
        found.sockets.mkdir(mode=0o700)
        found.account.owns(found.sockets)
    except FileExistsError:
        pass
    kept = found.sockets.lstat()
    alone = stat.S_ISDIR(kept.st_mode) and stat.S_IMODE(kept.st_mode) == stat.S_IRWXU
    if not alone or kept.st_uid != found.account.uid:
        raise SocketDirectoryError(found.sockets, owner=found.account.name)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
