"""Marks: which blocks of an overview are out of step, written in the transaction that changes what they are made of.

A block of the base level is made of the data, a coarser one of four finer ones. A coarser block is marked when a finer
one was made anew, not before: it is out of step as long as anything below it is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
from psycopg import Connection, sql

from gis.changes.ledger import EVERY_LAYER, Place
from gis.grids import WEB
from gis.overviews.blocks import Block, base_level, block_side, corner_blocks, gathered_layers
from gis.overviews.errors import TooWideError
from gis.schema import CITY_SCHEMA
from gis.statements import statements
from layers.model import Layer

MOST_BLOCKS = 16_384
"""Blocks of the base level an overview has at most: 128 by 128, for parcels about 150 km by 150 km."""
_SQL = Path(__file__).with_suffix(".sql")
_MOST_MARKS = 256
"""Blocks marked one by one for one change; where it meets more, everything is marked."""
_REACH_M = 0.001
"""By so much a changed place is widened, against rounding."""
_GROUP = 3
"""Blocks are refreshed in squares of 8 by 8: such a square shares all coarser blocks from the third on."""

_MARK = sql.SQL("""
-- Mark the blocks of overviews that a logged change of the baseline meets, in its transaction; without a block that
-- means all of them.
CREATE OR REPLACE FUNCTION overview.mark_blocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = overview, public, pg_temp AS $$
BEGIN
    INSERT INTO mark (layer, level, block_column, block_row)
    SELECT gathered.layer, CASE WHEN block.easting IS NOT NULL THEN gathered.base END, block.easting, block.southing
    FROM (VALUES {sides}) AS gathered (layer, base, side_m)
    LEFT JOIN LATERAL (
        SELECT
            floor(least(greatest(NEW.west - {reach} - {west}, 0), {side}) / side_m)::bigint AS first_column,
            floor(least(greatest(NEW.east + {reach} - {west}, 0), {side}) / side_m)::bigint AS last_column,
            floor(least(greatest({north} - NEW.north - {reach}, 0), {side}) / side_m)::bigint AS first_row,
            floor(least(greatest({north} - NEW.south + {reach}, 0), {side}) / side_m)::bigint AS last_row
        WHERE NEW.west IS NOT NULL
    ) AS met ON TRUE,
    LATERAL (
        SELECT easting, southing
        FROM generate_series(first_column, last_column) AS easting, generate_series(first_row, last_row) AS southing
        WHERE (last_column - first_column + 1) * (last_row - first_row + 1) <= {most}
        UNION ALL
        SELECT NULL, NULL
        WHERE NOT coalesce((last_column - first_column + 1) * (last_row - first_row + 1) <= {most}, FALSE)
    ) AS block
    WHERE NEW.layer IN (gathered.layer, {every});
    RETURN NULL;
END
$$
""")


def marking(layers: Iterable[Layer]) -> Iterator[sql.Composable]:
    """Return the statements by which every change that is logged marks the blocks it meets.

    What stood there before was perhaps made from other declarations: everything that is not empty is marked.
    """
    gathered = gathered_layers(layers)
    if not gathered:
        return
    sides = [
        sql.SQL("({}, {}, {}::double precision)").format(
            sql.Literal(layer.name), sql.Literal(base_level(layer)), sql.Literal(block_side(base_level(layer)))
        )
        for layer in gathered
    ]
    yield _MARK.format(
        sides=sql.SQL(", ").join(sides),
        west=sql.Literal(WEB.west),
        north=sql.Literal(WEB.north),
        side=sql.Literal(WEB.side),
        reach=sql.Literal(_REACH_M),
        most=sql.Literal(_MOST_MARKS),
        every=sql.Literal(EVERY_LAYER),
    )
    yield sql.SQL(
        "CREATE OR REPLACE TRIGGER marked AFTER INSERT ON register.change"
        " FOR EACH ROW WHEN (NEW.scenario IS NULL) EXECUTE FUNCTION overview.mark_blocks()"
    )
    for layer in gathered:
        yield sql.SQL("DELETE FROM overview.mark WHERE layer = {}").format(sql.Literal(layer.name))
        yield sql.SQL(
            "INSERT INTO overview.mark (layer) SELECT {name} WHERE EXISTS (SELECT 1 FROM {table})"
            " OR EXISTS (SELECT 1 FROM overview.share WHERE layer = {name})"
        ).format(name=sql.Literal(layer.name), table=sql.Identifier(CITY_SCHEMA, layer.name))


@dataclass(frozen=True, slots=True)
class Stale:
    """What of an overview is out of step: everything, or no more than some blocks, the finest level first."""

    everywhere: bool
    blocks: tuple[Block, ...]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.blocks)


def stale_at(connection: Connection[Any], layer: Layer, level: int, place: Place, *, most: int) -> Stale:
    """Return the blocks of the base level out of step in the blocks of a level that a box in EPSG:3857 meets.

    Found in the snapshot of the caller's transaction. Where it names none, the box can be drawn: a coarser block that
    is out of step is drawn from its finer ones.

    Parameters
    ----------
    most : more blocks than this are called everything.
    """
    finer = base_level(layer) - level
    first, last = corner_blocks(level, place)
    return _stale(
        connection,
        layer,
        {
            "first_column": first.column << finer,
            "last_column": (last.column + 1 << finer) - 1,
            "first_row": first.row << finer,
            "last_row": (last.row + 1 << finer) - 1,
            "level": base_level(layer),
            "most": most + 1,
        },
    )


def stale(connection: Connection[Any], layer: Layer) -> Stale:
    """Return what of a layer's overview is out of step."""
    bounds = ("level", "first_column", "last_column", "first_row", "last_row", "most")
    return _stale(connection, layer, dict.fromkeys(bounds))


