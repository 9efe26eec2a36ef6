"""Processes beside those that answer: the keeper of overviews and of the log of changes, and those who work on jobs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import wait
from threading import Event, Thread

from api import logs
from gis.settings import settings

_PAUSE_S = 1.0
_END_S = 3.0
_BEHIND = 5
"""By how much those who work on jobs are nicer than those who answer."""
_spawned = multiprocessing.get_context("spawn")


@contextmanager
def kept_in_step(database_url: str) -> Generator[None]:
    """Keep overviews in step, and the log short, while the block runs; a keeper that dies is replaced."""
    with _kept_alive("keeper", _keep, database_url):
        yield


@contextmanager
def jobs_worked_on(database_url: str, *, most: int) -> Generator[None]:
    """Work on jobs while the block runs, on so many at once; who dies of one is replaced."""
    with ExitStack() as around:
        for _ in range(most):
            around.enter_context(_kept_alive("jobs", _work, database_url))
        yield


@contextmanager
def _kept_alive(name: str, does: Callable[[str], None], database_url: str) -> Generator[None]:
    """Keep a process alive while the block runs."""
    ended = Event()
    watched = Thread(target=_replaced, args=(name, does, database_url, ended), name=name, daemon=True)
    watched.start()
    try:
        yield
    finally:
        ended.set()
        watched.join()


def _replaced(name: str, does: Callable[[str], None], database_url: str, ended: Event) -> None:
    """Keep one process alive until told to end it."""
    while not ended.is_set():
        process = _spawned.Process(target=does, args=(database_url,), name=name, daemon=True)
        process.start()
        while process.is_alive() and not ended.wait(_PAUSE_S):
            pass
        process.terminate()
        process.join(_END_S)
        if process.is_alive():
            process.kill()
            process.join()
        ended.wait(_PAUSE_S)


def _keep(database_url: str) -> None:
    """Keep, in the process; what it is at when it is told to end is undone, and done by the next one."""
    from gis.changes.pruning import keep_short  # noqa: PLC0415 - who works on jobs has no need of it
    from gis.overviews.keeper import keep  # noqa: PLC0415
    from layers import LAYERS  # noqa: PLC0415

    _begin()
    Thread(target=keep_short, args=(database_url, Event()), name="log", daemon=True).start()
    keep(database_url, LAYERS.values(), Event(), pause_s=_PAUSE_S)


def _work(database_url: str) -> None:
    """Work on jobs, in the process, behind all who answer at once."""
    from gis.jobs.work import work  # noqa: PLC0415 - the keeper has no need of it

    _begin()
    os.nice(_BEHIND)
    work(database_url, days=settings().job_days)


def _begin() -> None:
    """Heed the one who started this process, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started this process says when it ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logs.configure(settings().log_file)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
