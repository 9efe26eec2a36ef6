"""How a value stands to a target: met, on track, behind, or nothing to compare."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gis.indicators.catalogue import Direction
from gis.targets import Figure
from layers.model import Words

_SAME = 1e-9


class Status(StrEnum):
    """What is said of a value."""

    MET = "met"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"

    @property
    def words(self) -> Words:
        """The same in both languages."""
        return _WORDS[self]


_WORDS = {
    Status.MET: Words("Đạt", "Met"),
    Status.ON_TRACK: Words("Đúng tiến độ", "On track"),
    Status.BEHIND: Words("Chậm so với mục tiêu", "Behind"),
    Status.NO_TARGET: Words("Không tìm thấy mục tiêu", "No target found"),
    Status.NO_DATA: Words("Không có dữ liệu", "No data"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A value and its target: what is missing (in the unit, positive where more is needed), and the status.

    `expected` is where the straight line from what was observed to the target lies in the year of the value.
    """

    status: Status
    gap: float | None
    expected: float | None


def standing(
    value: float | None, year: int, target: Figure | None, observed: Figure | None, direction: Direction
) -> Standing:
    """Return how a value of a year stands to a target.

    A band is met within it. Before the year of the target a value that has not reached it is on track where it is at
    least where the straight line from the earliest observation to the target has it then,
    `v0 + (T − v0)(t − t0) / (tT − t0)`, and has not passed the target on the other side.

    Parameters
    ----------
    observed : what was observed before, where that is known.
    """
    if value is None:
        return Standing(Status.NO_DATA, None, None)
    if target is None:
        return Standing(Status.NO_TARGET, None, None)
    gap = _gap(value, target, direction)
    if abs(gap) <= _SAME:
        return Standing(Status.MET, 0.0, None)
    expected = _expected(year, target, observed)
    if expected is None or target.year is None or year >= target.year:
        return Standing(Status.BEHIND, gap, expected)
    rises = observed is not None and observed.value < target.minimum
    on_track = (gap > 0 and value >= expected - _SAME) if rises else (gap < 0 and value <= expected + _SAME)
    return Standing(Status.ON_TRACK if on_track else Status.BEHIND, gap, expected)


def _gap(value: float, target: Figure, direction: Direction) -> float:
    """Return what is to be added to a value to meet a target; negative where it is too high."""
    if value < target.minimum and direction is not Direction.LOWER:
        return target.minimum - value
    if value > target.maximum and direction is not Direction.HIGHER:
        return target.maximum - value
    return 0.0


def _aim(value: float, target: Figure) -> float:
    return min(max(value, target.minimum), target.maximum)


def _expected(year: int, target: Figure, observed: Figure | None) -> float | None:
    if observed is None or observed.year is None or target.year is None or observed.minimum != observed.maximum:
        return None
    if target.year <= observed.year:
        return None
    aim = _aim(observed.value, target)
    return observed.value + (aim - observed.value) * (year - observed.year) / (target.year - observed.year)
