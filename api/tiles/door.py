"""The door of the tiles: a bare ASGI callable in front of the app."""

from __future__ import annotations

import asyncio
from asyncio import Task
from http import HTTPStatus
from typing import Any, NamedTuple  # messages of ASGI are dictionaries of anything

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import Problem, problem
from api.negotiation import coding_of, is_known
from api.tiles.asked import asked, is_tile
from api.tiles.room import TileRoom
from api.visit import ON_EVERY_ANSWER, PASSAGE
from gis.schema import BASELINE
from gis.tiles import Coding, Kept

MVT = "application/vnd.mapbox-vector-tile"
OMITTED = "Quyhoach-Omitted"
"""Names the layers of which only the largest features were drawn, with the number found."""
ROUTE = "/tiles/{layers}/{z}/{x}/{y}"
"""Under which name the requests for tiles are counted."""
_PATIENCE_S = 0.2
"""A client is believed to be still there for this long."""
_VARY = (b"vary", b"Accept-Encoding")
_FRESH = (b"cache-control", b"no-cache")

Answer = tuple[dict[str, Any], dict[str, Any]]


class Head(NamedTuple):
    """The head of an answer as it is written."""

    status: int
    line: bytes
    headers: bytes

    def of(self, default: bytes, name: str) -> bytes:
        """Return it for one request, with the default headers of the server."""
        return b"%b%b%bx-request-id: %b\r\n\r\n" % (self.line, default, self.headers, name.encode("ascii"))


class Answers(NamedTuple):
    """What is answered with a kept tile in one coding: as messages, and as what is written for them."""

    whole: Answer
    unchanged: Answer
    """To who has it already."""
    etag: bytes
    body: bytes
    whole_head: Head
    unchanged_head: Head


class TileDoor:
    """Answer the addresses of tiles and hand everything else to the app.

    Clients may keep a tile but ask each time whether it still holds; the answer is then short.
    """

    def __init__(self, app: ASGIApp, room: TileRoom) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not is_tile(scope["path"]):
            await self._app(scope, receive, send)
            return
        scope["route"] = ROUTE
        visit = _Visit(receive)
        try:
            start, body = await self._answer(scope)
        except asyncio.CancelledError:
            if visit.has_left:
                return
            raise
        except Exception as error:  # noqa: BLE001 - the outermost door: whatever happened becomes an answer
            start, body = _refused(problem(error))
        finally:
            visit.end()
        await send(start)
        await send(body if scope["method"] != "HEAD" else _NO_BODY)

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            said = Problem(HTTPStatus.METHOD_NOT_ALLOWED, f"A tile is read with GET, not {scope['method']}.")
            return _refused(said, (b"allow", b"GET, HEAD"))
        tile, scenario, former = asked(scope["path"], scope["query_string"])
        if scenario != BASELINE or former != BASELINE:
            tile = await self._room.sights.seen(tile, scenario, former)
        accepted = known = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
        quick = scope.get(PASSAGE)
        kept = await self._room.tiles.read(tile, is_known=None if quick is None else quick.is_log_read)
        if kept.is_empty:
            return EMPTY.whole
        coding = coding_of(accepted) if kept.is_worth_coding else Coding.IDENTITY
        answers: Answers | None = kept.answers.get(coding)
        if answers is None:
            answers = kept.answers[coding] = _answers(kept, coding, await self._room.tiles.body(tile, kept, coding))
        return answers.unchanged if known and is_known(known, answers.etag) else answers.whole


class _Visit:
    """See whether the client is still there, where the answer takes long; otherwise its drawing ends."""

    def __init__(self, receive: Receive) -> None:
        self.has_left = False
        self._receive = receive
        self._asking = asyncio.current_task()
        self._listening: Task[None] | None = None
        self._later = asyncio.get_running_loop().call_later(_PATIENCE_S, self._listen)

    def end(self) -> None:
        """Stop looking."""
        self._later.cancel()
        if self._listening is not None:
            self._listening.cancel()

    def _listen(self) -> None:
        self._listening = asyncio.create_task(self._heed())

    async def _heed(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        if self._asking is not None:
            self._asking.cancel()


def _answers(kept: Kept, coding: Coding, body: bytes) -> Answers:
    etag = f'"{kept.copy.etag}"' if coding is Coding.IDENTITY else f'"{kept.copy.etag}-{coding.value}"'
    headers = [(b"etag", etag.encode()), _VARY, _FRESH]
    if kept.copy.omitted:
        headers.append((OMITTED.lower().encode(), kept.copy.omitted.encode()))
    whole = [*headers, (b"content-type", MVT.encode()), (b"content-length", b"%d" % len(body))]
    if coding is not Coding.IDENTITY:
        whole.append((b"content-encoding", coding.value.encode()))
    return Answers(
        (_start(HTTPStatus.OK, whole), {"type": "http.response.body", "body": body}),
        (_start(HTTPStatus.NOT_MODIFIED, headers), _NO_BODY),
        etag.encode(),
        body,
        _head(HTTPStatus.OK, whole),
        _head(HTTPStatus.NOT_MODIFIED, headers),
    )


def _head(status: HTTPStatus, headers: list[tuple[bytes, bytes]]) -> Head:
    lines = b"".join(b"%b: %b\r\n" % header for header in [*headers, *ON_EVERY_ANSWER])
    return Head(int(status), f"HTTP/1.1 {int(status)} {status.phrase}\r\n".encode("ascii"), lines)


def _start(status: HTTPStatus, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": int(status), "headers": headers}


def _refused(said: Problem, *more: tuple[bytes, bytes]) -> Answer:
    raw = [(name.lower().encode(), value.encode()) for name, value in said.headers.items()]
    headers = [*raw, *more, (b"content-length", b"%d" % len(said.body))]
    return _start(said.status, headers), {"type": "http.response.body", "body": said.body}


_NO_BODY: dict[str, Any] = {"type": "http.response.body", "body": b""}
_EMPTY: Answer = (_start(HTTPStatus.NO_CONTENT, [_FRESH, _VARY]), _NO_BODY)
_EMPTY_HEAD = _head(HTTPStatus.NO_CONTENT, [_FRESH, _VARY])
EMPTY = Answers(_EMPTY, _EMPTY, b"", b"", _EMPTY_HEAD, _EMPTY_HEAD)
"""What is answered with an empty tile, whoever has it."""
