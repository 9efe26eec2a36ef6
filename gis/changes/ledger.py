"""The changes one process has read from the log, and what they say about copies it keeps."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from gis.changes.snapshot import Snapshot

EVERY_LAYER = "*"
"""What the log names where all layers of a scenario changed."""
_MOST_CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A box in EPSG:3857, in metres."""

    west: float
    south: float
    east: float
    north: float

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north

    def meets(self, other: Place) -> bool:
        """Return whether two boxes share a point."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


EVERYWHERE = Place(-inf, -inf, inf, inf)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log; no place means everywhere, no scenario the baseline."""

    transaction: int
    layer: str
    scenario: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a copy was made from: layers, seen in scenarios (None is the baseline), at a place."""

    layers: frozenset[str]
    scenarios: frozenset[str | None]
    place: Place

    def is_touched_by(self, change: Change) -> bool:
        """Return whether a change may alter a copy of this."""
        return (
            (change.layer in self.layers or change.layer == EVERY_LAYER)
            and change.scenario in self.scenarios
            and (change.place is None or self.place.meets(change.place))
        )


class Ledger:
    """Changes in the order in which they were learned.

    A copy is judged in one of two ways: by the number of changes known when it was last found fresh (its mark), or by
    the snapshot it was made in. Where the ledger does not reach back far enough it says so by finding the copy stale.
    """

    def __init__(self, *, complete_from: int = 0) -> None:
        self._complete_from = complete_from
        self._changes: list[Change] = []
        self._forgotten = 0
        self._by_transaction: list[tuple[int, int]] = []

    @property
    def mark(self) -> int:
        """Number of changes learned so far, the forgotten ones included."""
        return self._forgotten + len(self._changes)

    def learn(self, changes: Iterable[Change]) -> None:
        """Take in changes that became visible."""
        for change in changes:
            insort(self._by_transaction, (change.transaction, self.mark))
            self._changes.append(change)
        if len(self._changes) > 2 * _MOST_CHANGES:
            self._forget(len(self._changes) - _MOST_CHANGES)

    def is_fresh_since(self, mark: int, subject: Subject) -> bool:
        """Return whether nothing learned after a mark touches a subject."""
        if mark < self._forgotten:
            return False
        return not any(map(subject.is_touched_by, self._changes[mark - self._forgotten :]))

    def is_fresh_in(self, snapshot: Snapshot, subject: Subject) -> bool:
        """Return whether every known change that touches a subject was visible in a snapshot."""
        if snapshot.first_running < self._complete_from:
            return False
        first = bisect_left(self._by_transaction, (snapshot.first_running, 0))
        return not any(
            not snapshot.saw(transaction) and subject.is_touched_by(self._changes[number - self._forgotten])
            for transaction, number in self._by_transaction[first:]
        )

    def since(self, mark: int) -> list[Change] | None:
        """Return what was learned after a mark; None where that is no longer known."""
        return None if mark < self._forgotten else self._changes[mark - self._forgotten :]

    def _forget(self, count: int) -> None:
        """Drop the oldest changes; snapshots that might not have seen one of them can no longer be judged."""
        gone = self._changes[:count]
        self._complete_from = max(self._complete_from, max(change.transaction for change in gone) + 1)
        del self._changes[:count]
        self._forgotten += count
        self._by_transaction = [entry for entry in self._by_transaction if entry[1] >= self._forgotten]
