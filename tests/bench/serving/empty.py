"""An ASGI application that does nothing but answer 30 KB: as fast as a server in Python can be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

BODY = bytes(range(256)) * 120
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", str(len(BODY)).encode()), (b"content-type", b"application/octet-stream")],
}
_END = {"type": "http.response.body", "body": BODY}


async def app(scope: dict[str, object], _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
    """Answer any request with the same bytes."""
    if scope["type"] == "http":
        await send(_START)
        await send(_END)
