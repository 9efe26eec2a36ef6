"""GeoParquet, read by Arrow itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # the metadata of a GeoParquet file is JSON

import pyarrow as pa
import pyarrow.parquet as pq

from gis.intake.errors import DamagedFileError, EmptyFileError, NoGeometryError, SourceLayerError
from gis.intake.formats import Delivered
from gis.intake.source import GEOMETRY, Source, batch_rows, legible

_DEFAULT_CRS = "OGC:CRS84"


def opened(delivered: Delivered, *, layer: str | None = None) -> Source:
    """Open a GeoParquet file whose geometry is WKB.

    Raises
    ------
    NoGeometryError, EmptyFileError, DamagedFileError, SourceLayerError
        When it has none, no rows, cannot be read, or another layer is asked for than the one it is.
    """
    path = delivered.path
    file, geo = _described(path)
    names = list(file.schema_arrow.names)
    geometry = geo.get("primary_column")
    if geometry not in names:
        raise NoGeometryError(path, names)
    described: dict[str, Any] = geo.get("columns", {}).get(geometry, {})
    if described.get("encoding") != "WKB":
        raise DamagedFileError(path, f"its geometry is encoded as {described.get('encoding')!r}, only WKB is read")
    rows = file.metadata.num_rows
    if rows == 0:
        raise EmptyFileError(path, "features")
    others = [name for name in names if name != geometry and not pa.types.is_nested(file.schema_arrow.field(name).type)]
    crs = described.get("crs", _DEFAULT_CRS)

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for batch in file.iter_batches(batch_rows(path.stat().st_size, rows), columns=[*others, geometry]):
                batch.validate(full=True)
                columns = [legible(batch.column(name)) for name in others]
                yield pa.RecordBatch.from_arrays([*columns, batch.column(geometry)], names=[*others, GEOMETRY])
        except (pa.ArrowException, OSError) as error:
            raise DamagedFileError(path, str(error).split("\n", maxsplit=1)[0]) from error

    declared = json.dumps(crs) if isinstance(crs, dict) else crs
    if layer not in {None, path.stem}:
        raise SourceLayerError(path, [(path.stem, "its only one")], layer)
    return Source(path, delivered.format.value, tuple(others), declared, rows, batches)


def _described(path: Path) -> tuple[pq.ParquetFile, dict[str, Any]]:
    """Open a file and return it with what it says of its geometry."""
    try:
        file = pq.ParquetFile(path)
        metadata: dict[bytes, bytes] = file.schema_arrow.metadata or {}
        return file, json.loads(metadata.get(b"geo", b"{}"))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedFileError(path, str(error).split("\n", maxsplit=1)[0]) from error
