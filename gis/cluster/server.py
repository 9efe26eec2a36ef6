"""The server: started when it is not there, waited for, stopped by whoever leaves last."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import suppress

import psycopg

from gis.cluster.directory import ENVIRONMENT, configure, failure
from gis.cluster.lock import is_free, locked
from gis.cluster.place import SUPERUSER, Place
from gis.cluster.process import ask_to_stop, end_left_behind, postmaster
from gis.cluster.programs import Programs

_PATIENCE_S = 300.0
"""Longest recovery waited for: the changes since the last checkpoint, 2 GB at most, are read once more."""
_STOP_PATIENCE_S = 120.0
_QUIT_PATIENCE_S = 5.0
_PAUSE_S = 0.05
_LONGEST_LOG_BYTES = 10_000_000
_TELLING = ("FATAL", "PANIC", "ERROR", "HINT", "DETAIL", "No such", "denied", "No space")


def answers(place: Place) -> bool:
    """Return whether the server lets us in."""
    try:
        psycopg.connect(place.url(role=SUPERUSER, dbname=SUPERUSER), connect_timeout=5).close()
    except psycopg.OperationalError as refused:
        if "authentication" in str(refused):
            raise failure(place, what="PostgreSQL does not let us in", tail=str(refused)) from refused
        return False
    return True


def start(place: Place, *, programs: Programs) -> None:
    """Start the server and wait until it answers; one that answers already is left alone.

    To be called by one process at a time.

    Raises
    ------
    DiskFullError, ServerFailedError
        When it does not come up; with the end of its log.
    """
    launched_at: int | None = None
    deadline = time.monotonic() + _PATIENCE_S
    while not answers(place):
        if _is_gone(place):
            if launched_at is not None:
                raise failure(place, what="PostgreSQL did not start", tail=_tail(place, since=launched_at))
            launched_at = _launch(place, programs)
        else:
            end_left_behind(place)
        if time.monotonic() > deadline:
            what = f"PostgreSQL did not answer within {_PATIENCE_S:.0f} s"
            raise failure(place, what=what, tail=_tail(place, since=launched_at or 0))
        time.sleep(_PAUSE_S)


def stop(place: Place) -> None:
    """Stop the server, ending its sessions, and wait until every process of it is gone."""
    for how, patience_s in ((signal.SIGINT, _STOP_PATIENCE_S), (signal.SIGQUIT, _QUIT_PATIENCE_S)):
        ask_to_stop(place, how=how)
        end_left_behind(place)
        if _is_gone_within(place, patience_s):
            return


def _is_gone(place: Place) -> bool:
    return is_free(place.life) and postmaster(place) is None


def _is_gone_within(place: Place, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not _is_gone(place):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_S)
    return True


def _launch(place: Place, programs: Programs) -> int:
    """Start the server apart from this program's terminal and return where its log begins.

    Its processes inherit a locked file: as long as one of them lives, the lock says so, whatever the process ids say.
    The shell in between leaves at once, so that a server which dies is cleaned up by the system and not by us.
    """
    _forget_the_dead(place)
    configure(place)
    try:
        began = _open_log(place)
        with locked(place.life) as life, place.log.open("ab") as log:
            subprocess.run(
                ["sh", "-c", '"$@" </dev/null &', "sh", programs.postgres, "-D", place.data],
                cwd="/",
                env=ENVIRONMENT,
                stdout=log,
                stderr=log,
                pass_fds=[life],
                start_new_session=True,
                check=True,
                **place.account.identity,
            )
    except OSError as refused:
        raise failure(place, what="PostgreSQL could not be started", tail=str(refused)) from refused
    return began


def _forget_the_dead(place: Place) -> None:
    """Remove what a killed server left: it names a process, and PostgreSQL would believe a number used again."""
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    for left in place.sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _open_log(place: Place) -> int:
    """Begin a new log when the old one has grown long; return the size of what is there."""
    with suppress(FileNotFoundError):
        if place.log.stat().st_size > _LONGEST_LOG_BYTES:
            place.log.replace(place.log.with_suffix(".log.1"))
    place.log.touch(mode=0o600)
    return place.log.stat().st_size


def _tail(place: Place, *, since: int) -> str:
    with place.log.open("rb") as log:
        log.seek(since)
        lines = log.read()[-20_000:].decode(errors="replace").splitlines()
    telling = [line for line in lines if any(word in line for word in _TELLING)]
    return "\n".join((telling or lines)[-6:])
