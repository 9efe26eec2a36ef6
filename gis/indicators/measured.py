"""What indicators are made of, measured from the layers, for the city and each ward, at one horizon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from psycopg import sql

from gis.answering import part, told
from gis.db import City
from gis.indicators.uses import PLANNED, PRESENT
from gis.overlay import Cover
from gis.planning.people import people
from gis.planning.places import EVERYWHERE
from gis.planning.plans import RegisteredPlan
from gis.planning.wards import Ward, people_together, wards
from gis.statements import statements
from layers.model import Horizon, Words

_SQL = Path(__file__).with_suffix(".sql")
_WALK_TO_STOP_M = 500.0
_NO_AREA_M2 = 1e-9
CITY = ""
"""Stands for the whole city among the codes of wards."""

Amounts = Mapping[str, float]
"""Amounts by the code of a ward, and of the city."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Amounts by name, then by ward; what is not there is not known. `counted` says who the people are."""

    horizon: Horizon
    counted: Words
    wards: tuple[Ward, ...]
    amounts: Mapping[str, Amounts]

    def amount(self, name: str, ward: str = CITY) -> float | None:
        """Return an amount of a ward or the city; None where it is not known."""
        return self.amounts.get(name, {}).get(ward)


def measured(city: City, plan: RegisteredPlan) -> Measured:
    """Measure the city at the horizon it is seen at.

    Areas of today are those of present use (of parcels, where no such areas are loaded), areas of 2030 and 2045 those
    of the zones of the plan. A use of which the whole city has none is taken for not recorded, and is not known.
    """
    with part(0.0, 0.2):
        found = wards(city, plan)
    amounts: dict[str, Amounts] = {"people": _people(city, found)}
    if city.horizon is Horizon.EXISTING:
        amounts |= _of_uses(_present(city), PRESENT)
        amounts["upper_secondary_m2"] = _facility_land(city, "upper_secondary_school")
        amounts["housing_floor_m2"] = _summed(city, "housing_floors")
    else:
        amounts |= _of_uses(_planned(city, plan, found), PLANNED)
    told(0.5)
    with part(0.5, 1.0):
        placed, near = _near_stops(city, plan, found)
    amounts |= {"people_placed": placed, "people_near_stops": near}
    known = {name: each for name, each in amounts.items() if each}
    return Measured(city.horizon, people(city, plan).counted, found, known)


def _people(city: City, found: Sequence[Ward]) -> Amounts:
    known = {each.code: each.people for each in found if each.people is not None}
    total = people_together(city, found)
    return known if total is None else {**known, CITY: total}


def _present(city: City) -> Mapping[tuple[str, str | None], float]:
    ((has_uses,),) = city.connection.execute(statements(_SQL)["holds_any"].sql()).fetchall()
    layer = sql.Identifier("land_use" if has_uses else "parcel")
    rows = city.connection.execute(statements(_SQL)["present"].sql(layer=layer)).fetchall()
    areas: defaultdict[tuple[str, str | None], float] = defaultdict(float)
    for ward, code, area_m2 in rows:
        areas[CITY, code] += area_m2
        if ward is not None:
            areas[ward, code] += area_m2
    return areas


def _planned(city: City, plan: RegisteredPlan, found: tuple[Ward, ...]) -> Mapping[tuple[str, str | None], float]:
    rows = city.connection.execute(statements(_SQL)["planned"].sql(), {"plan": plan.code}, binary=True).fetchall()
    areas: defaultdict[tuple[str, str | None], float] = defaultdict(float)
    if not rows:
        return areas
    zones = shapely.from_wkb(np.array([row[1] for row in rows], dtype=object))
    for (code, _), area_m2 in zip(rows, shapely.area(zones).tolist(), strict=True):
        areas[CITY, code] += area_m2
    shared = _outlines(found).shared(zones)
    for zone, ward, area_m2 in np.column_stack([shared.features, shared.areas, shared.shared_m2]).tolist():
        areas[found[int(ward)].code, rows[int(zone)][0]] += area_m2
    return areas


def _outlines(found: tuple[Ward, ...]) -> Cover:
    return Cover(np.array([each.geometry for each in found], dtype=object))


def _of_uses(areas: Mapping[tuple[str, str | None], float], uses: Mapping[str, frozenset[str]]) -> dict[str, Amounts]:
    """Return the areas by what they count for; what the whole city has none of is left out."""
    found: dict[str, Amounts] = {}
    codes = {ward for ward, _ in areas}
    for name, counting in uses.items():
        sums = {ward: sum(areas.get((ward, code), 0.0) for code in counting) for ward in codes}
        if sums.get(CITY):
            found[name] = sums
    return found


def _facility_land(city: City, kind: str) -> Amounts:
    return _sums(city.connection.execute(statements(_SQL)["facilities"].sql(), {"kind": kind}).fetchall())


def _summed(city: City, statement: str) -> Amounts:
    return _sums(city.connection.execute(statements(_SQL)[statement].sql()).fetchall())


def _sums(rows: Iterable[tuple[str, float | None, int]]) -> Amounts:
    """Return sums by ward; where one of what is added up is not known, neither is the sum."""
    listed = list(rows)
    known = {ward: amount for ward, amount, without in listed if amount is not None and not without}
    return {**known, CITY: sum(known.values())} if known and len(known) == len(listed) else known


def _near_stops(city: City, plan: RegisteredPlan, found: tuple[Ward, ...]) -> tuple[Amounts, Amounts]:
    """Return the people that could be placed, and those within a straight walk of a stop."""
    rows = city.connection.execute(statements(_SQL)["stops"].sql(), binary=True).fetchall()
    if not rows or not found:
        return {}, {}
    stops = shapely.from_wkb(np.array([row[0] for row in rows], dtype=object))
    reach = shapely.union_all(shapely.buffer(stops, _WALK_TO_STOP_M))
    within, near = _outlines(found), Cover(np.array([reach], dtype=object))
    placed, walking = np.zeros(len(found)), np.zeros(len(found))
    for living in people(city, plan).batches(EVERYWHERE):
        areas_m2 = np.maximum(shapely.area(living.areas), _NO_AREA_M2)
        shared, reached = within.shared(living.areas), near.shared(living.areas)
        here = shared.shared_m2 * np.nan_to_num(living.people / areas_m2)[shared.features]
        share = np.bincount(reached.features, reached.shared_m2, len(areas_m2)) / areas_m2
        np.add.at(placed, shared.areas, here)
        np.add.at(walking, shared.areas, here * share[shared.features])
    codes = [each.code for each in found]
    return _with_city(codes, placed.tolist()), _with_city(codes, walking.tolist())


def _with_city(codes: Iterable[str], amounts: list[float]) -> Amounts:
    return {**dict(zip(codes, amounts, strict=True)), CITY: sum(amounts)}
