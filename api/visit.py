"""One request under way: what it is called, who waits for it, how far its answer has come."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from itertools import count
from time import perf_counter

from starlette.types import Message, Receive, Scope, Send

from gis.errors import QuyhoachError

SLOWEST_S = 30.0
"""Longest time a client may take to make room for the next part of a long answer."""

ON_EVERY_ANSWER = [
    (b"x-content-type-options", b"nosniff"),
    # What is served is public: any page may read it, whoever it is shown to.
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
]

_NAME = re.compile(rb"[A-Za-z0-9_.:/+=~-]{1,64}")


class SlowClientError(QuyhoachError):
    """A client that does not take what it asked for."""

    def __init__(self) -> None:
        super().__init__(f"The client took nothing of a long answer for {SLOWEST_S:.0f} s; it was cut off.")


class Names:
    """Names for requests."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._numbers = count(1)

    def name(self, given: bytes) -> str:
        """Return the id a client gave, where it is one that can be written anywhere; one of ours otherwise."""
        if given and _NAME.fullmatch(given):
            return given.decode("ascii")
        return f"{self._prefix}-{next(self._numbers):x}"


class Passage:
    """One request, and how far its answer has come.

    Parameters
    ----------
    name : the id of the request, as given by the client or made for it.
    """

    __slots__ = ("began", "has_left", "is_complete", "name", "scope", "sent_bytes", "status")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.began = perf_counter()
        self.status = 0
        self.sent_bytes = 0
        self.has_left = False
        self.is_complete = False


Told = Callable[[Passage, str, float], None]
"""Is told of a request that was answered: the request, the template of its address, the time it took in seconds."""


class Visit(Passage):
    """A request that is answered by the application.

    Parameters
    ----------
    receive, send : the two ends of the connection, as the server gave them.
    """

    __slots__ = ("_send", "receive")

    def __init__(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(name, scope)
        self.receive = receive
        self._send = send

    def send(self, message: Message) -> Awaitable[None]:
        """Send a part of the answer, with what every answer carries.

        Raises
        ------
        SlowClientError
            When the client has left no room for it in time.
        """
        if message["type"] == "http.response.start":
            self.status = message["status"]
            name = (b"x-request-id", self.name.encode("ascii"))
            # A new message: that of a kept tile is sent many times.
            return self._send({**message, "headers": [*message.get("headers", ()), *ON_EVERY_ANSWER, name]})
        self.sent_bytes += len(message.get("body", b""))
        if message.get("more_body"):
            return self._send_in_time(message)
        self.is_complete = True
        return self._send(message)

    async def _send_in_time(self, message: Message) -> None:
        try:
            async with asyncio.timeout(SLOWEST_S):
                await self._send(message)
        except TimeoutError:
            self.has_left = True
            raise SlowClientError from None


VISIT: ContextVar[Passage | None] = ContextVar("visit", default=None)
"""The request that the present task or thread works for."""


def request_id() -> str:
    """Return the id of the present request; empty outside of one."""
    visit = VISIT.get()
    return visit.name if visit else ""
