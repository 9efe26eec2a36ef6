"""HTTP on one connection, before a request is one: bounded in bytes and in time, refused in our own words."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from typing import Any, cast

from httptools import HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.errors import OverloadedError, Problem, problem
from api.limits import (
    MOST_ADDRESS_BYTES,
    MOST_CONNECTIONS,
    MOST_HEAD_BYTES,
    SLOWEST_HEAD_S,
    BrokenRequestError,
    LongAddressError,
    LongHeadError,
    SlowRequestError,
)
from api.metrics import BROKEN_REQUESTS
from api.target import Headers, check_host, origin_form
from api.tiles.shortcut import SHORTCUT, Quick, Shortcut
from api.visit import ON_EVERY_ANSWER
from gis.errors import QuyhoachError

STOPPING = "stopping"
"""Name, in the state of the application, of the event that says that the service stops."""
_LINGER_S = 1.0


class _Untold:
    """The length of an answer to HTTP/1.0 that does not say it: whatever was sent, all of it and no more."""

    def __lt__(self, _sent: int) -> bool:
        return False

    def __sub__(self, _sent: int) -> _Untold:
        return self

    def __ne__(self, _left: object) -> bool:
        return False

    def __eq__(self, _left: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # equals everything


_UNTOLD = _Untold()


class Wire(HttpToolsProtocol):
    """One connection of a client.

    Uvicorn waits for ever for a head that does not come, keeps one of any length, and refuses in plain text.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # as uvicorn calls it
        super().__init__(*given, **named)
        self._parser = cast("HttpRequestParser", self.parser)  # one for the whole connection
        self._head_bytes = 0
        self._is_in_head = False
        self.is_refused = False
        self._shortcut: Shortcut | None = self.app_state.get(SHORTCUT)
        self._quick: Quick | None = None
        self._is_large = False
        self._patience: TimerHandle | None = None
        self._idle: TimerHandle | None = None
        self._idle_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin; one connection too many is told so."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(OverloadedError())
        else:
            self._patience = self.loop.call_later(SLOWEST_HEAD_S, self._run_out)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._wait_no_longer()
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        super().connection_lost(exc)
        if self._quick is not None:
            self._quick.leave()

    def data_received(self, data: bytes) -> None:
        """Read on; see that a head comes to its end, and that something comes at all."""
        if self.is_refused:
            return
        self._is_large = len(data) > MOST_HEAD_BYTES
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse(LongAddressError() if len(self.url) > MOST_ADDRESS_BYTES else LongHeadError())
                return
        elif self._is_answering():
            self._wait_no_longer()
            return
        if self._patience is None:
            self._patience = self.loop.call_later(SLOWEST_HEAD_S, self._run_out)

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._is_in_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """End a head."""
        self._is_in_head = False
        version = self._parser.get_http_version()
        try:
            check_host(self.headers, version)
            self.url, self.headers = origin_form(self.url, self.headers)
        except QuyhoachError as error:
            self._refuse(error)
            return
        self.scope["headers"] = self.headers
        if self._is_large and len(self.url) + sum(len(a) + len(b) for a, b in self.headers) > MOST_HEAD_BYTES:
            self._refuse(LongAddressError() if len(self.url) > MOST_ADDRESS_BYTES else LongHeadError())
            return
        if version != "1.1" or not self._goes_short():
            super().on_headers_complete()
            if version == "1.0":
                self.cycle.chunked_encoding = False
                self.cycle.expected_content_length = cast("Any", _UNTOLD)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        if not self.is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if not self.is_refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Refuse what is no HTTP."""
        self._refuse(BrokenRequestError())

    def shutdown(self) -> None:
        """Let answers that stay open know that the service stops."""
        event = self.app_state.get(STOPPING)
        if event is not None:
            event.set()
        super().shutdown()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Headers of every answer; another list each second."""
        return self.server_state.default_headers

    def end_quickly(self, *, is_last: bool) -> None:
        """Go on to the next request after an answer on the short way, or close the connection."""
        if is_last:
            self.transport.close()
        if self.pipeline or self.transport.is_closing():
            self.on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self._idle is None:
            self._idle = self.loop.call_later(self.timeout_keep_alive, self._see_idle)

    def _see_idle(self) -> None:
        """Close the connection if it has been idle for long; a timer for each request would cost more."""
        self._idle = None
        if self._is_answering() or self._patience is not None:
            return
        left_s = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left_s > 0:
            self._idle = self.loop.call_later(left_s, self._see_idle)
        elif self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_handler()

    def _goes_short(self) -> bool:
        """Begin to answer a request of HTTP/1.1 on the short way; return whether it may take it."""
        if (
            self._shortcut is None
            or self._is_answering()
            or self._parser.get_method() != b"GET"
            or not self._parser.should_keep_alive()
            or self.flow.write_paused
        ):
            return False
        quick = self._shortcut.enter(self, self.url, cast("Any", self.scope))
        if quick is None:
            return False
        self._quick = quick
        self.cycle = cast("Any", quick)  # it has what is asked of a cycle
        quick.begin()
        return True

    def _is_answering(self) -> bool:
        cycle: Any = self.cycle  # Any: None at first, which uvicorn does not say
        return cycle is not None and not cycle.response_complete

    def _forsakes_request(self) -> bool:
        """Return whether what is under way is a request that has not come to its end: it gets no other answer."""
        cycle = cast("RequestResponseCycle | Quick | None", self.cycle)
        if self.pipeline or not isinstance(cycle, RequestResponseCycle):
            return False
        if cycle.response_started or not cycle.more_body:
            return False
        cycle.disconnected = True
        cycle.message_event.set()
        return True

    def _run_out(self) -> None:
        self._patience = None
        if self._is_in_head:
            self._refuse(SlowRequestError("head", SLOWEST_HEAD_S))
        else:
            self.transport.close()

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _refuse(self, error: QuyhoachError) -> None:
        """Answer and close; not at once, since a client that is still sending would lose the answer.

        The answers to the requests before come to their end, and close the connection.
        """
        BROKEN_REQUESTS.inc()
        self.is_refused = True
        self._wait_no_longer()
        if self.transport.is_closing():
            return
        if self._is_answering() and not self._forsakes_request():
            self.cycle.keep_alive = False
            return
        self.transport.write(_written(problem(error), self.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_S, self.transport.close)


def _written(said: Problem, default: Headers) -> bytes:
    """Return the answer that says a problem and ends the connection, as it is written."""
    own = {**said.headers, "Content-Length": str(len(said.body)), "Connection": "close"}
    headers = [*default, *((name.encode(), value.encode()) for name, value in own.items()), *ON_EVERY_ANSWER]
    line = f"HTTP/1.1 {int(said.status)} {said.status.phrase}\r\n".encode("ascii")
    return b"%b%b\r\n%b" % (line, b"".join(b"%b: %b\r\n" % header for header in headers), said.body)
