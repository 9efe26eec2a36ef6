"""Zones built to a floor area ratio: who lives there then, who does today, and on which parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.build_out.errors import (
    HIGHEST_RATIO,
    NoZoneError,
    RatioError,
    UnknownPeopleError,
    UnknownRatioError,
    UnknownZoneError,
)
from gis.db import City, seen_at, sight_kept
from gis.findings.figures import said
from gis.planning.people import people
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.planning.uses import HOUSING, INDUSTRY
from gis.schema import BASELINE
from gis.statements import statements
from layers.model import Horizon, Words

_SQL = Path(__file__).with_suffix(".sql")
_M2_OF_HA = 10_000.0
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the plan in EPSG:5899; `ratio` and `population` are what the plan provides for, None where unknown."""

    uid: int
    code: str
    use: str
    ratio: float | None
    population: float | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Floors:
    """A zone built to a ratio: its floor area in m², the people then, and how they were reckoned."""

    zone: Zone
    ratio: float
    people: float
    counted: Words

    @property
    def floor_m2(self) -> float:
        """Ratio times ground."""
        return self.ratio * self.zone.geometry.area


@dataclass(frozen=True)
class Built:
    """Zones built to a floor area ratio.

    Parameters
    ----------
    floors : each of them.
    today : people who live on their ground today; None where that is not known.
    unbuilt : codes of zones of the scenario for which the plan names no floor area ratio: they are not built.
    """

    floors: tuple[Floors, ...]
    today: float | None
    unbuilt: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Their codes, with commas."""
        return ", ".join(dict.fromkeys(each.zone.code for each in self.floors))

    @cached_property
    def ground(self) -> BaseGeometry:
        """Their ground, in EPSG:5899."""
        return shapely.union_all(np.array([each.zone.geometry for each in self.floors], dtype=object))

    @property
    def place(self) -> Place:
        """Their ground as a part of the city."""
        return Place(Words(self.code, self.code), self.ground)

    @property
    def floor_m2(self) -> float:
        """Floor area that stands there then."""
        return sum(each.floor_m2 for each in self.floors)

    @property
    def people(self) -> float:
        """People for whom there is room then."""
        return sum(each.people for each in self.floors)

    @property
    def industry_ha(self) -> float:
        """Hectares of industry."""
        return sum(each.zone.geometry.area for each in self.floors if each.zone.use in INDUSTRY) / _M2_OF_HA

    @property
    def more(self) -> float:
        """People who come in addition to those of today."""
        return max(0.0, self.people - (self.today or 0.0))

    @property
    def then(self) -> float:
        """People of the ground then: those of today stay."""
        return (self.today or 0.0) + self.more

    @property
    def notes(self) -> tuple[Words, ...]:
        """How the people were reckoned, and what was left out."""
        found = [each.counted for each in self.floors]
        if self.today is None:
            found.append(_NO_TODAY)
        if self.unbuilt:
            listed = ", ".join(self.unbuilt[:_MOST_SHOWN]) + (" …" if len(self.unbuilt) > _MOST_SHOWN else "")
            found.append(
                Words(
                    f"Ô không có hệ số sử dụng đất, coi như không xây dựng: {listed}",
                    f"Zones without a floor area ratio are not built: {listed}",
                )
            )
        return tuple(found)


_NO_TODAY = Words(
    "Chưa rõ số người đang ở trong ô: toàn bộ số người được tính là tăng thêm",
    "How many people live in the zone today is not known: all of them are taken to come",
)


def built(
    city: City,
    *,
    codes: str,
    plan: RegisteredPlan,
    floor_area_ratio: float | None,
    dwelling: tuple[float | None, float | None],
) -> Built:
    """Return zones of a plan built to a floor area ratio.

    People are floor area over that of a dwelling, times the people of a household, in zones for housing alone; else
    those the plan provides for, in proportion to its own floor area ratio.

    Parameters
    ----------
    codes : of the zones, with commas; those of 2030 where the city is seen as it stands. Without any, the zones that
        the scenario has and the city has not, as they are.
    floor_area_ratio : to which all are built; each to that of the plan where none is given.
    dwelling : floor area of a dwelling in m², and people of a household; None where they are not known.

    Raises
    ------
    UnknownZoneError, NoZoneError, RatioError, UnknownRatioError, UnknownPeopleError
        When there is no such zone, nothing is built so, or its people cannot be told.
    """
    if floor_area_ratio is not None and not 0 < floor_area_ratio <= HIGHEST_RATIO:
        raise RatioError(floor_area_ratio)
    horizon = planned_horizon(city)
    wanted = [each.strip() for each in codes.split(",") if each.strip()]
    with sight_kept(city):
        sight = seen_at(city.connection, horizon, city.scenario)
        zones = _named(sight, wanted, plan) if wanted else _changed(sight, plan)
        # A zone that is named is built; of those a scenario changes, what the plan gives no ratio is not.
        is_built = [bool(wanted or floor_area_ratio or zone.ratio) for zone in zones]
        if not any(is_built):
            raise NoZoneError(city.scenario, plan)
        floors = tuple(_floors(zone, floor_area_ratio, dwelling) for zone in compress(zones, is_built))
        found = Built(
            floors, None, tuple(zone.code for zone, built_ in zip(zones, is_built, strict=True) if not built_)
        )
        return replace(found, today=_today(seen_at(city.connection, Horizon.EXISTING, city.scenario), found, plan))


def planned_horizon(city: City) -> Horizon:
    """Return the horizon whose plan is built: 2030 where the city is seen as it stands."""
    return Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon


def _named(city: City, wanted: Sequence[str], plan: RegisteredPlan) -> list[Zone]:
    found = _read(city, plan, wanted)
    if missing := [code for code in wanted if code not in {zone.code for zone in found}]:
        query = statements(_SQL)["codes"].sql()
        known = [code for (code,) in city.connection.execute(query, {"plan": plan.code}).fetchall()]
        raise UnknownZoneError(missing[0], plan, city.horizon.value, known)
    return found


def _changed(city: City, plan: RegisteredPlan) -> list[Zone]:
    """Return the zones that a scenario has and the city has not, as they are."""
    if city.scenario == BASELINE:
        return []
    here = _read(city, plan, None)
    there = {_as_it_is(zone) for zone in _read(seen_at(city.connection, city.horizon), plan, None)}
    return [zone for zone in here if _as_it_is(zone) not in there]


def _as_it_is(zone: Zone) -> tuple[str, str, float | None, float | None, bytes]:
    return zone.code, zone.use, zone.ratio, zone.population, shapely.to_wkb(zone.geometry)


def _read(city: City, plan: RegisteredPlan, codes: Sequence[str] | None) -> list[Zone]:
    bound = {"plan": plan.code, "codes": codes}
    listed = city.connection.execute(statements(_SQL)["zones"].sql(), bound, binary=True).fetchall()
    return [
        Zone(uid, code or f"uid {uid}", use, ratio, number, shapely.from_wkb(wkb))
        for uid, code, use, ratio, number, wkb in listed
    ]


def _floors(zone: Zone, given: float | None, dwelling: tuple[float | None, float | None]) -> Floors:
    ratio = given or zone.ratio
    if not ratio:
        raise UnknownRatioError(zone.code)
    people_then, counted = _people(zone, ratio, dwelling)
    return Floors(zone, ratio, people_then, counted)


def _people(zone: Zone, ratio: float, dwelling: tuple[float | None, float | None]) -> tuple[float, Words]:
    dwelling_m2, household = dwelling
    floor_m2 = ratio * zone.geometry.area
    given = {"zone": zone.code, "floor": floor_m2, "ratio": ratio}
    if zone.use in HOUSING and dwelling_m2 is not None and household is not None:
        number = floor_m2 / dwelling_m2 * household
        return number, said(
            "{zone}: {floor} m² sàn / {dwelling} m² × {household} người = {people} người",
            "{zone}: {floor} m² of floor / {dwelling} m² × {household} people = {people} people",
            dwelling=dwelling_m2,
            household=household,
            people=number,
            **given,
        )
    if zone.population is not None and zone.ratio:
        number = zone.population * ratio / zone.ratio
        return number, said(
            "{zone}: {planned} người theo đồ án × {ratio} / {allowed} = {people} người",
            "{zone}: {planned} people of the plan × {ratio} / {allowed} = {people} people",
            planned=zone.population,
            allowed=zone.ratio,
            people=number,
            **given,
        )
    if zone.use in INDUSTRY:
        return 0.0, said("{zone}: đất công nghiệp", "{zone}: land of industry", **given)
    raise UnknownPeopleError(zone.code, zone.use)


def _today(existing: City, zones: Built, plan: RegisteredPlan) -> float | None:
    """Return how many people live on the ground as it stands; None where it is not known of some of them."""
    total = 0.0
    for batch in people(existing, plan).batches(zones.place):
        inside = shapely.area(shapely.intersection(batch.areas, zones.ground))
        here = inside > 0
        if not np.isfinite(batch.people[here]).all():
            return None
        total += float((batch.people[here] * inside[here] / shapely.area(batch.areas[here])).sum())
    return total
