"""The connections that answers are read over: a wait that is bounded, and short while the database is away.

The pool outlives its database. New connections are made when they are asked for, not on a schedule that grows longer;
whoever asks while the database cannot be reached is told so after `AWAY_WAIT_S`.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Event
from time import monotonic

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from api.loans import Loans
from gis.direct import AwayError

AWAY_WAIT_S = 0.5
"""Longest wait for a connection while the database cannot be reached."""

Lent = Connection[TupleRow]
_log = logging.getLogger("quyhoach")


class Reach:
    """Whether the database can be reached, as those who connect find out; the log says each turn once."""

    def __init__(self) -> None:
        self._away = Event()

    @property
    def is_away(self) -> bool:
        """Whether the last attempt to connect failed."""
        return self._away.is_set()

    def found(self) -> None:
        """Remember that it is there."""
        if self._away.is_set():
            self._away.clear()
            _log.warning("the database is back")

    def lost(self, _pool: object = None) -> None:
        """Remember that it is not there."""
        if not self._away.is_set():
            self._away.set()
            _log.error("the database cannot be reached")


class Pool(ConnectionPool[Lent]):
    """The pool that answers are read over; what runs on it is watched over while it is lent.

    A connection that is found broken condemns its fellows, which were broken by the same restart.

    Parameters
    ----------
    url : libpq address.
    kwargs : what else psycopg is told when it connects.
    most : connections.
    most_waiting : requests that may wait for one.
    wait_s : longest wait.
    """

    def __init__(self, url: str, *, kwargs: Mapping[str, object], most: int, most_waiting: int, wait_s: float) -> None:
        self.loans = Loans()
        self._reach = Reach()
        super().__init__(
            url,
            kwargs=dict(kwargs),
            min_size=1,
            max_size=most,
            timeout=wait_s,
            max_waiting=most_waiting,
            check=self._checked,
            configure=self._reached,
            reconnect_failed=self._reach.lost,
            reconnect_timeout=0,
            open=False,
            name="quyhoach",
        )

    @contextmanager
    def connection(self, timeout: float | None = None) -> Generator[Lent]:
        """Lend a connection; what runs on it is cancelled when the client of the present request leaves.

        Raises
        ------
        psycopg_pool.PoolTimeout, psycopg_pool.TooManyRequests
            When none comes free in time, or too many wait already.
        """
        with super().connection(timeout) as connection, self.loans.over(connection):
            yield connection

    def getconn(self, timeout: float | None = None) -> Lent:
        """Take a connection out of the pool; wait briefly while the database is away.

        A wait is cut in two: what was a long queue may have become a lost database.
        """
        deadline = monotonic() + (self.timeout if timeout is None else timeout)
        try:
            return super().getconn(min(AWAY_WAIT_S, deadline - monotonic()))
        except PoolTimeout:
            if self._reach.is_away:
                raise AwayError from None
            if (rest_s := deadline - monotonic()) <= 0:
                raise
        return super().getconn(rest_s)

    def _checked(self, connection: Lent) -> None:
        try:
            self.check_connection(connection)
        except psycopg.Error:
            self.drain()
            raise
        self._reached(connection)

    def _reached(self, _connection: Lent) -> None:
        self._reach.found()
