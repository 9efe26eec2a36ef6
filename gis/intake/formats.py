"""What a file is, by its content: only formats that read nothing but the file itself are let in."""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gis.intake.errors import (
    DamagedFileError,
    DirectoryError,
    EmptyFileError,
    ForbiddenFormatError,
    HeaderClaimError,
    MissingPartError,
    NoSuchFileError,
    RemoteFileError,
    UnknownFormatError,
    WebPageError,
)

_HEAD_BYTES = 64 * 1024
TWO_BYTES = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How text of two bytes a letter (UTF-16) begins."""
_REMOTE = re.compile(r"^(/vsi|[a-z][a-z0-9+.-]+://|[A-Z]{3,}:)", re.IGNORECASE)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FORBIDDEN = {
    b"<OGRVRTDataSource": "a virtual dataset (VRT)",
    b"<VRTDataset": "a virtual dataset (VRT)",
    b"<OGRWFSDataSource": "a reference to a WFS service",
    b"<WFS_Capabilities": "a reference to a WFS service",
    b"gdal_streamed_alg": "a stored GDAL pipeline",
    b"<NetworkLink": "a KML that links to an address",
}
_DXF_END = re.compile(rb"\bEOF[\s\x00\x1a]*$")
_SHP_HEAD = struct.Struct(">24xi")
_DBF_HEAD = struct.Struct("<4xIHH17xB")


class Format(StrEnum):
    """The formats that are read; the value is what a person calls it."""

    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    GEOJSON = "GeoJSON"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    FILE_GDB = "FileGDB"
    TAB = "MapInfo TAB"
    MIF = "MapInfo MIF"
    DXF = "DXF"
    KML = "KML"
    CSV = "CSV"
    XLSX = "XLSX"
    OSM = "OpenStreetMap XML"
    OSM_PBF = "OpenStreetMap PBF"
    OVERPASS = "Overpass JSON"
    GEOTIFF = "GeoTIFF"


DRIVERS: dict[Format, tuple[str, ...]] = {
    Format.GEOPACKAGE: ("GPKG",),
    Format.SHAPEFILE: ("ESRI Shapefile",),
    Format.GEOJSON: ("GeoJSON", "GeoJSONSeq", "JSONFG", "TopoJSON", "ESRIJSON"),
    Format.FLATGEOBUF: ("FlatGeobuf",),
    Format.FILE_GDB: ("OpenFileGDB",),
    Format.TAB: ("MapInfo File",),
    Format.MIF: ("MapInfo File",),
    Format.DXF: ("DXF",),
    Format.KML: ("KML", "LIBKML"),
    Format.CSV: ("CSV",),
}
"""The GDAL drivers that may read a format; every other driver is refused."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file as found on disk: where it is, what it is."""

    path: Path
    format: Format


def local_path(given: str | Path) -> Path:
    """Return the path of an existing, filled file of this computer.

    Raises
    ------
    RemoteFileError, NoSuchFileError, DirectoryError, EmptyFileError
        When it is none.
    """
    if _REMOTE.match(str(given)):
        raise RemoteFileError(str(given))
    path = Path(given)
    if not path.exists():
        raise NoSuchFileError(path)
    if path.is_dir():
        if path.suffix.lower() != ".gdb":
            raise DirectoryError(path)
        if not any(path.iterdir()):
            raise EmptyFileError(path)
    elif path.stat().st_size == 0:
        raise EmptyFileError(path)
    return path


def recognised(path: Path) -> Delivered:
    """Return what a file is; its claims are held against its size.

    Raises
    ------
    UnknownFormatError, ForbiddenFormatError, WebPageError, MissingPartError, HeaderClaimError
        When it is nothing that may be read.
    """
    if path.is_dir():
        return Delivered(path, Format.FILE_GDB)
    with path.open("rb") as file:
        head = _plain(file.read(_HEAD_BYTES))
    if not head.strip():
        raise EmptyFileError(path)
    for mark, what in _FORBIDDEN.items():
        if mark.lower() in head.lower():
            raise ForbiddenFormatError(path, what)
    found = _by_magic(path, head) or _by_text(path, head)
    if found is None:
        raise UnknownFormatError(path, [each.value for each in Format])
    if found is Format.SHAPEFILE:
        _check_shapefile(path)
    if found is Format.DXF:
        _check_drawing(path)
    return Delivered(path, found)


