"""What law and plan say, as it is written in TOML files of `data/`: entries are checked as they are read."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, cast  # TOML is untyped until it is checked here

from gis.certainty import Certainty
from gis.errors import QuyhoachError
from layers.model import Words

_Kind = TypeVar("_Kind", str, int, dt.date, bool)
_NAMES = {str: "a text", int: "a whole number", dt.date: "a date", bool: "true or false"}


class WrittenError(QuyhoachError):
    """A file that says too little, too much, or what cannot be; the message names the file and the place in it."""

    def __init__(self, file: str, place: str, wrong: str) -> None:
        super().__init__(f"{file}: {f'[{place}] ' if place else ''}{wrong}.")


class Written:
    """One table of a file."""

    def __init__(self, file: str, place: str, said: dict[str, Any]) -> None:
        self._file = file
        self._place = place
        self._said = said

    def __contains__(self, key: str) -> bool:
        return key in self._said

    def __getitem__(self, key: str) -> Any:
        """Return an entry as it is written."""
        if key not in self._said:
            raise self.wrong(f"it says no {key}")
        return self._said[key]

    @property
    def place(self) -> str:
        """Name of the table."""
        return self._place

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its entries."""
        return tuple(self._said)

    def wrong(self, what: str) -> WrittenError:
        """Return the error that says what is wrong here."""
        return WrittenError(self._file, self._place, what)

    def check_names(self, *known: str) -> None:
        """Refuse entries nobody would read."""
        if unknown := [key for key in self._said if key not in known]:
            raise self.wrong(f"it has the unknown entry {unknown[0]}; there are {', '.join(known)}")

    def tables(self) -> Iterator[Written]:
        """Return the tables within, in their order; anything else is refused."""
        for key in self._said:
            yield self.table(key)

    def table(self, key: str, *, optional: bool = False) -> Written:
        """Return the table of that name; where `optional`, an empty one if there is none."""
        said = self._said.get(key, {}) if optional else self[key]
        if not isinstance(said, dict):
            raise self.wrong(f"{key} is {said!r}; it is a table")
        return Written(self._file, f"{self._place}.{key}".lstrip("."), said)

    def each(self, key: str) -> list[Written]:
        """Return the tables of a list of tables; none where there is none."""
        said = self._said.get(key, [])
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            raise self.wrong(f"{key} is a list of tables")
        name = f"{self._place}.{key}".lstrip(".")
        return [Written(self._file, f"{name} {number}", one) for number, one in enumerate(said, 1)]

    def of(self, kind: type[_Kind], key: str) -> _Kind:
        """Return an entry of a kind, not empty."""
        said = self[key]
        if type(said) is not kind or said == "":
            raise self.wrong(f"{key} is {said!r}; it is {_NAMES[kind]}")
        return said

    def maybe(self, kind: type[_Kind], key: str) -> _Kind | None:
        """Return an entry of a kind, if it is there."""
        return self.of(kind, key) if key in self._said else None

    def number(self, key: str) -> float:
        """Return a number that is not negative; it may be written as a fraction, "1/3"."""
        return self.number_of(self[key])

    def number_of(self, said: object) -> float:
        """Return a number as `number` does, of what is written."""
        try:
            number = float(Fraction(said)) if isinstance(said, str) else float(cast("float", said))
        except (TypeError, ValueError, ZeroDivisionError):
            number = math.nan
        if isinstance(said, bool) or not math.isfinite(number) or number < 0:
            raise self.wrong(f"{said!r} is no number that could stand here")
        return number

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a text or a list of texts."""
        said = self[key]
        listed = [said] if isinstance(said, str) else said
        if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one for one in listed):
            raise self.wrong(f"{key} is {said!r}; it is a text or a list of texts")
        return tuple(listed)

    def words(self, key: str) -> Words:
        """Return an expression in both languages."""
        said = self.table(key)
        said.check_names("vi", "en")
        return Words(said.of(str, "vi"), said.of(str, "en"))

    def maybe_words(self, key: str) -> Words | None:
        """Return an expression in both languages, if it is there."""
        return self.words(key) if key in self._said else None

    def certainty(self, key: str = "certainty") -> Certainty:
        """Return how sure it is."""
        return self.certainty_of(self.of(str, key))

    def certainty_of(self, said: str) -> Certainty:
        """Return the certainty of that name."""
        try:
            return Certainty(said)
        except ValueError:
            known: Sequence[str] = [each.value for each in Certainty]
            raise self.wrong(f"its certainty is {said!r}; there are {', '.join(known)}") from None


def written(path: Path) -> Written:
    """Return the outermost table of a TOML file; WrittenError where it is none."""
    try:
        with path.open("rb") as file:
            return Written(path.name, "", tomllib.load(file))
    except tomllib.TOMLDecodeError as wrong:
        raise WrittenError(path.name, "", f"it is not TOML: {wrong}") from wrong
