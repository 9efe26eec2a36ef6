"""What a request is for: its target, in each form that HTTP/1.1 writes it, and its host."""

from __future__ import annotations

import re

import httptools

from api.limits import BrokenRequestError, HostError

_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*")

Headers = list[tuple[bytes, bytes]]


def check_host(headers: Headers, version: str) -> None:
    """See that a request names one host, as RFC 9112 §3.2 asks; HTTP/1.0 may name none.

    Raises
    ------
    HostError
        When it names none, several, or one that cannot be a host.
    """
    hosts = [value for name, value in headers if name == b"host"]
    is_named = _HOST.fullmatch(hosts[0]) is not None if len(hosts) == 1 else not hosts and version == "1.0"
    if not is_named:
        raise HostError


def origin_form(url: bytes, headers: Headers) -> tuple[bytes, Headers]:
    """Return a target as path and query, and the headers with the host it names in the place of theirs.

    Raises
    ------
    BrokenRequestError
        When it is no path, and no address of a page.
    """
    if url.startswith(b"/") or url == b"*":
        return url, headers
    try:
        parsed = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        raise BrokenRequestError from None
    if parsed.schema not in (b"http", b"https") or not parsed.host:
        raise BrokenRequestError
    host, query = parsed.host, parsed.query or b""
    if parsed.port:
        host += b":%d" % parsed.port
    others = [(name, value) for name, value in headers if name != b"host"]
    return (parsed.path or b"/") + (query and b"?" + query), [*others, (b"host", host)]
