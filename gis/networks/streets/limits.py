"""How far one may go: limits in minutes or in metres, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.errors import QuyhoachError
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Travel
from layers.model import Words

_LIMIT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(min|km|m)")
_MOST = 6
_MOST_MIN, _MOST_M = 180.0, 100_000.0
_S_OF_MIN = 60.0
_SHOWN = 60


class LimitError(QuyhoachError):
    """Limits that are not written as such."""

    def __init__(self, given: str, wrong: str) -> None:
        super().__init__(
            f"limits are {given[:_SHOWN]!r}, {wrong}; give up to {_MOST} in one unit, such as 5 min, 10 min or 500 m."
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: a number of minutes, or of metres."""

    number: float
    unit: str

    @property
    def words(self) -> Words:
        """It as people say it."""
        vi = f"{self.number:g}".replace(".", ",")
        return Words(f"{vi} {'phút' if self.unit == 'min' else 'm'}", f"{self.number:g} {self.unit}")

    def cost(self, travel: Travel) -> float:
        """Return it in the unit of the ways: m on foot and along the least length, s in the least time."""
        if self.unit == "m":
            return self.number
        return self.number * _S_OF_MIN * (convention().walk_m_s if travel is Travel.WALK else 1.0)


def read_limits(given: str) -> tuple[Limit, ...]:
    """Return limits, the least first.

    Parameters
    ----------
    given : such as `5 min, 10 min` or `400 m, 1 km`; all in minutes or all in length.

    Raises
    ------
    LimitError
        When they are not written so, too many or too far.
    """
    found: list[Limit] = []
    for each in given.split(","):
        match = _LIMIT.fullmatch(each.strip())
        if match is None:
            raise LimitError(given, f"of which {each.strip()[:_SHOWN]!r} is none")
        number = float(match[1]) * (1_000 if match[2] == "km" else 1)
        found.append(Limit(number, "min" if match[2] == "min" else "m"))
    if len({each.unit for each in found}) > 1:
        raise LimitError(given, "minutes and lengths together")
    if len(found) > _MOST or not all(0 < each.number <= _farthest(each) for each in found):
        raise LimitError(given, f"of which some are 0 or beyond {_MOST_MIN:g} min or {_MOST_M / 1_000:g} km")
    return tuple(sorted(set(found), key=lambda each: each.number))


def _farthest(limit: Limit) -> float:
    return _MOST_MIN if limit.unit == "min" else _MOST_M


def travel_within(travel: str, asked: tuple[Limit, ...]) -> Travel:
    """Return the ways on which limits are measured: a length by vehicle is the shortest, not the fastest way."""
    how = Travel(travel)
    return Travel.DRIVE_SHORTEST if how is Travel.DRIVE and asked[0].unit == "m" else how
