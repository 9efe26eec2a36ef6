"""Cold tiles against other servers of the same parcels, in turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.figures import Figure
from tests.bench.serving.asking import WRK, Asked, Client, by_threads, has_wrk, once
from tests.bench.serving.features import inside
from tests.bench.serving.ground import Ground, left_out
from tests.bench.serving.martin import MARTIN
from tests.bench.serving.ours import ours
from tests.bench.serving.peers import PYGEOAPI, TIPG, Peer, peers_table
from tests.bench.serving.servers import Server
from tests.bench.serving.walk import Tile, Walk, walk

ROUNDS = 3
LOW_ZOOMS = (8, 9, 10, 11, 12)
_WARMED_BY = 300
_COUNTED = 6
_SLOW_TILES = 24
"""So many tiles are enough of a peer that needs half a second for one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Tiles of some zooms, and how many times a peer's rate ours should be."""

    zooms: tuple[int, ...]
    least: float

    @property
    def name(self) -> str:
        """The zooms in words."""
        return f"z{self.zooms[0]}" + (f"–z{self.zooms[-1]}" if len(self.zooms) > 1 else "")


PYTHON_BARS = (Bar((16,), 3.0), Bar((14,), 1.4), Bar(LOW_ZOOMS, 10.0))
MARTIN_BARS = (Bar((16,), 1.0), Bar((14,), 1.0), Bar(LOW_ZOOMS, 10.0))


def peers(ground: Ground) -> Iterator[Figure]:
    """Compare with the other servers in Python."""
    yield from _compared(ground, (TIPG, PYGEOAPI), PYTHON_BARS)


def martin(ground: Ground) -> Iterator[Figure]:
    """Compare with Martin, its memory cache off."""
    yield from _compared(ground, (MARTIN,), MARTIN_BARS)


def _compared(ground: Ground, every: Sequence[Peer], bars: Sequence[Bar]) -> Iterator[Figure]:
    there = [peer for peer in every if peer.is_there(ground)]
    for peer in every:
        if peer not in there:
            left_out(f"The comparison with {peer.name}", f"give its place with --peers DIR after `{peer.install}`.")
    if not there or not has_wrk():
        if there:
            left_out("The comparison with other servers", WRK)
        return
    known = walk(ground.city_url)
    with peers_table(ground.city_url):
        for bar in bars:
            for peer in there:
                yield _figure(ground, peer, bar, known)


def _figure(ground: Ground, peer: Peer, bar: Bar, known: Walk) -> Figure:
    tiles, warmed_by = known.tiles(*bar.zooms), known.tiles(bar.zooms[-1] + 1)
    ours_: list[Asked] = []
    theirs: list[Asked] = []
    for _ in range(1 if bar.zooms == LOW_ZOOMS else ROUNDS):
        with _own(ground) as server:
            ours_.append(_cold(ground, server, tiles, warmed_by))
            seen = _counted(server, tiles)
        with peer.start(ground) as server:
            few = tiles[:_SLOW_TILES] if peer is PYGEOAPI else tiles
            theirs.append(_cold(ground, server, few, warmed_by[:8] if peer is PYGEOAPI else warmed_by))
            shown = _counted(server, tiles)
    ratio = statistics.median(o.rate / t.rate if t.rate else float("inf") for o, t in zip(ours_, theirs, strict=True))
    ours_rate, their_rate = (statistics.median(one.rate for one in rounds) for rounds in (ours_, theirs))
    note = (
        f"{ours_rate:,.1f} against {their_rate:,.1f} tiles/s, {len(tiles)} distinct tiles; errors "
        f"{sum(one.errors for one in ours_)} and {sum(one.errors for one in theirs)}; features in {_COUNTED} tiles "
        f"{sum(seen):,} and {sum(shown):,}"
    )
    drawn = bool(sum(seen)) and (bar.zooms == LOW_ZOOMS or seen == shown)
    return Figure(
        f"cold tiles at {bar.name} against {peer.name}",
        ratio if drawn else float("nan"),
        "×",
        least=bar.least,
        note=note,
    )


@contextmanager
def _own(ground: Ground) -> Iterator[Server]:
    with ours(ground.city_url, ground.folder, workers=ground.workers) as server:
        yield server


def _cold(ground: Ground, server: Server, tiles: Sequence[Tile], warmed_by: Sequence[Tile]) -> Asked:
    """Ask for each tile once; where they are few and large, wait for every one of them."""
    paths, others = [server.path(tile) for tile in tiles], [server.path(tile) for tile in warmed_by[:_WARMED_BY]]
    few = len(paths) < _SLOW_TILES * 2
    if few:
        by_threads(server, others[:_SLOW_TILES], connections=ground.connections)
        return by_threads(server, paths, connections=ground.connections)
    once(server, others, connections=ground.connections, folder=ground.folder)
    return once(server, paths, connections=ground.connections, folder=ground.folder)


def _counted(server: Server, tiles: Sequence[Tile]) -> list[int]:
    """Count the features of a few of the tiles, the smaller ones."""
    client = Client(server)
    smallest = sorted(tiles, key=lambda tile: (-tile.z, tile))[:: max(1, len(tiles) // _COUNTED)][:_COUNTED]
    counted = [inside(client.ask(server.path(tile)).body) for tile in smallest]
    client.close()
    return counted
