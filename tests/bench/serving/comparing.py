"""Cold tiles against other servers of the same parcels, in turn."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.figures import Figure, not_measured
from tests.bench.serving.asking import WRK, Asked, Client, by_threads, has_wrk, once
from tests.bench.serving.features import EXTENT, area_units, inside
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import PeerAbsentError
from tests.bench.serving.martin import MARTIN
from tests.bench.serving.ours import ours
from tests.bench.serving.peers import PYGEOAPI, TIPG, Peer, peers_table
from tests.bench.serving.servers import NotReadyError, Server
from tests.bench.serving.walk import Tile, Walk, covered_share, walk

LOW_ZOOMS = (8, 9, 10, 11, 12)
METHOD = (
    "each distinct tile once from fresh servers with nothing cached, the fullest first, in turn, as many workers and "
    "connections; "
    "the same parcels with a stored web geometry; features of some tiles counted on both sides and equal"
)
LOW_METHOD = (
    "each distinct tile once from fresh servers with nothing cached; features are gathered in ours and not equal by "
    "design, so the area they cover is held against the database's"
)
_WARMED_BY = 300
_COUNTED = 6
_WORTH_COUNTING = 20
_SLOW_TILES = 24
"""So many tiles are enough of a peer that needs a second for one, and fewer of larger ones."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Tiles of some zooms, and how many times a peer's rate ours should be."""

    zooms: tuple[int, ...]
    least: float

    @property
    def name(self) -> str:
        """The zooms in words."""
        return f"z{self.zooms[0]}" + (f"-z{self.zooms[-1]}" if len(self.zooms) > 1 else "")

    @property
    def is_gathered(self) -> bool:
        """Whether ours draws overviews there."""
        return self.zooms == LOW_ZOOMS


PYTHON_BARS = (Bar((16,), 3.0), Bar((14,), 1.4), Bar(LOW_ZOOMS, 10.0))
MARTIN_BARS = (Bar((16,), 1.0), Bar((14,), 1.0), Bar(LOW_ZOOMS, 10.0))


def tipg(ground: Ground) -> Iterator[Figure]:
    """Compare with tipg."""
    yield from _compared(ground, TIPG, PYTHON_BARS)


def pygeoapi(ground: Ground) -> Iterator[Figure]:
    """Compare with pygeoapi."""
    yield from _compared(ground, PYGEOAPI, PYTHON_BARS)


def martin(ground: Ground) -> Iterator[Figure]:
    """Compare with Martin, its memory cache off."""
    yield from _compared(ground, MARTIN, MARTIN_BARS)


def overview_area(ground: Ground) -> Iterator[Figure]:
    """Hold what the overview tiles cover against what the parcels cover."""
    known = walk(ground.city_url)
    tiles = [tile for z in LOW_ZOOMS for tile, _ in known.counted(z).most_common(2)]
    with ours(ground.city_url, ground.folder) as server:
        client = Client(server)
        drawn = [area_units(client.ask(server.path(tile)).body) / EXTENT**2 for tile in tiles]
        client.close()
    stored = [covered_share(ground.city_url, tile) for tile in tiles]
    # One number for all: each tile counts as much as it covers of the ground.
    ground_share = [4.0**-tile.z for tile in tiles]
    weighed = [sum(share * weight for share, weight in zip(of, ground_share, strict=True)) for of in (drawn, stored)]
    each = ", ".join(f"z{tile.z} {a / b:.3f}" for tile, a, b in zip(tiles, drawn, stored, strict=True) if b)
    name = "area that overview tiles show against the parcels"
    yield Figure(
        name, weighed[0] / weighed[1], "×", least=0.95, most=1.05, note=each, method="decoded, clipped, summed"
    )


def _compared(ground: Ground, peer: Peer, bars: Sequence[Bar]) -> Iterator[Figure]:
    for bar in bars:
        name = f"cold tiles at {bar.name} against {peer.name}"
        if not has_wrk():
            yield not_measured(name, "×", WRK, least=bar.least)
            continue
        try:
            with peers_table(ground.city_url):
                yield _figure(ground, name, peer, bar)
        except (PeerAbsentError, NotReadyError) as reason:
            yield not_measured(name, "×", str(reason), least=bar.least)


