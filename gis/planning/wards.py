"""Wards and communes, with the people of today or those a plan provides for in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.errors import nearest_of
from gis.overlay import Cover
from gis.planning.people import people
from gis.planning.places import EVERYWHERE, PlaceError
from gis.planning.plans import RegisteredPlan
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_RURAL = "commune"
_NO_AREA_M2 = 1e-9


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward or commune in EPSG:5899; `people` is None where that is not known."""

    code: str
    name: str
    is_rural: bool
    people: float | None
    geometry: BaseGeometry

    @property
    def label(self) -> str:
        """What it is called, with its code."""
        return f"{self.name} ({self.code})"


def wards(city: City, plan: RegisteredPlan | None, *, code: str = "") -> tuple[Ward, ...]:
    """Return the wards at the horizon the city is seen at, by code.

    People of today are those of the ward; of 2030 and 2045 those the plan provides for, by the share of each zone.

    Parameters
    ----------
    code : of one of them; all where none is given.

    Raises
    ------
    PlaceError
        When there is no ward of that code.
    """
    listed = city.connection.execute(statements(_SQL)["wards"].sql(), {"ward": code}, binary=True).fetchall()
    if code and not listed:
        known = [each for each, *_ in city.connection.execute(statements(_SQL)["wards"].sql(), {"ward": ""}).fetchall()]
        raise PlaceError(f"There is no ward {code[:60]!r}; {nearest_of(code, known) if known else 'there are none'}.")
    found = tuple(
        Ward(code, name, kind == _RURAL, None if number is None else float(number), shapely.from_wkb(geometry))
        for code, name, kind, number, geometry in listed
    )
    if city.horizon is Horizon.EXISTING:
        return found
    return _planned(city, plan, found) if plan else tuple(replace(each, people=None) for each in found)


def _planned(city: City, plan: RegisteredPlan, found: Sequence[Ward]) -> tuple[Ward, ...]:
    cover = Cover(np.array([each.geometry for each in found], dtype=object))
    total = np.zeros(len(found))
    for living in people(city, plan).batches(EVERYWHERE):
        shared = cover.shared(living.areas)
        density = living.people / np.maximum(shapely.area(living.areas), _NO_AREA_M2)
        np.add.at(total, shared.areas, shared.shared_m2 * density[shared.features])
    return tuple(replace(each, people=float(number)) for each, number in zip(found, total, strict=True))
