"""What the service counts of itself, for Prometheus at `/metrics`.

Counting costs a fraction of a microsecond: plain numbers in this process, which are put into Prometheus's words only
when they are asked for. Several workers lay their numbers together in a directory, once a second (`api/pulse.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import Literal

from api.limits import METHODS

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latencies that are counted together, in seconds."""


class Count:
    """A number that only grows.

    Parameters
    ----------
    name : as Prometheus shows it, without `quyhoach_` before and `_total` after it.
    meaning : one sentence.
    """

    __slots__ = ("_lock", "meaning", "name", "value")

    def __init__(self, name: str, meaning: str) -> None:
        self.name = name
        self.meaning = meaning
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

    __slots__ = ("meaning", "name", "of_workers", "value")

    def __init__(self, name: str, meaning: str, *, of_workers: Literal["sum", "max"] = "sum") -> None:
        self.name = name
        self.meaning = meaning
        self.of_workers = of_workers
        self.value = 0.0

    def set(self, value: float) -> None:
        """Say how high it stands."""
        self.value = value


Answered = tuple[str, str, int]
"""Template of the address, method, status; 0 where the client left before it was answered."""


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


REQUESTS = Requests()
UNDER_WAY = Level("requests_under_way", "Requests that are being answered.")

TILE_CACHE_HITS = Count("tile_cache_hits", "Tiles answered from the cache.")
TILE_CACHE_MISSES = Count("tile_cache_misses", "Tiles that were drawn because the cache had none that was fresh.")
TILE_CACHE_BYTES = Level("tile_cache_bytes", "Room the cache of tiles takes.", of_workers="max")
CHANGES_READ = Count("changes_read", "Changes of the city read from the log of changes.")
CHANGE_LOG_STALENESS_S = Level(
    "change_log_staleness_seconds", "Time since the log of changes was last read to its end.", of_workers="max"
)
STREAMS_OPEN = Level("streams_open", "Answers that stay open and tell of changes.")

POOL_SIZE = Level("pool_connections", "Connections to the database, and those that are being made.")
POOL_FREE = Level("pool_connections_free", "Connections to the database that nobody uses.")
POOL_WAITING = Level("pool_requests_waiting", "Requests that wait for a connection.")
POOL_REQUESTS = Count("pool_requests", "Times a connection was asked for.")
POOL_QUEUED = Count("pool_requests_queued", "Times a connection had to be waited for.")
POOL_WAITED_S = Count("pool_waited_seconds", "Time spent waiting for connections.")
POOL_REFUSED = Count("pool_requests_refused", "Times no connection came free in time.")
CONNECTIONS_LOST = Count("pool_connections_lost", "Connections found broken.")
STATEMENTS_CANCELLED = Count("statements_cancelled", "Statements ended because the client had left.")
BROKEN_REQUESTS = Count(
    "broken_requests", "Connections refused before a request was one: unreadable, too long, too slow."
)

COUNTS = (
    TILE_CACHE_HITS,
    TILE_CACHE_MISSES,
    CHANGES_READ,
    POOL_REQUESTS,
    POOL_QUEUED,
    POOL_WAITED_S,
    POOL_REFUSED,
    CONNECTIONS_LOST,
    STATEMENTS_CANCELLED,
    BROKEN_REQUESTS,
)
LEVELS = (
    UNDER_WAY,
    TILE_CACHE_BYTES,
    CHANGE_LOG_STALENESS_S,
    STREAMS_OPEN,
    POOL_SIZE,
    POOL_FREE,
    POOL_WAITING,
)
