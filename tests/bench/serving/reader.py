"""A client that keeps what it was given, asks whether it still holds, and checks each answer exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.bench.serving.asking import Client
from tests.bench.serving.features import values_of
from tests.bench.serving.pawns import COLUMN, Pawn
from tests.bench.serving.servers import Server
from tests.bench.serving.walk import Tile

_GOOD = (HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer, held against what was committed before it was asked for."""

    is_good: bool
    is_fresh: bool


@dataclass(slots=True)
class Reader:
    """One reader with its connection and what it keeps: for each tile the name of its bytes, and what they show."""

    client: Client
    server: Server
    number: int
    answers: int = 0
    stale: int = 0
    failed: int = 0
    after: int = 0
    kept: int = 0
    _known: dict[Tile, tuple[str, dict[int, str | None]]] = field(default_factory=dict)
    _seen: dict[tuple[Tile, int], int] = field(default_factory=dict)

    def ask(self, tile: Tile, pawns: Sequence[Pawn]) -> Checked:
        """Ask for a tile; every other time only whether what is kept still holds."""
        near = [pawn for pawn in pawns if tile in (pawn.tile(tile.z), pawn.tile(tile.z, 1))]
        since = [pawn.committed for pawn in near]
        known = self._known.get(tile) if self.answers % 2 else None
        answer = self.client.ask(self.server.path(tile), {"If-None-Match": known[0]} if known else {})
        until = [pawn.begun for pawn in near]
        self.answers += 1
        if answer.status not in _GOOD:
            self.failed += 1
            return Checked(is_good=False, is_fresh=False)
        if answer.status == HTTPStatus.NOT_MODIFIED and known:
            self.kept += 1
            shown = known[1]
        else:
            shown = values_of(answer.body, COLUMN)
            self._known[tile] = (answer.headers.get("etag", ""), shown)
        is_fresh = all(
            pawn.is_shown(tile, shown, since=first, until=last)
            for pawn, first, last in zip(near, since, until, strict=True)
        )
        self.stale += not is_fresh
        self.after += self._is_first(tile, near, since)
        return Checked(is_good=True, is_fresh=is_fresh)

    def _is_first(self, tile: Tile, near: Sequence[Pawn], since: Sequence[int]) -> bool:
        """Return whether this reader asked for the tile for the first time since a pawn in it was changed."""
        changed = False
        for pawn, step in zip(near, since, strict=True):
            changed |= self._seen.get((tile, pawn.uid), step) != step
            self._seen[tile, pawn.uid] = step
        return changed
