"""The PostgreSQL programs that are installed, and the PostGIS that belongs to them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis.cluster.errors import NoPostgisError, ProgramsGoneError

OLDEST_MAJOR = 14
"""Oldest PostgreSQL used, that of Ubuntu 22.04. Its PostGIS 3.2 is enough for the private database."""

_PLACES = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # packages of postgresql.org for Red Hat
    "usr/lib/postgresql*/bin",  # SUSE
    "usr/libexec/postgresql*",  # Alpine
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
    "usr/local/pgsql/bin",
    "usr/bin",
)
_VERSION = re.compile(r"PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Programs:
    """One installed PostgreSQL.

    Parameters
    ----------
    directory
        Where `postgres` and `initdb` are.
    major
        Its major version.
    has_postgis
        Whether PostGIS is installed for it.
    """

    directory: Path
    major: int
    has_postgis: bool

    @property
    def postgres(self) -> Path:
        """Return the server itself."""
        return self.directory / "postgres"

    @property
    def initdb(self) -> Path:
        """Return the program that makes a data directory."""
        return self.directory / "initdb"


def installed() -> list[Programs]:
    """Return every usable PostgreSQL of this machine, newest first."""
    found = {programs.directory: programs for programs in _found() if programs.major >= OLDEST_MAJOR}
    return sorted(found.values(), key=lambda programs: programs.major, reverse=True)


def newest() -> Programs:
    """Return the newest installed PostgreSQL that has PostGIS.

    Raises
    ------
    NoPostgisError
        When there is none.
    """
    choice = installed()
    for programs in choice:
        if programs.has_postgis:
            return programs
    raise NoPostgisError([programs.major for programs in choice])


def maker(data: Path) -> Programs:
    """Return the PostgreSQL that made a data directory; another major version cannot open it.

    Raises
    ------
    ProgramsGoneError
        When it is no longer installed with PostGIS.
    """
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    choice = [programs for programs in installed() if programs.has_postgis]
    for programs in choice:
        if str(programs.major) == made_by:
            return programs
    raise ProgramsGoneError(data, made_by=made_by, installed=[programs.major for programs in choice])


def _found() -> Iterator[Programs]:
    for directory in _directories():
        if not (directory / "initdb").is_file() or not (directory / "postgres").is_file():
            continue
        version = _VERSION.search(_answer(directory / "postgres", "--version"))
        if version is not None:
            major = int(version[1])
            yield Programs(
                directory, major, any((share / "postgis.control").is_file() for share in _shares(directory, major))
            )


def _directories() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    configured = shutil.which("pg_config")
    if configured is not None:
        yield Path(_answer(Path(configured), "--bindir")).resolve()
    for pattern in _PLACES:
        for directory in Path("/").glob(pattern):
            yield directory.resolve()


def _shares(directory: Path, major: int) -> Iterator[Path]:
    """Yield where the control files of extensions may be."""
    own = directory / "pg_config"
    if own.is_file():
        yield Path(_answer(own, "--sharedir")) / "extension"
    yield Path(f"/usr/share/postgresql/{major}/extension")
    for share in ("postgresql", "pgsql", f"postgresql{major}", f"postgresql@{major}"):
        yield directory.parent / "share" / share / "extension"
    yield directory.parent / "share" / "extension"


def _answer(program: Path, option: str) -> str:
    return subprocess.run([program, option], capture_output=True, text=True, check=False).stdout.strip()
