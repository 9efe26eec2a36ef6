"""Warm tiles of about 30 KB from one worker, beside what a server in Python can do at all, and beside Martin."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from gis.settings import REPOSITORY
from tests.bench.figures import Figure, not_measured
from tests.bench.serving.asking import WRK, Asked, Client, has_wrk, over_and_over
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import PeerAbsentError
from tests.bench.serving.martin import martin as start_martin
from tests.bench.serving.ours import ours
from tests.bench.serving.peers import peers_table
from tests.bench.serving.servers import HOST, NotReadyError, Server, free_port, running
from tests.bench.serving.walk import Tile, walk

CONNECTIONS = 64
ROUNDS = 2
METHOD = (
    "wrk, 64 connections, distinct tiles that were asked for before, gzipped, bodies of 22-38 KB; best of two rounds"
)
NAME, NAME_P99, NAME_MARTIN = (
    "warm tiles of 30 KB, one worker",
    f"warm tiles, p99 at {CONNECTIONS} connections",
    "warm tiles of 30 KB against Martin with its memory cache",
)
_BODY_BYTES = range(22_000, 38_001)
_ZOOMS = (15, 16)
_MOST_TILES = 300
_CACHE_MB = 256
_GZIP = {"Accept-Encoding": "gzip"}


def warm(ground: Ground) -> Iterator[Figure]:
    """Ask for tiles that were asked for before, over many connections."""
    if not has_wrk():
        yield not_measured(NAME, "/s", WRK, least=20_000)
        yield not_measured(NAME_P99, "ms", WRK, most=5)
        yield not_measured(NAME_MARTIN, "×", WRK, least=1)
        return
    tiles = walk(ground.city_url).tiles(*_ZOOMS)
    served: list[Asked] = []
    bound: list[Asked] = []
    paths, body_bytes = [""], 0.0
    for _ in range(ROUNDS):
        with ours(ground.city_url, ground.folder, workers=1) as server:
            paths, body_bytes = _of_size(server, tiles, _GZIP)
            served.append(_asked(ground, server, paths, [f"{name}: {value}" for name, value in _GZIP.items()]))
        with _nothing(ground) as server:
            bound.append(_asked(ground, server, ["/"], []))
    best = max(served, key=lambda one: one.rate)
    errors = sum(one.errors for one in served)
    note = (
        f"{len(paths)} distinct tiles of {body_bytes / 1000:.0f} KB; an ASGI application that does nothing: "
        f"{max(one.rate for one in bound):,.0f}/s; wrk shares the {os.cpu_count()} cores; {errors} errors"
    )
    yield Figure(NAME, best.rate if not errors else math.nan, "/s", least=20_000, note=note, method=METHOD)
    note = f"the same with nothing behind it: {min(one.p99_ms for one in bound):.1f} ms"
    p99_ms = min(one.p99_ms for one in served) if not errors else math.nan
    yield Figure(NAME_P99, p99_ms, "ms", most=5, note=note, method=METHOD)
    try:
        yield _against_martin(ground, tiles, best.rate)
    except (PeerAbsentError, NotReadyError) as reason:
        yield not_measured(NAME_MARTIN, "×", str(reason), least=1)


def _against_martin(ground: Ground, tiles: Sequence[Tile], our_rate: float) -> Figure:
    rates: dict[str, float] = {}
    with peers_table(ground.city_url):
        for coding in ("gzip", "identity"):
            with start_martin(ground, cache_mb=_CACHE_MB, workers=1) as server:
                paths, _ = _of_size(server, tiles, {"Accept-Encoding": coding})
                rates[coding] = _asked(ground, server, paths, [f"Accept-Encoding: {coding}"]).rate
    note = ", ".join(f"Martin {coding} {one:,.0f}/s" for coding, one in rates.items())
    note += f"; ours gzip {our_rate:,.0f}/s; the faster of Martin's counts"
    return Figure(NAME_MARTIN, our_rate / max(rates.values()), "×", least=1, note=note, method=METHOD)


def _of_size(server: Server, tiles: Sequence[Tile], headers: dict[str, str]) -> tuple[list[str], float]:
    """Ask for tiles, which warms them, and return the paths of those of about 30 KB, and their mean size."""
    client = Client(server)
    sizes = {server.path(tile): len(client.ask(server.path(tile), headers).body) for tile in tiles[:_MOST_TILES]}
    client.close()
    found = {path: size for path, size in sizes.items() if size in _BODY_BYTES}
    if not found:
        raise NotReadyError(f"{server.name} gave no tile of about 30 KB")
    return list(found), sum(found.values()) / len(found)


def _asked(ground: Ground, server: Server, paths: Sequence[str], headers: Sequence[str]) -> Asked:
    return over_and_over(
        server, paths, connections=CONNECTIONS, seconds=ground.scale.warm_s, folder=ground.folder, headers=headers
    )


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
