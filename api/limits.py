"""The bounds of a request, and the sentences that say which one it passed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from starlette.types import Receive, Scope

from gis.errors import QuyhoachError

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD", "OPTIONS")
_ITEMS = r"/scenarios/[^/]+/collections/[^/]+"
_DOING: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"/processes/[^/]+/execution"), (*READING, "POST")),
    (re.compile(r"/jobs/[^/]+"), (*READING, "DELETE")),
    (re.compile(r"/scenarios"), (*READING, "POST")),
    (re.compile(r"/scenarios/[^/]+"), (*READING, "DELETE")),
    (re.compile(r"/scenarios/[^/]+/merge"), ("OPTIONS", "POST")),
    (re.compile(rf"{_ITEMS}/(items|changes|items/[^/]+/restore)"), ("OPTIONS", "POST")),
    (re.compile(rf"{_ITEMS}/items/[^/]+"), ("OPTIONS", "PUT", "PATCH", "DELETE")),
)
"""Where something else is answered than reading alone, and what."""
MOST_ADDRESS_BYTES = 8_192
"""Longest path with its query, as written."""
MOST_HEAD_BYTES = 32_768
"""Longest request line and headers together."""
MOST_PARAMETERS = 100
MOST_UNDER_WAY = 2_000
"""Requests one worker answers at a time, streams that stay open among them."""
MOST_CONNECTIONS = 4_000
"""Connections one worker holds, idle ones among them."""
MOST_BODIES = 16
"""Bodies one worker reads or holds at a time."""
SLOWEST_HEAD_S = 10.0
SLOWEST_BODY_S = 30.0


class UnknownMethodError(QuyhoachError):
    """A method nothing here answers."""

    def __init__(self, method: str) -> None:
        super().__init__(f"The method {method[:20]!r} is not answered; {', '.join(READING)} are.")


class LongAddressError(QuyhoachError):
    """An address that is longer than any of ours."""

    def __init__(self) -> None:
        super().__init__(f"The address is longer than {MOST_ADDRESS_BYTES} bytes; ask for less in one question.")


class LongHeadError(QuyhoachError):
    """Request line and headers that take too much room."""

    def __init__(self) -> None:
        super().__init__(f"The request line and headers are longer than {MOST_HEAD_BYTES} bytes together.")


class BrokenRequestError(QuyhoachError):
    """Bytes that are no HTTP request."""

    def __init__(self) -> None:
        super().__init__("What was sent is no HTTP/1.1 request that can be read.")


class HostError(QuyhoachError):
    """A request that does not say for which host it is."""

    def __init__(self) -> None:
        super().__init__("A request of HTTP/1.1 has one header Host, with the name of a host and perhaps a port.")


class SlowRequestError(QuyhoachError):
    """A request that does not arrive."""

    def __init__(self, what: str, patience_s: float) -> None:
        super().__init__(f"The {what} of the request did not arrive within {patience_s:.0f} s.")


class TooManyParametersError(QuyhoachError):
    """More query parameters than anyone needs."""

    def __init__(self, count: int) -> None:
        super().__init__(f"The address has {count} parameters; {MOST_PARAMETERS} at most.")


class NullCharacterError(QuyhoachError):
    """An address with a character that no text of ours can hold."""

    def __init__(self) -> None:
        super().__init__("The address holds the character NUL (%00), which no text can hold.")


class LargeBodyError(QuyhoachError):
    """A body that is larger than the service takes."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The body of the request is larger than {most_bytes} bytes.")


class ForeignOriginError(QuyhoachError):
    """A page of another site that wants to change something here."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"Pages of {origin[:100]} may read here, but change nothing.")


def refusal(scope: Scope) -> QuyhoachError | None:
    """Return why a request is refused before anyone looks at it; None where it is not."""
    if scope["method"] not in METHODS:
        return UnknownMethodError(scope["method"])
    path, query = scope["raw_path"], scope["query_string"]
    if len(path) + len(b"?") * bool(query) + len(query) > MOST_ADDRESS_BYTES:
        return LongAddressError()
    if b"%00" in path or b"%00" in query:
        return NullCharacterError()
    if query and (count := query.count(b"&") + 1) > MOST_PARAMETERS:
        return TooManyParametersError(count)
    return None


def methods_at(path: str) -> tuple[str, ...]:
    """Return the methods that are answered at a path below a root, if anything stands there."""
    return next((methods for pattern, methods in _DOING if pattern.fullmatch(path)), READING)


def foreign_origin(scope: Scope) -> QuyhoachError | None:
    """Return why a request that may change something is refused: it comes from a page of another site."""
    origin, host = header(scope["headers"], b"origin"), header(scope["headers"], b"host")
    if origin and origin.lower().partition("://")[2] != host.lower():
        return ForeignOriginError(origin)
    return None


async def body(receive: Receive, scope: Scope, *, most_bytes: int) -> bytes | None:
    """Read the whole body of a request; None where the client left before its end.

    Raises
    ------
    LargeBodyError, SlowRequestError
        When it is larger than `most_bytes`, or has not arrived in time.
    """
    declared = header(scope["headers"], b"content-length")
    if declared.isascii() and declared.isdigit() and int(declared) > most_bytes:
        raise LargeBodyError(most_bytes)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(SLOWEST_BODY_S):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most_bytes:
                    raise LargeBodyError(most_bytes)
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise SlowRequestError("body", SLOWEST_BODY_S) from None


def header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    """Return a header of a request, empty where it has none; the last of several."""
    found = ""
    for name, value in headers:
        if name == wanted:
            found = value.decode("latin-1")
    return found
