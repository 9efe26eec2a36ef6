"""Networks at hand: what was made of a layer is kept by this process, and in files by all processes of this machine.

A network is read from the database once for each state of its layer. Other threads and processes wait for the one that
reads it and map what it wrote. Where no file can be written each process keeps its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import shutil
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import IO, Generic, TypeVar

from gis.db import City
from gis.networks.kept import Arrays, Moment, Origin, is_fresh, keep, kept, moment
from gis.scenarios.reach import sight
from gis.schema import BASELINE
from gis.settings import settings

_MOST_IN_MEMORY = 6
"""Networks one process keeps: a horizon of a scenario each."""
_MOST_IN_FILES = 24
_LONGEST_WAIT_S = 120.0
"""Who has waited for so long reads the network for itself."""
_AGAIN_S = 0.05
_log = logging.getLogger("quyhoach")

T = TypeVar("T")


@dataclass
class Shelf(Generic[T]):
    """The networks made of one layer.

    Parameters
    ----------
    layer : what they are made of.
    read : make one of the city as it is seen, from the database.
    packed, unpacked : what of it is kept in files, and the network made of that.
    """

    layer: str
    read: Callable[[City], T]
    packed: Callable[[T], Arrays]
    unpacked: Callable[[Arrays], T]
    _held: OrderedDict[tuple[str, str], tuple[Moment, T]] = field(default_factory=OrderedDict, repr=False)
    _looking: Lock = field(default_factory=Lock, repr=False)
    _reading: Lock = field(default_factory=Lock, repr=False)

    def of(self, city: City) -> T:
        """Return the network of a city as it is seen now."""
        over = sight(city.connection, city.scenario).changing.get(self.layer, ())
        origin = Origin((self.layer,), over)
        folder = folder_of(city) / self.layer / f"{over[-1] if over else BASELINE}-{city.horizon.value}"
        key = (str(folder.parent), folder.name)
        found = self._remembered(city, key, origin)
        if found is None:
            with self._reading:
                found = self._remembered(city, key, origin) or self._taken(city, folder, origin)
                if not found[0].is_own:  # what is taken back leaves no trace in the log
                    self._remember(key, found)
        return found[1]

    def _remembered(self, city: City, key: tuple[str, str], origin: Origin) -> tuple[Moment, T] | None:
        with self._looking:
            held = self._held.get(key)
        return held if held is not None and is_fresh(city.connection, held[0], origin) else None

    def _remember(self, key: tuple[str, str], found: tuple[Moment, T]) -> None:
        with self._looking:
            self._held[key] = found
            self._held.move_to_end(key)
            while len(self._held) > _MOST_IN_MEMORY:
                self._held.popitem(last=False)

    def _taken(self, city: City, folder: Path, origin: Origin) -> tuple[Moment, T]:
        """Return what is kept in files where it is fresh; else read it and keep it there."""
        with _alone(folder):
            copy = kept(folder)
            if copy is not None and is_fresh(city.connection, copy[0], origin):
                return copy[0], self.unpacked(copy[1])
            made = moment(city.connection)
            network = self.read(city)
            if not made.is_own:
                _write(folder, self.packed(network), made)
            return made, network


def folder_of(city: City) -> Path:
    """Return where networks of a database are kept."""
    where = city.connection.info
    named = hashlib.sha256(f"{where.host}:{where.port}/{where.dbname}".encode()).hexdigest()[:16]
    return settings().local_dir / "networks" / named


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Keep other processes from making the same network meanwhile; they wait, but not for ever."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        mark = folder.with_name(f"{folder.name}.lock").open("w", encoding="ascii")
    except OSError:
        yield
        return
    with mark:
        deadline = monotonic() + _LONGEST_WAIT_S
        while not _is_mine(mark) and monotonic() < deadline:
            sleep(_AGAIN_S)
        yield


def _is_mine(mark: IO[str]) -> bool:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(folder: Path, arrays: Arrays, made: Moment) -> None:
    try:
        keep(folder, arrays, made)
        _clear(folder.parent)
    except OSError as refused:
        _log.warning("a network is not kept in %s: %s", folder, refused)


def _clear(beside: Path) -> None:
    """Remove the copies that were made the longest ago, where there are very many."""
    links = sorted((each for each in beside.iterdir() if each.is_symlink()), key=lambda each: each.lstat().st_mtime)
    for link in links[:-_MOST_IN_FILES]:
        where = link.resolve()
        link.unlink(missing_ok=True)
        shutil.rmtree(where, ignore_errors=True)
