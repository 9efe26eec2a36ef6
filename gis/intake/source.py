"""A delivery as an intake reads it: columns, coordinate system, batches of rows with their geometry as WKB."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast  # Arrow arrays are generic over what they hold

import pyarrow as pa

GEOMETRY = "geometry"
BATCH_ROWS = 4_096
"""Few enough that what is made of them stays in the processor's cache."""
_BATCH_BYTES = 16 * 1024**2
_FEWEST_ROWS = 64


@dataclass(slots=True)
class Noticed:
    """What a reader did or passed over on its own, counted while it goes on.

    Parameters
    ----------
    changes
        Rows by what reading did to them.
    left_out
        Objects of the file that never became a row, because the mapping does not choose them.
    """

    changes: dict[str, int] = field(default_factory=dict[str, int])
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """An opened delivery.

    Parameters
    ----------
    crs
        The coordinate system it declares, as text pyproj understands; None where it declares none.
    rows
        How many rows it says it has; None where only reading tells.
    batches
        Opens the file and yields its rows: the columns, and `geometry` as WKB, null where a row has none.
    """

    path: Path
    format: str
    columns: tuple[str, ...]
    crs: str | None
    rows: int | None
    batches: Callable[[], Iterator[pa.RecordBatch]]
    noticed: Noticed = field(default_factory=Noticed)


def batch_rows(file_bytes: int, rows: int | None) -> int:
    """Return how many rows to read at a time so that a batch stays small, from the mean size of a row."""
    if not rows or rows < 0:
        return BATCH_ROWS
    mean_bytes = max(1, file_bytes // rows)
    return min(BATCH_ROWS, max(_FEWEST_ROWS, _BATCH_BYTES // mean_bytes))


def legible(column: pa.Array[Any]) -> pa.Array[Any]:
    """Return a column in a type that can be read as text: JSON and lists as JSON, bytes as hexadecimal digits."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return legible(cast("Any", column).storage)
    if pa.types.is_nested(kind):
        return pa.array([None if each is None else _as_json(each) for each in column.to_pylist()], pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if each is None else each.hex() for each in column.to_pylist()], pa.string())
    return column


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
