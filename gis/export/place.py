"""Where a file is written: in a hidden folder beside its place, moved there when it is complete."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from gis import abandoned
from gis.export.errors import (
    DiskFullError,
    ExportError,
    FileExistsAlreadyError,
    FileInUseError,
    FileNameError,
    NoFolderError,
    NotOrdinaryError,
    WritingFailedError,
)

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_WORDS = ("no space left", "disk is full", "disk quota", "disk full")
_ALMOST_FULL_BYTES = 256 * 1024
_SUFFIX = ".part"
_SHAPEFILE = (".dbf", ".shx", ".prj", ".cpg")
_SHAPEFILE_INDEXES = (".qix", ".qpj", ".sbn", ".sbx", ".idm", ".ind", ".shp.xml")
_JOURNALS = ("-wal", "-journal", "-shm")
_UNUSUAL = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


class UnfinishedError(OSError):
    """A file that its writer left incomplete, with the bytes it had been given: GDAL does not always say why."""

    def __init__(self, reason: str, given_bytes: int) -> None:
        super().__init__(reason)
        self.given_bytes = given_bytes


@contextmanager
def place(path: Path, *, written_as: str, overwrite: bool) -> Generator[Path]:
    """Yield a path to write to; what stands there afterwards is moved to its place, or removed after an error.

    `written_as` is the name while it is written: some writers go by its ending.

    A Shapefile is moved with all that belongs to it, its `.shp` last. Folders that a killed export left are cleared.

    Raises
    ------
    FileExistsAlreadyError, NotOrdinaryError, FileNameError, NoFolderError, FileInUseError
        Before anything is written.
    DiskFullError, WritingFailedError
        When writing failed; nothing is left behind and an older file stands untouched.
    """
    refuse_place(path, overwrite=overwrite)
    abandoned.clear(path.parent.glob(f".{_escaped(path.name)}.*{_SUFFIX}"))
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_SUFFIX, dir=path.parent))
    except OSError as error:
        raise _refusal(error, path) or NoFolderError(path.parent, error.strerror or str(error)) from error
    mark = abandoned.hold(folder)
    try:
        yield folder / written_as
        _move(folder / written_as, path)
    except (OSError, sqlite3.Error) as error:
        raise _refusal(error, path) or WritingFailedError(path, str(error)) from error
    finally:
        os.close(mark)
        shutil.rmtree(folder, ignore_errors=True)


def _belonging(path: Path) -> list[Path]:
    """Return what stands beside a Shapefile and belongs to it."""
    if path.suffix.lower() != ".shp":
        return []
    return [path.with_suffix(suffix) for suffix in (*_SHAPEFILE, *_SHAPEFILE_INDEXES)]


def refuse_place(path: Path, *, overwrite: bool) -> None:
    """Refuse a place that is not there, not free, or taken by what is no ordinary file.

    Raises
    ------
    FileExistsAlreadyError, NotOrdinaryError, FileNameError, NoFolderError, FileInUseError
        When nothing may be written there.
    """
    try:
        str(path).encode()
        _refuse_place(path, overwrite=overwrite)
    except UnicodeEncodeError as error:
        raise FileNameError(path) from error
    except OSError as error:
        raise NoFolderError(path.parent, error.strerror or str(error)) from error


def _refuse_place(path: Path, *, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise NoFolderError(path.parent, "there is no such folder")
    if path.is_dir() and not path.is_symlink():
        raise NoFolderError(path, "it is a folder; give the name of a file")
    standing = [each for each in (path, *_belonging(path)) if os.path.lexists(each)]
    for each in standing:
        if kind := _UNUSUAL.get(stat.S_IFMT(each.lstat().st_mode)):
            raise NotOrdinaryError(each, kind)
    if standing and not overwrite:
        raise FileExistsAlreadyError(standing[0])
    for suffix in _JOURNALS if standing else ():
        if (journal := path.with_name(path.name + suffix)).exists():
            raise FileInUseError(path, journal)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _move(main: Path, path: Path) -> None:
    beside = [file for file in main.parent.iterdir() if file != main]
    if beside:
        for old in (path, *_belonging(path)):
            old.unlink(missing_ok=True)
    for file in beside:
        file.replace(path.parent / file.name)
    main.replace(path)


def _refusal(error: BaseException, path: Path) -> ExportError | None:
    """Return the refusal that says a disk was full, where that is what an error means."""
    free = shutil.disk_usage(path.parent).free
    full = isinstance(error, OSError) and error.errno in _FULL
    full = full or any(words in str(error).lower() for words in _FULL_WORDS)
    needed = max(_ALMOST_FULL_BYTES, error.given_bytes) if isinstance(error, UnfinishedError) else _ALMOST_FULL_BYTES
    if full or (free < needed and not isinstance(error, PermissionError)):
        return DiskFullError(path, free)
    return None
