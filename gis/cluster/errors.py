"""Why there is no database: each refusal says what was found and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gis.errors import QuyhoachError

_ANY = "or set QUYHOACH_DATABASE_URL to any PostGIS 3.3 or newer"


class DatabaseRefusedError(QuyhoachError):
    """There is no database to work with."""


class NoPostgisError(DatabaseRefusedError):
    """No installed PostgreSQL has PostGIS."""

    def __init__(self, bare: Sequence[int]) -> None:
        found = f"PostgreSQL {', '.join(map(str, bare))} is installed without it" if bare else "none is installed"
        major = max(bare, default="NN")
        super().__init__(
            f"A PostgreSQL 14 or newer with PostGIS is needed and {found}; on Debian and Ubuntu install "
            f"postgresql-{major}-postgis-3 (`make run` does), {_ANY}."
        )


class ProgramsGoneError(DatabaseRefusedError):
    """The PostgreSQL that made the data directory is no longer installed."""

    def __init__(self, data: Path, *, made_by: str, installed: Sequence[int]) -> None:
        others = ", ".join(map(str, installed)) or "none"
        super().__init__(
            f"{data} was made by PostgreSQL {made_by}, which is not installed with PostGIS (installed: {others}); "
            f"install postgresql-{made_by}-postgis-3 again, or move {data} away to begin with an empty database."
        )


class DamagedDataError(DatabaseRefusedError):
    """The data directory is none."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"{data} is not a data directory of PostgreSQL (it has no PG_VERSION); put back what was removed from it, "
            "or move it away to begin with an empty database."
        )


class NoDirectoryError(DatabaseRefusedError):
    """The local directory is no directory, and cannot become one."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(
            f"Nothing can be kept in {str(directory)!r}: {reason}; set QUYHOACH_LOCAL_DIR to a directory, {_ANY}."
        )


class DiskFullError(DatabaseRefusedError):
    """The file system has no room for the database."""

    def __init__(self, directory: Path, *, free_bytes: int) -> None:
        super().__init__(
            f"The disk is full: {directory} has {free_bytes / 1e6:.0f} MB left and PostGIS cannot work there; make "
            "room, or set QUYHOACH_LOCAL_DIR to a directory with room."
        )


class ServerFailedError(DatabaseRefusedError):
    """PostgreSQL refused to make or to open its data directory."""

    def __init__(self, what: str, *, log: Path, tail: str) -> None:
        super().__init__(f"{what}; the end of {log}:\n{tail or '(nothing was written)'}")


class NotOursError(DatabaseRefusedError):
    """A file or directory of the private PostGIS belongs to another user."""

    def __init__(self, path: Path, *, owner: str, caller: str) -> None:
        super().__init__(
            f"{path} belongs to {owner} and cannot be used by {caller}; start as the user who made it, or set "
            "QUYHOACH_LOCAL_DIR to a directory of your own."
        )


class UnreachableError(DatabaseRefusedError):
    """A directory above the private PostGIS was closed to the user its server runs as."""

    def __init__(self, home: Path, *, account: str) -> None:
        super().__init__(
            f"{account}, who runs the server, cannot reach the database in {home}: a directory above it is closed to "
            "others; open it (chmod o+x), or set QUYHOACH_LOCAL_DIR to another directory."
        )


class SocketDirectoryError(DatabaseRefusedError):
    """The directory of the socket can be entered by others."""

    def __init__(self, path: Path, *, owner: str) -> None:
        super().__init__(
            f"{path} should be a directory that {owner} alone can enter, and is not; remove it, or set "
            "QUYHOACH_LOCAL_DIR to a directory with a shorter path of plain letters."
        )


class NoLocksError(DatabaseRefusedError):
    """The file system cannot lock files."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} cannot be locked ({reason}); set QUYHOACH_LOCAL_DIR to a directory on a disk of this machine."
        )


class NamelessAccountError(DatabaseRefusedError):
    """The server has no user to run as."""

    def __init__(self, uid: int) -> None:
        super().__init__(
            f"PostgreSQL cannot run here: user id {uid} has no entry in the list of users, and there is no user "
            f"`postgres` to run as in place of root; start as an ordinary user, {_ANY}."
        )


class AddressRefusedError(DatabaseRefusedError):
    """QUYHOACH_DATABASE_URL names a database that cannot be used. No sentence shows a password."""

    def __init__(self, shown: str, *, found: str, remedy: str) -> None:
        super().__init__(f"QUYHOACH_DATABASE_URL ({shown}): {found}; {remedy}.")
