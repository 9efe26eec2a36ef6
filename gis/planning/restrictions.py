"""What restricts a site: corridors, road reserves and flood zones that touch it or lie within the line tolerance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # an attribute is of the kind its column declares

from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.findings import Subject
from gis.findings.figures import said
from gis.planning.flood_depth import depth
from gis.planning.parts import Reading
from gis.planning.surroundings import Lying, cut_about
from layers import LAYERS
from layers.model import Horizon, Words
from layers.zoning import CORRIDOR_TYPES

_LEAST_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction on a site: what it is, how much of the site it takes in m², what it says, on which ground."""

    subject: Subject
    kind: Words
    name: str | None
    horizon: Horizon
    geometry: BaseGeometry
    area_m2: float
    says: Words | None
    basis: str | None
    reading: Reading
    values: Mapping[str, Any]


def restrictions(
    city: City, site: BaseGeometry, horizons: Sequence[Horizon], *, on: dt.date, tolerance_m: float | None
) -> tuple[Restriction, ...]:
    """Return what restricts a site, horizon by horizon.

    Parameters
    ----------
    site : polygon in EPSG:5899.
    on : the day on which they hold.
    tolerance_m : how far the lines of corridors and reserves may lie off, in m; None where that is not known.
    """
    found: list[Restriction] = []
    for layer, kind, says in _KINDS:
        # The lines of flood zones come from a model, which has no scale.
        reach_m = 0.0 if layer == "flood_zone" else tolerance_m or 0.0
        near = [each for each in cut_about(city, layer, site, reach_m=reach_m) if each.holds(on)]
        found += [
            _Site(site, horizon).restriction(each, kind(each), says(each))
            for horizon in horizons
            for each in near
            if each.stands_at(horizon)
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Site:
    """A site at a horizon."""

    site: BaseGeometry
    horizon: Horizon

    def restriction(self, each: Lying, kind: Words, says: Words | None) -> Restriction:
        """Return what one feature means for the site."""
        ground = self.site.intersection(each.geometry)
        area_m2 = float(ground.area)
        name = each.values.get("name")
        return Restriction(
            subject=each.subject(name or kind.vi),
            kind=kind,
            name=name,
            horizon=self.horizon,
            geometry=ground,
            area_m2=area_m2,
            says=says,
            basis=each.values.get("basis") or each.values.get("plan_code"),
            reading=reading(area_m2, self.site.area),
            values=each.values,
        )


def reading(area_m2: float, site_m2: float) -> Reading:
    """Return what can be said of a restriction that has so much of a site."""
    if area_m2 >= site_m2 - _LEAST_M2:
        return Reading.WHOLE
    return Reading.PART if area_m2 >= _LEAST_M2 else Reading.WITHIN_TOLERANCE


def corridor_kind(corridor: Lying) -> Words:
    """Return what a corridor protects."""
    code = CORRIDOR_TYPES.named(corridor.values["corridor_type"])
    return code.title if code else LAYERS["corridor"].title


def _corridor_says(corridor: Lying) -> Words | None:
    height_m = corridor.values["max_height_m"]
    if height_m is None:
        return None
    return said("Công trình cao không quá {height} m", "Nothing higher than {height} m", height=height_m)


def _reserve_says(reserve: Lying) -> Words | None:
    width_m = reserve.values["red_line_width_m"]
    return None if width_m is None else said("Lộ giới {width} m", "Red lines {width} m apart", width=width_m)


def _flood_says(flood: Lying) -> Words | None:
    years, least, most = (flood.values[name] for name in ("return_period_years", "min_depth_m", "max_depth_m"))
    deep = depth(least, most)
    return Words(f"Chu kỳ {years} năm, {deep.vi}", f"Every {years} years, {deep.en}")


def _title(layer: str) -> Callable[[Lying], Words]:
    return lambda _: LAYERS[layer].title


_KINDS: tuple[tuple[str, Callable[[Lying], Words], Callable[[Lying], Words | None]], ...] = (
    ("corridor", corridor_kind, _corridor_says),
    ("road_reserve", _title("road_reserve"), _reserve_says),
    ("flood_zone", _title("flood_zone"), _flood_says),
)
