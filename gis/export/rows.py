"""Binary COPY out of PostgreSQL, decoded into Arrow batches a whole column at a time.

A message of the stream holds exactly one row, so the rows' lengths are known without reading them. Each column is then
found, in all rows of a batch at once, behind the length of the one before it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from itertools import chain
from typing import Any, cast  # psycopg's connections are generic over the rows they return

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from psycopg import Connection, sql
from psycopg.abc import Buffer

from gis.arrow import DAYS_TO_2000, MICROSECONDS_TO_2000
from gis.copy import GEOMETRY
from gis.export.errors import EndlessDateError

_SIGNATURE_BYTES = 11
_TRAILER = b"\xff\xff"
_BATCH_ROWS = 16_384
_BATCH_BYTES = 16 * 2**20
_FIXED: dict[pa.DataType, tuple[str, str, int]] = {
    pa.int64(): (">i8", "<i8", 0),
    pa.float64(): (">f8", "<f8", 0),
    pa.bool_(): (">u1", "|u1", 0),
    pa.date32(): (">i4", "<i4", DAYS_TO_2000),
    pa.timestamp("us"): (">i8", "<i8", MICROSECONDS_TO_2000),
}
"""Types of fixed width: how they stand in the stream, how in Arrow, and what shifts PostgreSQL's epoch to Arrow's."""

_Places = npt.NDArray[np.int64]
_Nulls = npt.NDArray[np.bool_]


def rows(
    connection: Connection[Any], query: sql.Composed, values: Mapping[str, object], schema: pa.Schema
) -> Generator[pa.RecordBatch]:
    """Yield the rows of a query as batches of bounded size.

    Parameters
    ----------
    query, values
        A SELECT, with the values it binds.
    schema
        Its columns in order; each has one of the types of `gis.arrow.ARROW`, or is binary.
    """
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(query)
    with connection.cursor() as cursor, cursor.copy(statement, values) as copy:
        messages = iter(copy)
        first = without_header(bytes(next(messages)))
        waiting: list[Buffer] = []
        size = 0
        for row in chain([first], messages):
            if len(row) <= len(_TRAILER):
                continue
            waiting.append(bytes(row))
            size += len(row)
            if len(waiting) == _BATCH_ROWS or size >= _BATCH_BYTES:
                yield decoded(waiting, schema)
                waiting, size = [], 0
        if waiting:
            yield decoded(waiting, schema)


def without_header(message: bytes) -> bytes:
    """Return the first message without signature, flags and header extension."""
    extension = int.from_bytes(message[_SIGNATURE_BYTES + 4 : _SIGNATURE_BYTES + 8], "big")
    return message[_SIGNATURE_BYTES + 8 + extension :]


def decoded(messages: Sequence[Buffer], schema: pa.Schema) -> pa.RecordBatch:
    """Return rows of a binary COPY as one batch."""
    sizes = np.fromiter(map(len, messages), np.int64, len(messages))
    stream = b"".join([*messages, bytes(8)])
    places = np.cumsum(sizes) - sizes + 2
    columns: list[pa.Array[Any]] = []
    for field in schema:
        lengths = _at(stream, places, ">i4").astype(np.int64)
        nulls = lengths < 0
        starts = places + 4
        places = starts + np.where(nulls, 0, lengths)
        if field.type in _FIXED:
            columns.append(_fixed(stream, starts, nulls, field))
        else:
            columns.append(_variable(stream, starts, places, nulls, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _at(stream: bytes, places: _Places, type_: str) -> npt.NDArray[Any]:
    """Return the values of a type that begin at the places, aligned or not."""
    width = np.dtype(type_).itemsize
    everywhere = np.ndarray((len(stream) - width + 1,), type_, buffer=stream, strides=(1,))
    return everywhere[places]


def _fixed(stream: bytes, starts: _Places, nulls: _Nulls, field: pa.Field[Any]) -> pa.Array[Any]:
    in_stream, in_arrow, shift = _FIXED[field.type]
    values = _at(stream, starts, in_stream).astype(in_arrow)
    if field.type == pa.bool_():
        values = np.packbits(values.astype(bool), bitorder="little")
    elif shift:
        _refuse_endless(values[~nulls], field.name)
        values += values.dtype.type(shift)
    return pa.Array.from_buffers(field.type, len(starts), [_validity(nulls), _buffer(values)])


def _refuse_endless(values: npt.NDArray[Any], column: str) -> None:
    """PostgreSQL writes an infinite date as the first or last whole number there is."""
    ends = np.iinfo(values.dtype)
    if np.any((values == ends.min) | (values == ends.max)):
        raise EndlessDateError(column)


def _variable(stream: bytes, starts: _Places, ends: _Places, nulls: _Nulls, type_: pa.DataType) -> pa.Array[Any]:
    """Return texts or bytes: every second element of an array laid over the stream, whose others are the gaps."""
    count = len(starts)
    borders = np.empty(2 * count, dtype=np.int32)
    borders[0::2], borders[1::2] = starts, ends
    laid = pa.Array.from_buffers(type_, 2 * count - 1, [None, _buffer(borders), pa.py_buffer(stream)])
    wanted = np.arange(0, 2 * count, 2, dtype=np.int32)
    chosen = pa.Array.from_buffers(pa.int32(), count, [_validity(nulls), _buffer(wanted)])
    return laid.take(chosen)


def _validity(nulls: _Nulls) -> pa.Buffer | None:
    return _buffer(np.packbits(~nulls, bitorder="little")) if nulls.any() else None


def _buffer(values: npt.NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(cast("Any", values))


def doubles(values: npt.NDArray[Any]) -> pa.Array[Any]:
    """Return numbers, one after the other in memory, as an Arrow array."""
    return pa.Array.from_buffers(pa.float64(), len(values), [None, _buffer(values)])


def shapes(batch: pa.RecordBatch) -> npt.NDArray[Any]:
    """Return the geometries of a batch as shapes."""
    # As a list of bytes: Arrow's own way into numpy loads pandas, which takes longer than many an export.
    return np.asarray(shapely.from_wkb(np.array(batch.column(GEOMETRY).to_pylist(), dtype=object)))
