"""The data directory: made whole or not at all, configured anew at every start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from gis.cluster.account import root
from gis.cluster.errors import DamagedDataError, DiskFullError, ServerFailedError
from gis.cluster.lock import locked
from gis.cluster.place import ROLE, SUPERUSER, Place, free_bytes
from gis.cluster.programs import Programs, maker, newest
from gis.cluster.tuning import configuration

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""What the programs of PostgreSQL see: none of the PG… variables that may be set for other servers."""

_LEAST_FREE_BYTES = 200_000_000
_BUILTIN_LOCALE_MAJOR = 17
_FULL = "No space left on device"
_INCLUDE = "include 'quyhoach.conf'"


def provided_directory(place: Place) -> Programs:
    """Make the data directory if there is none; return the programs that open it.

    It is made under another name and renamed when it is complete, so that one that was interrupted is never opened.

    Raises
    ------
    NoPostgisError, ProgramsGoneError, DamagedDataError, DiskFullError, ServerFailedError
        When there is nothing to make or open it with, or no room.
    """
    if place.data.exists():
        if not (place.data / "PG_VERSION").exists():
            raise DamagedDataError(place.data)
        return maker(place.data)
    programs = newest()
    if free_bytes(place.home) < _LEAST_FREE_BYTES:
        raise DiskFullError(place.home, free_bytes=free_bytes(place.home))
    _initialise(place, programs)
    place.unfinished.rename(place.data)
    return programs


def configure(place: Place) -> None:
    """Write what the server reads when it starts: its settings, and who may come in as whom."""
    names = {root().name, place.account.name}
    files = {
        "quyhoach.conf": configuration(sockets=place.sockets, cluster_name=place.cluster_name),
        # The kernel says who is at the other end of the socket; there is no password that could leak.
        "pg_hba.conf": "local all all peer map=quyhoach\n",
        "pg_ident.conf": "".join(f'quyhoach "{name}" {role}\n' for name in sorted(names) for role in (ROLE, SUPERUSER)),
    }
    try:
        for name, text in files.items():
            _write(place, place.data / name, text)
        main = place.data / "postgresql.conf"
        if _INCLUDE not in main.read_text(encoding="utf-8"):
            _write(place, main, f"{main.read_text(encoding='utf-8')}\n{_INCLUDE}\n")
    except OSError as refused:
        raise failure(place, what=f"{place.data} cannot be written", tail=str(refused)) from refused


def failure(place: Place, *, what: str, tail: str) -> DiskFullError | ServerFailedError:
    """Return the refusal that fits what the programs wrote."""
    if _FULL in tail:
        return DiskFullError(place.home, free_bytes=free_bytes(place.home))
    return ServerFailedError(what, log=place.log, tail=tail)


def _initialise(place: Place, programs: Programs) -> None:
    command = [programs.initdb, "-D", place.unfinished, "-U", SUPERUSER, "--data-checksums"]
    # The lock goes to initdb as well: when this program is killed, the next one waits until that one has ended.
    with locked(place.life) as life:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        place.unfinished.mkdir(mode=0o700)
        place.account.owns(place.unfinished)
        made = subprocess.run(
            [*command, "--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", *_locale(programs)],
            cwd="/",
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            pass_fds=[life],
            check=False,
            **place.account.identity,
        )
    if made.returncode != 0:
        shutil.rmtree(place.unfinished, ignore_errors=True)
        raise failure(place, what=f"{programs.initdb} could not make {place.data}", tail=made.stderr.strip()[-2000:])


def _locale(programs: Programs) -> tuple[str, ...]:
    """Return the options for an order of characters that no update of the system changes."""
    if programs.major >= _BUILTIN_LOCALE_MAJOR:
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8", "--lc-collate=C") if sys.platform == "linux" else ("--locale=C",)


def _write(place: Place, path: Path, text: str) -> None:
    """Replace a file at once, so that a full disk leaves the old one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o600)
    place.account.owns(fresh)
    fresh.replace(path)
