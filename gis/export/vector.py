"""Formats that GDAL writes: GeoPackage, FlatGeobuf, GeoJSON, Shapefile, CSV, KML."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyogrio

from gis.copy import GEOMETRY
from gis.export.card import Card
from gis.export.errors import WritingFailedError
from gis.export.formats import Format
from layers.model import CodeList, Geometry

_ID = "id"
_ZIP = ".zip"
_TAILS = {"GeoJSON": b"}", "KML": b"</kml>"}
_SINGLE_PART = {Geometry.LINE: "LineString", Geometry.POLYGON: "Polygon"}
_COUNTED = ("GPKG", "FlatGeobuf", "ESRI Shapefile")
"""Formats that know their number of features without being read through."""


class _Watched:
    """A stream of batches that remembers what ended it: GDAL reports any error of its source as its own."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                self.rows += batch.num_rows
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
    except Exception:
        if watched.error is not None:
            raise watched.error from None
        raise
    if driver == "GPKG":
        _write_domains(file, card)
    _check(file, driver, watched.rows)
    if file != path:
        _pack(file, path)


def _geometry_type(driver: str, geometry: Geometry) -> str:
    return _SINGLE_PART.get(geometry, geometry.value) if driver == "ESRI Shapefile" else geometry.value


def _identified(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose uid stands a second time in front, to become the `id` of the GeoJSON feature."""
    return batch.add_column(0, pa.field(_ID, pa.int64()), batch.column("uid"))


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


def _check(path: Path, driver: str, rows: int) -> None:
    """Refuse a file that does not hold what was written: a disk that fills while GDAL closes it goes unsaid."""
    if driver in _COUNTED:
        found = pyogrio.read_info(path)["features"]
        if found != rows:
            raise WritingFailedError(path, f"it holds {found} of {rows} features")
    elif driver in _TAILS:
        with path.open("rb") as file:
            file.seek(-min(path.stat().st_size, 64), 2)
            if not file.read().rstrip().endswith(_TAILS[driver]):
                raise WritingFailedError(path, "its end is missing")


def _pack(file: Path, path: Path) -> None:
    """Pack a Shapefile and all that belongs to it into one zip, and remove the loose files."""
    parts = sorted(part for part in file.parent.iterdir() if part.stem == file.stem)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, part.name)
    for part in parts:
        part.unlink()
