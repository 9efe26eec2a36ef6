"""One tile of the whole city, cold; the same of a city many times larger."""

from __future__ import annotations

import statistics
import time
from collections.abc import Generator, Iterator

from tests.bench.figures import Figure, not_measured
from tests.bench.serving.asking import Client
from tests.bench.serving.features import features
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.walk import walk

METHOD = (
    "a fresh service each time, warmed with other tiles, one request; gzip for the time, plain for the bytes; median"
)
RATIO = "whole-city tile, cold: larger city against this"
MOST_MS, MOST_KB, MOST_RATIO = 150, 500, 1.5
_GZIP = {"Accept-Encoding": "gzip"}


def whole_city(ground: Ground) -> Iterator[Figure]:
    """Ask fresh services for the deepest tile that holds all parcels."""
    took_ms, name = yield from _city(ground, ground.city_url)
    if ground.large_url is None:
        yield not_measured(RATIO, "×", "no larger city was asked for (--whole-city)", most=MOST_RATIO)
        return
    large_ms, large_name = yield from _city(ground, ground.large_url)
    note = f"{large_name} {large_ms:.0f} ms, {name} {took_ms:.0f} ms"
    yield Figure(RATIO, large_ms / took_ms, "×", most=MOST_RATIO, note=note, method=METHOD)


def _city(ground: Ground, url: str) -> Generator[Figure, None, tuple[float, str]]:
    known = walk(url)
    tile = known.whole()
    took: list[float] = []
    for _ in range(ground.scale.rounds):
        with ours(url, ground.folder) as server:
            client = Client(server)
            for z in (14, 15, 16):
                for other in known.tiles(z)[:10]:
                    client.ask(server.path(other), _GZIP)
            began = time.perf_counter()
            answer = client.ask(server.path(tile), _GZIP)
            took.append((time.perf_counter() - began) * 1000)
            plain = client.ask(server.path(tile), {"Accept-Encoding": "identity"})
            client.close()
    held = len(features(plain.body)) if plain.status == 200 else 0
    name = f"whole-city tile over {known.count:,} parcels, cold"
    note = f"{'/'.join(map(str, tile))}, status {answer.status}, {held:,} features"
    # A tile that holds nothing is not a quick tile.
    median_ms = statistics.median(took) if held else float("nan")
    yield Figure(name, median_ms, "ms", most=MOST_MS, note=note, method=METHOD)
    size = f"{len(answer.body) / 1000:,.0f} KB gzipped"
    kilobytes = len(plain.body) / 1000 if held else float("nan")
    yield Figure(f"{name}: bytes", kilobytes, "KB", most=MOST_KB, note=size, method=METHOD)
    return median_ms, f"{known.count:,} parcels"
