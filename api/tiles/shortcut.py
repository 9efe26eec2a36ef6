"""The short way of a tile: from the head of its request to its answer without the messages of ASGI.

They and their way through the doors cost several times what is left to do for a tile in memory, and still a good part
of what a server adds to a drawing. What is asked for in any unusual manner takes the long way, which answers the same.
"""

from __future__ import annotations

import asyncio
import re
from asyncio import Task, Transport
from collections.abc import Sequence
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple, Protocol

from starlette.types import Scope

from api.errors import problem
from api.limits import MOST_UNDER_WAY, READING, refusal
from api.metrics import REQUESTS, UNDER_WAY, tile_found
from api.negotiation import MVT, is_acceptable
from api.tiles.answers import Answer, answers, kept_answers, refused
from api.tiles.asked import asked, is_tile
from api.tiles.door import ROUTE
from api.tiles.room import TileRoom
from api.visit import VISIT, Names, Passage, Told
from gis.errors import QuyhoachError
from gis.schema import BASELINE
from gis.tiles import Found, Tile
from layers.model import Layer

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
    tasks: set[Task[None]]
    """What the server waits for before it ends."""

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Headers of every answer; another list when they change."""
        ...

    def end_quickly(self, *, is_last: bool) -> None:
        """Go on to the next request, or to the end of the connection."""


class Quick(Passage):
    """A request on the short way; to the server it is a cycle of request and answer.

    `accepted` and `known` are its Accept-Encoding and If-None-Match, `tileset` the layers whose limits bound it.
    """

    __slots__ = (
        "_reading",
        "_shortcut",
        "_tile",
        "_wire",
        "accepted",
        "disconnected",
        "keep_alive",
        "known",
        "message_event",
        "more_body",
        "response_complete",
        "tileset",
    )

    def __init__(self, shortcut: Shortcut, wire: Wired, name: str, scope: Scope, tile: Tile) -> None:
        super().__init__(name, scope)
        self._tile = tile
        self._shortcut = shortcut
        self._wire = wire
        self._reading: Task[None] | None = None
        self.accepted = self.known = b""
        self.tileset: tuple[Layer, ...] | None = None
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True
        self.more_body = False
        self.message_event = _NOBODY_WAITS

    def begin(self) -> None:
        """Find the tile: in memory, where the log then has to prove it fresh, or wherever it is."""
        UNDER_WAY.value += 1
        if not self._shortcut.room.tiles.ask(self._tile, self._hear):
            self._read(is_log_read=None)

    def leave(self) -> None:
        """End with the connection: nobody waits for the answer any more."""
        if self._reading is not None:
            self._reading.cancel()

    def _hear(self, is_log_read: bool) -> None:
        """Answer with the tile in memory if it is fresh and coded as wanted."""
        kept = self._shortcut.room.tiles.proved(self._tile) if is_log_read else None
        found = None if kept is None else kept_answers(kept, self.accepted, self.tileset)
        if found is None:
            self._read(is_log_read=is_log_read)
            return
        tile_found(Found.NEAR)
        self._answer(found.to(self.known))

    def _read(self, *, is_log_read: bool | None) -> None:
        if self._is_over():
            self._end()
            return
        self._reading = asyncio.get_running_loop().create_task(self._read_and_answer(is_log_read))
        self._wire.tasks.add(self._reading)
        self._reading.add_done_callback(self._end_reading)

    async def _read_and_answer(self, is_log_read: bool | None) -> None:
        VISIT.set(self)
        try:
            found = await answers(
                self._shortcut.room, self._tile, self.accepted, tileset=self.tileset, is_log_read=is_log_read
            )
            answer = found.to(self.known)
        except Exception as error:  # noqa: BLE001 - the outermost door: whatever happened becomes an answer
            answer = refused(problem(error))
        self._answer(answer)

    def _end_reading(self, reading: Task[None]) -> None:
        """Let go of what read; one that was cancelled, were it before it began, leaves no answer."""
        self._wire.tasks.discard(reading)
        self._reading = None
        if reading.cancelled():
            self._wire.transport.close()
            self._end()

    def _answer(self, answer: Answer) -> None:
        if self._is_over():
            self._end()
            return
        wire = self._wire
        self.is_complete = self.response_complete = True
        self.status, self.sent_bytes = answer.status, len(answer.body)
        default = self._shortcut.default(wire.default_headers)
        head = answer.head(default, self.name, is_last=not self.keep_alive)
        if answer.body:
            wire.transport.writelines((head, answer.body))
        else:
            wire.transport.write(head)
        self._end()
        wire.end_quickly(is_last=not self.keep_alive)

    def _is_over(self) -> bool:
        return self._wire.transport.is_closing()

    def _end(self) -> None:
        UNDER_WAY.value -= 1
        self.has_left = not self.is_complete
        self._shortcut.count(self)


class Shortcut:
    """Answer what is asked for often in few steps: tiles of the baseline, read with GET.

    Parameters
    ----------
    names : names the requests.
    told : hears of every answered request, to log it.
    """

    def __init__(self, room: TileRoom, *, names: Names, told: Told) -> None:
        self.room = room
        self._names = names
        self._told = told
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default = b""

    def enter(self, wire: Wired, url: bytes, scope: Scope) -> Quick | None:
        """Return a GET of HTTP/1.1, ready to begin; None where it has to take the long way.

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
            elif name == b"accept":
                if not place.is_named and not is_acceptable(value, MVT):
                    return None
            elif name == b"x-request-id":
                given = given or value
            elif name in _UNUSUAL:
                return None
        scope["method"] = _GET
        scope["path"], scope["raw_path"], scope["query_string"], tile, tileset, _ = place
        quick = Quick(self, wire, self._names.name(given), scope, tile)
        quick.accepted, quick.known, quick.tileset = accepted, known, tileset
        return quick

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
    tileset: tuple[Layer, ...] | None
    is_named: bool


@lru_cache(maxsize=16_384)
def _place(url: bytes) -> _Place | None:
    """Return what an address asks for; None where the long way has to say."""
    raw_path, _, query = url.partition(b"?")
    if _PLAIN.fullmatch(url) is None or not is_tile(path := raw_path.decode("ascii")):
        return None
    if refusal({"method": _GET, "raw_path": raw_path, "query_string": query}) is not None:
        return None
    try:
        tile, scenario, former, tileset, is_named = asked(path, query)
    except QuyhoachError:
        return None
    if scenario != BASELINE or former != BASELINE:
        return None
    return _Place(path, raw_path, query, tile, tileset, is_named)


class _NobodyWaits:
    """An event for which nobody waits."""

    def set(self) -> None:
        """Do nothing."""


_NOBODY_WAITS = _NobodyWaits()
