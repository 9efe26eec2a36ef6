"""What is answered with a tile: made once for each coding, sent as often as it is asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any  # messages of ASGI are dictionaries of anything

from api.errors import Problem
from api.negotiation import MVT, coding_of, is_known
from api.tiles.room import TileRoom
from api.visit import ON_EVERY_ANSWER
from gis.tiles import Coding, Kept, Tile
from layers.model import Layer

OMITTED = "Quyhoach-Omitted"
"""Names the layers of which only the largest features were drawn, with the number found."""
_VARY = (b"vary", b"Accept-Encoding")
_FRESH = (b"cache-control", b"no-cache")
"""Clients may keep a tile but ask each time whether it still holds; the answer is then short."""

Headers = list[tuple[bytes, bytes]]
Tileset = tuple[Layer, ...] | None


class Answer:
    """One answer: as the messages of ASGI, and as what is written for them."""

    __slots__ = ("_headers", "_line", "_written", "body", "status")

    def __init__(self, status: HTTPStatus, headers: Headers, body: bytes = b"") -> None:
        self.status = int(status)
        self.body = body
        self._headers = headers
        self._line = f"HTTP/1.1 {self.status} {status.phrase}\r\n".encode("ascii")
        self._written = _written(headers) + _ON_EVERY_ANSWER

    @property
    def messages(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """As the messages of ASGI."""
        return (
            {"type": "http.response.start", "status": self.status, "headers": self._headers},
            {"type": "http.response.body", "body": self.body},
        )

    def head(self, default: bytes, name: str, *, is_last: bool = False) -> bytes:
        """Return the head of the answer to one request.

        Parameters
        ----------
        default : headers of every answer of the server, as they are written.
        name : id of the request.
        is_last : whether the connection is closed afterwards.
        """
        end = b"connection: close\r\n\r\n" if is_last else b"\r\n"
        return b"%b%b%bx-request-id: %b\r\n%b" % (self._line, default, self._written, name.encode("ascii"), end)


class Answers:
    """What is answered with a kept tile in one coding.

    Parameters
    ----------
    whole : to who does not have it.
    etag : names it; empty where nothing lies.
    headers : of the answer to who has it already, which is made when it is first asked for.
    """

    __slots__ = ("_etag", "_headers", "_unchanged", "_whole")

    def __init__(self, whole: Answer, etag: bytes, headers: Headers) -> None:
        self._whole = whole
        self._etag = etag
        self._headers = headers
        self._unchanged: Answer | None = None

    def to(self, known: bytes) -> Answer:
        """Return the answer to a request with this If-None-Match."""
        if not known or not self._etag or not is_known(known, self._etag):
            return self._whole
        if self._unchanged is None:
            self._unchanged = Answer(HTTPStatus.NOT_MODIFIED, self._headers)
        return self._unchanged


def kept_answers(kept: Kept, accepted: bytes, tileset: Tileset = None) -> Answers | None:
    """Return what is answered with a tile to who accepts these codings; None where that takes longer to say."""
    if kept.is_empty:
        return _EMPTY if tileset is None else None
    return kept.answers.get(_coding(kept, accepted))


async def answers(
    room: TileRoom, tile: Tile, accepted: bytes, *, tileset: Tileset = None, is_log_read: bool | None = None
) -> Answers:
    """Return what is answered with a tile that shows every change committed before this was called.

    Parameters
    ----------
    accepted : Accept-Encoding.
    tileset : layers of the tileset whose limits bound the tile, if any do.
    is_log_read : whether the log could be read, where that was found out since the request began.
    """
    kept = await room.tiles.read(tile, is_known=is_log_read)
    if kept.is_empty and tileset is not None:
        await room.edges.check(tile.address, tileset)
    found = kept_answers(kept, accepted)
    if found is None:
        coding = _coding(kept, accepted)
        found = kept.answers[coding] = _answers(kept, coding, await room.tiles.body(tile, kept, coding))
    return found


def refused(said: Problem, *more: tuple[bytes, bytes]) -> Answer:
    """Return the answer that says what was wrong."""
    raw = [(name.lower().encode(), value.encode()) for name, value in said.headers.items()]
    body = said.body
    return Answer(said.status, [*raw, *more, (b"content-length", b"%d" % len(body))], body)


def _coding(kept: Kept, accepted: bytes) -> Coding:
    return coding_of(accepted) if kept.is_worth_coding else Coding.IDENTITY


def _answers(kept: Kept, coding: Coding, body: bytes) -> Answers:
    etag = (f'"{kept.copy.etag}"' if coding is Coding.IDENTITY else f'"{kept.copy.etag}-{coding.value}"').encode()
    headers = [(b"etag", etag), _VARY, _FRESH]
    if kept.copy.omitted:
        headers.append((OMITTED.lower().encode(), kept.copy.omitted.encode()))
    whole = [*headers, (b"content-type", MVT.type.encode()), (b"content-length", b"%d" % len(body))]
    if coding is not Coding.IDENTITY:
        whole.append((b"content-encoding", coding.value.encode()))
    return Answers(Answer(HTTPStatus.OK, whole, body), etag, headers)


def _written(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


_ON_EVERY_ANSWER = _written(ON_EVERY_ANSWER)
_EMPTY = Answers(Answer(HTTPStatus.NO_CONTENT, [_FRESH, _VARY]), b"", [])
"""What is answered with an empty tile, whoever has it."""
