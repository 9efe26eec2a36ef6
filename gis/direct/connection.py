"""Connections that can be asked the same statements over and over, in as few steps as libpq allows.

A cursor adapts, names, locks and waits anew each time; for a short answer that is several times its work.
"""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import OrderedDict
from collections.abc import Mapping
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import AsyncRowFactory, TupleRow, tuple_row

from gis.statements import Numbered

MOST_PREPARED = 100
"""Statements one connection keeps prepared; the one not asked for longest goes first."""
_PAUSE_S = 0.001
_CANCEL_WITHIN_S = 1.0
_IDLE = TransactionStatus.IDLE

Values = tuple[bytes | None, ...]
_Ended = TypeVar("_Ended")


class DirectConnection(AsyncConnection[TupleRow]):
    """A connection in autocommit that besides all others can do answers `ask`; by one task at a time."""

    def __init__(self, pgconn: PGconn, row_factory: AsyncRowFactory[TupleRow] = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self._names: OrderedDict[bytes, bytes] = OrderedDict()
        self._named = 0
        self._results: list[PGresult] = []
        self._answer: Future[None] | None = None
        self._lost: psycopg.Error | None = None
        self._is_asked = False
        self._listening_at: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it can be asked now: it is there, and in no transaction."""
        return self._lost is None and self.pgconn.transaction_status == _IDLE

    async def ask(self, statement: Numbered, values: Mapping[str, bytes], *, binary: bool = False) -> list[Values]:
        """Return the rows that answer a statement, each value as it came: as text, or binary.

        Whoever is cancelled while waiting has the statement cancelled too; a connection that does not heed this within
        a second is closed.

        Parameters
        ----------
        statement : prepared when it is first asked.
        values : its parameters by name, as text.

        Raises
        ------
        psycopg.Error
            When there is no answer.
        """
        if self._lost is not None:
            raise self._lost
        name = self._names.get(statement.text)
        if name is None:
            name = await self._prepare(statement.text)
        else:
            self._names.move_to_end(statement.text)
        bound = [values[parameter] for parameter in statement.names]
        if self._listening_at is None:
            self._listen()
        self._results = []
        self._is_asked = True
        self._answer = asyncio.get_running_loop().create_future()
        try:
            self.pgconn.send_query_prepared(name, bound, result_format=Format.BINARY if binary else Format.TEXT)
            while self.pgconn.flush():
                await asyncio.sleep(_PAUSE_S)
            await self._answer
        except asyncio.CancelledError:
            await self._abandon()
            raise
        (result, *_), self._results = self._results, []
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        columns = range(result.nfields)
        return [tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)]

    async def wait(self, gen: PQGen[_Ended], *args: float | None, **kwargs: float | None) -> _Ended:  # type: ignore[override]  # handed on as it comes
        """Wait as psycopg does for all but `ask`, which meanwhile does not listen."""
        self._hush()
        return await super().wait(gen, *args, **kwargs)  # type: ignore[arg-type]  # handed on as it came

    async def close(self) -> None:
        """Close the connection; its socket's number may later be that of another."""
        self._hush()
        await super().close()

    async def _prepare(self, statement: bytes) -> bytes:
        """Prepare a statement, and return its name."""
        while len(self._names) >= MOST_PREPARED:
            _, oldest = self._names.popitem(last=False)
            await self.execute(b"DEALLOCATE " + oldest)
        self._named += 1
        name = b"asked_%d" % self._named
        await self.execute(b"PREPARE " + name + b" AS " + statement)
        self._names[statement] = name
        return name

    def _listen(self) -> None:
        self._listening_at = self.pgconn.socket
        asyncio.get_running_loop().add_reader(self._listening_at, self._read)

    def _hush(self) -> None:
        if self._listening_at is not None:
            asyncio.get_running_loop().remove_reader(self._listening_at)
            self._listening_at = None

    def _read(self) -> None:
        answer = self._answer
        try:
            self.pgconn.consume_input()
            while not self.pgconn.is_busy():
                result = self.pgconn.get_result()
                if result is None:
                    break
                self._results.append(result)
            else:
                return
            if not self._results:  # a notice, between two answers
                return
        except psycopg.Error as lost:
            self._lost = lost
            self._hush()  # it would be readable for ever
            self._is_asked = False
            if answer is not None and not answer.done():
                answer.set_exception(lost)
            return
        self._is_asked = False
        if answer is not None and not answer.done():
            answer.set_result(None)

    async def _abandon(self) -> None:
        """End what nobody waits for any more, so that the connection can be asked again."""
        if not self._is_asked:
            return
        self._answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_CANCEL_WITHIN_S):
                await self.cancel_safe(timeout=_CANCEL_WITHIN_S)
                await self._answer
        except (psycopg.Error, TimeoutError):
            await self.close()
        except asyncio.CancelledError:
            await self.close()
            raise
