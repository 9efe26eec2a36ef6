"""Compressed deliveries: expanded into a temporary folder, within bounds checked before and while it happens."""

from __future__ import annotations

import bz2
import errno
import gzip
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from gis.intake.errors import ArchiveContentError, DamagedFileError, ExpansionError
from gis.intake.workroom import workroom

LARGEST_BYTES = 8 * 1024**3
"""Most that one delivery may expand to."""
LARGEST_RATIO = 200
"""Most times its compressed size it may expand to; map data reaches about 20."""
SMALL_BYTES = 64 * 1024**2
"""Up to this size the ratio does not matter."""
MOST_MEMBERS = 10_000
_PIECE_BYTES = 1024**2
_LONGEST_NAME_BYTES = 255
_NO_PLACE = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG)
_ENCRYPTED_FLAG = 1
_SYMLINK_MODE = 0o120000
_MODE_MASK = 0o170000
_MAIN_SUFFIXES = (
    ".gpkg", ".shp", ".geojson", ".json", ".fgb", ".parquet", ".geoparquet", ".tab", ".mif", ".dxf", ".kml", ".csv",
    ".xlsx", ".osm", ".pbf", ".tif", ".tiff",
)  # fmt: skip


@contextmanager
def expanded(path: Path) -> Generator[Path]:
    """Yield the path of the delivery itself, unpacked if need be; what was unpacked is removed afterwards.

    `.pbf` and `.osm.bz2`, `.osm.gz` are expanded like any other; a zip must hold one delivery.

    Raises
    ------
    ExpansionError
        When it expands beyond the bounds.
    DamagedFileError, ArchiveContentError
        When it cannot be unpacked, or does not hold one delivery.
    """
    suffix = path.suffix.lower()
    if suffix not in {".gz", ".bz2", ".zip", ".kmz"} or path.is_dir():
        yield path
        return
    with workroom() as folder:
        if suffix in {".zip", ".kmz"}:
            yield _unzipped(path, folder)
        else:
            yield _unpacked(path, folder, suffix)


def _limit_bytes(compressed_bytes: int) -> int:
    return min(LARGEST_BYTES, max(SMALL_BYTES, compressed_bytes * LARGEST_RATIO))


def _unpacked(path: Path, folder: Path, suffix: str) -> Path:
    target = folder / path.stem
    opened = gzip.open if suffix == ".gz" else bz2.open
    try:
        with opened(path, "rb") as packed, target.open("wb") as plain:
            _copy_within(packed, plain, path, _limit_bytes(path.stat().st_size))
    except (EOFError, OSError, zlib.error) as error:
        raise DamagedFileError(path, f"it cannot be unpacked ({error})") from error
    return target


def _copy_within(
    packed: IO[bytes] | gzip.GzipFile | bz2.BZ2File, plain: IO[bytes], path: Path, limit_bytes: int
) -> int:
    written = 0
    while piece := packed.read(_PIECE_BYTES):
        written += len(piece)
        if written > limit_bytes:
            raise ExpansionError(path, f"{limit_bytes / 1024**2:,.0f} MiB")
        plain.write(piece)
    return written


def _unzipped(path: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            refuse_unsafe(path, members)
            limit_bytes = _limit_bytes(path.stat().st_size)
            for member in members:
                limit_bytes -= _extract(archive, member, folder, path, limit_bytes)
    except (zipfile.BadZipFile, EOFError, zlib.error, LZMAError, NotImplementedError, RuntimeError) as error:
        raise DamagedFileError(path, f"the zip cannot be read ({error})") from error
    return _delivery_in(folder, path)


def refuse_unsafe(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip that would expand beyond the bounds, write outside its folder, or is locked."""
    limit_bytes = _limit_bytes(path.stat().st_size)
    if sum(member.file_size for member in members) > limit_bytes:
        raise ExpansionError(path, f"{limit_bytes / 1024**2:,.0f} MiB")
    if len(members) > MOST_MEMBERS:
        raise ExpansionError(path, f"{MOST_MEMBERS:,} files")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in member.filename:
            raise DamagedFileError(path, f"it would write outside its folder ({member.filename!r})")
        if any(len(part.encode()) > _LONGEST_NAME_BYTES for part in place.parts):
            raise DamagedFileError(path, f"a name in it has more than {_LONGEST_NAME_BYTES} bytes ({place.name[:40]}…)")
        if (member.external_attr >> 16) & _MODE_MASK == _SYMLINK_MODE:
            raise DamagedFileError(path, f"it holds a link ({member.filename!r})")
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise DamagedFileError(path, "it is locked with a password")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, path: Path, limit_bytes: int) -> int:
    target = folder / member.filename.replace("\\", "/")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        plain = target.open("wb")
    except OSError as error:
        if error.errno in _NO_PLACE:
            raise DamagedFileError(path, f"{member.filename[:80]!r} is a file and a folder in it") from error
        raise
    with archive.open(member) as packed, plain:
        return _copy_within(packed, plain, path, limit_bytes)


def _delivery_in(folder: Path, path: Path) -> Path:
    databases = [found for found in sorted(folder.rglob("*.gdb")) if found.is_dir()]
    if databases:
        found = databases
    else:
        files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        found = [file for file in files if file.suffix.lower() in _MAIN_SUFFIXES]
        for packed in [file for file in files if not found and file.suffix.lower() == ".shx"]:
            found = [packed.with_suffix(".shp")]
    if len(found) != 1:
        raise ArchiveContentError(path, [str(file.relative_to(folder)) for file in found])
    return found[0]
