"""What the service counts of itself, for Prometheus at `/metrics`.

Counting costs a fraction of a microsecond: plain numbers in this process, which are put into Prometheus's words only
when they are asked for. Several workers lay their numbers together in a directory, once a second (`api/work.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from threading import Lock
from typing import Literal

from api.limits import METHODS
from gis.tiles import Found

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latencies that are counted together, in seconds."""


class Count:
    """A number that only grows.

    Parameters
    ----------
    name : as Prometheus shows it, without `quyhoach_` before and `_total` after it.
    meaning : one sentence.
    labels : what tells it from others of the same name.
    """

    __slots__ = ("_lock", "key", "labels", "meaning", "name", "value")

    def __init__(self, name: str, meaning: str, **labels: str) -> None:
        self.name = name
        self.meaning = meaning
        self.labels = labels
        self.key = " ".join([name, *labels.values()])
        self.value = 0.0
        self._lock = Lock()

    def inc(self, amount: float = 1) -> None:
        """Add to it, from any thread."""
        with self._lock:
            self.value += amount


class Level:
    """A number that rises and falls.

    Parameters
    ----------
    of_workers : how the numbers of several workers become one.
    """

    __slots__ = ("key", "labels", "meaning", "name", "of_workers", "value")

    def __init__(self, name: str, meaning: str, *, of_workers: Literal["sum", "max"] = "sum", **labels: str) -> None:
        self.name = name
        self.meaning = meaning
        self.labels = labels
        self.key = " ".join([name, *labels.values()])
        self.of_workers = of_workers
        self.value = 0.0

    def set(self, value: float) -> None:
        """Say how high it stands."""
        self.value = value


Answered = tuple[str, str, int]
"""Template of the address, method, status; 0 where the answer did not come to its end."""


class Requests:
    """How many requests were answered, and in what time.

    One list for each template, method and status: the number, the sum of seconds, then those within each of `BOUNDS_S`
    and not within the bound before. Added to by the event loop alone.
    """

    def __init__(self) -> None:
        self.by: dict[Answered, list[float]] = {}

    def add(self, template: str, method: str, status: int, took_s: float) -> None:
        """Count one answer."""
        row = self.by.get((template, method, status))
        if row is None:
            # Templates and statuses are few; a method may be anything.
            method = method if method in METHODS else "other"
            row = self.by.setdefault((template, method, status), [0.0] * (3 + len(BOUNDS_S)))
        row[0] += 1
        row[1] += took_s
        row[2 + bisect_left(BOUNDS_S, took_s)] += 1


class PoolNumbers:
    """What is counted of one pool of connections."""

    def __init__(self, pool: str) -> None:
        self.size = Level("pool_connections", "Connections to the database, made or being made.", pool=pool)
        self.free = Level("pool_connections_free", "Connections to the database that nobody uses.", pool=pool)
        self.waiting = Level("pool_requests_waiting", "Requests that wait for a connection.", pool=pool)
        self.requests = Count("pool_requests", "Times a connection was asked for.", pool=pool)
        self.queued = Count("pool_requests_queued", "Times a connection had to be waited for.", pool=pool)
        self.waited_s = Count("pool_waited_seconds", "Time spent waiting for connections.", pool=pool)
        self.refused = Count("pool_requests_refused", "Times no connection came free in time.", pool=pool)
        self.lost = Count("pool_connections_lost", "Connections found broken.", pool=pool)

    def take(self, numbers: Mapping[str, int]) -> None:
        """Take over what the pool counted since it was last asked."""
        self.size.set(numbers.get("pool_size", 0))
        self.free.set(numbers.get("pool_available", 0))
        self.waiting.set(numbers.get("requests_waiting", 0))
        self.requests.inc(numbers.get("requests_num", 0))
        self.queued.inc(numbers.get("requests_queued", 0))
        self.waited_s.inc(numbers.get("requests_wait_ms", 0) / 1000)
        self.refused.inc(numbers.get("requests_errors", 0))
        self.lost.inc(numbers.get("connections_lost", 0) + numbers.get("returns_bad", 0))


REQUESTS = Requests()
UNDER_WAY = Level("requests_under_way", "Requests that are being answered.")
TILES = {found: Count("tiles", "Tiles answered, by how they were come by.", found=found) for found in Found}
TILES_KEPT_BYTES = Level("tiles_kept_bytes", "Room that kept tiles take on disk.", of_workers="max")
CHANGE_LOG_STALENESS_S = Level(
    "change_log_staleness_seconds", "Time since the log of changes was last read to its end.", of_workers="max"
)
ANSWERS_POOL = PoolNumbers("answers")
TILES_POOL = PoolNumbers("tiles")
STATEMENTS_CANCELLED = Count("statements_cancelled", "Statements ended because the client had left.")
BROKEN_REQUESTS = Count(
    "broken_requests", "Connections refused before a request was one: unreadable, too long, too slow."
)


def tile_found(found: Found) -> None:
    """Count how a tile was come by."""
    TILES[found].inc()


_POOLS = (ANSWERS_POOL, TILES_POOL)
COUNTS: tuple[Count, ...] = (
    *TILES.values(),
    *(count for pool in _POOLS for count in (pool.requests, pool.queued, pool.waited_s, pool.refused, pool.lost)),
    STATEMENTS_CANCELLED,
    BROKEN_REQUESTS,
)
LEVELS: tuple[Level, ...] = (
    UNDER_WAY,
    TILES_KEPT_BYTES,
    CHANGE_LOG_STALENESS_S,
    *(level for pool in _POOLS for level in (pool.size, pool.free, pool.waiting)),
)
