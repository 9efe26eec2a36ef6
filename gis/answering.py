"""What a function that answers a question says besides its answer: what a parameter may name, how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gis.errors import QuyhoachError

T = TypeVar("T")
Hears = Callable[[float], None]
"""Is told which share (0-1) of a question has been answered."""
_SHOWN = 60


@dataclass(slots=True)
class _Hearing:
    """Who listens, and the part of the whole question, from share to share, that is being answered."""

    hears: Hears
    begin: float = 0.0
    end: float = 1.0

    def shares(self, begin: float, end: float) -> tuple[float, float]:
        """Return a part of the part that is being answered, as shares of the whole."""
        return self.share(begin), self.share(end)

    def share(self, share: float) -> float:
        """Return a share of the part that is being answered as one of the whole."""
        return self.begin + (self.end - self.begin) * min(max(share, 0.0), 1.0)


_HEARING: ContextVar[_Hearing | None] = ContextVar("hearing", default=None)
_FILES: ContextVar[bool] = ContextVar("files", default=True)


@dataclass(frozen=True, slots=True)
class MayBeFile:
    """The mark of a text parameter that may be the path of a file: `proposal: Annotated[str, FILE]`."""


FILE = MayBeFile()


class FileRefusedError(QuyhoachError):
    """A path where no file of the machine that answers may be read."""

    def __init__(self, name: str, given: str) -> None:
        super().__init__(
            f"{name} is {given[:_SHOWN]!r}; files of this machine are not read for others: give what stands in it, "
            "GeoJSON or the text of an EPANET file, or scenario:NAME."
        )


class NotPositiveError(QuyhoachError):
    """A size of nothing, or of less."""

    def __init__(self, name: str, given: float) -> None:
        super().__init__(f"{name} is {given:g}; it is more than 0, or left out where it is not known.")


def positive(name: str, given: float | None) -> float | None:
    """Return a size that was given, or None where none was; NotPositiveError where it is none."""
    if given is not None and given <= 0:
        raise NotPositiveError(name, given)
    return given


@contextmanager
def without_files() -> Generator[None]:
    """Read no file that an argument names while the block runs: who asks does not sit at this machine."""
    token = _FILES.set(False)
    try:
        yield
    finally:
        _FILES.reset(token)


def file_named(name: str, given: str) -> Path:
    """Return the path that an argument names, for whoever opens it.

    Raises
    ------
    FileRefusedError
        Within `without_files`.
    """
    if not _FILES.get():
        raise FileRefusedError(name, given)
    return Path(given)


@contextmanager
def heard_by(hears: Hears) -> Generator[None]:
    """Let somebody hear how far a question has come while the block runs; what they raise ends it."""
    token = _HEARING.set(_Hearing(hears))
    try:
        yield
    finally:
        _HEARING.reset(token)


def is_heard() -> bool:
    """Return whether anybody listens: what is told to nobody need not be found out."""
    return _HEARING.get() is not None


def told(share: float) -> None:
    """Say which share (0-1) has been answered of the question, or of a `part`; costs nothing where nobody listens."""
    hearing = _HEARING.get()
    if hearing is not None:
        hearing.hears(hearing.share(share))


@contextmanager
def part(begin: float, end: float) -> Generator[None]:
    """Let what is told while the block runs be told of a part of the question; `begin` and `end` are shares of it.

    A piece that many questions share tells from 0 to 1, and knows nothing of what else they do.
    """
    hearing = _HEARING.get()
    if hearing is None:
        yield
        return
    whole = hearing.begin, hearing.end
    hearing.begin, hearing.end = hearing.shares(begin, end)
    try:
        yield
    finally:
        hearing.begin, hearing.end = whole


def told_through(items: Sequence[T], *, begin: float = 0.0, end: float = 1.0) -> Iterable[T]:
    """Yield each item, and say before how far the question has come; `begin` and `end` are shares of the whole.

    What is told while an item is worked on is told of its part.
    """
    steps = [begin + (end - begin) * place / len(items) for place in range(len(items))] + [end]
    for item, first, last in zip(items, steps, steps[1:], strict=False):
        told(first)
        with part(first, last):
            yield item
    told(end)
