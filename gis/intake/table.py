"""A table written as text (CSV): whether every row it was given is still a row of its own."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from gis.intake.errors import DamagedFileError

LIKE_FURTHER_ROWS = "a field holds a line break and then what looks like another row (a lost quotation mark?)"
BEYOND_THE_HEAD = "fields beyond the last named column, not read"
_DELIMITERS = ",;\t|"
_PIECE_BYTES = 1024**2
_TAIL_BYTES = 1024**2
_WKT = re.compile(r"\s*[A-Z ]+\(", re.IGNORECASE)
_NO_HEAD = re.compile(r"field_\d+$")


@dataclass(frozen=True, slots=True)
class _Record:
    """A row with the lines it is written on; `number` counts the rows below the head from 1."""

    number: int
    fields: list[str]
    lines: list[str]


def remarks(path: Path, named: Path, columns: Sequence[str], rows: int) -> dict[str, int]:
    """Return what is odd about rows that are read nevertheless, and of how many.

    A field may seem to hold further rows (looked at where a row is more than a line), or have no name in the head.

    Parameters
    ----------
    columns, rows
        What GDAL made of the table: the names of its columns, the number of its rows.

    Raises
    ------
    DamagedFileError
        When a quotation mark is not closed, rows are lost, or the last one is cut off.
    """
    head_lines = 0 if columns and all(map(_NO_HEAD.match, columns)) else 1
    csv.field_size_limit(sys.maxsize)
    with _text(path) as file:
        head = file.readline()
    delimiter = max(_DELIMITERS, key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))
    width = len(next(csv.reader([head], delimiter=delimiter), []))
    whole = _Whole(path, named, delimiter, width, 1 - head_lines)
    if _lines(path) - head_lines == rows:
        whole.refuse_cut(_last_fields(path, delimiter))
        found = {BEYOND_THE_HEAD: whole.wider()}
    else:
        found = {LIKE_FURTHER_ROWS: whole.suspects(rows), BEYOND_THE_HEAD: whole.wider()}
    return {remark: rows for remark, rows in found.items() if rows}


class _Whole:
    """The rows of a table, read as its marks part them."""

    def __init__(self, path: Path, named: Path, delimiter: str, width: int, first: int) -> None:
        self._path, self._named = path, named
        self._delimiter, self._width, self._first = delimiter, width, first

    def suspects(self, rows: int) -> int:
        found, record = 0, _Record(0, [], [])
        for record in self._records():
            if len(record.lines) > 1:
                self._refuse_open(record)
                found += any(map(self._holds_rows, record.fields))
        if record.number != rows:
            self._refuse_open(record)
            raise DamagedFileError(self._named, f"it has {record.number:,} rows, of which {rows:,} can be told apart")
        self.refuse_cut(record.fields)
        return found

    def wider(self) -> int:
        """Return how many rows say something after the last column of the head."""
        with _text(self._path) as file:
            return sum(
                any(map(str.strip, fields[self._width :])) for fields in csv.reader(file, delimiter=self._delimiter)
            )

    def _holds_rows(self, field: str) -> bool:
        """Say whether a field, if its quotation mark was lost, is the rest of a row and the beginning of the next."""
        broken = "\n" in field or "\r" in field
        return broken and field.count(self._delimiter) >= self._width - 1 > 0 and not _WKT.match(field)

    def refuse_cut(self, last: Sequence[str]) -> None:
        """Refuse a last row of fewer fields than the head, unless it ends its line and others are as short."""
        if not last or len(last) >= self._width:
            return
        if _ends_its_line(self._path):
            short = (record for record in self._records() if record.number and len(record.fields) < self._width)
            if len(list(islice(short, 2))) > 1:
                return
        raise DamagedFileError(self._named, f"its last row is cut off: it has {len(last)} of {self._width} fields")

    def _records(self) -> Iterator[_Record]:
        taken: list[str] = []
        number = self._first
        with _text(self._path) as file:
            for fields in csv.reader(_watched(file, taken), delimiter=self._delimiter):
                if fields:
                    yield _Record(number, fields, [*taken])
                    number += 1
                taken.clear()

    def _refuse_open(self, record: _Record) -> None:
        try:
            list(csv.reader(record.lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            raise DamagedFileError(
                self._named,
                f"a quotation mark in row {record.number:,} is not closed, and swallows what comes after it",
            ) from error


def _watched(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _text(path: Path) -> IO[str]:
    """Open a table byte by byte: the marks that part it are the same in every encoding it may have here."""
    return path.open(encoding="latin-1", newline="")


def _lines(path: Path) -> int:
    """Count the lines, the last one also where nothing ends it; one of two ends counts as an empty line."""
    ends = {b"\n": 0, b"\r": 0}
    last = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            ends = {end: count + piece.count(end) for end, count in ends.items()}
            last = piece[-1:]
    return (ends[b"\n"] or ends[b"\r"]) + (last not in ends)


def _ends_its_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in b"\r\n"


def _last_fields(path: Path, delimiter: str) -> list[str]:
    """Return the fields of the last line; none where it is longer than what is looked at."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        lines = [line for line in file.read().splitlines() if line]
    return next(csv.reader([lines[-1].decode("latin-1")], delimiter=delimiter), []) if len(lines) > 1 else []
