"""Ground against floods: what the flood zones say of the water, what covers or a model say of the ground.

Where land lies in a flood zone of the return period that the standard asks for, or of a shorter one, it is flooded
then, whatever its level. Elsewhere the level of the water is that of the flood zone it lies in, of that period or a
longer one; beside such a zone, of the nearest. Farther away it is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.elevation import Surface
from gis.networks.graph import Marks, Numbers
from gis.overlay import Shapes
from gis.planning.depths import Depths
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_TOUCHED_M2 = 1.0
BESIDE_M = 200.0
"""How far from a flood zone the level of its water may still be taken."""
NEAR_M = 30.0
"""How far from land a manhole may stand whose cover says how high the ground is: in the street beside it."""


@dataclass(frozen=True, slots=True)
class Land:
    """A zone or a parcel: what it is called, the code of its use, its geometry in EPSG:5899."""

    layer: str
    uid: int
    label: str
    code: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Water:
    """The level of a flood (m), of which return period, and how far away the flood zone lies that says it, in m."""

    level_m: float
    period_years: int
    apart_m: float


@dataclass(frozen=True)
class Floods:
    """The flood zones of a city: return periods, levels (NaN where a zone does not say it), geometries."""

    years: np.ndarray
    level_m: Numbers
    shapes: Shapes

    @classmethod
    def read(cls, city: City) -> Floods:
        """Read them."""
        listed = city.connection.execute(statements(_SQL)["floods"].sql(), binary=True).fetchall()
        return cls(
            np.array([row[0] for row in listed], dtype=np.int64),
            np.array([np.nan if row[1] is None else row[1] for row in listed], dtype=np.float64),
            np.array([*(shapely.from_wkb(row[2]) for row in listed), None], dtype=object)[:-1],
        )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def flooded(self, land: BaseGeometry, years: float) -> BaseGeometry:
        """Return what of land is flooded once in so many years, or more often; empty where that is next to nothing."""
        near = np.sort(self._tree.query(land, predicate="intersects"))
        mine = self.shapes[near[self.years[near] <= years]]
        part = shapely.intersection(shapely.union_all(mine), land) if len(mine) else shapely.Polygon()
        return part if part.area > _TOUCHED_M2 else shapely.Polygon()

    def water(self, land: BaseGeometry, years: float) -> Water | None:
        """Return the level of the flood of a period, or of the next longer one, at land; None where none says it."""
        periods = self.years[(self.years >= years) & np.isfinite(self.level_m)]
        if not len(periods):
            return None
        period = int(periods.min())
        told = np.flatnonzero((self.years == period) & np.isfinite(self.level_m))
        near = np.intersect1d(self._tree.query(land, predicate="dwithin", distance=BESIDE_M), told)
        if not len(near):
            return None
        apart = np.asarray(shapely.distance(self.shapes[near], land))
        nearest = near[apart <= apart.min()]
        return Water(float(self.level_m[nearest].max()), period, float(apart.min()))


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of the ground of some land (m), each of which may be off by `off_m`, and where each was taken."""

    heights_m: Numbers
    points: Numbers
    off_m: float
    unknown_share: float

    @property
    def is_known(self) -> bool:
        """Whether there is any."""
        return len(self.heights_m) > 0

    def below(self, asked_m: float) -> Marks:
        """Return which of them are surely below a level."""
        return self.heights_m + self.off_m < asked_m - 1e-9

    def above(self, asked_m: float) -> bool:
        """Return whether all of them are surely at a level or above it, and none is unknown."""
        return bool((self.heights_m - self.off_m >= asked_m - 1e-9).all()) and not self.unknown_share


class Covers:
    """The ground as the covers of manholes say it: of those on the land, else of those beside it."""

    def __init__(self, city: City) -> None:
        listed = city.connection.execute(statements(_SQL)["covers"].sql(), binary=True).fetchall()
        self._heights = np.array([row[0] for row in listed], dtype=np.float64)
        self._points = np.array([*(shapely.from_wkb(row[1]) for row in listed), None], dtype=object)[:-1]
        self._tree = shapely.STRtree(self._points)

    def levels(self, land: BaseGeometry) -> Levels:
        """Return the levels of the covers."""
        found = np.sort(self._tree.query(land, predicate="intersects"))
        if not len(found):
            found = np.sort(self._tree.query(land, predicate="dwithin", distance=NEAR_M))
        return Levels(self._heights[found], shapely.get_coordinates(self._points[found]), 0.0, 0.0)


class Modelled:
    """The ground as an elevation model says it, with its stated error."""

    def __init__(self, surface: Surface, off_m: float) -> None:
        self._depths = Depths(surface, 0.0, off_m)
        self._off_m = off_m

    def levels(self, land: BaseGeometry) -> Levels:
        """Return the levels of the model at points spread over the land."""
        points = self._depths.points_in(np.array([land], dtype=object))
        heights = self._depths.of_points(points)
        known = np.isfinite(heights)
        return Levels(heights[known], points[known], self._off_m, float((~known).mean()) if len(known) else 1.0)


def zones(city: City, plan: str, place: bytes | None) -> Sequence[Land]:
    """Return the zones of a plan that meet a place, at the horizon the city is seen at."""
    return _land(city, "zone", {"plan": plan, "place": place})


def parcels(city: City, place: bytes | None, *, most: int) -> Sequence[Land]:
    """Return the parcels that meet a place, at most so many."""
    return _land(city, "parcel", {"place": place, "most": most})


def _land(city: City, layer: str, bound: dict[str, object]) -> Sequence[Land]:
    listed = city.connection.execute(statements(_SQL)[f"{layer}s"].sql(), bound, binary=True).fetchall()
    return [Land(layer, uid, label, code, shapely.from_wkb(geometry)) for uid, label, code, geometry in listed]
