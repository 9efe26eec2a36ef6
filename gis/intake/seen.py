"""Rows seen before in the same delivery, found without keeping the rows."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_Digests = npt.NDArray[np.int64]
_Marks = npt.NDArray[np.uint64]
_ROW_BITS = np.uint64(32)
_SHELVES = 32
_SHELF_EDGES = np.linspace(-(2.0**63), 2.0**63, _SHELVES + 1)[1:-1].astype(np.int64)


class Seen:
    """Remembers every row by a keyed digest of its bytes and a checksum, 16 bytes a row.

    Two different rows are taken for one only if both agree: less than once in 10^15 deliveries of three million rows.
    """

    def __init__(self) -> None:
        self._shelves = [_Shelf() for _ in range(_SHELVES)]

    def first_rows(self, rows: Sequence[bytes], row_numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return for each row the number of the row it repeats, 0 where it is new; and remember the new ones."""
        digests = np.fromiter(map(hash, rows), dtype=np.int64, count=len(rows))
        order = np.argsort(digests, kind="stable")
        digests = digests[order]
        checks = np.fromiter(map(zlib.crc32, rows), dtype=np.uint64, count=len(rows))
        marks = ((checks << _ROW_BITS) | row_numbers.astype(np.uint64))[order]
        edges = np.searchsorted(digests, _SHELF_EDGES)
        shelved = [
            shelf.first_rows(digests[start:end], marks[start:end])
            for shelf, start, end in zip(self._shelves, [0, *edges], [*edges, len(rows)], strict=True)
        ]
        found = np.empty(len(rows), dtype=np.int64)
        found[order] = np.concatenate(shelved)
        return found


class _Shelf:
    """The digests of one part of their range: small, so that keeping them sorted takes little room at a time."""

    def __init__(self) -> None:
        self._runs: list[tuple[_Digests, _Marks]] = []
        """Sorted digests, and beside each its checksum and row number in one word."""

    def first_rows(self, digests: _Digests, marks: _Marks) -> npt.NDArray[np.int64]:
        first = self._earlier(digests, marks)
        same = (first[1:] == 0) & (digests[1:] == digests[:-1]) & _agree(marks[1:], marks[:-1])
        for index in np.flatnonzero(same) + 1:
            first[index] = first[index - 1] or _row(marks[index - 1])
        new = first == 0
        self._remember(digests[new], marks[new])
        return first

    def _earlier(self, digests: _Digests, marks: _Marks) -> npt.NDArray[np.int64]:
        first = np.zeros(len(digests), dtype=np.int64)
        for known, known_marks in self._runs:
            place = np.minimum(np.searchsorted(known, digests), len(known) - 1)
            match = (known[place] == digests) & _agree(known_marks[place], marks)
            first[match] = _row(known_marks[place[match]])
        return first

    def _remember(self, digests: _Digests, marks: _Marks) -> None:
        """Keep the new digests sorted, in runs that double in length, so that few are searched."""
        if not len(digests):
            return
        self._runs.append((digests, marks))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            merged, merged_marks = np.concatenate([older[0], newer[0]]), np.concatenate([older[1], newer[1]])
            order = np.argsort(merged, kind="stable")
            self._runs.append((merged[order], merged_marks[order]))


def _agree(marks: _Marks, others: _Marks) -> npt.NDArray[np.bool_]:
    return (marks >> _ROW_BITS) == (others >> _ROW_BITS)


def _row(marks: _Marks) -> npt.NDArray[np.int64]:
    return (marks & np.uint64(0xFFFFFFFF)).astype(np.int64)
