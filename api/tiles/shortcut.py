"""The short way of a tile in memory: from the head of its request to its answer without a task.

A task, the messages of ASGI and their way through the doors cost several times what is left to do for such a tile. What
is asked for in any unusual manner, or turns out to be stale, takes the long way, which answers the same.
"""

from __future__ import annotations

import re
from asyncio import Transport
from collections.abc import Sequence
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple, Protocol

from starlette.types import Scope

from api.limits import MOST_UNDER_WAY, READING, refusal
from api.metrics import REQUESTS, UNDER_WAY, tile_found
from api.negotiation import coding_of, is_known
from api.tiles.asked import asked, is_tile
from api.tiles.door import EMPTY, ROUTE, Answers
from api.tiles.room import TileRoom
from api.visit import PASSAGE, Names, Passage, Told
from gis.errors import QuyhoachError
from gis.schema import BASELINE
from gis.tiles import Coding, Found, Kept, Tile

SHORTCUT = "shortcut"
"""Name, in the state of the application, of the short way."""
_GET = READING[0]
_LONGEST = 500
_PLAIN = re.compile(rb"/[!\"$&-~]*")
"""An address without escapes, fragment or anything that is not ASCII."""
_UNUSUAL = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})

Headers = Sequence[tuple[bytes, bytes]]


class Wired(Protocol):
    """A connection on which a request has come."""

    transport: Transport

    @property
    def is_refused(self) -> bool:
        """Whether nothing more is to be answered on it."""
        ...

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Headers of every answer; another list when they change."""
        ...

    def end_quickly(self) -> None:
        """Go on to the next request."""

    def take_long_way(self, quick: Quick) -> None:
        """Answer by the application."""


class Quick(Passage):
    """A request on the short way; to the server it is a cycle of request and answer.

    `accepted` and `known` are its Accept-Encoding and If-None-Match.
    """

    __slots__ = (
        "_shortcut",
        "_tile",
        "_wire",
        "accepted",
        "disconnected",
        "is_log_read",
        "keep_alive",
        "known",
        "message_event",
        "more_body",
        "response_complete",
    )

    def __init__(self, shortcut: Shortcut, wire: Wired, name: str, scope: Scope, tile: Tile) -> None:
        super().__init__(name, scope)
        self._tile = tile
        self._shortcut = shortcut
        self._wire = wire
        self.accepted = self.known = b""
        self.is_log_read = False
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.more_body = False
        self.message_event = _NOBODY_WAITS

    def hear(self, is_log_read: bool) -> None:
        """Answer with a tile that is found fresh; otherwise take the long way."""
        UNDER_WAY.value -= 1
        wire = self._wire
        if wire.is_refused or wire.transport.is_closing():
            self.has_left = True
            self._shortcut.count(self)
            return
        answers = self._answers() if is_log_read and self.keep_alive else None
        if answers is None:
            self.is_log_read = is_log_read
            self.scope[PASSAGE] = self
            wire.take_long_way(self)
            return
        tile_found(Found.NEAR)
        known = self.known
        self.is_complete = self.response_complete = True
        head, body = answers.whole_head, answers.body
        if known and answers.etag and is_known(known, answers.etag):
            head, body = answers.unchanged_head, b""
        self.status, self.sent_bytes = head.status, len(body)
        written = head.of(self._shortcut.default(wire.default_headers), self.name)
        if body:
            wire.transport.writelines((written, body))
        else:
            wire.transport.write(written)
        self._shortcut.count(self)
        wire.end_quickly()

    def _answers(self) -> Answers | None:
        kept = self._shortcut.proved(self._tile)
        if kept is None:
            return None
        if kept.is_empty:
            return EMPTY
        return kept.answers.get(coding_of(self.accepted) if kept.is_worth_coding else Coding.IDENTITY)


class Shortcut:
    """Answer what is asked for often in few steps: tiles of the baseline that are in memory, read with GET.

    Parameters
    ----------
    names : names the requests.
    told : hears of every answered request, to log it.
    """

    def __init__(self, room: TileRoom, *, names: Names, told: Told) -> None:
        self._room = room
        self._names = names
        self._told = told
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default = b""

    def enter(self, wire: Wired, url: bytes, scope: Scope) -> Quick | None:
        """Begin to answer a GET of HTTP/1.1; None where it has to take the long way.

        Parameters
        ----------
        scope : what is known of the request; receives the rest.
        """
        if len(url) > _LONGEST or b"/tiles/" not in url or UNDER_WAY.value >= MOST_UNDER_WAY:
            return None
        place = _place(url)
        if place is None:
            return None
        accepted = known = given = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
            elif name == b"x-request-id":
                given = given or value
            elif name in _UNUSUAL:
                return None
        scope["method"] = _GET
        scope["path"], scope["raw_path"], scope["query_string"], tile = place
        quick = Quick(self, wire, self._names.name(given), scope, tile)
        quick.accepted, quick.known = accepted, known
        if not self._room.tiles.ask(tile, quick.hear):
            return None
        UNDER_WAY.value += 1
        return quick

    def proved(self, tile: Tile) -> Kept | None:
        """Return a tile in memory that the log, as it was last read, proves fresh; None where there is none."""
        return self._room.tiles.proved(tile)

    def count(self, quick: Quick) -> None:
        """Count and log an answer."""
        took_s = perf_counter() - quick.began
        REQUESTS.add(ROUTE, _GET, quick.status, took_s)
        self._told(quick, ROUTE, took_s)

    def default(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the headers of every answer as they are written."""
        if headers is not self._default_headers:
            self._default_headers = headers
            self._default = b"".join(b"%b: %b\r\n" % header for header in headers)
        return self._default


class _Place(NamedTuple):
    path: str
    raw_path: bytes
    query: bytes
    tile: Tile


@lru_cache(maxsize=16_384)
def _place(url: bytes) -> _Place | None:
    """Return what an address asks for; None where the long way has to say."""
    raw_path, _, query = url.partition(b"?")
    if _PLAIN.fullmatch(url) is None or not is_tile(path := raw_path.decode("ascii")):
        return None
    if refusal({"method": _GET, "raw_path": raw_path, "query_string": query}) is not None:
        return None
    try:
        tile, scenario, former = asked(path, query)
    except QuyhoachError:
        return None
    return _Place(path, raw_path, query, tile) if scenario == former == BASELINE else None


class _NobodyWaits:
    """An event for which nobody waits."""

    def set(self) -> None:
        """Do nothing."""


_NOBODY_WAITS = _NobodyWaits()
