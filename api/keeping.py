"""The keeper, as a process beside those that answer: overviews in step, the log of changes short."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import wait
from threading import Event, Thread

from api import logs
from gis.changes.pruning import keep_short
from gis.overviews.keeper import keep
from gis.settings import settings
from layers import LAYERS

_PAUSE_S = 1.0
_END_S = 3.0
_spawned = multiprocessing.get_context("spawn")


@contextmanager
def kept_in_step(database_url: str) -> Generator[None]:
    """Keep overviews in step, and the log short, while the block runs; a keeper that dies is replaced."""
    ended = Event()
    watched = Thread(target=_replaced, args=(database_url, ended), name="keeper", daemon=True)
    watched.start()
    try:
        yield
    finally:
        ended.set()
        watched.join()


def _replaced(database_url: str, ended: Event) -> None:
    """Keep one keeper alive until told to end it."""
    while not ended.is_set():
        keeper = _spawned.Process(target=_keep, args=(database_url,), name="keeper", daemon=True)
        keeper.start()
        while keeper.is_alive() and not ended.wait(_PAUSE_S):
            pass
        keeper.terminate()
        keeper.join(_END_S)
        if keeper.is_alive():
            keeper.kill()
            keeper.join()
        ended.wait(_PAUSE_S)


def _keep(database_url: str) -> None:
    """Keep, in the process; what it is at when it is told to end is undone, and done by the next one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started the keeper says when it ends
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    logs.configure(settings().log_file)
    Thread(target=_end_with_parent, daemon=True).start()
    Thread(target=keep_short, args=(database_url, Event()), name="log", daemon=True).start()
    keep(database_url, LAYERS.values(), Event(), pause_s=_PAUSE_S)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
