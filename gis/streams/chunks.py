"""Many small pieces of bytes as few larger chunks: the first soon, the others worth sending."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

FIRST_BYTES = 16 * 1024
"""The first chunk leaves when it is as large as this, so that a client soon sees that something comes."""
CHUNK_BYTES = 256 * 1024
"""The others leave when they are as large as this."""

Ended = TypeVar("Ended")


def gathered(pieces: Generator[bytes, None, Ended]) -> Generator[bytes, None, Ended]:
    """Yield pieces joined to chunks, and return what their generator returns; it is closed with this one."""
    waiting: list[bytes] = []
    size, enough = 0, FIRST_BYTES
    try:
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                if waiting:
                    yield b"".join(waiting)
                return end.value
            waiting.append(piece)
            size += len(piece)
            if size >= enough:
                yield b"".join(waiting)
                waiting, size, enough = [], 0, CHUNK_BYTES
    finally:
        pieces.close()


def plain(pieces: Iterable[bytes]) -> Generator[bytes]:
    """Return pieces as a generator that ends with nothing to say."""
    yield from pieces
