"""The keeper: refreshes what is marked, beside the service; one process at a time does it for a database."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from threading import Event

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.changes.triggers import CHANNEL
from gis.overviews.blocks import base_level, gathered_layers
from gis.overviews.drawn import KEEPER_LOCK
from gis.overviews.errors import TooWideError
from gis.overviews.refreshing import marked_together, refresh
from layers.model import Layer

_FEW = 2
"""Blocks refreshed at once: tiles wait for those of the base level, which come before all others."""
_RISE_S = 10.0
"""Coarser blocks are brought in step no more often: until then they are drawn from finer ones, and edits gather."""
_REST_S = 300.0
"""How long a layer that cannot have an overview is left alone."""
_log = logging.getLogger(__name__)


def keep(database_url: str, layers: Iterable[Layer], stop: Event, *, pause_s: float = 2.0) -> None:
    """Refresh what is marked until told to stop; outlives the database's restarts.

    Parameters
    ----------
    stop : set by the caller; heeded after the transaction under way, at most some seconds later.
    pause_s : longest time between two looks at the marks; a change that is heard of is looked at at once.
    """
    gathered = gathered_layers(layers)
    while not stop.is_set():
        try:
            with psycopg.connect(database_url, autocommit=True, options="-c jit=off") as connection:
                _keep(connection, gathered, stop, pause_s)
        except psycopg.OperationalError as lost:
            _log.warning("the keeper of the overviews lost the database: %s", str(lost).strip())
            stop.wait(pause_s)


def _keep(connection: Connection[TupleRow], layers: Sequence[Layer], stop: Event, pause_s: float) -> None:
    while not _is_the_one(connection):
        if stop.wait(pause_s):
            return
    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
    resting: dict[str, float] = {}
    rise_at, is_rising = 0.0, False
    while not stop.is_set():
        awake = [layer for layer in layers if resting.get(layer.name, 0) < time.monotonic()]
        if rise_at <= time.monotonic():
            rise_at, is_rising = time.monotonic() + _RISE_S, True
        try:
            if _take_turns(connection, awake, is_base=True) or (
                is_rising and _take_turns(connection, awake, is_base=False)
            ):
                continue
        except _Spread as refused:
            resting[refused.layer.name] = time.monotonic() + _REST_S
            continue
        is_rising = False
        for _ in connection.notifies(timeout=pause_s, stop_after=1):
            pass


def _is_the_one(connection: Connection[TupleRow]) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, 0)", [KEEPER_LOCK]).fetchone()
    return row is not None and bool(row[0])


class _Spread(Exception):
    """A layer that cannot have an overview."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(layer.name)
        self.layer = layer


def _take_turns(connection: Connection[TupleRow], layers: Sequence[Layer], *, is_base: bool) -> bool:
    """Refresh a few marked blocks of each layer, of the base level or of coarser ones; return whether any were."""
    refreshed = [_refresh_few(connection, layer, is_base=is_base) for layer in layers]
    return any(refreshed)


def _refresh_few(connection: Connection[TupleRow], layer: Layer, *, is_base: bool) -> bool:
    try:
        parts = marked_together(connection, layer)
    except TooWideError as refused:
        _log.warning("%s", refused)
        raise _Spread(layer) from refused
    if not parts or (parts[0][0].level == base_level(layer)) != is_base:
        return False
    refresh(connection, layer, parts[0][:_FEW])
    return True
