"""Why a place is reached along the streets, or why not."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
import shapely

from gis.networks.graph import Marks
from gis.networks.placing import Placed
from layers.model import Words


class Status(StrEnum):
    """How one row of an answer came out: a gap is never left without a word."""

    REACHED = "reached"
    NO_POSITION = "no_position"
    NO_STREET = "no_street"
    NO_WAY = "no_way"
    NO_TARGET = "no_target"

    @property
    def words(self) -> Words:
        """The same in both languages."""
        return _WORDS[self]


_WORDS = {
    Status.REACHED: Words("Đến được", "Reached"),
    Status.NO_POSITION: Words("Không có vị trí", "No position"),
    Status.NO_STREET: Words("Không có đường ở gần", "No street near"),
    Status.NO_WAY: Words("Không có đường dẫn đến", "No way leads there"),
    Status.NO_TARGET: Words("Không có điểm đến", "No destination"),
}


def statuses(placed: Placed, is_reached: Marks) -> Iterator[Status]:
    """Yield for each place how it came out.

    Parameters
    ----------
    is_reached : whether a way leads there.
    """
    empty = np.asarray(shapely.is_empty(placed.points))
    for nowhere, on_street, reached in zip(empty.tolist(), placed.is_placed.tolist(), is_reached.tolist(), strict=True):
        if nowhere:
            yield Status.NO_POSITION
        elif not on_street:
            yield Status.NO_STREET
        else:
            yield Status.REACHED if reached else Status.NO_WAY
