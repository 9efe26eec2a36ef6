"""Where people live: those of a ward on its dwelling land, those a plan provides for in its zones.

People of today are those of the wards, spread evenly over the parcels of a ward on which people live; their sum is that
of the wards. People of 2030 and 2045 are those the zones of the plan provide for, spread evenly over each zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # arrays of shapes and of Arrow are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.overlay import Shapes
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.statements import statements
from layers.model import Horizon, Words

_SQL = Path(__file__).with_suffix(".sql")
_DWELLING_USES = ["ODT", "ONT", "OCT"]
_DWELLINGS = pa.schema([pa.field("ward", pa.string()), pa.field(GEOMETRY, pa.binary())])
_ZONES = pa.schema([pa.field("people", pa.float64()), pa.field(GEOMETRY, pa.binary())])


@dataclass(frozen=True, slots=True)
class Living:
    """A batch of areas in EPSG:5899 on which people live, with the people on each; NaN where that is not known."""

    areas: Shapes
    people: npt.NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """The people of the city as it is seen; `total` is all of them, `unplaced` those of wards without dwelling land.

    `counted` says who they are, and of which year.
    """

    city: City
    plan: RegisteredPlan | None
    total: float | None
    unplaced: float
    counted: Words
    density: Mapping[str | None, float]

    def batches(self, where: Place) -> Iterator[Living]:
        """Yield the areas on which they live, of those whose box meets a place's."""
        if self.city.horizon is Horizon.EXISTING:
            yield from self._of_wards(where)
        else:
            yield from self._of_zones(where)

    def _of_wards(self, where: Place) -> Iterator[Living]:
        query = statements(_SQL)["dwellings"].sql()
        bound = {"uses": _DWELLING_USES, "place": where.wkb}
        for batch in rows(self.city.connection, query, bound, _DWELLINGS):
            areas = shapes(batch)
            wards: Any = batch.column("ward")
            coded = wards.dictionary_encode(null_encoding="encode")
            known = np.array([self.density.get(code, np.nan) for code in coded.dictionary.to_pylist()])
            yield Living(areas, shapely.area(areas) * known[np.asarray(coded.indices)])

    def _of_zones(self, where: Place) -> Iterator[Living]:
        if self.plan is None:
            return
        query = statements(_SQL)["planned"].sql()
        for batch in rows(self.city.connection, query, {"plan": self.plan.code, "place": where.wkb}, _ZONES):
            yield Living(shapes(batch), np.asarray(batch.column("people"), dtype=np.float64))


def people(city: City, plan: RegisteredPlan | None) -> People:
    """Return the people of the city at the horizon it is seen at.

    Parameters
    ----------
    plan : whose zones provide for those of 2030 and 2045; without one nobody is known of then.
    """
    if city.horizon is not Horizon.EXISTING:
        year = city.horizon.value
        counted = Words(f"dân số theo đồ án {year}", f"people the plan provides for in {year}")
        return People(city, plan, None, 0.0, counted, {})
    listed = city.connection.execute(statements(_SQL)["dwelling_land"].sql(), {"uses": _DWELLING_USES}).fetchall()
    known = [(ward, number, area_m2) for ward, number, _, area_m2 in listed if number is not None]
    years = sorted({year for *_, year, _ in listed if year is not None})
    when = f" {years[0]}" if len(years) == 1 else f" {years[0]}–{years[-1]}" if years else ""
    return People(
        city,
        plan,
        float(sum(number for _, number, _ in known)) if known else None,
        float(sum(number for _, number, area_m2 in known if not area_m2)),
        Words(f"dân số các phường, xã{when}", f"people of the wards{when}"),
        {ward: number / area_m2 for ward, number, area_m2 in known if area_m2},
    )
