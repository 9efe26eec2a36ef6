"""Overviews are brought in step with the data, in small transactions that take the marks they have seen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any  # psycopg's connections are generic over the rows they return

from psycopg import Connection

from gis.overviews.blocks import Block, base_level, levels
from gis.overviews.errors import OtherLevelError
from gis.overviews.marks import mark, mark_everything, neighbours_together, spread, stale, take_marks
from gis.overviews.shares import alike, shares_of, summed
from gis.overviews.stored import store, stored_shares
from layers.model import Layer

Progress = Callable[[Layer, int, int], None]
"""Told the layer, how many blocks are done, and how many there are."""
_LOCK = 7_230_548
"""First key of the advisory locks that let one process at a time refresh a level of the overview of a layer."""


def build(connection: Connection[Any], layer: Layer, progress: Progress | None = None) -> int:
    """Make the whole overview of a layer anew where it differs from the data; return the number of blocks looked at."""
    mark_everything(connection, layer)
    return catch_up(connection, layer, progress)


def catch_up(connection: Connection[Any], layer: Layer, progress: Progress | None = None) -> int:
    """Refresh all that is marked of a layer's overview; return the number of blocks of the base level looked at.

    Raises
    ------
    TooWideError
        When its features are spread too far for an overview.
    """
    looked_at = 0
    while parts := marked_together(connection, layer):
        total, done = sum(map(len, parts)), 0
        for blocks in parts:
            refresh(connection, layer, blocks)
            done += len(blocks)
            if progress is not None:
                progress(layer, done, total)
        looked_at += done if parts[0][0].level == base_level(layer) else 0
    return looked_at


def marked_together(connection: Connection[Any], layer: Layer) -> list[list[Block]]:
    """Return the marked blocks of the finest level that has any, in parts that are best refreshed at once.

    Raises
    ------
    TooWideError
        When its features are spread too far for an overview.
    """
    if stale(connection, layer).everywhere:
        with _turn(connection, layer, base_level(layer), wait=True), _snapshot(connection):
            spread(connection, layer)
    blocks = stale(connection, layer).blocks
    return neighbours_together(block for block in blocks if block.level == blocks[0].level)


def refresh(connection: Connection[Any], layer: Layer, blocks: Sequence[Block], *, wait: bool = True) -> bool:
    """Bring those of some blocks of one level that are marked in step with what they are made of.

    In one transaction that sees one state of the data and takes exactly the marks that were in it; a change that comes
    meanwhile leaves its own. Where a block becomes another, the coarser one over it is marked. To be called outside of
    a transaction, for finer blocks before coarser ones.

    Parameters
    ----------
    wait : wait while another process refreshes the same level of the overview.

    Returns
    -------
    bool
        Whether it was done; False where another process was at it and `wait` is False.

    Raises
    ------
    OtherLevelError
        When a block is of no level of the overview, or not of the level of the others.
    """
    named = {block.level for block in blocks}
    if len(named) > 1 or not named <= set(levels(layer)):
        raise OtherLevelError(layer, named, levels(layer))
    if not blocks:
        return True
    with _turn(connection, layer, blocks[0].level, wait=wait) as granted:
        if not granted:
            return False
        with _snapshot(connection):
            remade = _remade(connection, layer, take_marks(connection, layer, blocks))
            above = sorted({block.parent for block in remade if block.parent.level in levels(layer)})
            if above:
                mark(connection, layer, above)
    return True


def _remade(connection: Connection[Any], layer: Layer, blocks: Sequence[Block]) -> list[Block]:
    """Measure or sum up blocks again; return those that differ from what was stored."""
    changed: list[Block] = []
    for block in blocks:
        if block.level == base_level(layer):
            shares = shares_of(connection, layer, block)
        else:
            shares = summed(stored_shares(connection, layer, block.children), block)
        if not alike(shares, stored_shares(connection, layer, [block]).get(block, [])):
            store(connection, layer, block, shares)
            changed.append(block)
    return changed


@contextmanager
def _turn(connection: Connection[Any], layer: Layer, level: int, *, wait: bool) -> Generator[bool]:
    """Hold the lock of a level of a layer's overview, or yield False.

    It is taken before the transaction begins, whose snapshot is then newer than all that was done under the lock.
    """
    take = "SELECT pg_advisory_lock(%s, hashtext(%s))" if wait else "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
    place = [_LOCK, f"{layer.name}/{level}"]
    row = connection.execute(take, place).fetchone()
    granted = wait or (row is not None and bool(row[0]))
    try:
        yield granted
    finally:
        if granted and not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", place)


@contextmanager
def _snapshot(connection: Connection[Any]) -> Generator[None]:
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
