"""Formats that GDAL writes: GeoPackage, FlatGeobuf, GeoJSON, Shapefile, CSV, KML."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from os import SEEK_END
from pathlib import Path

import pyarrow as pa
import pyogrio

from gis.copy import GEOMETRY
from gis.export.card import Card
from gis.export.fitting import UID
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


class _Watched:
    """A stream of batches that remembers what ended it: GDAL reports any error of its source as its own."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0
        self.size_bytes = 0
        self.last_uid = 0
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                self.rows += batch.num_rows
                self.size_bytes += batch.nbytes
                self.last_uid = batch.column(UID)[-1].as_py()
                yield batch
        except GeneratorExit:
            raise
        except BaseException as error:
            self.error = error
            raise


def write_vector(
    path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, card: Card, format_: Format
) -> None:
    """Write batches with the GDAL driver of a format; a path that ends in .zip becomes a zipped Shapefile."""
    driver = format_.driver or ""
    file = path.with_suffix("") if path.suffix.lower() == _ZIP else path
    watched = _Watched(batches)
    if driver == "GeoJSON":
        schema = schema.insert(0, pa.field(_ID, pa.int64()))
    reader = pa.RecordBatchReader.from_batches(schema, map(_identified, watched) if driver == "GeoJSON" else watched)
    try:
        pyogrio.write_arrow(
            reader,
            file,
            layer=card.layer.name,
            driver=driver,
            geometry_name=GEOMETRY,
            geometry_type="Unknown" if driver == "CSV" else _geometry_type(driver, card.layer.geometry),
            crs=f"EPSG:{card.srid}",
            encoding="UTF-8" if driver == "ESRI Shapefile" else None,
            layer_options=_options(driver, card),
            layer_metadata=_metadata(card) if driver == "GPKG" else None,
        )
    except RuntimeError as error:  # the base of pyogrio's errors, and what it makes of one in the stream
        if watched.error is not None:
            raise watched.error from None
        raise UnfinishedError(str(error), watched.size_bytes) from error
    if driver == "GPKG":
        _write_domains(file, card)
    _check(file, driver, watched)
    if file != path:
        _pack(file, path)


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


def _check(path: Path, driver: str, watched: _Watched) -> None:
    """Refuse a file that does not hold what was written: a disk that fills while GDAL closes it goes unsaid."""
    if driver in _COUNTED:
        found = pyogrio.read_info(path)["features"]
        # An empty FlatGeobuf answers -1: it has no index to count by.
        if max(found, 0) != watched.rows:
            raise UnfinishedError(f"it holds {found} of {watched.rows} features", watched.size_bytes)
        return
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, _TAIL_BYTES), SEEK_END)
        tail = file.read().rstrip()
    complete = tail.endswith(_ENDINGS[driver]) if driver in _ENDINGS else f",{watched.last_uid},".encode() in tail
    if watched.rows and not complete:
        raise UnfinishedError("its end is missing", watched.size_bytes)


def _pack(file: Path, path: Path) -> None:
    """Pack a Shapefile and all that belongs to it into one zip, and remove the loose files."""
    parts = sorted(part for part in file.parent.iterdir() if part.stem == file.stem)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, part.name)
    for part in parts:
        part.unlink()
