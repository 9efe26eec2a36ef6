"""The statement by which the service draws a tile, as a script for pgbench."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from gis.db import City, seen_at
from gis.schema import CITY_SCHEMA, horizon_schema
from gis.tiles import TileAddress, layers_named, tile
from layers.model import Horizon
from tests.bench.serving.walk import Tile


class _Overheard(psycopg.Cursor[TupleRow]):
    """A cursor that writes down what it is told to execute."""

    said: ClassVar[list[tuple[str, dict[str, object]]]] = []

    # Any: the signature of the class it stands in for.
    def execute(self, query: Any, params: Any = None, **how: Any) -> _Overheard:
        text = query.as_string(self.connection) if isinstance(query, sql.Composable) else query
        self.said.append((text if isinstance(text, str) else text.decode(), dict(params or {})))
        return super().execute(query, params, **how)


def tile_statement(url: str, at: Tile) -> str:
    """Return the statement that draws a tile of parcels, with `:z`, `:x` and `:y` for pgbench."""
    _Overheard.said.clear()
    with psycopg.connect(url, autocommit=True, cursor_factory=_Overheard) as connection:
        city: City = seen_at(connection, Horizon.EXISTING)
        tile(city, layers_named("parcel"), address=TileAddress(*at))
        drawn = [(text, values) for text, values in _Overheard.said if "ST_AsMVT(" in text]
        text, values = drawn[-1]
        for name, value in values.items():
            given = f":{name}" if name in at._fields else sql.Literal(value).as_string(connection)
            text = text.replace(f"%({name})s", given)
    return re.sub(r"^\s*--.*$", "", text.replace("%%", "%"), flags=re.MULTILINE).strip().rstrip(";")


SESSION = (
    f"-c jit=off -c search_path={horizon_schema(Horizon.EXISTING)},{CITY_SCHEMA},public "
    "-c default_transaction_read_only=on -c plan_cache_mode={plans}"
)
"""Options of a session that draws tiles; the service plans each statement anew."""


def script(statement: str, tiles: Sequence[Tile], *, clients: int) -> str:
    """Return a pgbench script that draws all tiles, each as often, in an order that jumps about.

    Every client counts its own transactions and so takes tiles that no other takes in the same round. pgbench knows no
    lists: where a tile stands is worked out from its number, by the unbroken rows that the tiles form.
    """
    rows = _rows(tiles)
    count = len(tiles)
    step = next(s for s in range(int(count * 0.618), 2 * count + 2) if math.gcd(s, count) == 1)
    column, row = (_chain(rows, place) for place in (0, 1))
    return "\n".join(
        [
            f"\\set n ((:k * {clients} + :client_id) * {step}) % {count}",
            "\\set k :k + 1",
            f"\\set z {tiles[0].z}",
            f"\\set x :n + {column}",
            f"\\set y {row}",
            f"{statement};",
            "",
        ]
    )


def _rows(tiles: Sequence[Tile]) -> list[tuple[int, int, int]]:
    """Return the unbroken rows of tiles: number of the first tile, its column, its row."""
    rows: list[tuple[int, int, int]] = []
    before: Tile | None = None
    for number, tile_ in enumerate(sorted(tiles, key=lambda one: (one.y, one.x))):
        if before is None or (tile_.y, tile_.x) != (before.y, before.x + 1):
            rows.append((number, tile_.x, tile_.y))
        before = tile_
    return rows


def _chain(rows: Sequence[tuple[int, int, int]], place: int) -> str:
    values = [(first, (x - first, y)[place]) for first, x, y in rows]
    last = values[-1][1]
    whens = " ".join(f"WHEN :n < {end} THEN {value}" for (_, value), (end, _) in pairwise(values))
    return f"(CASE {whens} ELSE {last} END)" if whens else f"({last})"
