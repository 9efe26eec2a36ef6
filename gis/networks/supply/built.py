"""A zone built to a floor area ratio: who lives there then, who does today, and on which parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.db import City, seen_at, sight_kept
from gis.findings.figures import said
from gis.networks.graph import Numbers
from gis.networks.supply.errors import SupplyError
from gis.networks.supply.loads import spread
from gis.networks.supply.network import Shapes
from gis.planning.people import people
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.statements import statements
from layers.model import Horizon, Words

_SQL = Path(__file__).with_suffix(".sql")
_M2_OF_HA = 10_000.0
DWELLINGS = ("DAT_O_Nhomnhao", "DAT_O_Langxom")
"""Uses that are for housing alone."""
_INDUSTRY = ("DAT_SX_Congnghiep",)


class UnknownZoneError(SupplyError):
    """There is no zone of a code in a plan."""

    def __init__(self, code: str, plan: RegisteredPlan, year: str, known: Sequence[str]) -> None:
        some = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")  # noqa: PLR2004 - enough to see how they look
        super().__init__(f"The plan {plan.code} has no zone {code[:60]!r} in {year}; it has {some or 'none'}.")


class RatioError(SupplyError):
    """A floor area ratio that nothing is built to."""

    def __init__(self, given: float) -> None:
        super().__init__(f"floor_area_ratio is {given:g}; it is above 0 and at most {_HIGHEST:g}.")


class UnknownPeopleError(SupplyError):
    """A zone of which it cannot be said how many people it would have."""

    def __init__(self, zone: str, use: str) -> None:
        super().__init__(
            f"How many people zone {zone} ({use}) would have is not known: it names no population with its floor area "
            "ratio, and the size of dwellings counts for housing alone. Give dwelling_m2 and household for a zone of "
            "housing, or load the population the plan provides for."
        )


_HIGHEST = 30.0


@dataclass(frozen=True)
class Built:
    """Zones built to a floor area ratio.

    Parameters
    ----------
    code, ground : their codes, and their ground in EPSG:5899.
    floor_m2, people, industry_ha : what stands there then; hectares of industry.
    today : people who live there today; None where that is not known.
    counted : how the people were reckoned.
    """

    code: str
    ground: BaseGeometry
    floor_m2: float
    people: float
    industry_ha: float
    today: float | None
    counted: tuple[Words, ...]

    @property
    def more(self) -> float:
        """People who come in addition to those of today, of whom the network's demand is."""
        return max(0.0, self.people - (self.today or 0.0))


def built(
    city: City,
    *,
    codes: str,
    plan: RegisteredPlan,
    floor_area_ratio: float,
    dwelling: tuple[float | None, float | None],
) -> Built:
    """Return zones of a plan built to a floor area ratio.

    People are floor area over that of a dwelling, times the people of a household, in zones for housing alone; else
    those the plan provides for, in proportion to its own floor area ratio.

    Parameters
    ----------
    codes : of the zones, with commas; those of 2030 where the city is seen as it stands.
    dwelling : floor area of a dwelling in m², and people of a household; None where they are not known.

    Raises
    ------
    UnknownZoneError, RatioError, UnknownPeopleError
        When there is no such zone, nothing is built so, or its people cannot be told.
    """
    if not 0 < floor_area_ratio <= _HIGHEST:
        raise RatioError(floor_area_ratio)
    horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
    with sight_kept(city):
        zones = _zones(seen_at(city.connection, horizon, city.scenario), codes, plan)
        ground = shapely.union_all(np.array([zone.geometry for zone in zones], dtype=object))
        today = _today(seen_at(city.connection, Horizon.EXISTING, city.scenario), ground, plan)
    floors = [floor_area_ratio * zone.geometry.area for zone in zones]
    reckoned = [_people(zone, floor, floor_area_ratio, dwelling) for zone, floor in zip(zones, floors, strict=True)]
    return Built(
        ", ".join(dict.fromkeys(zone.code for zone in zones)),
        ground,
        sum(floors),
        sum(number for number, _ in reckoned),
        sum(zone.geometry.area for zone in zones if zone.use in _INDUSTRY) / _M2_OF_HA,
        today,
        tuple(words for _, words in reckoned),
    )


@dataclass(frozen=True, slots=True)
class _Zone:
    code: str
    use: str
    ratio: float | None
    population: float | None
    geometry: BaseGeometry


def _zones(city: City, codes: str, plan: RegisteredPlan) -> list[_Zone]:
    wanted = [each.strip() for each in codes.split(",") if each.strip()]
    bound = {"plan": plan.code, "codes": wanted}
    listed = city.connection.execute(statements(_SQL)["zones"].sql(), bound, binary=True).fetchall()
    found = [_Zone(code, use, ratio, number, shapely.from_wkb(wkb)) for _, code, use, ratio, number, wkb in listed]
    missing = [code for code in wanted if code not in {zone.code for zone in found}]
    if missing or not wanted:
        query = statements(_SQL)["codes"].sql()
        known = [code for (code,) in city.connection.execute(query, {"plan": plan.code}).fetchall()]
        raise UnknownZoneError(missing[0] if missing else codes, plan, city.horizon.value, known)
    return found


def _people(
    zone: _Zone, floor_m2: float, ratio: float, dwelling: tuple[float | None, float | None]
) -> tuple[float, Words]:
    dwelling_m2, household = dwelling
    given = {"zone": zone.code, "floor": floor_m2, "ratio": ratio}
    if zone.use in DWELLINGS and dwelling_m2 is not None and household is not None:
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
    if zone.use in _INDUSTRY:
        return 0.0, said("{zone}: đất công nghiệp", "{zone}: land of industry", **given)
    raise UnknownPeopleError(zone.code, zone.use)


def _today(existing: City, ground: BaseGeometry, plan: RegisteredPlan) -> float | None:
    """Return how many people live on the ground as it stands; None where it is not known of some of them."""
    total = 0.0
    for batch in people(existing, plan).batches(Place(Words("–", "–"), ground)):
        inside = shapely.area(shapely.intersection(batch.areas, ground))
        here = inside > 0
        if not np.isfinite(batch.people[here]).all():
            return None
        total += float((batch.people[here] * inside[here] / shapely.area(batch.areas[here])).sum())
    return total


@dataclass(frozen=True)
class Lots:
    """Parcels of some ground: uid (-1 where it is no parcel), label, shape, an inner point, and their share of it."""

    uid: tuple[int, ...]
    label: tuple[str, ...]
    shapes: Shapes
    points: Numbers
    share: Numbers


def lots(city: City, ground: BaseGeometry) -> Lots:
    """Return the parcels of some ground as the city is seen; squares of it where it has none."""
    bound = {"place": shapely.to_wkb(ground)}
    listed = city.connection.execute(statements(_SQL)["parcels"].sql(), bound, binary=True).fetchall()
    if listed:
        shapes = np.array([shapely.from_wkb(row[4]) for row in listed], dtype=object)
        labels = tuple(f"{sheet or '–'}/{number or '–'}" for _, sheet, number, _, _ in listed)
        areas = np.array([row[3] for row in listed], dtype=np.float64)
        points = shapely.get_coordinates(shapely.point_on_surface(shapes))
        return Lots(tuple(row[0] for row in listed), labels, shapes, points, areas / areas.sum())
    points, shares = spread(np.array([ground], dtype=object), np.ones(1))
    shapes = np.asarray(shapely.points(points), dtype=object)
    return Lots((-1,) * len(points), tuple(f"#{place + 1}" for place in range(len(points))), shapes, points, shares)
