"""What an export refuses; each class writes its own sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gis.errors import QuyhoachError
from layers.model import Layer


class ExportError(QuyhoachError):
    """An export that cannot be made as it was asked for."""


class FormatUnknownError(ExportError):
    """A file name, or a format, that none of the known formats answers to."""

    def __init__(self, given: str, suffixes: Iterable[str], names: Iterable[str]) -> None:
        super().__init__(
            f"{given[:80]!r} names no format to export to; the known endings are {', '.join(suffixes)}, "
            f"the known formats {', '.join(names)}."
        )


class EndingError(ExportError):
    """A name for a format of several files, which belong together by their endings alone."""

    def __init__(self, path: Path, title: str, suffixes: Iterable[str]) -> None:
        super().__init__(f"The name of a {title} ends in {' or '.join(suffixes)}; given {path.name!r}.")


class NoNameError(ExportError):
    """An ending with no name before it, which other programs do not take for a file of that format."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name!r} is an ending without a name; put one before it, such as 'city{path.name}'.")


class FileExistsAlreadyError(ExportError):
    """A file that would be overwritten without having been asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{str(path)!r} exists already; give another name, or ask for it to be overwritten.")


class NotOrdinaryError(ExportError):
    """A link, a device, a pipe or a socket where a file is to be written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{str(path)!r} is {what} and is not replaced by a file; give the name of a file.")


class FileNameError(ExportError):
    """A name that no other program could read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The name {str(path)!r} is not in UTF-8; give another one.")


class NoFolderError(ExportError):
    """A folder that is not there, is no folder, or may not be written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"Nothing can be written into {str(folder)!r}: {reason}.")


class FileInUseError(ExportError):
    """A database file that another program has open; replacing it would mix two files."""

    def __init__(self, path: Path, journal: Path) -> None:
        super().__init__(
            f"{path.name!r} is open in another program ({journal.name!r} lies beside it); "
            "close it there, or give another name."
        )


class DiskFullError(ExportError):
    """The file system had no room for the file."""

    def __init__(self, path: Path, free_bytes: int) -> None:
        super().__init__(
            f"The disk is full: {path.name!r} could not be written into {str(path.parent)!r} "
            f"({free_bytes / 2**20:.1f} MiB are free). Nothing was left behind; make room or export a smaller box."
        )


class WritingFailedError(ExportError):
    """The library that writes the format gave up."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name!r} could not be written: {reason[:500]}. Nothing was left behind.")


class TooManyRowsError(ExportError):
    """More rows than a sheet has."""

    def __init__(self, layer: Layer, rows: int, most: int) -> None:
        super().__init__(
            f"The layer {layer.name} has {rows} features here and an XLSX sheet holds {most}; "
            "export a smaller box, or to GeoPackage or CSV."
        )


class TooLargeError(ExportError):
    """More bytes than a Shapefile may have."""

    def __init__(self, layer: Layer, size: int) -> None:
        super().__init__(
            f"The layer {layer.name} would make a Shapefile of {size / 2**30:.1f} GiB and its files end at 2 GiB; "
            "export a smaller box, or to GeoPackage."
        )


class SystemFixedError(ExportError):
    """A coordinate system for a format that knows only longitude and latitude."""

    def __init__(self, title: str, asked: str) -> None:
        super().__init__(f"{title} is written in longitude and latitude (EPSG:4326) only, not in {asked}.")


class SystemUnheldError(ExportError):
    """A coordinate system the database cannot transform to."""

    def __init__(self, asked: str) -> None:
        super().__init__(
            f"The database cannot transform to {asked!r}; give the EPSG code of a system it holds, "
            "such as EPSG:5899 (VN-2000 / TM-3 107-45) or EPSG:4326 (WGS 84)."
        )


class EndlessDateError(ExportError):
    """A date or time that PostgreSQL calls infinite, which no format can hold."""

    def __init__(self, column: str) -> None:
        super().__init__(
            f"The column {column} holds an infinite date, which no format can hold; "
            "leave it empty where something holds without end."
        )
