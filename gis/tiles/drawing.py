"""Drawing a tile: one statement for all its layers, answered by PostGIS."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.changes.snapshot import Snapshot
from gis.differences import CHANGE, difference
from gis.direct import DirectConnection
from gis.grids import DRAWN_TO
from gis.overviews.drawn import EVERYTHING, base_corners, out_of_step, patches
from gis.schema import STORED_SRID, WEB_SRID
from gis.statements import Numbered, numbered, statements
from gis.tiles.address import TileAddress
from gis.tiles.naming import tile_columns
from gis.tiles.tile import Tile, View
from layers.model import Layer

MOST_FEATURES = 30_000
"""Features of one layer that a tile draws; of more it draws the largest and says how many there were."""
DRAWING_SESSION = "-c jit=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan"
"""How a session draws tiles: planning one anew costs more than drawing it, and parallel workers would give other bytes
at every run."""
_STORED = {WEB_SRID: "web_geom", STORED_SRID: "geom"}
"""Columns that hold the geometry, by coordinate system."""
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_SQL = Path(__file__).with_suffix(".sql")

_Steps = Generator["_Asked", "_Row", "Drawing"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A tile as it was drawn.

    `body` is a Mapbox Vector Tile, empty where nothing lies; `omitted` names the layers of which not all was drawn,
    each with the number of features found; `snapshot` is the state of the database that is shown.
    """

    body: bytes
    omitted: tuple[tuple[str, int], ...]
    snapshot: Snapshot


class StaleOverviewError(Exception):
    """The overviews of some layers are out of step with the data, so that the tile cannot be drawn from them.

    Parameters
    ----------
    marks : numbers of the marks that say so; None where they are too many to wait for.
    snapshot : the state of the database in which they stand.
    """

    def __init__(self, layers: tuple[Layer, ...], marks: frozenset[int] | None, snapshot: Snapshot) -> None:
        super().__init__(", ".join(layer.name for layer in layers))
        self.layers = layers
        self.marks = marks
        self.snapshot = snapshot


def draw(connection: Connection[TupleRow], tile: Tile) -> Drawing:
    """Draw a tile.

    Coordinates are 0-4096 with a margin of 64 on each side; a feature's id is its uid. The bytes are the same whenever
    what is shown is the same. A layer whose overview is out of step is drawn from its features. Where the tile shows a
    difference, each feature says in `change` whether it was added, removed or changed.
    """
    try:
        return _draw(connection, tile)
    except StaleOverviewError as stale:
        return _draw(connection, tile, one_by_one=frozenset(stale.layers))


def _draw(connection: Connection[TupleRow], tile: Tile, *, one_by_one: frozenset[Layer] = frozenset()) -> Drawing:
    steps = _steps(tile, one_by_one)
    asked = next(steps)
    while True:
        row = connection.execute(asked.statement.named, asked.bound.numbers, prepare=True, binary=True).fetchone()
        try:
            asked = steps.send(_Row(*cast("tuple[bytes, str, str, str]", row)))
        except StopIteration as done:
            return done.value


async def draw_async(
    connection: DirectConnection,
    tile: Tile,
    *,
    one_by_one: frozenset[Layer] = frozenset(),
    brought_in_step: Snapshot | None = None,
) -> Drawing:
    """Draw a tile as `draw` does, without keeping a thread waiting.

    Parameters
    ----------
    one_by_one : layers that are drawn from their features even where they have an overview.
    brought_in_step : a state of the database with which overviews were brought in step where the tile needs them. It is
        drawn, with what came later or, where overviews are out of step with that, some of it: an edit in the meantime
        does not hold up the tile.

    Raises
    ------
    StaleOverviewError
        When an overview that is needed is out of step with the data.
    """
    steps = _steps(tile, one_by_one, brought_in_step)
    asked = next(steps)
    while True:
        rows = await connection.ask(asked.statement.numbered, asked.bound.words, binary=True)
        body, *words = (value or b"" for value in rows[0])
        try:
            asked = steps.send(_Row(body, *(word.decode() for word in words)))
        except StopIteration as done:
            return done.value


