"""How fast one goes along a street, and how far from it one may begin (see `data/conventions/street-travel.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.certainty import Certainty
from gis.findings.source import Source
from gis.written import Written, written
from layers.model import DATA, Words
from layers.transport import ROAD_CLASSES

_FILE = DATA / "conventions" / "street-travel.toml"
_M_S_OF_KM_H = 1 / 3.6


@dataclass(frozen=True, slots=True)
class Convention:
    """Speeds of vehicles in km/h by class of street, of people in km/h, and the farthest a street may be, in m.

    Vehicles go on no class that is not named. The ground within `about_m` of a street that is reached counts as such.
    """

    title: Words
    certainty: Certainty
    drive_kmh: Mapping[str, float]
    walk_kmh: float
    farthest_street_m: float
    about_m: float

    @property
    def walk_m_s(self) -> float:
        """The speed of people in m/s."""
        return self.walk_kmh * _M_S_OF_KM_H

    @property
    def source(self) -> Source:
        """It as the source of a finding."""
        note = Words(
            f"Tốc độ giả định: đi bộ {self.walk_kmh:g} km/h".replace(".", ","),
            f"Assumed speeds: {self.walk_kmh:g} km/h on foot",
        )
        return Source(self.title, f"data/conventions/{_FILE.name}", self.certainty, note)


@cache
def convention(path: Path = _FILE) -> Convention:
    """Return the convention; WrittenError where the file names classes that there are not, or no speeds."""
    file = written(path)
    file.check_names("convention", "drive_kmh", "walk", "service_area")
    said, driven, walked, drawn = map(file.table, ("convention", "drive_kmh", "walk", "service_area"))
    said.check_names("title", "certainty")
    driven.check_names(*ROAD_CLASSES.values)
    walked.check_names("speed_kmh", "farthest_street_m")
    drawn.check_names("about_m")
    return Convention(
        said.words("title"),
        said.certainty(),
        {name: _positive(driven, name) for name in driven.names},
        _positive(walked, "speed_kmh"),
        _positive(walked, "farthest_street_m"),
        _positive(drawn, "about_m"),
    )


def _positive(listed: Written, name: str) -> float:
    number = listed.number(name)
    if not number:
        raise listed.wrong(f"{name} is 0; it is above 0, and a class that nobody drives on is left out")
    return number
