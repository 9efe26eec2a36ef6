"""Streets for zones that are built: how dense they are in the wards they lie in, the walk to a stop, and trips.

How many trips people make is in no rule of the standards; without a rate that is given, trips are not known.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.build_out.chapter import Chapter
from gis.build_out.ground import Ground
from gis.db import City
from gis.findings import Quantity, Subject, Verdict
from gis.findings.sources import layer_source
from gis.indicators.measured import measured
from gis.networks.streets.density import Density
from gis.networks.streets.provision import StreetSums
from gis.networks.streets.suppliers import STOP, Suppliers
from gis.planning.plans import RegisteredPlan
from gis.standards import Edition
from layers import LAYERS
from layers.model import Words

_LEVELS = ("district", "sub_district")
_TRIPS = Words("Chuyến đi thêm mỗi ngày", "More trips a day")
_NO_RATE = Words(
    "Quy chuẩn không nêu số chuyến đi của một người: cho biết bằng trips_per_person",
    "The standards say no number of trips for a person: give trips_per_person",
)


def street_chapter(
    city: City, ground: Ground, plan: RegisteredPlan, standard: Edition, *, trips_per_person: float | None
) -> Chapter:
    """Hold the streets of the wards in which zones lie against the standards, as the city is seen.

    Parameters
    ----------
    trips_per_person : trips of each person in a day; None where that is not known.
    """
    trips = None if trips_per_person is None else trips_per_person * ground.zones.more
    return Chapter(
        quantities=(Quantity("trips_day", _TRIPS, trips, "1/day", note=_NO_RATE if trips is None else None),),
        verdicts=(*_densities(city, ground, plan, standard), *_walk_to_stop(city, ground, standard)),
        sources=(layer_source("road", STOP),),
    )


def _densities(city: City, ground: Ground, plan: RegisteredPlan, standard: Edition) -> Iterator[Verdict]:
    density = Density(standard, measured(city, plan), StreetSums.read(city))
    wards = density.land_of.wards
    outlines = np.array([ward.geometry for ward in wards], dtype=object)
    shared_m2 = shapely.area(shapely.intersection(outlines, ground.zones.ground))
    for place in np.flatnonzero(shared_m2 > 0).tolist():
        for level in _LEVELS:
            yield density.verdict(level, wards[place].code, Subject("ward", wards[place].label))


def _walk_to_stop(city: City, ground: Ground, standard: Edition) -> Iterator[Verdict]:
    stops = Suppliers.read(city, STOP, ground.placed)
    verdict = ground.longest_walk(STOP, LAYERS[STOP].title, stops.placed, standard)
    if verdict is not None:
        yield verdict