def _steps(tile: Tile, one_by_one: frozenset[Layer], brought_in_step: Snapshot | None = None) -> _Steps:
    """Say what to ask, be told the row, and so on until the tile is drawn."""
    gathered = tuple(layer for layer in tile.gathered if layer not in one_by_one)
    level = _level(tile, gathered)
    sheet = _Sheet(
        tile.shown, gathered, tile.view, tile.former, tile.address.grid.srid, level, brought_in_step is not None
    )
    bound = _bound(tile.address, gathered)
    row = yield _Asked(_statement(sheet, frozenset()), bound)
    found = dict(zip(tile.shown, _numbers(row.counts), strict=True))
    if stale := tuple(layer for layer, count in found.items() if count < 0):
        marks = None if EVERYTHING in row.marks else frozenset(_numbers(row.marks))
        raise StaleOverviewError(stale, marks, Snapshot.read(row.snapshot))
    many = frozenset(layer.name for layer, count in found.items() if count > MOST_FEATURES and layer not in gathered)
    if many:
        row = yield _Asked(_statement(sheet, many), bound)
        found = dict(zip(tile.shown, _numbers(row.counts), strict=True))
    omitted = tuple((layer.name, count) for layer, count in found.items() if layer.name in many)
    shown = brought_in_step if brought_in_step is not None and row.marks else Snapshot.read(row.snapshot)
    return Drawing(bytes(row.tile), omitted, shown)


def _numbers(listed: str) -> list[int]:
    return [int(number) for number in listed.split(",")] if listed else []


def _level(tile: Tile, gathered: tuple[Layer, ...]) -> int:
    """Return the zoom where the statement depends on it, and the last one where not: most tiles then share theirs."""
    zoom = tile.address.web_zoom
    return zoom if gathered or any(layer.hidden_at(zoom) for layer in tile.shown) else DRAWN_TO


@lru_cache(maxsize=4_096)
def _bound(address: TileAddress, gathered: tuple[Layer, ...]) -> _Bound:
    search = address.search
    boxes = {"": address.square, "reach_": address.reach, "search_": search.sides if search else _NOWHERE}
    if gathered:
        boxes["place_"] = address.place.sides
    parameters = {
        f"{prefix}{side}": value
        for prefix, box in boxes.items()
        for side, value in zip(("west", "south", "east", "north"), box, strict=True)
    }
    for layer in gathered:
        parameters |= base_corners(layer, address.web_zoom, address.place)
    return _Bound(parameters, {name: b"%r" % value for name, value in parameters.items()})


class _Bound(NamedTuple):
    """The values of a statement by name: as psycopg's cursors take them, and as text."""

    numbers: dict[str, float]
    words: dict[str, bytes]


class _Statement(NamedTuple):
    """A statement as psycopg's cursors take it, and as a connection that is asked directly."""

    named: bytes
    numbered: Numbered


class _Row(NamedTuple):
    """What is answered.

    `counts` : how many features each layer has. `marks` : the marks of overviews out of step. With commas between.
    """

    tile: bytes
    counts: str
    marks: str
    snapshot: str


