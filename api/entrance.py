"""What every request passes on its way in, and every answer on its way out."""

from __future__ import annotations

import logging
from http import HTTPStatus
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BrokenAnswerError, OverloadedError, problem
from api.limits import MOST_BODIES, MOST_UNDER_WAY, READING, body, foreign_origin, header, methods_at, refusal
from api.metrics import REQUESTS, UNDER_WAY
from api.ogc.roots import OGC
from api.tiles.shortcut import SHORTCUT, Shortcut
from api.visit import VISIT, Names, Told, Visit
from gis.errors import QuyhoachError

_ELSEWHERE = "(none)"
_PREFLIGHT = [
    (b"access-control-allow-methods", ", ".join(READING).encode("ascii")),  # pages of other sites change nothing
    (b"access-control-allow-headers", b"Accept, Accept-Language, If-None-Match, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
]

_log = logging.getLogger("quyhoach")


class Entrance:
    """Name, bound, time and count each request around the app; answer what needs no app.

    It costs each request a few microseconds, since a tile from the cache is worth fifty.

    Parameters
    ----------
    most_body_bytes : longest body of a request.
    names : names the requests.
    told : hears of every answered request, to log it.
    shortcut : the way around all this, for the server to offer to requests that may take it.
    """

    def __init__(
        self, app: ASGIApp, *, most_body_bytes: int, names: Names, told: Told, shortcut: Shortcut | None = None
    ) -> None:
        self._app = app
        self._most_body_bytes = most_body_bytes
        self._told = told
        self._bodies = 0
        self._names = names
        self._shortcut = shortcut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if "state" in scope and self._shortcut is not None:
                scope["state"][SHORTCUT] = self._shortcut
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        visit = Visit(self._names.name(given), scope, receive, send)
        VISIT.set(visit)
        UNDER_WAY.value += 1
        try:
            refused = refusal(scope)
            if refused is not None:
                await _refuse(visit, refused)
            elif UNDER_WAY.value > MOST_UNDER_WAY:
                await _refuse(visit, OverloadedError())
            elif scope["method"] == "GET":
                await self._app(scope, receive, visit.send)
            else:
                await self._answer_seldom(visit)
        except Exception as error:  # noqa: BLE001 - the outermost door: whatever happened becomes an answer
            await _refuse(visit, error)
        finally:
            UNDER_WAY.value -= 1
            self._count(visit)

    async def _answer_seldom(self, visit: Visit) -> None:
        """Answer what is no GET."""
        scope = visit.scope
        if scope["method"] == "HEAD":
            await self._answer_head(visit)
        elif scope["method"] == "OPTIONS":
            headers = [(b"allow", ", ".join(methods_at(scope["path"].removeprefix(OGC))).encode("ascii"))]
            if header(scope["headers"], b"access-control-request-method"):
                headers += _PREFLIGHT
            await visit.send({"type": "http.response.start", "status": int(HTTPStatus.NO_CONTENT), "headers": headers})
            await visit.send({"type": "http.response.body"})
        elif refused := foreign_origin(scope):
            await _refuse(visit, refused)
        else:
            await self._answer_with_body(visit)

    async def _answer_head(self, visit: Visit) -> None:
        """Answer as GET, and let go of the answer when its head is sent: nothing else of it is wanted."""
        is_sent = False

        async def receive() -> Message:
            return {"type": "http.disconnect"} if is_sent else await visit.receive()

        async def send(message: Message) -> None:
            nonlocal is_sent
            if message["type"] == "http.response.start":
                await visit.send(message)
                is_sent = True
                await visit.send({"type": "http.response.body"})

        scope = {**visit.scope, "method": "GET"}
        await self._app(scope, receive, send)
        visit.scope["route"] = scope.get("route")

    async def _answer_with_body(self, visit: Visit) -> None:
        """Read the body before the app begins, so that no thread and no connection waits for a slow client."""
        if self._bodies >= MOST_BODIES:
            raise OverloadedError
        self._bodies += 1
        try:
            whole = await body(visit.receive, visit.scope, most_bytes=self._most_body_bytes)
            if whole is None:
                visit.has_left = True
                return
            message: Message | None = {"type": "http.request", "body": whole, "more_body": False}

            async def receive() -> Message:
                nonlocal message
                given, message = message, None
                return given or await visit.receive()

            await self._app(visit.scope, receive, visit.send)
        finally:
            self._bodies -= 1

    def _count(self, visit: Visit) -> None:
        took_s = perf_counter() - visit.began
        route = visit.scope.get("route")
        template = route if type(route) is str else getattr(route, "path", _ELSEWHERE)
        REQUESTS.add(
            template, visit.scope["method"], visit.status if visit.is_complete and not visit.has_left else 0, took_s
        )
        self._told(visit, template, took_s)


async def _refuse(visit: Visit, error: Exception) -> None:
    """Answer with a problem, unless the answer has begun: then it ends where it is, and the client sees it broken."""
    if visit.status:
        told = isinstance(error, QuyhoachError | BrokenAnswerError)
        _log.warning("an answer was broken off: %s", error, exc_info=None if told else error)
        return
    said = problem(error)
    headers = {**said.headers, "Content-Length": str(len(said.body))}
    if header(visit.scope["headers"], b"expect"):
        headers["Connection"] = "close"  # who waited before sending its body may send none, or all of it
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await visit.send({"type": "http.response.start", "status": int(said.status), "headers": raw})
    await visit.send({"type": "http.response.body", "body": said.body})
