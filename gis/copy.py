"""Binary COPY: Arrow batches become rows of a layer, assembled a whole column at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias  # connections and Arrow's arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import Connection, sql

from gis.ahead import ahead
from gis.arrow import ARROW, DAYS_TO_2000, MICROSECONDS_TO_2000
from gis.errors import QuyhoachError
from gis.indexes import deferred_indexes
from gis.schema import CITY_SCHEMA, STORED_SRID, stored_columns
from gis.statements import statements
from layers.model import Geometry, Kind, Layer

_SQL = Path(__file__).with_suffix(".sql")

GEOMETRY = "geometry"
"""Name of the column of a batch that holds the geometry, as 2D WKB in EPSG:5899."""

Constant: TypeAlias = str | int | float | bool | dt.date | None
Rows: TypeAlias = "pa.Array[Any]"
"""Arrow binary: each row as the bytes that are sent for it."""

_arrow: Any = pa
_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""

_BYTES_AHEAD = 48 * 1024**2
"""The server is the slower of the two: with so much to go on with it never waits, and the client is done the sooner."""
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_SRID_FLAG = 0x20000000
_WKB_HEAD_BYTES = 5
_SHORTEST_WKB_BYTES = 9
_WKB_TYPES = {Geometry.POINT: (1, 1), Geometry.LINE: (2, 5), Geometry.POLYGON: (3, 6)}
"""WKB codes of a single part and of what is stored."""
_FIXED: dict[Kind, tuple[str, int]] = {
    Kind.INTEGER: (">i8", 0),
    Kind.NUMBER: (">f8", 0),
    Kind.DATE: (">i4", -DAYS_TO_2000),
    Kind.TIMESTAMP: (">i8", -MICROSECONDS_TO_2000),
}
"""Kinds of fixed width: type in the stream, and what shifts Arrow's epoch to PostgreSQL's."""


class BatchError(QuyhoachError):
    """A batch does not have the columns or the geometry its layer stores."""

    def __init__(self, layer: Layer, reason: str) -> None:
        super().__init__(f"A batch for layer {layer.name!r} cannot be stored: {reason}.")


def copy_batches(
    connection: Connection[Any],
    layer: Layer,
    batches: Iterable[pa.RecordBatch],
    *,
    constants: Mapping[str, Constant] | None = None,
) -> int:
    """Store batches as rows of a layer, all of them or none.

    A batch has a column `geometry` (2D WKB in EPSG:5899; a single part is stored as multi-part) and any of the stored
    columns of the layer; a column `uid` fixes the names of the features. All batches have the columns of the first.
    They may come from a slow generator: it runs in a thread of its own while the server writes, so it must not use
    the same connection.

    Parameters
    ----------
    constants
        Values that every row shares (source, delivery …), for columns the batches do not have.

    Returns
    -------
    int
        Number of rows stored.

    Raises
    ------
    BatchError
        When a batch has a column the layer does not store, or a geometry of another type.
    """
    remaining = iter(batches)
    first = next(remaining, None)
    if first is None:
        return 0
    columns = copied_columns(layer, first.schema.names, constants or {})
    rows = (encoded(batch, layer, columns, constants or {}) for batch in chain([first], remaining))
    table = sql.Identifier(CITY_SCHEMA, layer.name)
    with connection.transaction(), deferred_indexes(connection, table):
        return copy_rows(connection, table, columns, rows)


def copied_columns(layer: Layer, given: Sequence[str], constants: Mapping[str, Constant]) -> tuple[str, ...]:
    """Return the columns a COPY of such batches names, in the order of the table; the geometry last."""
    stored = ("uid", *(column.name for column in stored_columns(layer)))
    if unknown := {*given, *constants} - {*stored, GEOMETRY}:
        raise BatchError(layer, f"no such column: {', '.join(sorted(unknown))}")
    if GEOMETRY not in given:
        raise BatchError(layer, f"it has no column {GEOMETRY!r}")
    return (*(name for name in stored if name in given or name in constants), GEOMETRY)


def copy_rows(connection: Connection[Any], table: sql.Composable, columns: Sequence[str], rows: Iterator[Rows]) -> int:
    """Send encoded rows to a table and return their number; encoding runs ahead in a thread."""
    names = ["geom" if name == GEOMETRY else name for name in columns]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        table, sql.SQL(", ").join(map(sql.Identifier, names))
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy, closing(_sent(rows)) as waiting:
        copy.write(_HEADER)
        for batch in waiting:
            count += len(batch)
            copy.write(_bytes(batch))
        copy.write(_TRAILER)
    if "uid" in columns:
        connection.execute(statements(_SQL)["keep_ahead"].sql(layer=table))
    return count


def _sent(rows: Iterator[Rows]) -> Generator[Rows]:
    return ahead(rows, most=_BYTES_AHEAD, weight=lambda batch: len(_bytes(batch)))


def _bytes(rows: Rows) -> memoryview:
    offsets = _offsets(rows)
    data = rows.buffers()[2]
    return memoryview(data or b"")[int(offsets[0]) : int(offsets[-1])]


def _offsets(rows: Rows) -> npt.NDArray[np.int64]:
    offsets = np.frombuffer(memoryview(rows.buffers()[1] or b""), dtype=np.int64)
    return offsets[rows.offset : rows.offset + len(rows) + 1]


def encoded(batch: pa.RecordBatch, layer: Layer, columns: Sequence[str], constants: Mapping[str, Constant]) -> Rows:
    """Return each row of a batch as the bytes a binary COPY sends for it."""
    kinds = {
        "uid": Kind.INTEGER,
        "row_number": Kind.INTEGER,
        **{column.name: column.kind for column in stored_columns(layer)},
    }
    pieces: list[bytes | Rows] = [len(columns).to_bytes(2, "big")]
    for name in columns:
        if name == GEOMETRY:
            pieces.extend(_geometry_fields(batch, layer))
        elif name in constants and name not in batch.schema.names:
            pieces.append(_constant_field(constants[name], kinds[name]))
        else:
            pieces.extend(_fields(_column(batch, layer, name), kinds[name]))
    return _compute.binary_join_element_wise(*_merged(pieces), pa.scalar(b"", pa.large_binary()))


def _merged(pieces: list[bytes | Rows]) -> list[pa.Scalar[Any] | Rows]:
    merged: list[pa.Scalar[Any] | Rows] = []
    waiting = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            waiting += piece
            continue
        if waiting:
            merged.append(pa.scalar(waiting, pa.large_binary()))
            waiting = b""
        merged.append(piece)
    return merged


def _column(batch: pa.RecordBatch, layer: Layer, name: str) -> pa.Array[Any]:
    if name not in batch.schema.names:
        raise BatchError(layer, f"the first batch has a column {name!r}, a later one does not")
    return batch.column(name)


def _constant_field(value: Constant, kind: Kind) -> bytes:
    if value is None:
        return _NULL
    array = _arrow.array([value])
    return b"".join(piece if isinstance(piece, bytes) else piece[0].as_py() for piece in _fields(array, kind))


def _fields(array: pa.Array[Any], kind: Kind) -> list[bytes | Rows]:
    """Return the pieces, row by row, that make the field: its length and its value."""
    if array.null_count == len(array):
        return [_NULL]
    if kind is Kind.TEXT:
        values = array.cast(pa.large_string()).cast(pa.large_binary())
        return [_lengths(values), _without_nulls(values)]
    if kind is Kind.BOOLEAN:
        numbers = array.cast(pa.bool_()).cast(pa.uint8())
        return [_fixed(numbers, ">u1", 0)]
    stream, shift = _FIXED[kind]
    return [_fixed(array.cast(ARROW[kind]), stream, shift)]


def _fixed(array: pa.Array[Any], stream: str, shift: int) -> Rows:
    filled = array.fill_null(0) if array.null_count else array
    values = np.asarray(filled.to_numpy(zero_copy_only=False))
    if values.dtype.kind == "M":
        values = values.astype(np.int64)
    field = np.empty(len(array), dtype=[("length", ">i4"), ("value", stream)])
    field["length"] = field.dtype["value"].itemsize
    field["value"] = values + shift if shift else values
    rows = _binary(field)
    if array.null_count:
        rows = _compute.if_else(array.is_valid(), rows, pa.scalar(_NULL, pa.large_binary()))
    return rows


def _lengths(values: Rows, extra: int = 0) -> Rows:
    lengths = np.asarray(_compute.binary_length(values).fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return _binary((lengths + extra).astype(">i4"))


def _without_nulls(values: Rows) -> Rows:
    return values.fill_null(b"") if values.null_count else values


def _binary(records: npt.NDArray[Any]) -> Rows:
    """Return an array of records of one width as Arrow binary, without copying it."""
    width = records.dtype.itemsize
    offsets = np.arange(0, (len(records) + 1) * width, width, dtype=np.int64)
    buffers = [None, _arrow.py_buffer(offsets), _arrow.py_buffer(np.ascontiguousarray(records))]
    return pa.Array.from_buffers(pa.large_binary(), len(records), buffers)


def _geometry_fields(batch: pa.RecordBatch, layer: Layer) -> list[bytes | Rows]:
    """Return the pieces of the geometry field: WKB turned into EWKB with its SRID, single parts made multi-part."""
    wkb = batch.column(GEOMETRY).cast(pa.large_binary())
    single, stored = _WKB_TYPES[layer.geometry]
    types = _wkb_types(wkb, layer)
    promoted = (types == single) & (single != stored)
    if not np.all(promoted | (types == stored)):
        raise BatchError(layer, f"a geometry is not {layer.geometry.value} in two dimensions")
    head = b"\x01" + (stored | _SRID_FLAG).to_bytes(4, "little") + STORED_SRID.to_bytes(4, "little")
    counted = head + (1).to_bytes(4, "little")
    if promoted.all():
        return [_lengths(wkb, len(counted)), counted, wkb]
    headed = _compute.binary_replace_slice(wkb, 0, _WKB_HEAD_BYTES, head)
    if promoted.any():
        parts = [pa.scalar(part, pa.large_binary()) for part in (counted, b"")]
        multiplied = _compute.binary_join_element_wise(parts[0], wkb, parts[1])
        headed = _compute.if_else(pa.array(promoted), multiplied, headed)
    return [_lengths(headed), headed]


def _wkb_types(wkb: Rows, layer: Layer) -> npt.NDArray[np.uint32]:
    """Return the type code of each geometry; all are little-endian."""
    if wkb.null_count:
        raise BatchError(layer, "a geometry is missing")
    offsets = _offsets(wkb)
    if len(wkb) and np.diff(offsets).min() < _SHORTEST_WKB_BYTES:
        raise BatchError(layer, "a geometry is shorter than the shortest WKB")
    data = np.frombuffer(memoryview(wkb.buffers()[2] or b""), dtype=np.uint8)
    starts = offsets[:-1]
    if not np.all(data[starts] == 1):
        raise BatchError(layer, "a geometry is not little-endian WKB")
    places = starts[:, None] + np.arange(1, 5)
    return np.ascontiguousarray(data[places]).view("<u4")[:, 0]
