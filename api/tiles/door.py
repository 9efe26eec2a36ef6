"""The door of the tiles: a bare ASGI callable in front of the app."""

from __future__ import annotations

import asyncio
from asyncio import Task
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import NotAcceptableError, Problem, problem
from api.negotiation import MVT, is_acceptable
from api.tiles.answers import Answer, answers, refused
from api.tiles.asked import asked, is_tile
from api.tiles.room import TileRoom
from gis.schema import BASELINE

ROUTE = "/tiles/{layers}/{z}/{x}/{y}"
"""Under which name the requests for tiles are counted."""
_PATIENCE_S = 0.2
"""A client is believed to be still there for this long."""


class TileDoor:
    """Answer the addresses of tiles and hand everything else to the app."""

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
            answer = await self._answer(scope)
        except asyncio.CancelledError:
            if visit.has_left:
                return
            raise
        except Exception as error:  # noqa: BLE001 - the outermost door: whatever happened becomes an answer
            answer = refused(problem(error))
        finally:
            visit.end()
        start, body = answer.messages
        await send(start)
        await send(body if scope["method"] != "HEAD" else {**body, "body": b""})

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            said = Problem(HTTPStatus.METHOD_NOT_ALLOWED, f"A tile is read with GET, not {scope['method']}.")
            return refused(said)
        tile, scenario, former, tileset, is_named = asked(scope["path"], scope["query_string"])
        accepted = known = kinds = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = value
            elif name == b"if-none-match":
                known = value
            elif name == b"accept":
                kinds = b"%b,%b" % (kinds, value)
        if not is_named and not is_acceptable(kinds, MVT):
            raise NotAcceptableError(kinds.decode("latin-1").strip(", "), [f"{MVT.type} (f={MVT.name})"])
        if scenario != BASELINE or former != BASELINE:
            tile = await self._room.sights.seen(tile, scenario, former)
        found = await answers(self._room, tile, accepted, tileset=tileset)
        return found.to(known)


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
