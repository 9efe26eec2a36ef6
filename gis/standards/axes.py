"""What a rule depends on: by code, in steps, or interpolated between numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

Weights = tuple[tuple[int, float], ...]
"""Places on an axis and what each counts; the counts sum to 1."""


@dataclass(frozen=True, slots=True)
class Codes:
    """An axis of codes; those of one group share a value."""

    name: str
    groups: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """How many values lie on it."""
        return len(self.groups)

    def weights(self, code: str) -> Weights | None:
        """Return the place of a code; None where the rule does not speak of it."""
        for place, group in enumerate(self.groups):
            if code in group:
                return ((place, 1.0),)
        return None

    def label(self, place: int) -> str:
        """Return what stands at the head of a place."""
        return ", ".join(self.groups[place])


@dataclass(frozen=True, slots=True)
class Steps:
    """An axis in steps: each holds from its start to the next; a start that is `open` belongs to the step before."""

    name: str
    starts: tuple[float, ...]
    open: frozenset[float] = frozenset()

    @property
    def size(self) -> int:
        """How many values lie on it."""
        return len(self.starts)

    def weights(self, number: float) -> Weights | None:
        """Return the step of a number; None below the first."""
        place = bisect_right(self.starts, number) - 1
        if place >= 0 and number == self.starts[place] and number in self.open:
            place -= 1
        return ((place, 1.0),) if place >= 0 else None

    def label(self, place: int) -> str:
        """Return what stands at the head of a place."""
        start = self.starts[place]
        from_ = f"{'>' if start in self.open else '≥'} {start:g}"
        if place + 1 == self.size:
            return from_
        end = self.starts[place + 1]
        to = f"{'≤' if end in self.open else '<'} {end:g}"
        return to if place == 0 and start == 0 else f"{from_}, {to}"


@dataclass(frozen=True, slots=True)
class Points:
    """An axis of numbers between which values are interpolated; constant before the first and beyond the last.

    Where something else holds `above` the last, one more value lies on the axis.
    """

    name: str
    at: tuple[float, ...]
    above: bool = False

    @property
    def size(self) -> int:
        """How many values lie on it."""
        return len(self.at) + self.above

    def weights(self, number: float) -> Weights:
        """Return the points around a number, the nearer counting more."""
        last = len(self.at) - 1
        if number > self.at[last]:
            return ((last + self.above, 1.0),)
        right = bisect_left(self.at, number)
        if right == 0 or self.at[right] == number:
            return ((right, 1.0),)
        left = right - 1
        share = (number - self.at[left]) / (self.at[right] - self.at[left])
        return ((left, 1.0 - share), (right, share))

    def label(self, place: int) -> str:
        """Return what stands at the head of a place."""
        if place == len(self.at):
            return f"> {self.at[-1]:g}"
        return f"{self.at[place]:g}"


Axis = Codes | Steps | Points
