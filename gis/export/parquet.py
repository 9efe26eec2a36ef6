"""GeoParquet 1.1: WKB with the coordinate system as PROJJSON, and a box for each feature."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any  # numpy's arrays are generic over their shape; what Arrow writes to is typed too narrowly

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from gis.copy import GEOMETRY, ahead
from gis.export.card import Card
from gis.export.fitting import Fitting
from gis.export.rows import doubles, shapes

_ROWS_IN_GROUP = 65_536
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOX = "bbox"
_BOX_TYPE = pa.struct([pa.field(side, pa.float64(), nullable=False) for side in _SIDES])


def write(path: Path, batches: Iterable[pa.RecordBatch], *, card: Card, fits: Fitting) -> None:
    """Write batches as GeoParquet with a `bbox` column for each feature; readers skip groups of rows by it."""
    # Arrow writes outside the interpreter: meanwhile the next rows are read.
    with closing(ahead(iter(batches))) as reading, path.open("wb") as file:
        for _ in written(file, reading, schema=fits.schema, card=card):
            pass


def written(
    sink: Any,
    batches: Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema,
    card: Card,
    rows_in_group: int = _ROWS_IN_GROUP,
) -> Generator[None]:
    """Write batches as GeoParquet to what takes bytes in order; pause after each group of rows.

    Parameters
    ----------
    card : what is told of the features; their number is counted here.
    rows_in_group : rows after which a group ends; all of a group are held in memory.
    """
    # The Arrow schema is not stored a second time: readers that find one overlook the metadata written at the end.
    schema = pa.schema([*(field.remove_metadata() for field in schema), pa.field(_BOX, _BOX_TYPE)])
    # The stubs know only yes or no; the names of columns are as good.
    texts: Any = [field.name for field in schema if pa.types.is_string(field.type)]
    around = np.array([np.inf, np.inf, -np.inf, -np.inf])
    count = 0
    with pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=texts, store_schema=False) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in batches:
            boxes = np.asarray(shapely.bounds(shapes(batch)))
            around = _joined(around, boxes)
            waiting.append(pa.RecordBatch.from_arrays([*batch.columns, _structs(boxes)], schema=schema))
            count += batch.num_rows
            if sum(each.num_rows for each in waiting) >= rows_in_group:
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=2 * rows_in_group)
                waiting = []
                yield
        writer.write_table(pa.Table.from_batches(waiting, schema))
        told = replace(card, rows=count)
        writer.add_key_value_metadata({"geo": json.dumps(_geo(told, around)), "quyhoach": told.as_json()})


def _joined(around: npt.NDArray[Any], boxes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if not len(boxes):
        return around
    return np.concatenate([np.fmin(around[:2], boxes[:, :2].min(0)), np.fmax(around[2:], boxes[:, 2:].max(0))])


def _structs(boxes: npt.NDArray[Any]) -> pa.StructArray:
    sides = [doubles(np.ascontiguousarray(boxes[:, place])) for place in range(len(_SIDES))]
    return pa.StructArray.from_arrays(sides, fields=list(_BOX_TYPE))


def _geo(card: Card, around: npt.NDArray[Any]) -> dict[str, object]:
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": [card.layer.geometry.value] if card.rows else [],
        "crs": CRS.from_epsg(card.srid).to_json_dict(),
        "edges": "planar",
        "covering": {_BOX: {side: [_BOX, side] for side in _SIDES}},
    }
    if np.isfinite(around).all():
        column[_BOX] = around.tolist()
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
