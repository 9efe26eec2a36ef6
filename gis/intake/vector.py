"""Vector files that GDAL reads, through pyogrio, as a stream of Arrow batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any  # pyogrio describes a file as an untyped dictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyogrio.raw import read as read_raw

from gis.intake import geojson, table
from gis.intake.encoding import as_utf8, decoded, text_encoding
from gis.intake.errors import (
    DamagedFileError,
    EmptyFileError,
    ForbiddenFormatError,
    NoGeometryError,
    SourceLayerError,
)
from gis.intake.formats import DRIVERS, Delivered, Format
from gis.intake.source import GEOMETRY, Noticed, Source, batch_rows, legible
from gis.intake.workroom import workroom

_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""
_READING_FAILS = (
    DataSourceError,
    DataLayerError,
    FieldError,
    pa.ArrowException,
    OSError,
    RuntimeError,
    UnicodeError,
)
_LINEARISED = "arcs drawn as short lines"
_BYTE_BY_BYTE = "iso-8859-1"
"""Told to GDAL in place of an encoding, so that it hands over the bytes of a shapefile and the text is decoded here.

Its own decoder of windows-1258 drops the last letter of each value.
"""
_CURVES = frozenset(range(8, 13))
_NO_NETWORK = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "OGR_GEOJSON_MAX_OBJ_SIZE": "512",
}
"""A GeoJSON may name its coordinate system by an address; GDAL is given no way to one."""
_CSV_OPTIONS = {
    "X_POSSIBLE_NAMES": "lon,lng,long,longitude,kinh_do,kinhdo,x,easting,easting_m,toa_do_y",
    "Y_POSSIBLE_NAMES": "lat,latitude,vi_do,vido,y,northing,northing_m,toa_do_x",
    "GEOM_POSSIBLE_NAMES": "wkt,geometry,geom,the_geom,hinh_hoc",
    "KEEP_GEOM_COLUMNS": "NO",
    "EMPTY_STRING_AS_NULL": "YES",
}
_NOT_DECLARING = {Format.DXF}
"""Formats whose coordinate system is never the file's own word."""


@contextmanager
def opened(
    delivered: Delivered, *, layer: str | None, encoding: str | None, named: Path | None = None
) -> Generator[Source]:
    """Open a vector file; what had to be written for it is removed on leaving.

    Parameters
    ----------
    named
        The file a refusal speaks of, where this one was written for it.

    Raises
    ------
    SourceLayerError, NoGeometryError, EmptyFileError, DamagedFileError, EncodingUnknownError, ForbiddenFormatError
        When it cannot be read, each saying why.
    """
    pyogrio.set_gdal_config_options(_NO_NETWORK)
    told = text_encoding(delivered, encoding)
    with workroom() as folder:
        path = delivered.path
        if told not in {None, "utf-8"} and delivered.format in {Format.CSV, Format.GEOJSON}:
            path = as_utf8(path, told or "", folder)
        if delivered.format is not Format.SHAPEFILE:
            told = None
        yield _source(Delivered(path, delivered.format), named or delivered.path, layer, told)


def _source(delivered: Delivered, named: Path, layer: str | None, encoding: str | None) -> Source:
    options: dict[str, Any] = dict(_CSV_OPTIONS) if delivered.format is Format.CSV else {}
    try:
        name = _layer_name(delivered, named, layer)
        info: dict[str, Any] = pyogrio.read_info(
            delivered.path,
            layer=name,
            encoding=_BYTE_BY_BYTE if encoding else None,
            force_feature_count=True,
            **options,
        )
    except (DataSourceError, DataLayerError) as error:
        raise DamagedFileError(named, _plain(error, delivered.path)) from error
    _refuse_driver(delivered, named, info)
    fields = [_decoded(str(field), encoding) for field in info["fields"]]
    if info["geometry_type"] is None:
        raise NoGeometryError(named, fields)
    rows = int(info["features"])
    if rows == 0:
        raise EmptyFileError(named, "features")
    reading = _Reading(delivered.path, named, name, options, encoding=encoding, rows=rows)
    if delivered.format is Format.CSV:
        reading.noticed.changes.update(table.remarks(delivered.path, named, fields, rows))
    crs = None if delivered.format in _NOT_DECLARING else info["crs"]
    if delivered.format is Format.GEOJSON:
        crs = geojson.system(delivered.path, crs)
    return Source(
        named, delivered.format.value, tuple(_free_names(fields)), crs, rows, reading.batches, reading.noticed
    )


def _layer_name(delivered: Delivered, named: Path, asked: str | None) -> str:
    found = [(str(name), kind) for name, kind in pyogrio.list_layers(delivered.path)]
    spatial = [name for name, kind in found if kind is not None] or [name for name, _ in found]
    if not spatial:
        raise EmptyFileError(named, "layers")
    if asked in spatial:
        name = str(asked)
    elif asked is None and len(spatial) == 1:
        name = spatial[0]
    else:
        listed = [(each, str(pyogrio.read_info(delivered.path, layer=each)["crs"])) for each in spatial]
        raise SourceLayerError(named, listed, asked)
    if delivered.format is Format.GEOPACKAGE:
        _refuse_view(delivered.path, named, name)
    return name


