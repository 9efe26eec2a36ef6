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

_HEARS: ContextVar[Hears | None] = ContextVar("hears", default=None)
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
    token = _HEARS.set(hears)
    try:
        yield
    finally:
        _HEARS.reset(token)


def told(share: float) -> None:
    """Say which share (0-1) of the question has been answered; it costs nothing where nobody listens."""
    hears = _HEARS.get()
    if hears is not None:
        hears(min(max(share, 0.0), 1.0))


def told_through(items: Sequence[T], *, begin: float = 0.0, end: float = 1.0) -> Iterable[T]:
    """Yield each item, and say before how far the question has come; `begin` and `end` are shares of the whole."""
    for place, item in enumerate(items):
        told(begin + (end - begin) * place / len(items))
        yield item
    told(end)
