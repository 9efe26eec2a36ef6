"""Drawing a tile: one statement for all its layers, answered by PostGIS."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from psycopg import AsyncConnection, Connection, sql
from psycopg.rows import TupleRow

from gis.changes.snapshot import Snapshot
from gis.schema import STORED_SRID, WEB_SRID
from gis.statements import statements
from gis.tiles.address import TileAddress
from gis.tiles.naming import tile_columns
from gis.tiles.tile import Tile, View
from layers.model import Layer

MOST_FEATURES = 30_000
"""Features of one layer that a tile draws; of more it draws the largest and says how many there were."""
DRAWING_SESSION = "-c jit=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan"
"""How a session draws tiles: planning one anew costs more than drawing it, and parallel workers would give other bytes
at every run."""
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_SQL = Path(__file__).with_suffix(".sql")

Asked = tuple[bytes, dict[str, float]]
_Steps = Generator[Asked, TupleRow, "Drawing"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A tile as it was drawn.

    `body` is a Mapbox Vector Tile, empty where nothing lies; `omitted` names the layers of which not all was drawn,
    each with the number of features found; `snapshot` is the state of the database that is shown.
    """

    body: bytes
    omitted: tuple[tuple[str, int], ...]
    snapshot: Snapshot


def draw(connection: Connection[TupleRow], tile: Tile) -> Drawing:
    """Draw a tile.

    Coordinates are 0-4096 with a margin of 64 on each side; a feature's id is its uid. The bytes are the same whenever
    what is shown is the same.
    """
    steps = _steps(tile)
    asked = next(steps)
    while True:
        row = connection.execute(*asked, prepare=True, binary=True).fetchone()
        try:
            asked = steps.send(row or ())
        except StopIteration as done:
            return done.value


async def draw_async(connection: AsyncConnection[TupleRow], tile: Tile) -> Drawing:
    """Draw a tile as `draw` does, without keeping a thread waiting."""
    steps = _steps(tile)
    asked = next(steps)
    while True:
        cursor = await connection.execute(*asked, prepare=True, binary=True)
        row = await cursor.fetchone()
        try:
            asked = steps.send(row or ())
        except StopIteration as done:
            return done.value


def _steps(tile: Tile) -> _Steps:
    """Say what to ask, be told the row, and so on until the tile is drawn."""
    parameters = _parameters(tile.address)
    body, counts, snapshot = yield _statement(tile.shown, frozenset(), tile.view, tile.address.grid.srid), parameters
    many = {layer.name for layer, count in zip(tile.shown, counts, strict=True) if count > MOST_FEATURES}
    if many:
        statement = _statement(tile.shown, frozenset(many), tile.view, tile.address.grid.srid)
        body, counts, snapshot = yield statement, parameters
    found = zip(tile.shown, counts, strict=True)
    omitted = tuple((layer.name, count) for layer, count in found if count > MOST_FEATURES)
    return Drawing(bytes(body), omitted, Snapshot.read(snapshot))


def _parameters(address: TileAddress) -> dict[str, float]:
    search = address.search
    boxes = {"": address.square, "reach_": address.reach, "search_": search.sides if search else _NOWHERE}
    return {
        f"{prefix}{side}": value
        for prefix, box in boxes.items()
        for side, value in zip(("west", "south", "east", "north"), box, strict=True)
    }


_NOTHING = b"SELECT ''::bytea AS tile, '{}'::bigint[] AS counts, pg_current_snapshot()::text AS snapshot"


@lru_cache(maxsize=512)
def _statement(layers: tuple[Layer, ...], many: frozenset[str], view: View, srid: int) -> bytes:
    if not layers:
        return _NOTHING
    parts = [_part(layer, layer.name in many, view, srid) for layer in layers]
    numbers = [sql.Identifier(f"layer_{number}") for number in range(len(parts))]
    statement = sql.SQL(
        "SELECT\n    {tiles} AS tile,\n    ARRAY[{counts}] AS counts,\n    pg_current_snapshot()::text AS snapshot\n"
        "FROM {parts}"
    ).format(
        tiles=sql.SQL(" || ").join(sql.SQL("{}.tile").format(number) for number in numbers),
        counts=sql.SQL(", ").join(sql.SQL("{}.features").format(number) for number in numbers),
        parts=sql.SQL("\nCROSS JOIN ").join(
            sql.SQL("({}) AS {}").format(part, number) for part, number in zip(parts, numbers, strict=True)
        ),
    )
    return statement.as_bytes(None)


def _part(layer: Layer, too_many: bool, view: View, srid: int) -> sql.Composed:
    return statements(_SQL)["largest" if too_many else "tile"].sql(
        layer=view.table(layer),
        name=sql.Literal(layer.name),
        attributes=sql.SQL(", ").join(sql.Identifier(column.name) for column in tile_columns(layer)),
        drawn=_drawn(srid),
        srid=sql.Literal(srid),
        most=sql.Literal(MOST_FEATURES if too_many else MOST_FEATURES + 1),
    )


def _drawn(srid: int) -> sql.Composable:
    """Return the geometry in a coordinate system; that of most tiles is stored."""
    stored = {WEB_SRID: "web_geom", STORED_SRID: "geom"}
    if srid in stored:
        return sql.Identifier(stored[srid])
    return sql.SQL("ST_Transform(geom, {})").format(sql.Literal(srid))
