"""A box in longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gis.errors import QuyhoachError
from gis.mercator import web_position

_HALF_TURN, _POLE = 180, 90


class BoxError(QuyhoachError):
    """Four numbers that are not a box in longitude and latitude."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}; a box is west,south,east,north in degrees of longitude and latitude, "
            "for example 108.20,16.04,108.25,16.08."
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A box in degrees; its west side is never east of its east side."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.west, self.south, self.east, self.north))):
            raise BoxError("A side of the box is not a number")
        if not (-_HALF_TURN <= self.west <= self.east <= _HALF_TURN):
            raise BoxError(f"West {self.west:g} and east {self.east:g} are not in order between -180 and 180")
        if not (-_POLE <= self.south <= self.north <= _POLE):
            raise BoxError(f"South {self.south:g} and north {self.north:g} are not in order between -90 and 90")

    @classmethod
    def read(cls, text: str) -> Box:
        """Read `west,south,east,north`; BoxError where it is anything else."""
        try:
            west, south, east, north = (float(side) for side in text.split(","))
        except ValueError:
            raise BoxError(f"{text[:80]!r} is not four numbers") from None
        return cls(west, south, east, north)

    @classmethod
    def of(cls, given: BoxGiven) -> Box:
        """Return a box that is given as one, as text, or as four numbers; BoxError where it is none."""
        return given if isinstance(given, Box) else cls.read(written_box(given))

    @property
    def web(self) -> tuple[float, float, float, float]:
        """The same box in metres of EPSG:3857: west, south, east, north."""
        return (*web_position(self.west, self.south), *web_position(self.east, self.north))

    @property
    def sides(self) -> list[float]:
        """West, south, east, north."""
        return [self.west, self.south, self.east, self.north]


BoxGiven = Box | str | Sequence[float]
"""A box as people give it: west, south, east, north in degrees, as text or as four numbers."""


def written_box(given: BoxGiven) -> str:
    """Return a box as text; what may be wrong with it is told by who reads that."""
    if isinstance(given, str):
        return given
    return ",".join(str(side) for side in (given.sides if isinstance(given, Box) else given))


WORLD = Box(-180, -90, 180, 90)
