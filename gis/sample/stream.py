"""Arrays become Arrow batches: declared columns with their declared kinds, and the kernel that says `sample`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias  # what a column is filled with: an array, a list, one value for all

import numpy as np
import pyarrow as pa
import shapely

from gis.arrow import ARROW
from gis.sample.arrays import Shapes, multi
from layers import LAYERS
from layers.kernel import SAMPLE
from layers.model import Layer

Batch: TypeAlias = tuple[str, pa.RecordBatch]

ROWS = 16_384
"""Most rows of one batch."""

SOURCE = SAMPLE
DOCUMENT = "Dữ liệu mẫu do máy tạo, không có giá trị pháp lý / Generated sample, of no legal value"
SOURCE_DATE = datetime.date(2025, 7, 1)

_KERNEL = {"source": SOURCE, "source_document": DOCUMENT, "source_date": SOURCE_DATE, "quality": "generated"}


def batches(layer: str, geometry: Shapes, columns: Mapping[str, Any]) -> Iterator[Batch]:
    """Yield the features as named batches of at most `ROWS` rows.

    Parameters
    ----------
    columns
        By declared name: an array or a sequence with a value for each feature, or one value for all. Declared columns
        not given are empty; NaN and None are empty too.
    """
    declared = LAYERS[layer]
    if unknown := set(columns) - {column.name for column in declared.columns}:
        raise KeyError(f"{layer} has no column {sorted(unknown)}")
    for start in range(0, len(geometry), ROWS):
        part = slice(start, min(start + ROWS, len(geometry)))
        yield layer, _batch(declared, geometry[part], {name: _cut(value, part) for name, value in columns.items()})


def _cut(value: Any, part: slice) -> Any:
    return value[part] if isinstance(value, np.ndarray | Sequence) and not isinstance(value, str) else value


def _batch(layer: Layer, geometry: Shapes, columns: Mapping[str, Any]) -> pa.RecordBatch:
    count = len(geometry)
    names = ["geometry"]
    arrays: list[pa.Array[Any]] = [pa.array(shapely.to_wkb(multi(geometry)), pa.binary())]
    for column in layer.columns:
        names.append(column.name)
        arrays.append(_array(columns.get(column.name), ARROW[column.kind], count))
    for name, value in _KERNEL.items():
        names.append(name)
        arrays.append(_array(value, pa.date32() if name == "source_date" else pa.string(), count))
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _array(value: Any, kind: pa.DataType, count: int) -> pa.Array[Any]:
    if isinstance(value, np.ndarray | Sequence) and not isinstance(value, str):
        return pa.array(value, kind, from_pandas=True)
    constant: Any = pa.scalar(value, kind)  # the stubs know extension scalars only
    return pa.repeat(constant, count)
