"""A page far into a layer against its first page."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from tests.bench.figures import Figure, not_measured
from tests.bench.serving.asking import Client
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ITEMS, ours
from tests.bench.serving.walk import walk

MOST_RATIO = 1.5
PAGE = 1_000
METHOD = f"pages of {PAGE:,} features reached by their own `next` links from the first; both asked in turn, medians"
_ASKED = 25


def depth(ground: Ground) -> Iterator[Figure]:
    """Follow the links to a depth, then ask for that page and for the first, in turn."""
    wanted = min(ground.scale.depth, walk(ground.city_url).count * 4 // 5)
    name = f"page at depth {wanted:,} against the first page"
    with ours(ground.city_url, ground.folder, workers=1) as server, closing(Client(server)) as client:
        first = f"{ITEMS}?limit={PAGE}"
        deep, passed = _follow(client, first, wanted)
        if passed < wanted:
            yield not_measured(name, "×", f"the links end after {passed:,} features", most=MOST_RATIO)
            return
        took: dict[str, list[float]] = {first: [], deep: []}
        sizes: dict[str, int] = {}
        for _ in range(_ASKED):
            for path, times in took.items():
                began = time.perf_counter()
                answer = client.ask(path)
                times.append((time.perf_counter() - began) * 1000)
                sizes[path] = json.loads(answer.body)["numberReturned"] if answer.status == 200 else -1
    medians = [statistics.median(took[path]) for path in (deep, first)]
    note = f"{medians[0]:.1f} against {medians[1]:.1f} ms; {sizes[deep]:,} and {sizes[first]:,} features"
    ratio = medians[0] / medians[1] if sizes[deep] == sizes[first] == PAGE else math.nan
    yield Figure(name, ratio, "×", most=MOST_RATIO, note=note, method=METHOD)


def _follow(client: Client, path: str, wanted: int) -> tuple[str, int]:
    """Return the page that begins after so many features, and how many were passed."""
    passed = 0
    while passed < wanted:
        answer = client.ask(path)
        if answer.status != 200:
            break
        page = json.loads(answer.body)
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        if following is None:
            break
        passed += page["numberReturned"]
        parts = urlsplit(following)
        path = f"{parts.path}?{parts.query}"
    return path, passed
