"""Areas to be held against each other, seen window by window, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

CROWD = 20_000
_SMALLEST_M = 20.0

Shapes = npt.NDArray[np.object_]
Box = tuple[float, float, float, float]
"""West, south, east and north in EPSG:5899, in metres."""


@dataclass(frozen=True, slots=True)
class Window:
    """The features that meet a box.

    Parameters
    ----------
    box
        The box they were asked for.
    names
        A number for each feature, in the order they were stored.
    is_new
        Whether they came with the delivery that is examined; pairs of others are known already.
    together
        A digest of what they may not overlap within: a stage, a plan with its horizon.
    shapes
        Their areas.
    """

    box: Box
    names: npt.NDArray[np.int64]
    is_new: npt.NDArray[np.bool_]
    together: npt.NDArray[np.int64]
    shapes: Shapes


class Footprints(Protocol):
    """Areas that can be asked for by box."""

    def reach(self) -> Box | None:
        """Return the box all new ones lie in; None where there is none."""
        ...

    def crowd(self, box: Box) -> int:
        """Return how many meet a box; counting may stop beyond `CROWD`."""
        ...

    def window(self, box: Box) -> Window | None:
        """Return those that meet a box; None where none does."""
        ...


def windows(footprints: Footprints) -> Iterator[Window]:
    """Yield windows that part the reach, each with no more than a crowd where it is not the smallest."""
    reach = footprints.reach()
    waiting = [] if reach is None else [reach]
    while waiting:
        box = waiting.pop()
        crowd = footprints.crowd(box)
        if crowd > CROWD and box[2] - box[0] > _SMALLEST_M:
            waiting.extend(_quarters(box))
        elif crowd > 1 and (window := footprints.window(box)) is not None:
            yield window


def _quarters(box: Box) -> list[Box]:
    west, south, east, north = box
    middle_m, centre_m = (west + east) / 2, (south + north) / 2
    return [
        (west, south, middle_m, centre_m),
        (middle_m, south, east, centre_m),
        (west, centre_m, middle_m, north),
        (middle_m, centre_m, east, north),
    ]
