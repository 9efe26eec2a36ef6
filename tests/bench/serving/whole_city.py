"""One tile of the whole city, cold; the same of a city many times larger."""

from __future__ import annotations

import statistics
import time
from collections.abc import Generator, Iterator

from tests.bench.figures import Figure
from tests.bench.serving.asking import Client
from tests.bench.serving.features import features
from tests.bench.serving.ground import Ground, left_out
from tests.bench.serving.ours import ours
from tests.bench.serving.walk import walk

ROUNDS = 5
MOST_MS, MOST_KB, MOST_RATIO = 150, 500, 1.5
_GZIP = {"Accept-Encoding": "gzip"}


def whole_city(ground: Ground) -> Iterator[Figure]:
    """Ask fresh services for the deepest tile that holds all parcels."""
    took_ms, name = yield from _city(ground, ground.city_url)
    if ground.large_url is None:
        left_out("The whole-city tile of a larger city", "give a database of millions of parcels with --large-url URL.")
        return
    large_ms, large_name = yield from _city(ground, ground.large_url)
    note = f"{large_name} {large_ms:.0f} ms, {name} {took_ms:.0f} ms"
    yield Figure("whole-city tile, cold: larger city against this", large_ms / took_ms, "×", most=MOST_RATIO, note=note)


def _city(ground: Ground, url: str) -> Generator[Figure, None, tuple[float, str]]:
    known = walk(url)
    tile = known.whole()
    took: list[float] = []
    for _ in range(ROUNDS):
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
    yield Figure(name, median_ms, "ms", most=MOST_MS, note=note)
    size = f"{len(answer.body) / 1000:,.0f} KB gzipped"
    yield Figure(f"{name}: bytes", len(plain.body) / 1000 if held else float("nan"), "KB", most=MOST_KB, note=size)
    return median_ms, f"{known.count:,} parcels"
