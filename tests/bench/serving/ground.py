"""What the figures of the service are measured on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Ground:
    """The databases, programs and numbers that all figures of one run share.

    Parameters
    ----------
    city_url : a filled database; only read.
    edited : lends a filled database whose parcels may be changed.
    large_url : a database of some millions of parcels; only read.
    folder : for what a figure writes.
    peers : directory of the peers' virtual environments and programs.
    workers : processes that answer, ours and theirs alike.
    connections : requests under way at once where cold tiles are asked.
    """

    city_url: str
    edited: Callable[[], AbstractContextManager[str]]
    large_url: str | None
    folder: Path
    peers: Path | None
    workers: int = 2
    connections: int = 8


def left_out(what: str, how: str) -> None:
    """Say on standard error that a figure is left out, and how it would be there."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"{what} is left out: {how}")
