"""How fast vehicles go on a class of streets (see `data/conventions/street-speeds.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.certainty import Certainty
from gis.written import Written, written
from layers.model import DATA, Words
from layers.transport import ROAD_CLASSES

_FILE = DATA / "conventions" / "street-speeds.toml"


@dataclass(frozen=True, slots=True)
class Speeds:
    """The convention: km/h by class of street; vehicles go on no other class."""

    title: Words
    certainty: Certainty
    by_class: Mapping[str, float]


@cache
def speeds(path: Path = _FILE) -> Speeds:
    """Return the convention; WrittenError where the file names classes that there are not, or no speeds."""
    file = written(path)
    file.check_names("convention", "speed_kmh")
    said, listed = file.table("convention"), file.table("speed_kmh")
    said.check_names("title", "certainty")
    listed.check_names(*ROAD_CLASSES.values)
    return Speeds(said.words("title"), said.certainty(), {name: _speed_kmh(listed, name) for name in listed.names})


def _speed_kmh(listed: Written, name: str) -> float:
    speed_kmh = listed.number(name)
    if not speed_kmh:
        raise listed.wrong(f"{name} is 0 km/h; a class that nobody drives on is left out")
    return speed_kmh
