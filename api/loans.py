"""Who works in the database for whom: statements are cancelled when the one who asked has left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from api.metrics import STATEMENTS_CANCELLED
from api.visit import VISIT, Passage, Visit

PAUSE_S = 0.1
"""Time between two looks around; work that ends sooner is never looked at."""
_CANCEL_WITHIN_S = 2.0

_log = logging.getLogger("quyhoach")


class Loan:
    """A connection lent to a request."""

    __slots__ = ("_connection", "_is_over", "_lock", "since", "visit")

    def __init__(self, connection: Connection[TupleRow], visit: Visit) -> None:
        self.visit = visit
        self.since = monotonic()
        self._connection = connection
        self._lock = Lock()
        self._is_over = False

    def end(self) -> None:
        """Take the connection back; a cancel that is just being sent is waited for, so that it meets no one else."""
        with self._lock:
            self._is_over = True

    def cancel(self) -> None:
        """End the statement that runs on it, from another thread; nothing where it has been given back."""
        with self._lock:
            if self._is_over:
                return
            try:
                self._connection.cancel_safe(timeout=_CANCEL_WITHIN_S)
            except psycopg.Error as refused:
                _log.warning("a statement could not be cancelled: %s", refused)
                return
        STATEMENTS_CANCELLED.inc()


class Loans:
    """Looks, ten times a second, who has had a connection for long, and listens whether they are still there.

    A request waits for its client's leaving only when it has worked for long: most never do, and cost nothing.
    """

    def __init__(self) -> None:
        self._loans: set[Loan] = set()
        self._attended: dict[Visit, asyncio.Task[None]] = {}

    @contextmanager
    def over(self, connection: Connection[TupleRow]) -> Generator[None]:
        """Watch over a connection while the present request has it; outside of a request nobody can leave."""
        visit = VISIT.get()
        if not isinstance(visit, Visit):
            yield
            return
        loan = Loan(connection, visit)
        self._loans.add(loan)
        try:
            yield
        finally:
            self._loans.discard(loan)
            loan.end()

    async def watch(self) -> None:
        """Look around until cancelled."""
        while True:
            await asyncio.sleep(PAUSE_S)
            before = monotonic() - PAUSE_S
            for visit in {loan.visit for loan in list(self._loans) if loan.since < before}:
                if visit not in self._attended:
                    task = asyncio.create_task(self._attend(visit))
                    self._attended[visit] = task
                    task.add_done_callback(lambda _, visit=visit: self._attended.pop(visit, None))

    async def _attend(self, visit: Visit) -> None:
        """Wait until the client leaves, or the answer is complete; then nothing is to be done any more for it."""
        while (await visit.receive())["type"] != "http.disconnect":
            pass
        visit.has_left = not visit.is_complete
        while loans := [loan for loan in list(self._loans) if loan.visit is visit]:
            for loan in loans:
                await asyncio.to_thread(loan.cancel)
            await asyncio.sleep(PAUSE_S)

    def cancel_for(self, visit: Passage) -> None:
        """End what runs for a request, though its client is still there; called from a thread."""
        for loan in [loan for loan in list(self._loans) if loan.visit is visit]:
            loan.cancel()

    def cancel_all(self) -> None:
        """End everything that still runs: the service stops and has waited long enough."""
        for loan in list(self._loans):
            loan.cancel()
