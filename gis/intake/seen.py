"""Rows seen before in the same delivery, found without keeping the rows."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_RECORD = np.dtype([("digest", "i8"), ("check", "u4"), ("row", "u4")])
_KEYS = ["digest", "check"]


class Seen:
    """Remembers every row by a keyed digest of its bytes and a checksum, 16 bytes a row.

    Two different rows are taken for one only if both agree: less than once in 10^15 deliveries of three million rows.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.void]] = []

    def first_rows(self, rows: Sequence[bytes], row_numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return for each row the number of the row it repeats, 0 where it is new; and remember the new ones."""
        records = np.empty(len(rows), dtype=_RECORD)
        records["digest"] = list(map(hash, rows))
        records["check"] = list(map(zlib.crc32, rows))
        records["row"] = row_numbers
        order = np.argsort(records, order=[*_KEYS, "row"])
        ordered = records[order]
        first = self._earlier(ordered)
        same = (first[1:] == 0) & (ordered[_KEYS][1:] == ordered[_KEYS][:-1])
        for index in np.flatnonzero(same) + 1:
            first[index] = first[index - 1] or ordered["row"][index - 1]
        self._remember(ordered[first == 0])
        found = np.empty(len(rows), dtype=np.int64)
        found[order] = first
        return found

    def _earlier(self, ordered: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
        first = np.zeros(len(ordered), dtype=np.int64)
        for run in self._runs:
            place = np.minimum(np.searchsorted(run["digest"], ordered["digest"]), len(run) - 1)
            match = run["digest"][place] == ordered["digest"]
            match &= run["check"][place] == ordered["check"]
            first[match] = run["row"][place[match]]
        return first

    def _remember(self, fresh: npt.NDArray[np.void]) -> None:
        """Keep the new digests sorted, in runs that double in length, so that few are searched."""
        if not len(fresh):
            return
        self._runs.append(fresh)
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            merged = np.concatenate([self._runs.pop(), self._runs.pop()])
            merged.sort(order="digest", kind="stable")
            self._runs.append(merged)
