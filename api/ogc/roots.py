"""One service at two roots: every address stands at the top, and again below `/ogc`.

Clients of OGC API are given one root and find everything below it. Either will do, and links stay below the one that
was asked.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OGC = "/ogc"
"""The second root."""


class Roots:
    """Take `/ogc` off an address and remember it as the root of its links."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request to the service as if it stood at the top."""
        path: str = scope.get("path", "")
        if scope["type"] == "http" and (path == OGC or path.startswith(f"{OGC}/")):
            below = {**scope, "path": path[len(OGC) :] or "/", "root_path": scope.get("root_path", "") + OGC}
            try:
                await self.inner(below, receive, _led_below(send) if path.endswith("/") else send)
            finally:
                scope["route"] = below.get("route")  # by which requests are counted
        else:
            await self.inner(scope, receive, send)


def _led_below(send: Send) -> Send:
    """Return what sends an answer: where it leads elsewhere, below the root."""

    async def led(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if "location" in headers:
                split = urlsplit(headers["location"])
                headers["location"] = urlunsplit(split._replace(path=OGC + split.path))
        await send(message)

    return led