def _figure(ground: Ground, name: str, peer: Peer, bar: Bar) -> Figure:
    known = walk(ground.city_url)
    tiles, warmed_by = known.tiles(*bar.zooms)[: ground.scale.most_tiles], known.tiles(bar.zooms[-1] + 1)
    few = tiles[: _SLOW_TILES >> max(0, 16 - bar.zooms[-1])] if peer.is_slow else tiles
    compared = _fewest(known, tiles) if peer.is_slow else _some(tiles)
    tiles, few = known.fullest_first(tiles), known.fullest_first(few)
    ours_: list[Asked] = []
    theirs: list[Asked] = []
    seen: list[int] = []
    shown: list[int] = []
    for _ in range(1 if bar.is_gathered or peer.is_slow else ground.scale.rounds):
        with ours(ground.city_url, ground.folder, workers=ground.workers) as server:
            ours_.append(_cold(ground, server, tiles, warmed_by))
            seen = [] if bar.is_gathered else _counted(server, compared)
        with peer.start(ground) as server:
            theirs.append(_cold(ground, server, few, warmed_by[:4] if peer.is_slow else warmed_by))
            shown = [] if bar.is_gathered else _counted(server, compared)
    errors = [sum(one.errors for one in rounds) for rounds in (ours_, theirs)]
    rates = [statistics.median(one.rate for one in rounds) for rounds in (ours_, theirs)]
    note = f"{rates[0]:,.1f} against {rates[1]:,.1f} tiles/s, {len(tiles)} and {len(few)} distinct tiles; errors "
    note += f"{errors[0]} and {errors[1]}; " + (
        _gathered(known, ours_, theirs) if bar.is_gathered else _same(seen, shown)
    )
    return Figure(
        name,
        _ratio(ours_, theirs) if seen == shown and (seen or bar.is_gathered) and not errors[0] else math.nan,
        "×",
        least=bar.least,
        note=note,
        method=LOW_METHOD if bar.is_gathered else METHOD,
    )


def _ratio(ours_: Sequence[Asked], theirs: Sequence[Asked]) -> float:
    """Return the median of our rate over theirs; no number where they refused everything."""
    return statistics.median(
        o.rate / t.most_rate if t.most_rate else math.nan for o, t in zip(ours_, theirs, strict=True)
    )


def _gathered(known: Walk, ours_: Sequence[Asked], theirs: Sequence[Asked]) -> str:
    sizes = [sum(one.bytes for one in rounds) / sum(one.answers for one in rounds) for rounds in (ours_, theirs)]
    kilobytes = " and ".join(f"{size / 1000:,.0f}" for size in sizes)
    return f"{known.count:,} parcels are gathered in ours, so not equal; {kilobytes} KB a tile"


def _same(seen: Sequence[int], shown: Sequence[int]) -> str:
    return f"features in {len(seen)} tiles {sum(seen):,} and {sum(shown):,}"


def _cold(ground: Ground, server: Server, tiles: Sequence[Tile], warmed_by: Sequence[Tile]) -> Asked:
    """Ask for each tile once; where they are few and large, wait for every one of them."""
    paths, others = [server.path(tile) for tile in tiles], [server.path(tile) for tile in warmed_by[:_WARMED_BY]]
    if len(paths) < _SLOW_TILES * 3:
        by_threads(server, others[:_SLOW_TILES], connections=ground.connections)
        return by_threads(server, paths, connections=ground.connections)
    once(server, others, connections=ground.connections, folder=ground.folder)
    return once(server, paths, connections=ground.connections, folder=ground.folder)


def _counted(server: Server, tiles: Sequence[Tile]) -> list[int]:
    """Count the features of each tile."""
    client = Client(server)
    counted = [inside(client.ask(server.path(tile)).body) for tile in tiles]
    client.close()
    return counted


def _some(tiles: Sequence[Tile]) -> list[Tile]:
    return sorted(tiles, key=lambda tile: (-tile.z, tile))[:: max(1, len(tiles) // _COUNTED)][:_COUNTED]


def _fewest(known: Walk, tiles: Sequence[Tile]) -> list[Tile]:
    """Return a few tiles that a slow peer still draws in time."""
    parcels = known.counted(tiles[0].z)
    return sorted((tile for tile in tiles if parcels[tile] >= _WORTH_COUNTING), key=lambda tile: parcels[tile])[:3]