def _stale(connection: Connection[Any], layer: Layer, asked: Mapping[str, int | None]) -> Stale:
    found = connection.execute(statements(_SQL)["marked"].sql(), {"layer": layer.name, **asked}).fetchall()
    blocks = tuple(Block(level, column, row) for level, column, row in found if level is not None)
    return Stale(len(blocks) < len(found) or len(found) == asked["most"], blocks)


def take_marks(connection: Connection[Any], layer: Layer, blocks: Sequence[Block]) -> list[Block]:
    """Remove the marks of blocks of one level that the caller's snapshot sees; return the blocks that had any."""
    found = connection.execute(statements(_SQL)["take"].sql(), _named(layer, blocks)).fetchall()
    return sorted({Block(*each) for each in found})


def mark(connection: Connection[Any], layer: Layer, blocks: Sequence[Block]) -> None:
    """Mark blocks of one level."""
    connection.execute(statements(_SQL)["mark"].sql(), _named(layer, blocks))


def _named(layer: Layer, blocks: Sequence[Block]) -> dict[str, object]:
    return {
        "layer": layer.name,
        "level": blocks[0].level if blocks else 0,
        "columns": [block.column for block in blocks],
        "rows": [block.row for block in blocks],
    }


def mark_everything(connection: Connection[Any], layer: Layer) -> None:
    """Mark the whole overview of a layer."""
    connection.execute(statements(_SQL)["mark_everything"].sql(), {"layer": layer.name})


def spread(connection: Connection[Any], layer: Layer) -> None:
    """Put marks on every block that shows or may show something in the place of those that mean everything.

    Raises
    ------
    TooWideError
        When these are too many; the marks stay as they are.
    """
    if connection.execute(statements(_SQL)["take_everything"].sql(), {"layer": layer.name}).rowcount == 0:
        return
    level = base_level(layer)
    connection.execute(statements(_SQL)["remove_of_other_level"].sql(), {"layer": layer.name, "level": level})
    spans = statements(_SQL)["spans"].sql(layer=sql.Identifier(CITY_SCHEMA, layer.name))
    grid = {"west": WEB.west, "north": WEB.north, "side_m": block_side(level), "reach_m": _REACH_M}
    found = connection.execute(spans, grid | {"name": layer.name, "level": level}).fetchall()
    columns, rows = _blocks_of(layer, np.array(found, np.int64).reshape(-1, 4))
    mark(connection, layer, [Block(level, column, row) for column, row in zip(columns, rows, strict=True)])


def _blocks_of(layer: Layer, spans: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[list[int], list[int]]:
    """Return columns and rows of the blocks in any of the spans: first and last column, first and last row."""
    if len(spans) == 0:
        return [], []
    west, north = spans[:, 0].min(), spans[:, 2].min()
    occupied = np.zeros((spans[:, 3].max() - north + 1, spans[:, 1].max() - west + 1), bool)
    for first_column, last_column, first_row, last_row in spans:
        occupied[first_row - north : last_row - north + 1, first_column - west : last_column - west + 1] = True
    rows, columns = np.nonzero(occupied)
    if len(rows) > MOST_BLOCKS:
        raise TooWideError(layer, len(rows), MOST_BLOCKS)
    return (columns + west).tolist(), (rows + north).tolist()


def neighbours_together(blocks: Iterable[Block]) -> list[list[Block]]:
    """Part blocks into squares of 8 by 8, which have their coarser blocks in common."""
    squares: dict[tuple[int, int], list[Block]] = {}
    for block in sorted(blocks):
        squares.setdefault((block.row >> _GROUP, block.column >> _GROUP), []).append(block)
    return list(squares.values())
