"""The check of freshness: it must see every stale tile, and no fresh one as stale."""

from __future__ import annotations

from tests.bench.serving.pawns import Pawn
from tests.bench.serving.walk import Tile

FOUND, MOVED = (12_040_000.0, 1_810_000.0), (12_044_000.0, 1_810_000.0)


def pawn() -> Pawn:
    return Pawn(7, FOUND, MOVED)


def shown_since(at: Tile, shown: dict[int, str | None], since: int, until: int) -> bool:
    return pawn().is_shown(at, shown, since=since, until=until)


def test_a_tile_must_show_the_last_step_committed_before_it_was_asked_for() -> None:
    here = pawn().tile(17)
    assert shown_since(here, {7: "bench-4"}, 4, 4)
    assert not shown_since(here, {7: "bench-2"}, 4, 4)
    assert not shown_since(here, {7: "0815"}, 0, 0)
    assert not shown_since(here, {}, 4, 4)


def test_a_tile_may_show_what_was_committed_while_it_was_asked_for() -> None:
    here = pawn().tile(17)
    assert shown_since(here, {7: "bench-2"}, 1, 2)
    assert shown_since(here, {}, 1, 2)
    assert not shown_since(here, {7: "bench-0"}, 1, 2)


def test_a_parcel_that_was_moved_or_deleted_leaves_no_ghost() -> None:
    here, there = pawn().tile(17), pawn().tile(17, 1)
    assert here != there
    assert not shown_since(here, {7: "bench-0"}, 1, 1)
    assert shown_since(there, {7: "bench-1"}, 1, 1)
    assert not shown_since(there, {7: "bench-1"}, 2, 2)
    assert not shown_since(here, {7: "bench-2"}, 3, 3)
    assert shown_since(here, {}, 3, 3)


def test_a_parcel_near_the_edge_of_a_tile_may_stand_in_its_margin() -> None:
    beside = pawn().tile(17)._replace(x=pawn().tile(17).x + 1)
    assert shown_since(beside, {}, 0, 0)
    assert shown_since(beside, {7: "bench-0"}, 0, 0)
    assert not shown_since(beside, {7: "bench-0"}, 2, 2)
