"""What of the rain runs off at each inlet: from the use of the land at a horizon, or from what catchments say.

Where the use of ground, or how far such ground is paved, is not known, the impervious share its catchment says counts;
where it says none, the share may be anything, and what runs off lies between a least and a most.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal  # Arrow arrays are generic over what they hold

import numpy as np
import pyarrow as pa

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.inlets import Inlets
from gis.networks.graph import Numbers
from gis.overlay import Cover
from gis.planning.plans import RegisteredPlan
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_USES = pa.schema([pa.field("code", pa.string()), pa.field(GEOMETRY, pa.binary())])

Reading = Literal["land_use", "catchment"]
"""Where the share of paved ground is read."""


@dataclass(frozen=True)
class Runoff:
    """The share of paved ground of each inlet, least and most, and the curve numbers that follow.

    `known_share` is the share of the land whose use said it, `said_share` that whose catchment did.
    """

    paved_least: Numbers
    paved_most: Numbers
    curve_least: Numbers
    curve_most: Numbers
    known_share: float | None
    said_share: float | None

    @property
    def coefficients(self) -> tuple[Numbers, Numbers]:
        """Run-off coefficients of the rational method, least and most."""
        taken = conventions()
        paved, bare = taken.paved.coefficient, taken.open.coefficient
        return bare + (paved - bare) * self.paved_least, bare + (paved - bare) * self.paved_most


def runoff(city: City, inlets: Inlets, plan: RegisteredPlan | None, *, reading: Reading) -> Runoff:
    """Return what is paved at each inlet, at the horizon the city is seen at.

    Parameters
    ----------
    plan : whose zones say the use in 2030 and 2045, which nobody knows without one; parcels say it as the city stands.
    reading : whether land use says it first, or catchments alone.
    """
    area = np.maximum(inlets.area_m2, 1e-9)
    known_m2, paved_m2 = np.zeros(len(inlets)), np.zeros(len(inlets))
    if reading == "land_use" and len(inlets) and (plan is not None or city.horizon is Horizon.EXISTING):
        known_m2, paved_m2 = _paved(city, inlets, plan)
        over = np.maximum(known_m2 / area, 1.0)
        known_m2, paved_m2 = known_m2 / over, paved_m2 / over
    left = np.maximum(area - known_m2, 0.0)
    said = np.isfinite(inlets.paved_share)
    paved_m2 = paved_m2 + np.where(said, left * np.nan_to_num(inlets.paved_share), 0.0)
    unsaid_m2 = np.where(said, 0.0, left)
    least, most = paved_m2 / area, np.minimum((paved_m2 + unsaid_m2) / area, 1.0)
    curves = _curves(least), _curves(most)
    if reading == "catchment":
        stated = np.isfinite(inlets.curve_number)
        curves = tuple(np.where(stated, inlets.curve_number, each) for each in curves)
    whole = float(area.sum())
    shares = (float(known_m2.sum()) / whole, float(left[said].sum()) / whole) if len(inlets) else (None, None)
    return Runoff(least, most, curves[0], curves[1], *shares)


def _curves(paved: Numbers) -> Numbers:
    """Return curve numbers weighed by area, as TR-55 does."""
    taken = conventions()
    return taken.open.curve_number + (taken.paved.curve_number - taken.open.curve_number) * paved


def _paved(city: City, inlets: Inlets, plan: RegisteredPlan | None) -> tuple[Numbers, Numbers]:
    """Return how much of each inlet has a use whose share is known, and how much of that is paved, in m²."""
    is_today = city.horizon is Horizon.EXISTING
    shares = conventions().paved_share["land_use" if is_today else "plan_use"]
    query = statements(_SQL)["present" if is_today else "planned"].sql()
    bound = {"plan": plan.code} if plan is not None and not is_today else {}
    known_m2, paved_m2 = np.zeros(len(inlets)), np.zeros(len(inlets))
    cover = Cover(inlets.shape)
    for batch in rows(city.connection, query, bound, _USES):
        share = _shares(batch.column("code"), shares)
        found = cover.shared(shapes(batch))
        told = np.isfinite(share[found.features])
        np.add.at(known_m2, found.areas[told], found.shared_m2[told])
        np.add.at(paved_m2, found.areas[told], (found.shared_m2 * share[found.features])[told])
    return known_m2, paved_m2


def _shares(codes: Any, shares: Any) -> Numbers:
    coded = codes.dictionary_encode(null_encoding="encode")
    known = np.array([shares.get(code, np.nan) for code in coded.dictionary.to_pylist()], dtype=np.float64)
    return known[np.asarray(coded.indices)]
