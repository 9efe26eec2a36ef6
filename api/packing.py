"""Answers made smaller for those who take gzip; what is small already, or coded by itself, is sent as it is."""

from __future__ import annotations

from starlette.middleware.gzip import (
    DEFAULT_EXCLUDED_CONTENT_TYPES,
    GZipMiddleware,
    GZipResponder,
    IdentityResponder,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from api.negotiation import FLATGEOBUF, PARQUET, coding_of
from gis.tiles import Coding

_WORTHWHILE_BYTES = 1_024
_LEVEL = 1
_CODINGS = (Coding.GZIP, Coding.IDENTITY)
_AS_THEY_ARE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, PARQUET.type, FLATGEOBUF.type)


class Packing(GZipMiddleware):
    """Pack what the app answers where Accept-Encoding likes gzip; each step of a stream outside the event loop."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, _WORTHWHILE_BYTES, _LEVEL, exclude_content_types=_AS_THEY_ARE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        if coding_of(accepted, _CODINGS) is Coding.GZIP:
            packing = GZipResponder(self.app, self.minimum_size, self.compresslevel, exclude_content_types=_AS_THEY_ARE)
            await packing(scope, receive, send)
        else:
            plain = IdentityResponder(self.app, self.minimum_size, exclude_content_types=_AS_THEY_ARE)
            await plain(scope, receive, send)
