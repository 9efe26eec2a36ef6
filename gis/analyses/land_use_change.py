"""What becomes of the land: how much passes from which use to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal  # arrays of shapes and of Arrow are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gis.answering import part
from gis.copy import GEOMETRY
from gis.db import City, seen_at, sight_kept
from gis.export.rows import shapes
from gis.findings import NOT_APPLICABLE, Finding, Heading, Quantity, Table
from gis.findings.sources import layer_source, plan_source
from gis.overlay import Cover, Shapes
from gis.planning.places import Place, place
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.planning.uses import Uses, planned_at
from gis.reading import batches
from gis.statements import statements
from layers.land import LAND_USES
from layers.model import Horizon, Words
from layers.zoning import PLAN_USES

_SQL = Path(__file__).with_suffix(".sql")
_SCHEMA = pa.schema([pa.field("code", pa.string()), pa.field(GEOMETRY, pa.binary())])
_M2_OF_HA = 10_000
_TITLE = Words("Biến động sử dụng đất", "Change of land use")
_NO_PLAN = Words("Chưa có quy hoạch", "No plan")
_NO_FEATURE = Words("Không có thửa đất", "No parcel")
_TWICE = Words("Chồng lấn, được tính nhiều lần", "Overlapping, counted several times")
_NO_CODE = Words("Chưa rõ loại đất", "Use unknown")
_SMALLEST_M2 = 0.005
_LATER = 0.1
"""Share of the work that reading the later uses is: the earlier ones are laid on them."""

Code = str | None
"""A code of use; None where a feature has none."""


def land_use_change(
    city: City,
    *,
    earlier: Literal["existing", "2030"] = "existing",
    later: Literal["2030", "2045"] = "2030",
    within: str = "city",
    plan: str = "",
) -> Finding:
    """Find how much land passes from each use to each: from parcels to a plan, or from its year 2030 to 2045.

    Parameters
    ----------
    earlier : `existing` for the present use of parcels, `2030` for the plan of that year.
    later : year of the plan.
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    plan : code of the plan in the register; the approved general plan where none is given.

    Returns
    -------
    Finding
        Table `land_use_change`: a row for each pair of uses, in ha. The rows of one earlier use add up to its land,
        those of one later use to the land of that; what has no plan, and what no parcel covers, are rows too.

    Raises
    ------
    PlaceError, PlanError
        When there is no such place or plan.
    """
    where = place(city, within)
    of_plan = plan_in_force(city, plan)
    reading = _Reading(city, where, of_plan)
    before = _EXISTING if earlier == "existing" else planned_at(Horizon(earlier))
    with sight_kept(city):
        change = _change(reading, before, planned_at(Horizon(later)))
    return Finding(
        question="land_use_change",
        title=_TITLE,
        arguments={"earlier": earlier, "later": later, "within": within, "plan": of_plan.code},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=change.quantities,
        tables=(change.table,),
        notes=(where.label, Words(of_plan.name, of_plan.name)),
        sources=(plan_source(of_plan), layer_source(*dict.fromkeys((before.layer, "zone")))),
        argument_words={"within": where.label, "plan": of_plan.label},
    )


_EXISTING = Uses("parcel", "land_use_code", Horizon.EXISTING)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where features are read, and of which plan."""

    city: City
    where: Place
    plan: RegisteredPlan

    def batches(self, uses: Uses) -> Iterator[tuple[list[Code], npt.NDArray[np.int64], Shapes]]:
        """Yield codes, the place among them of each feature, and the features, in batches."""
        seen = seen_at(self.city.connection, uses.horizon, self.city.scenario)
        query = statements(_SQL)["features"].sql(layer=uses.layer_sql, code=uses.column_sql, chosen=uses.chosen_sql)
        bound = {"place": self.where.wkb, "plan": self.plan.code}
        for batch in batches(seen.connection, query, bound, _SCHEMA):
            column: Any = batch.column("code")
            coded = column.dictionary_encode(null_encoding="encode")
            yield coded.dictionary.to_pylist(), np.asarray(coded.indices), shapes(batch)

    def whole(self, uses: Uses) -> tuple[list[Code], Shapes]:
        """Return all features, cut to the place, with their codes."""
        codes: list[Code] = []
        found: list[Shapes] = []
        with part(0.0, _LATER):
            for known, places, features in self.batches(uses):
                codes += [known[place] for place in places.tolist()]
                found.append(features)
        everything = np.concatenate(found) if found else np.empty(0, dtype=object)
        if self.where.geometry is not None:
            everything = np.asarray(shapely.intersection(everything, self.where.geometry))
        return codes, everything


