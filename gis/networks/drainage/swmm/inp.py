"""Models as SWMM 5 writes them, `.inp`: their sections and coordinates; none is run that names other files.

What the engine would take for a section, a word or a comment is taken for the same here. It reads lines in pieces of
some thousand characters, and knows sections and keywords by how they begin.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.answering import file_named
from gis.errors import QuyhoachError

_MOST_BYTES = 100 * 1024**2
_LONGEST_LINE = 1_000
_SHOWN = 60
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_BLANK = re.compile('[ \t\r"]+')


class ModelError(QuyhoachError):
    """A file that is no model, or one that would read or write other files."""


@dataclass(frozen=True)
class Model:
    """A model: its text, and the lines of its sections, split into words; comments are left out."""

    text: str
    sections: Mapping[str, Sequence[Sequence[str]]]

    @property
    def coordinates(self) -> Mapping[str, tuple[float, float]]:
        """Where its nodes lie, in the units of its own map."""
        found: dict[str, tuple[float, float]] = {}
        for words in self._rows("COORDINATES", 3):
            try:
                place = float(words[1]), float(words[2])
            except ValueError:
                continue
            if all(map(math.isfinite, place)):
                found[words[0]] = place
        return found

    @property
    def bends(self) -> Mapping[str, Sequence[tuple[float, float]]]:
        """Where its links bend between their nodes."""
        found: dict[str, list[tuple[float, float]]] = {}
        for words in self._rows("VERTICES", 3):
            try:
                found.setdefault(words[0], []).append((float(words[1]), float(words[2])))
            except ValueError:
                continue
        return found

    def _rows(self, section: str, least: int) -> Iterator[Sequence[str]]:
        return (words for words in self.sections.get(section, ()) if len(words) >= least)

    def check(self) -> None:
        """Raise ModelError where it would read or write files of the machine it runs on, or has no nodes at all."""
        for section, rows in self.sections.items():
            for words in rows:
                if _names_file(section, [word.upper() for word in words]):
                    raise ModelError(
                        f"The model names another file, in [{section}]: {' '.join(words)[:_SHOWN]!r}; "
                        "put the values into the model itself."
                    )
        if not any(self.sections.get(section) for section in ("JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS")):
            raise ModelError("The text has no nodes ([JUNCTIONS], [OUTFALLS], …); it is no model of SWMM 5.")


def model(given: str) -> Model:
    """Return a model that is given as the path of a file, or as its text.

    Raises
    ------
    ModelError, FileRefusedError
        When there is no such file, or no model in it.
    """
    text = given if "\n" in given else _read(file_named("model", given.strip()))
    if _UNREADABLE.search(text):
        raise ModelError("The file holds bytes that no text holds; it is no model of SWMM 5.")
    if any(len(line.encode()) > _LONGEST_LINE for line in text.split("\n")):
        raise ModelError(f"A line has more than {_LONGEST_LINE} characters; the engine reads none so long.")
    read = Model(text, _sections(text))
    read.check()
    return read


def _read(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise ModelError(
                f"{path.name!r} has {size / 1024**2:.0f} MB; a model has at most {_MOST_BYTES // 1024**2}."
            )
        content = path.read_bytes()
    except OSError as wrong:
        raise ModelError(f"{str(path)[:_SHOWN]!r} cannot be read: {wrong.strerror}.") from wrong
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sections(text: str) -> Mapping[str, Sequence[Sequence[str]]]:
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.split("\n"):
        words = [word for word in _BLANK.split(line.partition(";")[0]) if word]
        if words and words[0].startswith("["):
            rows = found.setdefault(words[0].strip("[]").upper(), [])
        elif words:
            rows.append(words)
    return found


def _names_file(section: str, words: Sequence[str]) -> bool:
    """Return whether a line makes the engine read or write a file; the engine knows sections by their first letters."""
    known = section.upper()
    if known.startswith("FILE"):
        return True
    if known.startswith(("RAIN", "TIMES", "TEMP")):
        return any(word.startswith("FILE") for word in words)
    if known.startswith("LID_U"):
        return len(words) > 8 and words[8] != "*"  # noqa: PLR2004 - the ninth word names a report
    return known.startswith("OPT") and words[0].startswith("TEMPDIR")
