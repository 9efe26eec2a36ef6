"""What it takes people to come from where they live to everywhere in the city: to a point inside each ward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.networks.graph import Marks, Numbers
from gis.networks.search import between
from gis.networks.streets.convention import convention
from gis.networks.streets.living import Living
from gis.networks.streets.network import Streets, Travel
from gis.overlay import Shapes
from gis.planning.wards import Ward

_S_OF_MIN = 60.0


@dataclass(frozen=True, slots=True)
class Journeys:
    """Minutes from each place where people live to each ward, (places, wards); infinite where there is no way."""

    minutes: Numbers

    @classmethod
    def of(cls, network: Streets, travel: Travel, homes: Shapes, wards: Sequence[Ward]) -> Journeys:
        """Measure them."""
        centres = shapely.point_on_surface(np.array([each.geometry for each in wards], dtype=object))
        placed = (network.placed(homes, travel), network.placed(np.asarray(centres, dtype=object), travel))
        per_min = _S_OF_MIN * (convention().walk_m_s if travel is Travel.WALK else 1.0)
        return cls(between(network.ways(travel), *placed) / per_min)


@dataclass(frozen=True, slots=True)
class Change:
    """How journeys changed for each place where people live.

    `before_min` and `after_min` are means over the wards that are reached both times, NaN where none is; `lost` and
    `won` say whether there is a ward that is reached no more, or only now.
    """

    before_min: Numbers
    after_min: Numbers
    lost: Marks
    won: Marks

    @classmethod
    def between(cls, before: Journeys, after: Journeys) -> Change:
        """Compare journeys from the same places to the same wards."""
        first, then = np.isfinite(before.minutes), np.isfinite(after.minutes)
        both = first & then
        return cls(
            _mean(before.minutes, both),
            _mean(after.minutes, both),
            np.asarray((first & ~then).any(axis=1)),
            np.asarray((then & ~first).any(axis=1)),
        )

    @property
    def saved_min(self) -> Numbers:
        """Minutes saved at each place; below 0 where journeys have become longer, NaN where that is not known."""
        return self.before_min - self.after_min


@dataclass(frozen=True, slots=True)
class WardChange:
    """How journeys changed for the people of one ward, on average; None where there is nobody, or no way."""

    people: float
    before_min: float | None
    after_min: float | None
    gaining: float
    losing: float
    cut_off: float


def of_ward(change: Change, living: Living, ward: int, *, least_min: float) -> WardChange:
    """Return the change for a ward, by its place; people who gain or lose are those for whom it is `least_min` or more.

    People who are cut off are those who reach some ward no more.
    """
    here = living.ward == ward
    people, saved = living.people[here], change.saved_min[here]
    known = np.isfinite(saved)
    total = float(people[known].sum())
    before, after = (
        float((each[here][known] * people[known]).sum()) / total if total else None
        for each in (change.before_min, change.after_min)
    )
    return WardChange(
        float(people.sum()),
        before,
        after,
        float(people[known][saved[known] >= least_min].sum()),
        float(people[known][saved[known] <= -least_min].sum()),
        float(people[change.lost[here]].sum()),
    )


def _mean(minutes: Numbers, counted: Marks) -> Numbers:
    number = counted.sum(axis=1)
    total = np.where(counted, minutes, 0.0).sum(axis=1)
    return np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
