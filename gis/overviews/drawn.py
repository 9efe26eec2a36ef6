"""What a tile needs of an overview: whether there is one, whether it is in step, and what is drawn from it."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from gis.changes.ledger import Place
from gis.overviews.blocks import base_level, corner_blocks
from gis.statements import statements
from layers.model import Horizon, Layer
from layers.write import integer, number, words

MOST_AT_ONCE = 64
"""Blocks that whoever draws waits to see in step; where more are out of it the layer is drawn from its features."""
MOST_MARKS = 4_096
"""Marks that are named: a block has one for each edit since it was last in step."""
KEEPER_LOCK = 7_230_549
"""First key of the advisory lock that the one keeper of a database holds; the second is 0."""
EVERYTHING = "*"
"""Stands for more marks than that."""
GATHERED = (
    integer(
        "features",
        words("Số đối tượng được gộp", "Features gathered"),
        words(
            "Ở mức phóng nhỏ: mảng này gộp bao nhiêu đối tượng cùng loại",
            "At low zooms: how many features of one kind this patch stands for",
        ),
    ),
    number(
        "area_m2",
        words("Diện tích được gộp", "Area gathered"),
        words("Ở mức phóng nhỏ: diện tích mà mảng này thay cho", "At low zooms: the area this patch stands for"),
        unit="m²",
    ),
)
"""What a patch says of itself in a tile, besides the code it is painted by; a single feature has none of it."""
_CORNERS = ("first_column", "last_column", "first_row", "last_row")
_SQL = Path(__file__).with_suffix(".sql")


def is_gathered(layer: Layer, zoom: int) -> bool:
    """Return whether a layer is drawn from its overview at a zoom of the usual web grid."""
    return layer.gathered_below is not None and layer.zooms[0] <= zoom <= base_level(layer)


def drawn_from(level: int, place: Place) -> Place:
    """Return the box of the blocks a box meets: a change anywhere in it may alter what is drawn in the box."""
    first, last = (block.place for block in corner_blocks(level, place))
    return Place(first.west, last.south, last.east, first.north)


def patches(layer: Layer, level: int, horizon: Horizon, *, reach: sql.Composable) -> sql.Composed:
    """Return the statement that reads what is drawn of a layer, to stand in the FROM of a larger one.

    Its columns are `code`, `area_m2`, `features` and `web_geom`. It binds `base_corners`.

    Parameters
    ----------
    reach : an expression for the box that is drawn, a geometry in EPSG:3857.
    """
    return statements(_SQL)["patches"].sql(
        of_layer=sql.Literal(layer.name),
        at_level=sql.Literal(level),
        base=sql.Literal(base_level(layer)),
        at_horizon=sql.Literal(horizon.value),
        reach=reach,
        **_bounds(layer),
    )


def out_of_step(layer: Layer) -> sql.Composed:
    """Return the statement that names what is out of step in the blocks a box meets; for a larger one.

    Its value is null where nothing is, the numbers of marks, or `EVERYTHING`. In one statement with `patches` a null
    proves that what was drawn is in step with what that statement saw. It binds `base_corners`.
    """
    return statements(_SQL)["marks"].sql(
        of_layer=sql.Literal(layer.name),
        base=sql.Literal(base_level(layer)),
        most=sql.Literal(MOST_AT_ONCE),
        most_marks=sql.Literal(MOST_MARKS),
        **_bounds(layer),
    )


def base_corners(layer: Layer, level: int, place: Place) -> dict[str, int]:
    """Return the first and last columns and rows, at the base level, of the blocks a box meets at a level."""
    finer = base_level(layer) - level
    first, last = corner_blocks(level, place)
    corners = (first.column << finer, (last.column + 1 << finer) - 1, first.row << finer, (last.row + 1 << finer) - 1)
    return {_of(layer, name): number for name, number in zip(_CORNERS, corners, strict=True)}


def _bounds(layer: Layer) -> dict[str, sql.Composable]:
    return {name: sql.SQL("{}::integer").format(sql.Placeholder(_of(layer, name))) for name in _CORNERS}


def _of(layer: Layer, corner: str) -> str:
    return f"{layer.name}_{corner}"
