"""Parcels that an editor changes from outside, and what a tile must show of them at any moment.

A pawn goes through four states again and again: it stands where it was found, it was moved to another place, it is
back, it is deleted. Each step writes its number into an attribute, in one transaction of plain SQL. A tile that shows
the pawn shows by that number which commit it is from; one that shows it where it no longer is shows a ghost.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from gis.schema import stored_columns
from gis.statements import statements
from layers import LAYERS
from tests.bench.serving.walk import AROUND_M, Tile

COLUMN = "map_sheet"
MOVED_M = 4_000
"""How far a pawn moves east."""
_MARK = "bench-"
_SURELY_OUT_M = 300
_MARGIN = 1 / 64
_FOUND, _DELETED, _STATES = 0, 3, 4


class Seen(Enum):
    """What a tile must show of a pawn in one of its states."""

    THERE = "there"
    ABSENT = "absent"
    EITHER = "either"


@dataclass(slots=True)
class Pawn:
    """A parcel, its two places in web metres, the steps that were begun and those that were committed."""

    uid: int
    found: tuple[float, float]
    moved: tuple[float, float]
    begun: int = -1
    committed: int = -1

    def tile(self, z: int, step: int | None = None) -> Tile:
        """Return the tile in which it stands after a step; where it was found, where no step is named or it is gone."""
        east, north = self.moved if step is not None and step % _STATES == 1 else self.found
        count = 1 << z
        return Tile(z, int((east / AROUND_M + 0.5) * count), int((0.5 - north / AROUND_M) * count))

    def must(self, tile: Tile, step: int) -> Seen:
        """Return what a tile must show after a step."""
        if step % _STATES == _DELETED:
            return Seen.ABSENT
        if self.tile(tile.z, step) == tile:
            return Seen.THERE
        side = AROUND_M / (1 << tile.z)
        east, north = self.moved if step % _STATES == 1 else self.found
        west_m, north_m = tile.x * side - AROUND_M / 2, AROUND_M / 2 - tile.y * side
        beyond = max(west_m - east, east - west_m - side, north - north_m, north_m - side - north)
        return Seen.ABSENT if beyond > side * _MARGIN + _SURELY_OUT_M else Seen.EITHER

    def is_shown(self, tile: Tile, shown: dict[int, str | None], *, since: int, until: int) -> bool:
        """Return whether a tile shows one of the states between two steps, both counted.

        Parameters
        ----------
        shown : the attribute of each feature in the tile, by uid.
        since : the last step that was committed before the request began.
        until : the last step that was begun before the answer had ended.
        """
        return any(self._agrees(tile, shown, step) for step in range(since, until + 1))

    def _agrees(self, tile: Tile, shown: dict[int, str | None], step: int) -> bool:
        must = self.must(tile, step)
        if self.uid not in shown:
            return must is not Seen.THERE
        return must is not Seen.ABSENT and shown[self.uid] == f"{_MARK}{step}"


@dataclass(slots=True)
class Editor:
    """Someone who edits by plain SQL over a connection of their own; each step is one transaction."""

    connection: psycopg.Connection[TupleRow]
    pawns: Sequence[Pawn]
    steps: int = field(default=0)

    def step(self, pawn: Pawn) -> None:
        """Bring a pawn into its next state and return after the commit."""
        number = pawn.begun + 1
        pawn.begun = number
        came = (number - 1) % _STATES if number else _FOUND
        state = number % _STATES
        name = {_FOUND: "back" if came == _DELETED else "mark", 1: "move", 2: "home", _DELETED: "delete"}[state]
        values = {"uid": pawn.uid, "mark": f"{_MARK}{number}", "east_m": MOVED_M}
        _run(self.connection, name, values)
        pawn.committed = number
        self.steps += 1

    def settle(self) -> None:
        """Leave every pawn as it was found."""
        for pawn in self.pawns:
            while pawn.begun % _STATES != 2:
                self.step(pawn)
            _run(self.connection, "settle", {"uid": pawn.uid})


@contextmanager
def editing(url: str, count: int) -> Generator[Editor]:
    """Lend an editor with some pawns spread over the city, each in its first state; all is as before afterwards."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = _run(connection, "choose", {"count": count, "east_m": MOVED_M}).fetchall()
        pawns = [Pawn(uid, (east, north), (to_east, to_north)) for uid, east, north, to_east, to_north in rows]
        _run(connection, "keep", {"uids": [pawn.uid for pawn in pawns]})
        editor = Editor(connection, pawns)
        for pawn in pawns:
            editor.step(pawn)
        try:
            yield editor
        finally:
            editor.settle()


def _run(connection: psycopg.Connection[TupleRow], name: str, values: dict[str, object]) -> psycopg.Cursor[TupleRow]:
    statement = statements(Path(__file__).with_suffix(".sql"))[name]
    names = [column.name for column in stored_columns(LAYERS["parcel"]) if column.name != COLUMN]
    others = {"others": sql.SQL(", ").join(map(sql.Identifier, names))}
    return connection.execute(statement.sql(**others if "{others}" in statement.text else {}), values)