def _refuse_view(path: Path, named: Path, layer: str) -> None:
    """Refuse a layer that is a query: its functions run while it is read."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            kind = database.execute("SELECT type FROM sqlite_master WHERE name = ?", [layer]).fetchone()
    except sqlite3.Error as error:
        raise DamagedFileError(named, str(error)) from error
    if kind and kind[0] != "table":
        raise ForbiddenFormatError(named, f"a GeoPackage whose layer {layer!r} is a {kind[0]}")


def _refuse_driver(delivered: Delivered, named: Path, info: dict[str, Any]) -> None:
    if info["driver"] not in DRIVERS[delivered.format]:
        raise ForbiddenFormatError(named, f"read as {info['driver']} and not as {delivered.format.value}")


def _plain(error: Exception, path: Path) -> str:
    return " ".join(str(error).replace(str(path), path.name).split()).removesuffix(".")[:300]


def _free_names(fields: list[str]) -> list[str]:
    return [f"{field}_" if field == GEOMETRY else field for field in fields]


class _Reading:
    """One way through the features of a file."""

    def __init__(
        self, path: Path, named: Path, layer: str, options: dict[str, Any], *, encoding: str | None, rows: int
    ) -> None:
        self._path, self._named, self._layer = path, named, layer
        self._encoding, self._options, self._rows = encoding, options, rows
        self.noticed = Noticed()

    def batches(self) -> Iterator[pa.RecordBatch]:
        size = batch_rows(_bytes_on_disk(self._path), self._rows)
        read = 0
        try:
            with pyogrio.open_arrow(
                self._path,
                layer=self._layer,
                encoding=_BYTE_BY_BYTE if self._encoding else None,
                batch_size=size,
                use_pyarrow=True,
                **self._options,
            ) as (description, stream):
                for batch in stream:
                    named = self._named_columns(batch, description)
                    yield self._linearised(named, read)
                    read += batch.num_rows
        except _READING_FAILS as error:
            raise DamagedFileError(self._named, _plain(error, self._path)) from error
        if read != self._rows:
            raise DamagedFileError(self._named, f"it promises {self._rows:,} features and {read:,} can be read")

    def _named_columns(self, batch: pa.RecordBatch, description: dict[str, Any]) -> pa.RecordBatch:
        geometry = description["geometry_name"] or "wkb_geometry"
        fields = [str(field) for field in description["fields"]]
        columns = [legible(batch.column(batch.schema.get_field_index(name))) for name in fields]
        if self._encoding:
            columns = [_decoded_column(column, self._encoding) for column in columns]
        columns.append(batch.column(batch.schema.get_field_index(geometry)))
        names = _free_names([_decoded(field, self._encoding) for field in fields])
        batch = pa.RecordBatch.from_arrays(columns, names=[*names, GEOMETRY])
        batch.validate(full=True)
        return batch

    def _linearised(self, batch: pa.RecordBatch, offset: int) -> pa.RecordBatch:
        """Return the batch with arcs as chains of short lines, as GDAL draws them (4 degrees a piece)."""
        heads = _heads(batch.column(GEOMETRY))
        curved = sum(rows for head, rows in heads if head is not None and _type_code(head) in _CURVES)
        if not curved:
            return batch
        changes = self.noticed.changes
        changes[_LINEARISED] = changes.get(_LINEARISED, 0) + curved
        _, _, lines, _ = read_raw(
            self._path,
            layer=self._layer,
            columns=[],
            skip_features=offset,
            max_features=batch.num_rows,
            **self._options,
        )
        geometry = pa.array(np.asarray(lines).tolist(), pa.binary())
        return batch.set_column(batch.schema.get_field_index(GEOMETRY), GEOMETRY, geometry)


def _decoded(text: str, encoding: str | None) -> str:
    return text if encoding is None else decoded(text.encode(_BYTE_BY_BYTE), encoding)


def _decoded_column(column: pa.Array[Any], encoding: str) -> pa.Array[Any]:
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    encoded = column.cast(pa.binary() if pa.types.is_string(column.type) else pa.large_binary()).dictionary_encode()
    raw: list[bytes | None] = encoded.dictionary.cast(pa.binary()).to_pylist()
    texts = [None if text is None else decoded(text, encoding) for text in raw]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _heads(wkb: pa.Array[Any]) -> list[tuple[bytes | None, int]]:
    """Return the first five bytes that geometries begin with, and how many begin so."""
    firsts = _compute.binary_slice(wkb.cast(pa.binary()), 0, 5)
    return [(entry["values"], entry["counts"]) for entry in _compute.value_counts(firsts).to_pylist()]


def _type_code(head: bytes) -> int:
    order = "little" if head[0] == 1 else "big"
    return (int.from_bytes(head[1:5], order) & 0xFFFFFF) % 1000


def _bytes_on_disk(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (file for file in path.parent.iterdir() if file.stem == path.stem)
    return sum(file.stat().st_size for file in files if file.is_file())