class _Asked(NamedTuple):
    """What is asked: a statement, and the values to be bound."""

    statement: _Statement
    bound: _Bound


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the statements of many tiles have in common."""

    layers: tuple[Layer, ...]
    gathered: tuple[Layer, ...]
    view: View
    former: View | None
    srid: int
    level: int
    as_it_is: bool
    """Whether overviews are drawn that are out of step."""


@lru_cache(maxsize=512)
def _statement(sheet: _Sheet, many: frozenset[str]) -> _Statement:
    statement = _joined(sheet, many) if sheet.layers else _NOTHING
    return _Statement(statement.as_bytes(None), numbered(statement))


def _joined(sheet: _Sheet, many: frozenset[str]) -> sql.Composed:
    """Return one statement that draws each layer, joins their tiles, and says how many features each has."""
    parts = [
        _gathered(layer, sheet) if layer in sheet.gathered else _part(layer, sheet, too_many=layer.name in many)
        for layer in sheet.layers
    ]
    numbers = [sql.Identifier(f"layer_{number}") for number in range(len(parts))]
    marks = [
        sql.SQL("{}.marks").format(number)
        for number, layer in zip(numbers, sheet.layers, strict=True)
        if layer in sheet.gathered
    ]
    return sql.SQL(
        "SELECT\n    {tiles} AS tile,\n    array_to_string(ARRAY[{counts}], ',') AS counts,\n"
        "    concat_ws(',', {marks}) AS marks,\n    pg_current_snapshot()::text AS snapshot\nFROM {parts}"
    ).format(
        tiles=sql.SQL(" || ").join(sql.SQL("{}.tile").format(number) for number in numbers),
        counts=sql.SQL(", ").join(sql.SQL("{}.features").format(number) for number in numbers),
        marks=sql.SQL(", ").join([*marks, sql.SQL("NULL")]),
        parts=sql.SQL("\nCROSS JOIN ").join(
            sql.SQL("({}) AS {}").format(part, number) for part, number in zip(parts, numbers, strict=True)
        ),
    )


def _part(layer: Layer, sheet: _Sheet, *, too_many: bool) -> sql.Composed:
    names = [column.name for column in tile_columns(layer)]
    seen: sql.Composable = sheet.view.sight.table(layer)
    if sheet.former is not None:
        names.append(CHANGE)
        seen = sql.SQL("({}) AS differing").format(difference(layer, sheet.former.sight, sheet.view.sight))
    return statements(_SQL)["largest" if too_many else "tile"].sql(
        layer=seen,
        name=sql.Literal(layer.name),
        attributes=sql.SQL(", ").join(map(sql.Identifier, names)),
        drawn=_drawn(sheet.srid),
        movable=sql.Literal(sheet.srid in _STORED),
        srid=sql.Literal(sheet.srid),
        chosen=_chosen(layer, sheet.level),
        most=sql.Literal(MOST_FEATURES if too_many else MOST_FEATURES + 1),
    )


def _chosen(layer: Layer, zoom: int) -> sql.Composable:
    """Return the condition under which a feature is drawn at a zoom."""
    hidden = layer.hidden_at(zoom)
    if not hidden or layer.paint.by is None:
        return sql.SQL("TRUE")
    codes = sql.SQL(", ").join(map(sql.Literal, hidden))
    return sql.SQL("({0} IS NULL OR {0} NOT IN ({1}))").format(sql.Identifier(layer.paint.by), codes)


def _gathered(layer: Layer, sheet: _Sheet) -> sql.Composed:
    drawn = sql.Identifier("web_geom")
    if sheet.srid != WEB_SRID:
        drawn = sql.SQL("ST_Transform(web_geom, {})").format(sql.Literal(sheet.srid))
    return statements(_SQL)["gathered"].sql(
        patches=patches(layer, sheet.level, sheet.view.horizon, reach=_PLACE),
        out_of_step=out_of_step(layer),
        as_it_is=sql.Literal(sheet.as_it_is),
        name=sql.Literal(layer.name),
        code=sql.Identifier(layer.paint.by or "code"),
        drawn=drawn,
        srid=sql.Literal(sheet.srid),
    )


def _drawn(srid: int) -> sql.Composable:
    """Return the geometry in a coordinate system; that of most tiles is stored."""
    if srid in _STORED:
        return sql.Identifier(_STORED[srid])
    return sql.SQL("ST_Transform(geom, {})").format(sql.Literal(srid))


_PLACE = sql.SQL("ST_MakeEnvelope(%(place_west)s, %(place_south)s, %(place_east)s, %(place_north)s, 3857)")
_NOTHING = sql.SQL("SELECT ''::bytea AS tile, '' AS counts, '' AS marks, pg_current_snapshot()::text AS snapshot")
