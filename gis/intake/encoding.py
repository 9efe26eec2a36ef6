"""The encoding of text: declared, or UTF-8, or asked for — never guessed."""

from __future__ import annotations

import codecs
from pathlib import Path

from gis.intake.errors import EncodingUnknownError, MappingError
from gis.intake.formats import TWO_BYTES, Delivered, Format, sibling

_PIECE_BYTES = 1024**2
_CONTEXT_BYTES = 24
_LANGUAGE_BYTE = 29
_READINGS = ("windows-1258", "latin-1")
_PLAIN_TEXT = {Format.CSV, Format.GEOJSON}


def text_encoding(delivered: Delivered, declared: str | None) -> str | None:
    """Return the encoding GDAL must be told for a file; None where the file itself says it or it is UTF-8.

    Raises
    ------
    EncodingUnknownError
        When the text is not UTF-8 and neither the file nor the mapping declares what it is.
    MappingError
        When the mapping names an encoding that does not exist.
    """
    if declared is not None:
        name = _known(declared)
        return name if delivered.format in {Format.SHAPEFILE, *_PLAIN_TEXT} else None
    if delivered.format is Format.SHAPEFILE:
        table = sibling(delivered.path, ".dbf") or delivered.path
        if sibling(delivered.path, ".cpg") is not None or _language(table):
            return None
        return _utf8_or_refusal(table, delivered.path)
    if delivered.format in _PLAIN_TEXT:
        return _utf8_or_refusal(delivered.path, delivered.path)
    return None


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
        b"a".decode(name, "ignore")
    except (LookupError, ValueError) as error:
        raise MappingError(declared, "there is no such text encoding; usual ones are utf-8, windows-1258") from error
    return name


def decoded(text: bytes, encoding: str) -> str:
    """Return text in the encoding that was declared for it.

    Raises
    ------
    MappingError
        When it is in another one.
    """
    try:
        return text.decode(encoding)
    except UnicodeError as error:
        raise _not_in(encoding, error) from error


def _not_in(encoding: str, error: UnicodeError) -> MappingError:
    return MappingError(encoding, f"the text of the delivery is not in this encoding ({error})")


def _language(table: Path) -> int:
    with table.open("rb") as file:
        return file.read(_LANGUAGE_BYTE + 1)[-1]


def _utf8_or_refusal(file_path: Path, named: Path) -> str | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_ascii = True
    with file_path.open("rb") as file:
        if file.read(2) in TWO_BYTES:
            return "utf-16"
        file.seek(0)
        if file_path.suffix.lower() == ".dbf":
            file.seek(int.from_bytes(file.read(10)[8:10], "little"))
        while piece := file.read(_PIECE_BYTES):
            if is_ascii and piece.isascii():
                continue
            is_ascii = False
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                raise EncodingUnknownError(named, _readings(error)) from error
    return None if is_ascii else "utf-8"


def _readings(error: UnicodeDecodeError) -> list[tuple[str, str]]:
    around = error.object[max(0, error.start - _CONTEXT_BYTES) : error.end + _CONTEXT_BYTES]
    return [(encoding, " ".join(around.decode(encoding, "replace").split())) for encoding in _READINGS]


def as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """Write a text file anew as UTF-8 in a folder and return its path.

    Raises
    ------
    MappingError
        When it is not in the encoding that was declared for it.
    """
    target = folder / path.name
    try:
        with path.open(encoding=encoding, newline="") as old, target.open("w", encoding="utf-8", newline="") as new:
            while piece := old.read(_PIECE_BYTES):
                new.write(piece)
    except UnicodeError as error:
        raise _not_in(encoding, error) from error
    return target
