"""Lots of many quarters as one table of arrays, from which parcels, buildings, facilities and land use are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes
from gis.sample.layout import Layout, lots_of
from gis.sample.lots import Lots
from gis.sample.patterns import Make
from gis.sample.services import SERVICES

_AT_ONCE = 12_000


@dataclass(frozen=True, slots=True)
class Plots:
    """A table of lots, a row for each.

    `service` : number of the service on it (see `gis.sample.services`), -1 for none. `made` : its pattern.
    `stage`, `stage_end` : 0 existing, 1 2030, 2 2045, 3 never. `place` : its number within the quarter.
    """

    shapes: Shapes
    quads: Floats
    whole: Flags
    block: Ints
    service: Ints
    frontage_m: Floats
    quarter: Ints
    made: Ints
    stage: Ints
    stage_end: Ints
    place: Ints

    @property
    def areas(self) -> Floats:
        """Areas in square metres."""
        return np.asarray(shapely.area(self.shapes))


def plots(plan: Layout) -> Iterator[Plots]:
    """Yield the lots of the city, whole quarters at a time, some twelve thousand at once."""
    waiting: list[Plots] = []
    count = 0
    for quarter in range(len(plan.home.made)):
        for made, stage, end in plan.phases(quarter):
            table = _table(plan, quarter, made, stage, end)
            waiting.append(table)
            count += len(table.shapes)
        if count >= _AT_ONCE:
            yield _joined(waiting)
            waiting, count = [], 0
    if count:
        yield _joined(waiting)


def _joined(tables: list[Plots]) -> Plots:
    return Plots(*(np.concatenate([getattr(table, name) for table in tables]) for name in Plots.__slots__))


def _table(plan: Layout, quarter: int, made: Make, stage: int, end: int) -> Plots:
    lots, wanted = lots_of(plan, quarter, made, stage)
    service = _services(lots, wanted, made, plan.frame.rng(50, quarter, stage))
    count = len(lots.shapes)
    return Plots(
        lots.shapes,
        lots.quads,
        lots.whole,
        lots.block,
        service,
        lots.frontage_m,
        quarter=np.full(count, quarter),
        made=np.full(count, int(made)),
        stage=np.full(count, stage),
        stage_end=np.full(count, end),
        place=np.arange(count),
    )


def _services(lots: Lots, wanted: list[int], made: Make, rng: np.random.Generator) -> Ints:
    """Return the service on each lot; one that found no reserved site takes the ordinary lot nearest its size."""
    numbers = np.array([*wanted, -1])
    service = numbers[lots.site]
    areas = np.asarray(shapely.area(lots.shapes))
    for place, number in enumerate(wanted):
        if (lots.site == place).any() or len(areas) == 0:
            continue
        free = np.flatnonzero(service < 0)
        if len(free) > 0:
            service[free[np.argmin(np.abs(areas[free] - SERVICES[number].site_m2))]] = number
    if made == Make.PARK:
        park = next(number for number, kind in enumerate(SERVICES) if kind.facility_type == "park")
        service[(service < 0) & (areas > 2_500)] = park
    elif made == Make.CAMPUS:
        taught = (service < 0) & (areas > 4_000) & (rng.random(len(areas)) < 0.25)
        service[taught] = 3
    return service
