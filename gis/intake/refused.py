"""Refused rows: kept on disk while a load runs, then in the register and in a GeoPackage, each with its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self  # attributes are whatever was delivered

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from psycopg import Connection

from gis.intake.remarks import Reason, Refusals
from gis.intake.source import GEOMETRY

_SCHEMA = pa.schema(
    [
        ("row_number", pa.int64()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("attributes", pa.string()),
        (GEOMETRY, pa.binary()),
    ]
)
_LONGEST_MESSAGE = 500
_OWN = ("row_number", "reason", "message")


class RefusedRows:
    """The rows a load refuses, on disk; counted by reason."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._stack = ExitStack()
        self._file = self._stack.enter_context(TemporaryFile(prefix="quyhoach-refused-"))  # noqa: SIM115 - the stack closes it
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._file, mode="w"), _SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def total(self) -> int:
        """Number of rows refused so far."""
        return sum(self.counts.values())

    def add(self, batch: pa.RecordBatch, row_numbers: Any, refusals: Refusals) -> None:
        """Keep the refused rows of a batch as they were delivered."""
        rows = sorted(refusals.reasons)
        if not rows:
            return
        given = batch.take(pa.array(rows))
        shapes = shapely.from_wkb(given.column(GEOMETRY).to_numpy(zero_copy_only=False), on_invalid="ignore")
        attributes = given.drop_columns([GEOMETRY]).to_pylist() if given.num_columns > 1 else [{}] * len(rows)
        first = [refusals.reasons[row][0][0] for row in rows]
        messages = ["; ".join(message for _, message in refusals.reasons[row])[:_LONGEST_MESSAGE] for row in rows]
        self.write(
            [int(row_numbers[row]) for row in rows],
            first,
            messages,
            [_as_json(each) for each in attributes],
            shapely.to_wkb(shapely.force_2d(shapes)).tolist(),
        )

    def write(
        self, numbers: list[int], reasons: list[Reason], messages: list[str], attributes: list[str], shapes: list[Any]
    ) -> None:
        """Keep rows that are described already."""
        for reason in reasons:
            self.counts[reason.value] = self.counts.get(reason.value, 0) + 1
        names = [reason.value for reason in reasons]
        columns = [numbers, names, messages, attributes, shapes]
        arrays = [pa.array(values, field.type) for values, field in zip(columns, _SCHEMA, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows from the first; none can be added afterwards."""
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(pa.PythonFile(self._file, mode="r")) as stream:
            yield from stream


def register_refused(connection: Connection[Any], refused: RefusedRows, delivery: int, srid: int) -> None:
    """Write the refused rows into the register of the database."""
    statement = "COPY register.refused (delivery, row_number, reason, message, attributes, geom) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for batch in refused.batches():
            shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
            hexes = shapely.to_wkb(shapely.set_srid(shapes, srid), hex=True, include_srid=True)
            rows = zip(*(batch.column(index).to_pylist() for index in range(4)), hexes.tolist(), strict=True)
            for row_number, reason, message, attributes, shape in rows:
                copy.write_row((delivery, row_number, reason, message.replace("\x00", "�"), attributes, shape))


def write_geopackage(refused: RefusedRows, path: Path, crs: str) -> None:
    """Write the refused rows as a GeoPackage: number, reason, message, and the attributes as delivered, as text."""
    fields = _fields(refused)
    for index, batch in enumerate(refused.batches()):
        attributes = _attributes(batch)
        columns = [batch.column(name) for name in _OWN]
        columns += [pa.array([_text(each.get(name)) for each in attributes], pa.string()) for name in fields]
        table = pa.Table.from_arrays([*columns, batch.column(GEOMETRY)], names=[*_OWN, *fields.values(), GEOMETRY])
        pyogrio.write_arrow(
            table,
            path,
            layer="refused",
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Unknown",
            crs=crs,
            append=index > 0,
        )


def _attributes(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    return [json.loads(str(text)) for text in batch.column("attributes").to_pylist()]


def _fields(refused: RefusedRows) -> dict[str, str]:
    """Return a name of its own for each attribute of the rows; a GeoPackage does not tell `Name` from `name`."""
    taken, fields = {*_OWN, GEOMETRY, "fid"}, dict[str, str]()
    for batch in refused.batches():
        for name in dict.fromkeys(chain.from_iterable(_attributes(batch))):
            if name not in fields:
                free = name or "_"
                while free.casefold() in taken:
                    free += "_"
                taken.add(free.casefold())
                fields[name] = free
    return fields


def _as_json(attributes: dict[str, Any]) -> str:
    """Return attributes as JSON that PostgreSQL reads: what it has no number for (NaN, Infinity) as that word."""
    try:
        text = json.dumps(attributes, default=str, ensure_ascii=False, allow_nan=False)
    except ValueError:
        worded = {name: json.dumps(value) if _is_endless(value) else value for name, value in attributes.items()}
        text = json.dumps(worded, default=str, ensure_ascii=False, allow_nan=False)
    return text.replace("\\u0000", "�")


def _is_endless(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _text(value: object) -> str | None:
    return None if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def row_numbers_of(first: int, count: int) -> Any:
    """Return the places of rows in the file, counted from 1."""
    return np.arange(first, first + count, dtype=np.int64)
