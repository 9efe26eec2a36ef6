"""Work on jobs, in a process that does nothing else: one after the other, the one that has waited longest first."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.answering import heard_by, without_files
from gis.errors import QuyhoachError
from gis.jobs.job import CHANNEL, Job, Status
from gis.jobs.taking import Ending, clear, come_on, end, hand_back, leave, take, take_back

MOST_S = 3_600.0
"""Longest time one attempt at a job may take."""
_LOOK_S = 0.5
"""Time between two looks whether a job is still wanted; how far it has come is written down as often at most."""
_END_S = 1.0
"""How long a question that is no longer wanted may take to end by itself; then its process ends."""
_CLEAR_S = 600.0
_STRANGE_S = 30.0
_CANCEL_WITHIN_S = 2.0
_NO_LONGER_WANTED = 3
"""Exit code of a process that ends since a question would not."""
_SESSION = "-c jit=off -c plan_cache_mode=force_custom_plan -c default_transaction_read_only=on"
_LOOKS_AT_CLIENTS = 140_000
"""Version of PostgreSQL from which on a statement ends soon after its client was killed, where that is asked for."""
_FAILED = "Something went wrong inside the service; it is in its log."
_TOO_LONG = f"It took longer than {MOST_S / 60:.0f} minutes; ask for a smaller part."
_log = logging.getLogger(__name__)


def work(database_url: str, *, days: int, pause_s: float = 2.0) -> None:
    """Work on jobs until the process ends; outlives the database's restarts.

    Parameters
    ----------
    days : for how long jobs are kept that have ended.
    pause_s : longest time between two looks for jobs; one that is heard of is begun at once.
    """
    while True:
        try:
            with psycopg.connect(database_url, autocommit=True, application_name="quyhoach jobs") as book:
                _work(book, database_url, days, pause_s)
        except psycopg.OperationalError as lost:
            _log.warning("who works on jobs lost the database: %s", str(lost).strip())
            time.sleep(pause_s)
        except psycopg.ProgrammingError as strange:
            # A database of another revision: to begin anew at once would keep a core busy.
            _log.warning("who works on jobs does not know the database: %s", str(strange).strip())
            time.sleep(_STRANGE_S)


def _work(book: Connection[TupleRow], database_url: str, days: int, pause_s: float) -> None:
    book.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
    worker = f"{socket.gethostname()}:{os.getpid()}"
    clear_at = 0.0
    while True:
        take_back(book)
        job = take(book, worker)
        if job is not None:
            _do(book, database_url, job)
            leave(book, job)
            continue
        if clear_at <= time.monotonic():
            clear_at = time.monotonic() + _CLEAR_S
            clear(book, days=days)
        for _ in book.notifies(timeout=pause_s, stop_after=1):
            pass


def _do(book: Connection[TupleRow], database_url: str, job: Job) -> None:
    try:
        with psycopg.connect(database_url, autocommit=True, options=_SESSION) as connection:
            if connection.info.server_version >= _LOOKS_AT_CLIENTS:
                connection.execute("SET client_connection_check_interval = 2000")
            ending = _ended(book, connection, job)
    except SystemExit:
        hand_back(book, job)
        raise
    end(book, job, ending)


def _ended(book: Connection[TupleRow], connection: Connection[TupleRow], job: Job) -> Ending:
    """Answer the question of a job; what goes wrong with it is its own end, not that of its worker."""
    try:
        return Ending(Status.SUCCESSFUL, result=_answer(book, connection, job))
    except QuyhoachError as refused:
        return Ending(Status.FAILED, str(refused), is_refusal=True)
    except psycopg.errors.QueryCanceled:
        return Ending(Status.FAILED, _TOO_LONG, is_refusal=True)
    except psycopg.OperationalError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with a question, the next one is worked on
        _log.exception("job %s", job.id)
        return Ending(Status.FAILED, _FAILED)


def _answer(book: Connection[TupleRow], connection: Connection[TupleRow], job: Job) -> bytes:
    # Entered with the first job: who waits for one needs no room.
    from gis.asking import ask  # noqa: PLC0415
    from gis.db import seen_at  # noqa: PLC0415
    from gis.findings.kept import packed  # noqa: PLC0415
    from gis.lineage import held  # noqa: PLC0415
    from layers.model import Horizon  # noqa: PLC0415

    with held(connection, job.scenario), attended(book, connection, job) as attendant:
        city = seen_at(connection, Horizon(job.horizon), job.scenario)
        with heard_by(attendant.hear), without_files():
            return packed(ask(city, job.question, **job.arguments))


class _Attendant:
    """Stands beside a question: writes down how far it has come, and ends it when it is no longer wanted."""

    def __init__(self, book: Connection[TupleRow], connection: Connection[TupleRow], job: Job) -> None:
        self._book, self._connection, self._job = book, connection, job
        self._share, self._written = 0.0, 0.0
        self._done = Event()
        self._thread = Thread(target=self._stand, name="attendant", daemon=True)

    def hear(self, share: float) -> None:
        """Remember how far it has come."""
        self._share = share

    def begin(self) -> None:
        """Stand beside it."""
        self._thread.start()

    def end(self) -> None:
        """Leave; what is just being written is waited for."""
        self._done.set()
        self._thread.join()

    def _stand(self) -> None:
        until = time.monotonic() + MOST_S
        while not self._done.wait(_LOOK_S):
            try:
                wanted = self._write()
                if wanted and time.monotonic() > until:
                    end(self._book, self._job, Ending(Status.FAILED, _TOO_LONG, is_refusal=True))
                    wanted = False
            except psycopg.Error as lost:
                _log.warning("job %s: its lock is lost: %s", self._job.id, str(lost).strip())
                wanted = False
            if not wanted:
                self._stop()

    def _write(self) -> bool:
        share = self._share
        wanted = come_on(self._book, self._job, share if share > self._written else None)
        self._written = max(self._written, share)
        return wanted

    def _stop(self) -> None:
        """End the question; what cannot be cancelled ends with its process, and another one takes its place."""
        try:
            self._connection.cancel_safe(timeout=_CANCEL_WITHIN_S)
        except psycopg.Error as refused:
            _log.warning("a statement could not be cancelled: %s", refused)
        if not self._done.wait(_END_S):
            os._exit(_NO_LONGER_WANTED)


@contextmanager
def attended(book: Connection[TupleRow], connection: Connection[TupleRow], job: Job) -> Generator[_Attendant]:
    """Stand beside a question while the block runs."""
    attendant = _Attendant(book, connection, job)
    attendant.begin()
    try:
        yield attendant
    finally:
        attendant.end()
