"""A tile in memory, and whether it is fresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any  # what a door makes is its own

from gis.changes.ledger import Ledger
from gis.changes.watch import Watch, WatchLostError
from gis.tiles.coding import WORTHWHILE_BYTES, Coding
from gis.tiles.copies import Copy
from gis.tiles.tile import Tile

_OVERHEAD_BYTES = 2_048


class Found(StrEnum):
    """How a tile was come by."""

    NEAR = "near"
    SHARED = "shared"
    DRAWN = "drawn"


@dataclass(slots=True)
class Kept:
    """A tile in the memory of a worker; `mark` is the entry of `ledger` up to which it is known to be fresh."""

    copy: Copy
    plain: bytes | None = None
    """Its bytes as they were drawn, for the answer that comes right after."""
    ledger: Ledger | None = None
    mark: int = 0
    bodies: dict[Coding, bytes] = field(default_factory=dict)
    answers: dict[Coding, Any] = field(default_factory=dict)
    """Room for what a door makes of the bodies, to be made once."""

    @property
    def size_bytes(self) -> int:
        """What it takes in memory, roughly."""
        return len(self.copy.body) + sum(map(len, self.bodies.values())) + _OVERHEAD_BYTES

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies in the tile."""
        return not self.copy.body

    @property
    def is_worth_coding(self) -> bool:
        """Whether it is long enough to be made smaller."""
        return len(self.copy.body) >= WORTHWHILE_BYTES


class Judge:
    """Judge copies of one tile for one request; the log is asked once, after the request began."""

    def __init__(self, watch: Watch, tile: Tile, knows: bool | None) -> None:
        self._watch = watch
        self._tile = tile
        self._knows = knows

    async def finds_fresh(self, kept: Kept) -> bool:
        """Return whether a copy shows every change committed before the request began; False where nobody can say."""
        if self._knows is None:
            try:
                await self._watch.current()
                self._knows = True
            except WatchLostError:
                self._knows = False
        return self._knows and is_fresh(kept, self._tile, self._watch)


def is_fresh(kept: Kept, tile: Tile, watch: Watch) -> bool:
    """Return whether a copy shows every change that the watch knows."""
    if kept.copy.reign != watch.reign:
        return False
    ledger = watch.ledger
    mark = ledger.mark
    if kept.ledger is not ledger:
        fresh = ledger.is_fresh_in(kept.copy.snapshot, tile.subject)
    else:
        fresh = kept.mark == mark or ledger.is_fresh_since(kept.mark, tile.subject)
    if fresh:
        kept.ledger, kept.mark = ledger, mark
    return fresh
