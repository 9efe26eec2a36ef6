"""Who and what lies below a water level on an elevation model: parcels, uses, people, streets, schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import told
from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.networks.graph import Marks, Numbers
from gis.overlay import Shapes
from gis.planning.depths import BOUNDS_M, LEVELS, Depths
from gis.planning.people import people
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.planning.wards import wards
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_USED = pa.schema([pa.field("code", pa.string()), pa.field(GEOMETRY, pa.binary())])
_BARE = pa.schema([pa.field(GEOMETRY, pa.binary())])
_SCHOOLS = [
    "kindergarten",
    "primary_school",
    "lower_secondary_school",
    "upper_secondary_school",
    "school",
    "university",
]
_HALF = 0.5
_NO_AREA_M2 = 1e-9


@dataclass(frozen=True, slots=True)
class School:
    """A school, where it stands, and the height of the ground there; NaN where the model does not know it."""

    uid: int
    kind: str
    name: str
    position: BaseGeometry
    height_m: float


@dataclass(frozen=True)
class Streets:
    """How long streets are below each level, and how long where the height is not known, in m."""

    below_m: Numbers
    unknown_m: float


@dataclass(frozen=True)
class Inhabitants:
    """How many people live below each level, and how many where the height is not known.

    `uncounted_m2` is land people live on of which it is not known how many.
    """

    below: Numbers
    unknown: float
    uncounted_m2: float


@dataclass(frozen=True)
class Parcels:
    """How many parcels are touched below each level, how much of their land lies there, and those that are half below.

    `deep` names for each such parcel the place of the deepest bound below which half of it lies.
    """

    touched: Numbers
    below_m2: Numbers
    unknown_m2: float
    deep: Sequence[tuple[int, BaseGeometry]]


@dataclass(frozen=True)
class Exposed:
    """All that lies below the levels of `depths`; `uses` are area, then what of it lies below each level, by code."""

    depths: Depths
    ground_m2: Numbers
    ground_unknown_m2: float
    parcels: Parcels
    uses: dict[str | None, Numbers]
    people: Inhabitants
    streets: Streets
    schools: tuple[School, ...]
    is_planned: bool

    @classmethod
    def of(cls, city: City, depths: Depths, where: Place, plan: RegisteredPlan | None) -> Exposed:
        """Look at the ground, then at parcels, uses, people, streets and schools; of all the city, within its wards."""
        outline = where.geometry
        if outline is None and (found := wards(city, plan)):
            outline = shapely.union_all(np.array([each.geometry for each in found], dtype=object))
        ground, unknown = depths.of_ground(outline)
        counting = _Counting(city, depths, where, plan)
        told(0.3)
        parcels = counting.parcels()
        told(0.6)
        people_ = counting.people()
        told(0.8)
        is_planned = city.horizon is not Horizon.EXISTING
        uses = counting.planned_uses() if is_planned else counting.uses
        return cls(depths, ground, unknown, parcels, uses, people_, counting.streets(), counting.schools(), is_planned)

    @property
    def schools_below(self) -> Numbers:
        """How many schools stand below each level."""
        heights = np.array([each.height_m for each in self.schools])
        return np.array([float((heights < level).sum()) for level in self.depths.levels])


@dataclass(frozen=True)
class _Counting:
    city: City
    depths: Depths
    where: Place
    plan: RegisteredPlan | None
    uses: dict[str | None, Numbers] = field(default_factory=dict[str | None, Numbers])

    def parcels(self) -> Parcels:
        touched, below, unknown = np.zeros(LEVELS), np.zeros(LEVELS), 0.0
        deep: list[tuple[int, BaseGeometry]] = []
        for batch in rows(self.city.connection, statements(_SQL)["parcels"].sql(), self._bound, _USED):
            inside, areas = self._cut(shapes(batch))
            shares, lost = self.depths.of_areas(areas)
            area_m2 = np.asarray(shapely.area(areas), dtype=np.float64)
            touched += (shares > 0).sum(axis=0)
            below += area_m2 @ shares
            unknown += float(area_m2 @ lost)
            deepest = (shares[:, : len(BOUNDS_M)] >= _HALF).sum(axis=1) - 1
            deep += [(int(deepest[each]), areas[each]) for each in np.flatnonzero(deepest >= 0).tolist()]
            self._add_uses(self.uses, batch.column("code").to_pylist(), inside, areas=areas, shares=shares)
        return Parcels(touched, below, unknown, deep)

    def planned_uses(self) -> dict[str | None, Numbers]:
        found: dict[str | None, Numbers] = {}
        bound = {**self._bound, "plan": self.plan.code if self.plan else None}
        for batch in rows(self.city.connection, statements(_SQL)["zones"].sql(), bound, _USED):
            inside, areas = self._cut(shapes(batch))
            shares, _ = self.depths.of_areas(areas)
            self._add_uses(found, batch.column("code").to_pylist(), inside, areas=areas, shares=shares)
        return found

    def _add_uses(
        self,
        found: dict[str | None, Numbers],
        codes: Sequence[str | None],
        inside: Marks,
        *,
        areas: Shapes,
        shares: Numbers,
    ) -> None:
        area_m2 = np.asarray(shapely.area(areas), dtype=np.float64)
        amounts = np.concatenate([area_m2[:, None], area_m2[:, None] * shares], axis=1)
        mine = np.array([*codes, None], dtype=object)[:-1][inside]
        for code in set(mine.tolist()):
            found[code] = found.get(code, np.zeros(LEVELS + 1)) + amounts[mine == code].sum(axis=0)

    def people(self) -> Inhabitants:
        below, unknown, uncounted = np.zeros(LEVELS), 0.0, 0.0
        for living in people(self.city, self.plan).batches(self.where):
            inside, areas = self._cut(living.areas)
            whole = np.maximum(shapely.area(living.areas[inside]), _NO_AREA_M2)
            counted = living.people[inside]
            number = np.nan_to_num(counted) * shapely.area(areas) / whole
            uncounted += float(shapely.area(areas[np.isnan(counted)]).sum())
            shares, lost = self.depths.of_areas(areas)
            below += number @ shares
            unknown += float(number @ lost)
        return Inhabitants(below, unknown, uncounted)

    def streets(self) -> Streets:
        below, unknown = np.zeros(LEVELS), 0.0
        for batch in rows(self.city.connection, statements(_SQL)["roads"].sql(), self._bound, _BARE):
            _, lines = self._cut(shapes(batch))
            shares, lost = self.depths.of_lines(lines)
            length = np.asarray(shapely.length(lines), dtype=np.float64)
            below += length @ shares
            unknown += float(length @ lost)
        return Streets(below, unknown)

    def schools(self) -> tuple[School, ...]:
        bound = {**self._bound, "kinds": _SCHOOLS}
        listed = self.city.connection.execute(statements(_SQL)["schools"].sql(), bound, binary=True).fetchall()
        points = np.array([*(shapely.from_wkb(row[3]) for row in listed), None], dtype=object)[:-1]
        heights = self.depths.of_points(shapely.get_coordinates(points))
        found = (
            School(uid, kind, name or "", point, height)
            for (uid, kind, name, _), point, height in zip(listed, points, heights.tolist(), strict=True)
        )
        outline = self.where.geometry
        return tuple(each for each in found if outline is None or outline.intersects(each.position))

    @property
    def _bound(self) -> dict[str, object]:
        return {"place": self.where.wkb}

    def _cut(self, whole: Shapes) -> tuple[Marks, Shapes]:
        """Return which shapes lie in the place, and what of each does."""
        if self.where.geometry is None:
            return np.ones(len(whole), dtype=np.bool_), whole
        parts = np.asarray(shapely.intersection(whole, self.where.geometry), dtype=object)
        kept = np.asarray(~shapely.is_empty(parts) & (shapely.get_dimensions(parts) > 0), dtype=np.bool_)
        return kept, parts[kept]
