"""Who may write: whoever sends the token of the service in a header; nobody where it has none.

A browser sends such a header for no page of another site. A cookie it would send, so that there is none.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator
from typing import cast

from fastapi import Request

from api.refusals import NoTokenError, WritingOffError
from api.streaming import Seats
from gis.settings import Settings

MOST_AT_ONCE = 4
"""Requests that write, of one worker at a time: half of its connections, so that there are some for those who read."""
_SCHEME = "bearer"


def permitted(request: Request) -> None:
    """Let a request pass that may write.

    Raises
    ------
    WritingOffError
        When the service has no token.
    NoTokenError
        When the request does not bear it.
    """
    token = cast(Settings, request.app.state.settings).write_token
    if token is None:
        raise WritingOffError
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_given = scheme.lower() == _SCHEME and bool(given.strip())
    # Compared as bytes and to the end: neither a letter beyond ASCII nor the time it takes says anything of the token.
    if not hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode()) or not is_given:
        raise NoTokenError(is_given=is_given)


async def seated(request: Request) -> AsyncGenerator[None]:
    """Keep a request waiting until not too many write at once; OverloadedError where that takes too long."""
    seats = cast(Seats, request.app.state.writers)
    await seats.take()
    try:
        yield
    finally:
        seats.leave()
