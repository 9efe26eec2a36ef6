"""One statement asked over and over on a connection of its own, in as few steps as libpq allows.

A cursor adapts, names, locks and waits anew each time; that is several times the work of the answer itself.
"""

from __future__ import annotations

import asyncio
from asyncio import Future

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

_NAME = b"question"
_PAUSE_S = 0.001


class Question:
    """A prepared statement; the connection serves nothing else until `close`.

    Parameters
    ----------
    connection : open, in autocommit.
    """

    def __init__(self, connection: AsyncConnection[TupleRow]) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._socket = connection.fileno()
        self._results: list[PGresult] = []
        self._answer: Future[None] | None = None
        self._lost: psycopg.Error | None = None
        self._is_listening = False

    async def prepare(self, statement: bytes) -> None:
        """Prepare the statement, with parameters as PostgreSQL writes them: $1, $2."""
        await self._connection.execute(b"PREPARE " + _NAME + b" AS " + statement)
        self._loop.add_reader(self._socket, self._read)
        self._is_listening = True

    async def ask(self, *values: bytes) -> list[tuple[bytes | None, ...]]:
        """Return the rows, each value as text; one question at a time.

        Raises
        ------
        psycopg.Error
            When there is no answer; the connection is then to be closed.
        """
        if self._lost is not None:
            raise self._lost
        self._results.clear()
        answer = self._answer = self._loop.create_future()
        pgconn = self._connection.pgconn
        pgconn.send_query_prepared(_NAME, values)
        while pgconn.flush():
            await asyncio.sleep(_PAUSE_S)
        await answer
        result = self._results[0]
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        columns = range(result.nfields)
        return [tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)]

    def close(self) -> None:
        """Let go of the connection, before it is closed."""
        if self._is_listening:  # later the number may be that of another socket
            self._is_listening = False
            self._loop.remove_reader(self._socket)

    def _read(self) -> None:
        answer = self._answer
        try:
            pgconn = self._connection.pgconn
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:
                    break
                self._results.append(result)
            else:
                return
            if not self._results:  # a notice, between questions
                return
        except psycopg.Error as lost:
            self._lost = lost
            self.close()  # it would be readable for ever
            if answer is not None and not answer.done():
                answer.set_exception(lost)
            return
        if answer is not None and not answer.done():
            answer.set_result(None)
