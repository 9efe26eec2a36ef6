"""Vary with each name once: what packs an answer adds its own to those that stand there."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Vary:
    """Say once by what an answer was chosen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def said_once(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if "vary" in headers:
                    names = (name.strip() for value in headers.getlist("vary") for name in value.split(","))
                    headers["vary"] = ", ".join(dict.fromkeys(names))
            await send(message)

        await self._app(scope, receive, said_once)
