"""The part of the city a question is about: all of it, a ward, the area of a plan, or what somebody drew."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any  # GeoJSON is untyped until it is checked here

import shapely
from psycopg import sql
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.db import City
from gis.errors import QuyhoachError
from gis.planning.outlines import invalid
from gis.statements import statements
from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")
_MOST_VERTICES = 100_000
_LIKE = 0.6
_FORMS = "city, ward:CODE, plan:CODE, or a polygon as GeoJSON in longitude and latitude"


class PlaceError(QuyhoachError):
    """A place that cannot be found, or is no area."""


class UnknownUnitError(PlaceError):
    """There is no ward, or no plan, of that code."""

    def __init__(self, kind: str, code: str, known: Mapping[str, str]) -> None:
        named = {name.casefold(): each for each, name in known.items()}
        near = get_close_matches(code.casefold(), named, n=1, cutoff=_LIKE) or get_close_matches(code, known, n=1)
        nearest = named.get(near[0], near[0]) if near else ""
        hint = f"the nearest is {kind}:{nearest}, {known[nearest]}" if near else f"there are {len(known)}"
        super().__init__(f"There is no {kind} {code[:60]!r}; {hint}.")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the city; `geometry` in EPSG:5899, or None for all that its layers hold."""

    label: Words
    geometry: BaseGeometry | None

    @property
    def area_m2(self) -> float | None:
        """Its area; None for all of the city."""
        return None if self.geometry is None else float(shapely.area(self.geometry))

    @property
    def wkb(self) -> bytes | None:
        """Its geometry as it is bound to a statement."""
        return None if self.geometry is None else shapely.to_wkb(self.geometry)


EVERYWHERE = Place(Words("Toàn thành phố", "The whole city"), None)


def place(city: City, within: str) -> Place:
    """Return the place that is meant.

    Parameters
    ----------
    within : `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.

    Raises
    ------
    PlaceError
        When there is no such unit, or what was drawn is no area.
    """
    said = within.strip()
    if said in ("", "city"):
        return EVERYWHERE
    if said.startswith("{"):
        return Place(Words("Khu vực được vẽ", "The area drawn"), _drawn(said))
    kind, _, code = said.partition(":")
    if kind not in ("ward", "plan") or not code:
        raise PlaceError(f"{said[:60]!r} is no place; give {_FORMS}.")
    found = city.connection.execute(statements(_SQL)["unit"].sql(unit=sql.Identifier(kind)), {"code": code}).fetchone()
    if found is None or found[1] is None:
        known = city.connection.execute(statements(_SQL)["codes"].sql(unit=sql.Identifier(kind))).fetchall()
        raise UnknownUnitError(kind, code, dict(known))
    name, geometry = found
    return Place(Words(f"{name} ({code})", f"{name} ({code})"), shapely.from_wkb(geometry))


def _drawn(text: str) -> BaseGeometry:
    try:
        said: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise PlaceError(f"The area drawn is no GeoJSON: {wrong}.") from wrong
    if said.get("type") == "Feature":
        said = said.get("geometry") or {}
    if not isinstance(said, dict) or said.get("type") not in ("Polygon", "MultiPolygon"):
        raise PlaceError(f"The area drawn is a {_kind(said)}; it is a Polygon or a MultiPolygon.")
    try:
        drawn = shape(said)
    except (shapely.errors.GEOSException, ValueError, TypeError, KeyError, IndexError) as wrong:
        raise PlaceError("The area drawn has no proper rings of positions.") from wrong
    if shapely.get_num_coordinates(drawn) > _MOST_VERTICES:
        raise PlaceError(f"The area drawn has more than {_MOST_VERTICES:,} vertices.")
    if not drawn.is_valid:
        raise PlaceError(f"The area drawn {invalid(drawn)}.")
    west, south, east, north = drawn.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        raise PlaceError("The area drawn is not in longitude and latitude (degrees).")
    stored = shapely.transform(drawn, crs.transformation(crs.LONLAT_SRID).stored)
    if not all(map(math.isfinite, stored.bounds)):
        raise PlaceError("The area drawn reaches beyond where the city's coordinate system has a meaning.")
    return stored


def _kind(said: Any) -> str:
    return str(said.get("type"))[:40] if isinstance(said, dict) else "text or number"