def _plain(head: bytes) -> bytes:
    """Return the beginning of a file, text of two bytes a letter as UTF-8."""
    return head.decode("utf-16", "ignore").encode() if head.startswith(TWO_BYTES) else head


_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"fgb\x03fgb", Format.FLATGEOBUF),
    (b"PAR1", Format.GEOPARQUET),
    (b"II*\x00", Format.GEOTIFF),
    (b"MM\x00*", Format.GEOTIFF),
    (b"II+\x00", Format.GEOTIFF),
    (b"MM\x00+", Format.GEOTIFF),
    (b"AutoCAD Binary DXF", Format.DXF),
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
)
_TEXT: tuple[tuple[str, re.Pattern[bytes], Format], ...] = (
    (".tab", re.compile(rb"!table", re.IGNORECASE), Format.TAB),
    (".mif", re.compile(rb"version\s", re.IGNORECASE), Format.MIF),
    (".dxf", re.compile(rb"(0|999)\s"), Format.DXF),
    (".csv", re.compile(rb"[^\x00]*$"), Format.CSV),
    (".tsv", re.compile(rb"[^\x00]*$"), Format.CSV),
    (".txt", re.compile(rb"[^\x00]*$"), Format.CSV),
)
"""Text that is told by the end of its name and how it begins."""


def _by_magic(path: Path, head: bytes) -> Format | None:
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() in {".xlsx", ".xlsm"}:
        return Format.XLSX
    if head.startswith(b"SQLite format 3\x00") and (path.suffix.lower() == ".gpkg" or head[68:70] == b"GP"):
        return Format.GEOPACKAGE
    if b"OSMHeader" in head[:64]:
        return Format.OSM_PBF
    if path.suffix.lower() in {".shp", ".shx", ".dbf"}:
        return Format.SHAPEFILE
    return next((found for magic, found in _MAGIC if head.startswith(magic)), None)


def _by_text(path: Path, head: bytes) -> Format | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return _by_markup(path, text)
    if text.startswith((b"{", b"[", b"\x1e")):
        is_overpass = b'"elements"' in text and (b'"osm3s"' in text or b'"generator"' in text)
        return Format.OVERPASS if is_overpass else Format.GEOJSON
    suffix = path.suffix.lower()
    return next((found for ending, start, found in _TEXT if suffix == ending and start.match(text)), None)


def _by_markup(path: Path, text: bytes) -> Format | None:
    if re.search(rb"<(\w+:)?kml\b", text):
        return Format.KML
    if re.search(rb"<osm\b", text):
        return Format.OSM
    if _HTML.search(text):
        raise WebPageError(path)
    return None


def sibling(path: Path, suffix: str) -> Path | None:
    """Return the file of the same name with another suffix, in whatever case it is written."""
    for other in path.parent.iterdir():
        if other.stem == path.stem and other.suffix.lower() == suffix:
            return other
    return None


def _check_drawing(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _HEAD_BYTES))
        end = file.read()
    if not _DXF_END.search(end):
        raise DamagedFileError(path, "it has no end (EOF), so it was cut off")


def _check_shapefile(path: Path) -> None:
    missing = [suffix for suffix in (".shp", ".shx", ".dbf") if sibling(path, suffix) is None]
    if missing:
        raise MissingPartError(path, missing)
    for suffix in (".shp", ".shx"):
        part = sibling(path, suffix) or path
        size_bytes = part.stat().st_size
        with part.open("rb") as file:
            head = file.read(_SHP_HEAD.size)
        claimed = _SHP_HEAD.unpack(head)[0] * 2 if len(head) == _SHP_HEAD.size else 100
        if claimed > size_bytes or claimed < 0:
            raise HeaderClaimError(part, claimed, size_bytes)
    table = sibling(path, ".dbf") or path
    size_bytes = table.stat().st_size
    with table.open("rb") as file:
        head = file.read(_DBF_HEAD.size)
    if len(head) < _DBF_HEAD.size:
        raise HeaderClaimError(table, 32, size_bytes)
    records, head_bytes, record_bytes, _ = _DBF_HEAD.unpack(head)
    if head_bytes + records * record_bytes > size_bytes + 1:
        raise HeaderClaimError(table, head_bytes + records * record_bytes, size_bytes)