@dataclass(frozen=True, slots=True)
class _Change:
    """Areas in m² by pair: uses are codes, `_NO_PLAN` and `_NO_FEATURE` stand for their absence."""

    areas_m2: Mapping[tuple[Code | Words, Code | Words], float]
    twice_m2: float
    """What lies under several parcels or zones at once, and is counted in the row of each."""

    @property
    def table(self) -> Table:
        """One row for each pair, the largest first within each earlier use."""
        titles = {each.code: each.title for codes in (LAND_USES, PLAN_USES) for each in codes.codes}
        headings = (
            Heading("earlier", Words("Mã trước", "Code before")),
            Heading("earlier_title", Words("Trước", "Before")),
            Heading("later", Words("Mã sau", "Code after")),
            Heading("later_title", Words("Sau", "After")),
            Heading("area_ha", Words("Diện tích", "Area"), "ha"),
        )
        listed = sorted(self.areas_m2.items(), key=lambda pair: (str(pair[0][0]), -pair[1], str(pair[0][1])))
        table = tuple(
            (*_named(first, titles), *_named(second, titles), area_m2 / _M2_OF_HA)
            for (first, second), area_m2 in listed
            if area_m2 >= _SMALLEST_M2
        )
        return Table("land_use_change", _TITLE, headings, table)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What was looked at, and what of it has no plan or no parcel."""
        no_plan = sum(area for (_, later), area in self.areas_m2.items() if later is _NO_PLAN)
        no_feature = sum(area for (earlier, _), area in self.areas_m2.items() if earlier is _NO_FEATURE)
        total = sum(self.areas_m2.values())
        return (
            Quantity("area_ha", Words("Tổng diện tích xét", "Land looked at"), total / _M2_OF_HA, "ha"),
            Quantity("no_plan_ha", _NO_PLAN, no_plan / _M2_OF_HA, "ha"),
            Quantity("no_feature_ha", _NO_FEATURE, no_feature / _M2_OF_HA, "ha"),
            Quantity("counted_twice_ha", _TWICE, self.twice_m2 / _M2_OF_HA, "ha"),
        )


def _named(use: Code | Words, titles: dict[str, Words]) -> tuple[Code | Words, Words]:
    if isinstance(use, Words):
        return NOT_APPLICABLE, use
    return use, _NO_CODE if use is None else titles[use]


def _change(reading: _Reading, before: Uses, after: Uses) -> _Change:
    later_codes, later = reading.whole(after)
    left_m2 = np.asarray(shapely.area(later))
    cover = Cover(later)
    outline = None if reading.where.geometry is None else Cover(np.array([reading.where.geometry], dtype=object))
    kinds = sorted(set(later_codes), key=str)
    kind_of = np.array([kinds.index(code) for code in later_codes], dtype=np.int64)
    areas: defaultdict[tuple[Code | Words, Code | Words], float] = defaultdict(float)
    twice_m2 = 0.0
    with part(_LATER, 1.0):
        for codes, places, features in reading.batches(before):
            inside_m2 = _inside(features, outline)
            shared = cover.shared(features)
            left_m2 -= np.bincount(shared.areas, weights=shared.shared_m2, minlength=len(later))
            inside_m2 -= np.bincount(shared.features, weights=shared.shared_m2, minlength=len(features))
            pairs = places[shared.features] * len(kinds) + kind_of[shared.areas]
            sums = np.bincount(pairs, weights=shared.shared_m2, minlength=len(codes) * len(kinds))
            for pair in np.flatnonzero(sums).tolist():
                areas[codes[pair // len(kinds)], kinds[pair % len(kinds)]] += float(sums[pair])
            twice_m2 -= float(np.minimum(inside_m2, 0).sum())
            unplanned = np.bincount(places, weights=np.maximum(inside_m2, 0), minlength=len(codes))
            for code, area_m2 in zip(codes, unplanned, strict=True):
                areas[code, _NO_PLAN] += float(area_m2)
    twice_m2 -= float(np.minimum(left_m2, 0).sum())
    bare = np.bincount(kind_of, weights=np.maximum(left_m2, 0), minlength=len(kinds))
    for kind, area_m2 in zip(kinds, bare, strict=True):
        areas[_NO_FEATURE, kind] += float(area_m2)
    return _Change(areas, twice_m2)


def _inside(features: Shapes, outline: Cover | None) -> npt.NDArray[np.float64]:
    """Return how much of each feature lies within an outline, in m²."""
    if outline is None:
        return np.asarray(shapely.area(features))
    shared = outline.shared(features)
    inside_m2: npt.NDArray[np.float64] = np.bincount(shared.features, shared.shared_m2, len(features)).astype(
        np.float64
    )
    return inside_m2
