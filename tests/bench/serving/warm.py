"""Warm tiles of about 30 KB from one worker, beside what a server in Python can do at all, and beside Martin."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from gis.settings import REPOSITORY
from tests.bench.figures import Figure
from tests.bench.serving.asking import WRK, Asked, Client, has_wrk, over_and_over
from tests.bench.serving.ground import Ground, left_out
from tests.bench.serving.martin import MARTIN
from tests.bench.serving.martin import martin as start_martin
from tests.bench.serving.ours import ours
from tests.bench.serving.peers import peers_table
from tests.bench.serving.servers import HOST, Server, free_port, running
from tests.bench.serving.walk import Tile, walk

CONNECTIONS = 64
SECONDS = 8
ROUNDS = 2
_BODY_BYTES = range(22_000, 38_001)
_ZOOMS = (15, 16)
_MOST_TILES = 300
_CACHE_MB = 256
_GZIP = {"Accept-Encoding": "gzip"}


def warm(ground: Ground) -> Iterator[Figure]:
    """Ask for tiles that were asked for before, over many connections."""
    if not has_wrk():
        left_out("The rate of warm tiles", WRK)
        return
    tiles = walk(ground.city_url).tiles(*_ZOOMS)
    served: list[Asked] = []
    bound: list[Asked] = []
    for _ in range(ROUNDS):
        with ours(ground.city_url, ground.folder, workers=1) as server:
            paths, body_bytes = _of_size(server, tiles, _GZIP)
            served.append(_asked(ground, server, paths, [f"{name}: {value}" for name, value in _GZIP.items()]))
        with _nothing(ground) as server:
            bound.append(_asked(ground, server, ["/"], []))
    best = max(served, key=lambda one: one.rate)
    note = (
        f"{len(paths)} distinct tiles of {body_bytes / 1000:.0f} KB gzipped; an ASGI application that does nothing: "
        f"{max(one.rate for one in bound):,.0f}/s; the load generator shares the cores; "
        f"{sum(one.errors for one in served)} errors"
    )
    yield Figure("warm tiles of 30 KB, one worker", best.rate, "/s", least=20_000, note=note)
    note = f"the same with nothing behind it: {min(one.p99_ms for one in bound):.1f} ms"
    name = f"warm tiles, p99 at {CONNECTIONS} connections"
    yield Figure(name, min(one.p99_ms for one in served), "ms", most=5, note=note)
    yield from _against_martin(ground, tiles, best.rate)


def _against_martin(ground: Ground, tiles: Sequence[Tile], our_rate: float) -> Iterator[Figure]:
    if not MARTIN.is_there(ground):
        left_out("The comparison with Martin", f"give its place with --peers DIR after `{MARTIN.install}`.")
        return
    rates: dict[str, float] = {}
    with peers_table(ground.city_url):
        for coding in ("gzip", "identity"):
            with start_martin(ground, cache_mb=_CACHE_MB, workers=1) as server:
                paths, _ = _of_size(server, tiles, {"Accept-Encoding": coding})
                rates[coding] = _asked(ground, server, paths, [f"Accept-Encoding: {coding}"]).rate
    coding, rate = max(rates.items(), key=lambda one: one[1])
    note = (
        ", ".join(f"Martin {coding} {one:,.0f}/s" for coding, one in rates.items()) + f"; ours gzip {our_rate:,.0f}/s"
    )
    yield Figure("warm tiles of 30 KB against Martin", our_rate / rate, "×", least=1.0, note=note)


def _of_size(server: Server, tiles: Sequence[Tile], headers: dict[str, str]) -> tuple[list[str], float]:
    """Ask for tiles, which warms them, and return the paths of those of about 30 KB, and their mean size."""
    client = Client(server)
    sizes = {server.path(tile): len(client.ask(server.path(tile), headers).body) for tile in tiles[:_MOST_TILES]}
    client.close()
    found = {path: size for path, size in sizes.items() if size in _BODY_BYTES}
    return list(found), sum(found.values()) / max(1, len(found))


def _asked(ground: Ground, server: Server, paths: Sequence[str], headers: Sequence[str]) -> Asked:
    return over_and_over(server, paths, connections=CONNECTIONS, seconds=SECONDS, folder=ground.folder, headers=headers)


@contextmanager
def _nothing(ground: Ground) -> Generator[Server]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "tests.bench.serving.empty:app", "--host", HOST, "--port", str(port)),
        *("--no-access-log", "--log-level", "warning", "--lifespan", "off"),
    ]
    environment = {"PYTHONPATH": str(REPOSITORY)}
    with running(
        "empty", command, port=port, tile_path="/", ready="/", folder=ground.folder, environment=environment
    ) as server:
        yield server
