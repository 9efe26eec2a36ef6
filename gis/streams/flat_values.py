"""The values of a feature as FlatGeobuf writes them: the number of each column that is known, then its value."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias, cast  # Arrow's arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_Array: TypeAlias = "pa.Array[Any]"
_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""
_FIXED: dict[pa.DataType, str] = {pa.int64(): "<i8", pa.float64(): "<f8", pa.bool_(): "|u1"}


def values(batch: pa.RecordBatch) -> list[bytes]:
    """Return what each feature has in the columns before the last, which is the geometry."""
    pieces = [
        piece for number, column in enumerate(batch.columns[:-1]) for piece in _pieces(number, cast("_Array", column))
    ]
    joined = _compute.binary_join_element_wise(*pieces, _nothing())
    return joined.to_pylist()


def _pieces(number: int, column: _Array) -> list[_Array]:
    """Return what stands, row by row, for a column: nothing where it is not known."""
    if column.null_count == len(column):
        return []
    if column.type in _FIXED:
        return [_known(_headed(number, _FIXED[column.type], _numbers(column)), column)]
    texts = _texts(column)
    lengths = np.asarray(_compute.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False))
    return [_known(_headed(number, "<u4", lengths), column), texts.fill_null(b"") if texts.null_count else texts]


def _numbers(column: _Array) -> npt.NDArray[Any]:
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    return np.asarray((column.fill_null(0) if column.null_count else column).to_numpy(zero_copy_only=False))


def _texts(column: _Array) -> _Array:
    """Return texts as bytes; days and times as ISO 8601 writes them."""
    if pa.types.is_timestamp(column.type):
        column = _compute.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
    elif not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return column.cast(pa.large_string()).cast(pa.large_binary())


def _headed(number: int, type_: str, numbers: npt.NDArray[Any]) -> _Array:
    """Return the number of the column and a number, row by row."""
    field = np.empty(len(numbers), dtype=[("column", "<u2"), ("value", type_)])
    field["column"], field["value"] = number, numbers
    width = field.dtype.itemsize
    offsets = np.arange(0, (len(field) + 1) * width, width, dtype=np.int64)
    buffers = [None, pa.py_buffer(cast("Any", offsets)), pa.py_buffer(cast("Any", field))]
    return pa.Array.from_buffers(pa.large_binary(), len(field), buffers)


def _known(pieces: _Array, column: _Array) -> _Array:
    return _compute.if_else(column.is_valid(), pieces, _nothing()) if column.null_count else pieces


@cache
def _nothing() -> pa.Scalar[Any]:
    """Return no bytes; not made at import, because the first value Arrow takes from Python brings pandas along."""
    return pa.scalar(b"", pa.large_binary())
