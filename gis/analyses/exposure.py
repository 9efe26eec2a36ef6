"""Who and what lies in flood zones, and in protected corridors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # arrays of shapes are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import part, told
from gis.copy import GEOMETRY
from gis.db import City, seen_at, sight_kept
from gis.export.rows import shapes
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.sources import layer_source, plan_source
from gis.overlay import Cover, Shapes
from gis.planning.flood_depth import depth
from gis.planning.people import people
from gis.planning.places import Place, place
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.reading import batches
from gis.statements import statements
from layers.land import FACILITIES
from layers.model import Horizon, Words
from layers.zoning import CORRIDOR_TYPES

_SQL = Path(__file__).with_suffix(".sql")
_PARCELS = pa.schema([pa.field(GEOMETRY, pa.binary())])
_TITLE = Words("Phơi nhiễm với ngập lụt và hành lang bảo vệ", "Exposure to floods and protected corridors")
_FLOOD = Words("Ngập lụt", "Flood")
_CORRIDOR = Words("Hành lang", "Corridor")
_M2_OF_HA = 10_000
_TOUCHED_M2 = 0.01
_MOST_FACILITIES = 500
_LOOK = Look(Words("Công trình công cộng bị ảnh hưởng", "Facility exposed"), "#c22f2f")
_BLUES = ("#1f4a80", "#2f6fb2", "#5f9fd0", "#9ec9ea", "#c6dff2")
"""From floods that come often to those that are rare."""
_GREY = "#7a7a7a"


def exposure(city: City, *, within: str = "city", plan: str = "") -> Finding:
    """Count parcels, people and facilities in flood zones by return period and depth, and in protected corridors.

    A parcel counts where it shares ground; its people by the share of its area. People of today are spread over the
    dwelling parcels of their ward, those of 2030 and 2045 over the zones that provide for them. What lies in several
    zones counts in each row, so that rows are not to be added up.

    Parameters
    ----------
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    plan : code of the plan whose people count in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        Tables `exposure` (a row for each return period, each depth class of it, each type of corridor) and
        `facilities`.

    Raises
    ------
    PlaceError, PlanError
        When there is no such place or plan.
    """
    where, of_plan = place(city, within), plan_in_force(city, plan)
    hazards = _hazards(city, where)
    found = _Found(hazards, city, where, of_plan)
    return Finding(
        question="exposure",
        title=_TITLE,
        arguments={"within": within, "plan": of_plan.code},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=found.quantities,
        tables=(found.table, found.facility_table),
        features=tuple(found.features),
        notes=(where.label, people(city, of_plan).counted),
        sources=(plan_source(of_plan), layer_source("flood_zone", "corridor", "parcel", "facility")),
        argument_words={"within": where.label, "plan": of_plan.label},
    )


@dataclass(frozen=True, slots=True)
class _Hazard:
    """One thing to be exposed to: what it is, its class, how its ground looks, the ground.

    `years` is the return period of a flood. One that `is_divided` is the whole of the classes that follow it.
    """

    kind: Words
    title: Words
    look: Look
    geometry: BaseGeometry
    years: int | None = None
    is_divided: bool = False


def _hazards(city: City, where: Place) -> list[_Hazard]:
    with sight_kept(city):
        floods = city.connection.execute(statements(_SQL)["floods"].sql(), binary=True).fetchall()
        # Corridors are of the plan; as the city stands, those of its next horizon hold.
        horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
        seen = seen_at(city.connection, horizon, city.scenario)
        corridors = seen.connection.execute(statements(_SQL)["corridors"].sql(), binary=True).fetchall()
    found = list(_floods([(*row[:3], shapely.from_wkb(row[3])) for row in floods]))
    for code in CORRIDOR_TYPES.codes:
        mine = [shapely.from_wkb(wkb) for kind, wkb in corridors if kind == code.code]
        if mine:
            look = Look(code.title, code.color or _GREY)
            found.append(_Hazard(_CORRIDOR, code.title, look, shapely.union_all(mine)))
    if where.geometry is not None:
        cut = [replace(each, geometry=each.geometry.intersection(where.geometry)) for each in found]
        found = [each for each in cut if not each.geometry.is_empty]
    return found


def _floods(zones: Sequence[tuple[int, float | None, float | None, Any]]) -> Iterator[_Hazard]:
    periods = sorted({zone[0] for zone in zones})
    for rank, years in enumerate(periods):
        mine = [zone for zone in zones if zone[0] == years]
        title = Words(f"Chu kỳ {years} năm", f"Every {years} years")
        look = Look(title, _BLUES[round(rank * (len(_BLUES) - 1) / max(len(periods) - 1, 1))])
        classes = list(dict.fromkeys((zone[1], zone[2]) for zone in mine))
        is_divided = len(classes) > 1
        whole = shapely.union_all([zone[3] for zone in mine])
        yield _Hazard(_FLOOD, title, look, whole, years, is_divided=is_divided)
        for least, most in classes if is_divided else ():
            deep = depth(least, most)
            ground = shapely.union_all([zone[3] for zone in mine if zone[1:3] == (least, most)])
            yield _Hazard(_FLOOD, Words(f"{title.vi}, {deep.vi}", f"{title.en}, {deep.en}"), look, ground, years)


class _Found:
    """Parcels, people and facilities in each hazard."""

    def __init__(self, hazards: Sequence[_Hazard], city: City, where: Place, plan: RegisteredPlan) -> None:
        self._hazards = hazards
        self._cover = Cover(np.array([each.geometry for each in hazards], dtype=object))
        told(0.1)
        with part(0.1, 0.6):
            self._count_parcels(city, where)
        with part(0.6, 1.0):
            self._count_people(city, where, plan)
        self._facilities = list(self._facilities_in(city, where))

    def _count_parcels(self, city: City, where: Place) -> None:
        number = len(self._hazards)
        self._parcels = np.zeros(number, dtype=np.int64)
        self._parcels_m2 = np.zeros(number)
        query = statements(_SQL)["parcels"].sql()
        for batch in batches(city.connection, query, {"place": where.wkb}, _PARCELS):
            features = shapes(batch)
            by_pair = _by_pair(self._cover, features, number)
            self._parcels += np.count_nonzero(by_pair > _TOUCHED_M2, axis=0)
            self._parcels_m2 += by_pair.sum(axis=0)

    def _count_people(self, city: City, where: Place, plan: RegisteredPlan) -> None:
        number = len(self._hazards)
        self._people = np.zeros(number)
        living_there = people(city, plan)
        self._unplaced = living_there.unplaced if where.geometry is None else None
        self._all_people = 0.0
        self._unknown_m2 = 0.0
        outline = None if where.geometry is None else Cover(np.array([where.geometry], dtype=object))
        for living in living_there.batches(where):
            areas_m2 = np.maximum(shapely.area(living.areas), 1e-9)
            density = living.people / areas_m2
            self._unknown_m2 += float(areas_m2[np.isnan(density)].sum())
            density = np.nan_to_num(density)
            self._people += density @ _by_pair(self._cover, living.areas, number)
            inside = areas_m2 if outline is None else _by_pair(outline, living.areas, 1)[:, 0]
            self._all_people += float(density @ inside)

    def _facilities_in(self, city: City, where: Place) -> Iterator[tuple[int, str, str | None, Any, int]]:
        """Yield each facility in each hazard: uid, type, name, position, place of the hazard."""
        listed = city.connection.execute(
            statements(_SQL)["facilities"].sql(), {"place": where.wkb}, binary=True
        ).fetchall()
        if not listed or not self._hazards:
            return
        positions = np.array([shapely.from_wkb(row[3]) for row in listed], dtype=object)
        tree = shapely.STRtree(positions)
        for number, hazard in enumerate(self._hazards):
            for inside in np.sort(tree.query(hazard.geometry, predicate="intersects")).tolist():
                uid, kind, name, _ = listed[inside]
                yield uid, kind, name, positions[inside], number

    @property
    def table(self) -> Table:
        """A row for each hazard."""
        headings = (
            Heading("kind", Words("Loại", "Kind")),
            Heading("hazard", Words("Mức, đối tượng", "Class")),
            Heading("area_ha", Words("Diện tích", "Area"), "ha"),
            Heading("parcels", Words("Số thửa", "Parcels")),
            Heading("parcels_ha", Words("Đất thửa bị chạm", "Parcel land in it"), "ha"),
            Heading("people", Words("Số người", "People"), "people"),
            Heading("people_share", Words("Tỷ lệ người", "Share of people"), "1"),
            Heading("facilities", Words("Công trình công cộng", "Facilities")),
        )
        known = self._all_people > 0
        counts = np.bincount([each[4] for each in self._facilities], minlength=len(self._hazards)).tolist()
        rows_ = tuple(
            (
                *(hazard.kind, hazard.title, float(hazard.geometry.area) / _M2_OF_HA),
                *(int(self._parcels[n]), float(self._parcels_m2[n]) / _M2_OF_HA),
                *((float(self._people[n]), float(self._people[n]) / self._all_people) if known else (None, None)),
                counts[n],
            )
            for n, hazard in enumerate(self._hazards)
        )
        return Table("exposure", _TITLE, headings, rows_)

    @property
    def facility_table(self) -> Table:
        """The facilities in hazards, by their names; the first of them where there are very many."""
        headings = (
            Heading("hazard", Words("Mức, đối tượng", "Class")),
            Heading("facility_type", Words("Loại công trình", "Facility")),
            Heading("name", Words("Tên", "Name")),
            Heading("uid", Words("Mã đối tượng", "Uid")),
        )
        rows_ = tuple(
            (self._hazards[number].title, _facility(kind), name, uid)
            for uid, kind, name, _, number in self._facilities[:_MOST_FACILITIES]
        )
        listed, number = len(rows_), len(self._facilities)
        said = "" if listed == number else f" ({listed}/{number})"
        title = Words(f"Công trình công cộng bị ảnh hưởng{said}", f"Facilities exposed{said}")
        return Table("facilities", title, headings, rows_)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Who was looked at."""
        total = self._all_people or None
        return (
            Quantity("people", Words("Số người được xét", "People looked at"), total, "people"),
            Quantity(
                "people_unplaced",
                Words("Dân số phường, xã không có đất ở", "People of wards without dwelling land"),
                self._unplaced,
                "people",
            ),
            Quantity(
                "people_unknown_ha",
                Words("Đất ở chưa rõ số người", "Dwelling land whose people are not known"),
                self._unknown_m2 / _M2_OF_HA,
                "ha",
            ),
            Quantity(
                "facilities_listed", Words("Lượt công trình", "Facilities in hazards"), len(self._facilities), "1"
            ),
        )

    @property
    def features(self) -> Iterator[Feature]:
        """The hazards, the rarest flood beneath those that come more often, then the facilities in them."""
        for each in sorted(self._hazards, key=lambda each: -(each.years or 0)):
            if not each.is_divided:
                said = {} if each.years is None else {"return_period_years": each.years}
                yield Feature(Subject("hazard", each.title.vi), each.geometry, said, each.look)
        seen: set[int] = set()
        for uid, kind, name, position, _ in self._facilities:
            if uid not in seen and len(seen) < _MOST_FACILITIES:
                seen.add(uid)
                yield Feature(Subject("facility", name or kind, uid), position, {"facility_type": kind}, _LOOK)


def _by_pair(cover: Cover, features: Shapes, number: int) -> npt.NDArray[np.float64]:
    """Return how much each feature shares with each area, in m²."""
    shared = cover.shared(features)
    found = np.zeros((len(features), number))
    np.add.at(found, (shared.features, shared.areas), shared.shared_m2)
    return found


def _facility(kind: str) -> Words:
    code = FACILITIES.named(kind)
    return code.title if code else Words(kind, kind)
