"""The statement by which the service draws a tile, as a script for pgbench.

The statement and its values are not written down here: they are overheard while the product draws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from gis.tiles import DRAWING_SESSION, draw, layers_named, tile_of, web_tile
from layers.model import Horizon
from tests.bench.serving.walk import Tile

SESSIONS = (DRAWING_SESSION, f"{DRAWING_SESSION} -c plan_cache_mode=force_custom_plan")
"""Ways in which a session may draw: as the service does, and planning each tile anew. The faster is the ceiling."""


class StatementsDifferError(RuntimeError):
    """Tiles of one zoom that are not drawn by one statement have no ceiling."""

    def __init__(self) -> None:
        super().__init__("the tiles of one zoom are not drawn by one statement")


class _HeardError(Exception):
    """Ends a drawing when its statement is known."""

    def __init__(self, text: str, values: dict[str, float]) -> None:
        super().__init__()
        self.text, self.values = text, values


class _Listener(psycopg.Cursor[TupleRow]):
    """A cursor that does not draw, but says what would draw."""

    # Any: the signature of the class it stands in for.
    def execute(self, query: Any, params: Any = None, **how: Any) -> _Listener:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if "ST_AsMVT(" in text:
            raise _HeardError(text, dict(params))
        return super().execute(query, params, **how)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The statement that draws tiles of parcels at a zoom, and the values of each tile, in the order of the tiles."""

    text: str
    values: Sequence[dict[str, float]]


def overheard(url: str, tiles: Sequence[Tile], horizon: Horizon) -> Drawn:
    """Return how the service draws tiles of the parcels of a horizon, of one zoom."""
    layers = layers_named("parcel")
    said: list[_HeardError] = []
    with psycopg.connect(url, autocommit=True, cursor_factory=_Listener) as connection:
        for tile in tiles:
            try:
                draw(connection, tile_of(layers, web_tile(*tile), horizon=horizon))
            except _HeardError as heard:
                said.append(heard)
    if len({heard.text for heard in said}) != 1 or len(said) != len(tiles):
        raise StatementsDifferError
    return Drawn(said[0].text, [heard.values for heard in said])


def script(each: Sequence[Drawn], *, clients: int) -> str:
    """Return a pgbench script that draws all tiles, in their order; each of them at every horizon in turn.

    Each client counts its own transactions and takes the next tile that no other takes, as a list handed round among
    connections would be. pgbench knows no lists: a value is found by halving, in a dozen comparisons.
    """
    drawn = each[0]
    names = [name for name in drawn.values[0] if f"%({name})s" in drawn.text]
    lines = [f"\\set n (:k * {clients} + :client_id) % {len(drawn.values)}", "\\set k :k + 1"]
    lines += [f"\\set {name} {_found([values[name] for values in drawn.values])}" for name in names]
    return "\n".join([*lines, *(_for_pgbench(one.text) for one in each), ""])


def _for_pgbench(text: str) -> str:
    text = re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"%\((\w+)\)s", r":\1", text).replace("%%", "%").strip().rstrip(";")
    return f"{text};"


def _found(values: Sequence[float], first: int = 0) -> str:
    if len(values) == 1:
        return repr(values[0])
    half = len(values) // 2
    left, right = _found(values[:half], first), _found(values[half:], first + half)
    return f"CASE WHEN :n < {first + half} THEN {left} ELSE {right} END"
