"""Content codings: how the bytes of a tile are made smaller for those who can read it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum

import brotli
import zstandard
from isal import igzip


class Coding(StrEnum):
    """A content coding as HTTP names it; those that make tiles smaller first."""

    ZSTD = "zstd"
    BROTLI = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


STORED = Coding.ZSTD
"""The coding in which a tile is kept; the others are made from it when they are first asked for."""
WORTHWHILE_BYTES = 512
"""What is shorter is sent as it is."""
_ZSTD_LEVEL = 1
"""Half the time of level 3, on the way of every drawing, for 5 % more bytes."""
_BROTLI_QUALITY = 2
"""Half to a fifth of the time of quality 4, for at most 3 % more bytes."""
_GZIP_LEVEL = 2
"""Of ISA-L: a tenth of the time of zlib's level 6, for 6-13 % more bytes."""


def encoded(body: bytes, coding: Coding) -> bytes:
    """Return bytes in a coding; the same bytes each time."""
    return _ENCODERS[coding](body)


def stored(body: bytes) -> bytes:
    """Return bytes as they are kept."""
    return encoded(body, STORED)


def original(kept: bytes) -> bytes:
    """Return the bytes that `stored` was given."""
    return zstandard.decompress(kept)


def _gzip(body: bytes) -> bytes:
    return igzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    compressor = getattr(_own, "compressor", None)
    if compressor is None:
        compressor = _own.compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_content_size=True)
    return compressor.compress(body)


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, quality=_BROTLI_QUALITY)


_own = threading.local()
"""A compressor for each thread: to make one takes as long as to code a small tile."""
_ENCODERS: dict[Coding, Callable[[bytes], bytes]] = {
    Coding.ZSTD: _zstd,
    Coding.BROTLI: _brotli,
    Coding.GZIP: _gzip,
    Coding.IDENTITY: bytes,
}
