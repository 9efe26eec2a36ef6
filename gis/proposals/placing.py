"""Whether a proposal lies in the city, and if not, in which coordinate system it would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.db import City
from gis.proposals.errors import ElsewhereError
from gis.proposals.given import Given
from gis.proposals.proposal import GEOJSON
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_NEAR_M = 5_000.0
"""What lies so near to the city is taken as it is: boundaries differ, and proposals may straddle them."""
_SAMPLED = 2_000


def city_area(city: City) -> BaseGeometry:
    """Return the boundary of the city in EPSG:5899; the greatest extent it may have where none is loaded."""
    (wkb,) = city.connection.execute(statements(_SQL)["boundary"].sql(), binary=True).fetchone() or (None,)
    area: BaseGeometry = crs.extent() if wkb is None else shapely.from_wkb(bytes(wkb))
    shapely.prepare(area)
    return area


def distance_m(geometry: BaseGeometry, area: BaseGeometry) -> float:
    """Return how far a geometry lies from the city; 0 where it lies near enough to be taken for a part of it."""
    if not np.isfinite(geometry.bounds).all():
        return float("inf")
    distance = 0.0 if shapely.intersects(area, geometry) else float(shapely.distance(area, geometry))
    return distance if distance > _NEAR_M else 0.0


def refuse_elsewhere(name: str, given: Sequence[Given], area: BaseGeometry) -> None:
    """Refuse a proposal most of which lies elsewhere, and say in which system its numbers would lie in the city.

    Raises
    ------
    ElsewhereError
        When most of its objects lie far from the city.
    """
    located = [(each, each.geometry) for each in given if each.geometry is not None and each.delivered is not None]
    far = [(each, distance_m(geometry, area)) for each, geometry in located]
    away = [(each, distance) for each, distance in far if distance]
    if not away or 2 * len(away) <= len(located):
        return
    first, distance = away[0]
    positions = shapely.get_coordinates([each.delivered for each, _ in away])[:_SAMPLED].astype(np.float64)
    around = shapely.buffer(shapely.simplify(area, _NEAR_M / 10), _NEAR_M)
    system = crs.system(first.system)
    tried = [CRS.from_epsg(each.srid) for each in crs.candidates(positions, around)]
    fitting = [f"in {called(each)}" for each in tried if not system.equals(each)]
    if crs.are_swapped(positions, system, around):
        fitting = ["with the two numbers of each position exchanged"]
    raise ElsewhereError(name, called(system), distance, fitting=fitting, remedy=_remedy(name, fitting))


def _remedy(name: str, fitting: Sequence[str]) -> str:
    if fitting and not fitting[0].startswith("in "):
        return "the east, or the longitude, comes first"
    if name == GEOJSON:
        return "GeoJSON is in longitude and latitude, so give a GeoPackage, which names its system"
    return "save it with the system that it is in"


def called(system: CRS) -> str:
    """Return what a coordinate system is called, with its code."""
    code = system.to_epsg()
    return f"EPSG:{code} ({system.name})" if code else system.name
