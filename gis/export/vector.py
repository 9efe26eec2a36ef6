"""Formats that GDAL writes: GeoPackage, FlatGeobuf, GeoJSON, Shapefile, CSV, KML."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from io import IOBase
from os import SEEK_END
from pathlib import Path
from typing import IO, Any, cast  # the answer of the process is JSON

import pyarrow as pa

from gis.copy import GEOMETRY
from gis.export.card import Card
from gis.export.fitting import UID, Fitting
from gis.export.formats import Format
from gis.export.place import UnfinishedError
from layers.model import CodeList, Geometry

_ID = "id"
_ZIP = ".zip"
_ENDINGS = {"GeoJSON": b"]\n}", "KML": b"</kml>"}
_TAIL_BYTES = 2**20
_SINGLE_PART = {Geometry.LINE: "LineString", Geometry.POLYGON: "Polygon"}
_COUNTED = ("GPKG", "FlatGeobuf", "ESRI Shapefile")
"""Formats that know their number of features without being read through."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A process of its own that writes with GDAL (see `gis.export.gdal`), and what it complains about."""

    process: subprocess.Popen[bytes]
    given: IO[bytes]
    answered: IO[bytes]
    complaints: IO[bytes]


@contextmanager
def started() -> Generator[Writer]:
    """Start the process that writes; it gets ready while others find out what is to be written, and outlives nobody."""
    # -P: the modules of this folder are not to stand in for others of the same name.
    command = [sys.executable, "-P", str(Path(__file__).with_name("gdal.py"))]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True
        ) as process,
    ):
        if process.stdin is None or process.stdout is None:
            raise UnfinishedError("a process without input or output", 0)
        try:
            yield Writer(process, process.stdin, process.stdout, complaints)
        except BaseException:
            process.kill()
            with suppress(OSError):
                process.stdin.close()
            raise


def write(
    path: Path, batches: Iterable[pa.RecordBatch], *, card: Card, fits: Fitting, format_: Format, writer: Writer
) -> None:
    """Write batches with the GDAL driver of a format; a path that ends in .zip becomes a zipped Shapefile."""
    driver = format_.driver or ""
    file = path.with_suffix("") if path.suffix.lower() == _ZIP else path
    schema = fits.schema
    if driver == "GeoJSON":
        schema = schema.insert(0, pa.field(_ID, pa.int64()))
        batches = map(_identified, batches)
    last_uid, given_bytes = _hand_over(writer, batches, schema, _arguments(file, driver, card))
    if driver == "GPKG":
        _write_domains(file, card)
    if card.rows and not _is_complete(file, driver, last_uid):
        raise UnfinishedError("its end is missing", given_bytes)
    if file != path:
        _pack(file, path)


def _hand_over(
    writer: Writer, batches: Iterable[pa.RecordBatch], schema: pa.Schema, arguments: dict[str, object]
) -> tuple[int | None, int]:
    """Let the process write batches; return the last uid and the bytes given."""
    last_uid, given_bytes, rows = None, 0, 0
    try:
        writer.given.write(json.dumps(arguments).encode() + b"\n")
        with pa.ipc.new_stream(cast("IOBase", writer.given), schema) as stream:
            for batch in batches:
                stream.write_batch(batch)
                last_uid, rows = batch.column(UID)[-1].as_py(), rows + batch.num_rows
                given_bytes += batch.nbytes
        writer.given.close()
    except BrokenPipeError:
        with suppress(OSError):  # it ended before its input did, and says why
            writer.given.close()
    answer: dict[str, Any] = json.loads(writer.answered.read() or b"{}")
    writer.process.wait()
    writer.complaints.seek(0)
    said = writer.complaints.read().decode(errors="replace").strip()[-500:]
    if answer.get("rows") != rows or max(answer.get("found") or rows, 0) != rows:
        raise UnfinishedError(str(answer.get("error") or said or f"{answer} of {rows} features"), given_bytes)
    return last_uid, given_bytes


def _arguments(file: Path, driver: str, card: Card) -> dict[str, object]:
    return {
        "path": str(file),
        "layer": card.layer.name,
        "driver": driver,
        "geometry_name": GEOMETRY,
        "geometry_type": "Unknown" if driver == "CSV" else _geometry_type(driver, card.layer.geometry),
        "crs": f"EPSG:{card.srid}",
        "encoding": "UTF-8" if driver == "ESRI Shapefile" else None,
        "layer_options": _options(driver, card),
        "layer_metadata": _metadata(card) if driver == "GPKG" else None,
        "counts_itself": driver in _COUNTED,
    }


def _geometry_type(driver: str, geometry: Geometry) -> str:
    return _SINGLE_PART.get(geometry, geometry.value) if driver == "ESRI Shapefile" else geometry.value


def _identified(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose uid stands a second time in front, to become the `id` of the GeoJSON feature."""
    return batch.add_column(0, pa.field(_ID, pa.int64()), batch.column(UID))


def _options(driver: str, card: Card) -> dict[str, str]:
    about = {"title": card.title, "quyhoach": card.as_dict()}
    options: dict[str, dict[str, str]] = {
        "GPKG": {"IDENTIFIER": card.title, "DESCRIPTION": card.description, "GEOMETRY_NAME": "geom"},
        "FlatGeobuf": {"TITLE": card.title, "DESCRIPTION": card.description},
        "GeoJSON": {
            "RFC7946": "YES",
            "ID_FIELD": _ID,
            "FOREIGN_MEMBERS_COLLECTION": json.dumps(about, ensure_ascii=False),
        },
        "ESRI Shapefile": {"2GB_LIMIT": "YES"},
        # The byte-order mark makes spreadsheet programs read Vietnamese as it is; readers of CSV skip it.
        "CSV": {"GEOMETRY": "AS_WKT", "WRITE_BOM": "YES"},
    }
    return options.get(driver, {})


def _metadata(card: Card) -> dict[str, str]:
    return {
        "horizon": card.horizon,
        "scenario": card.scenario,
        "exported_at": card.stamp,
        "software": card.software,
        "sources": "; ".join(map(str, card.sources)),
    }


def _write_domains(path: Path, card: Card) -> None:
    """Write the code lists into the schema tables of a GeoPackage, whose columns then offer them."""
    lists: dict[str, CodeList] = {name: column.codes for name, column in card.columns if column.codes}
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "UPDATE gpkg_data_columns SET constraint_name = ? WHERE table_name = ? AND column_name = ?",
            [(codes.name, card.layer.name, name) for name, codes in lists.items()],
        )
        database.executemany(
            "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description)"
            " VALUES (?, 'enum', ?, ?)",
            sorted(
                {
                    (codes.name, code.code, f"{code.title.vi} | {code.title.en}")
                    for codes in lists.values()
                    for code in codes.codes
                }
            ),
        )


def _is_complete(path: Path, driver: str, last_uid: int | None) -> bool:
    """Look at the end of a file that does not count itself: a disk that fills while GDAL closes it goes unsaid."""
    if driver in _COUNTED:
        return True
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, _TAIL_BYTES), SEEK_END)
        tail = file.read().rstrip()
    return tail.endswith(_ENDINGS[driver]) if driver in _ENDINGS else f",{last_uid},".encode() in tail


def _pack(file: Path, path: Path) -> None:
    """Pack a Shapefile and all that belongs to it into one zip, and remove the loose files."""
    parts = sorted(part for part in file.parent.iterdir() if part.stem == file.stem)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, part.name)
    for part in parts:
        part.unlink()
