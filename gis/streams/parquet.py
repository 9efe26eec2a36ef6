"""GeoParquet 1.1 as a stream: it is written from front to back, one group of rows in memory at a time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from io import RawIOBase

from gis.ahead import ahead
from gis.export.card import Card
from gis.export.parquet import written
from gis.streams.batches import batches, columns, schema
from gis.streams.chunks import CHUNK_BYTES
from gis.streams.traversal import Traversal

_ROWS_IN_GROUP = 16_384
"""Fewer than in a file: several may stream at once, and the first bytes leave sooner."""


class _Outbox(RawIOBase):
    """Takes what is written until somebody fetches it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, piece: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - Arrow gives bytes
        self._waiting.append(bytes(piece))
        self._place += len(piece)
        return len(piece)

    def fetched(self) -> Generator[bytes]:
        """Yield what waits, in chunks."""
        waiting, self._waiting = b"".join(self._waiting), []
        for place in range(0, len(waiting), CHUNK_BYTES):
            yield waiting[place : place + CHUNK_BYTES]


def parquet(traversal: Traversal) -> Generator[bytes]:
    """Yield features as GeoParquet with a box for each; the groups of rows leave as soon as they are complete.

    References
    ----------
    GeoParquet 1.1.0.
    """
    outbox = _Outbox()
    with closing(batches(traversal)) as read, closing(ahead(read, most=1)) as reading:
        parts = written(outbox, reading, schema=schema(traversal), card=_card(traversal), rows_in_group=_ROWS_IN_GROUP)
        for _ in parts:
            yield from outbox.fetched()
    yield from outbox.fetched()


def _card(traversal: Traversal) -> Card:
    city, question = traversal.city, traversal.part
    return Card(
        layer=question.layer,
        columns=tuple((column.name, column) for column in columns(traversal)),
        horizon=city.horizon.value,
        scenario=city.scenario,
        srid=question.system.srid,
        box=None,
        rows=0,
        sources=(),
        exported_at=datetime.now(UTC),
    )
