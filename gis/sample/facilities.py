"""Public facilities: a point in the middle of each lot that serves the public."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.layout import Layout
from gis.sample.parcels import STAGES
from gis.sample.plots import Plots
from gis.sample.services import SERVICES
from gis.sample.stream import Batch, batches
from gis.sample.words import place_names

_DAY_ZERO = np.datetime64("1955-01-01")


def facilities(plan: Layout, table: Plots) -> Iterator[Batch]:
    """Yield the facilities on a table of lots."""
    lot = np.flatnonzero(table.service >= 0)
    if len(lot) == 0:
        return
    rng = plan.frame.rng(70, int(table.quarter[0]))
    kinds = [SERVICES[number] for number in table.service[lot]]
    areas = table.areas[lot]
    shares = np.array([0.0 if kind.building_use is None else 0.4 * kind.storeys for kind in kinds])
    places = np.array([kind.places * kind.people / 1000 for kind in kinds])
    opened = _DAY_ZERO + rng.integers(0, 25_000, len(lot)).astype("timedelta64[D]")
    opened = np.where(table.stage[lot] > 0, np.datetime64("NaT"), opened)
    wards = np.array(plan.wards.codes, dtype=object)
    names = place_names(len(lot), rng)
    columns = {
        "facility_type": [kind.facility_type for kind in kinds],
        "name": [f"{kind.title} {name}" for kind, name in zip(kinds, names, strict=True)],
        "land_area_m2": np.round(areas, 1),
        "floor_area_m2": np.round(areas * shares, 1),
        "capacity": np.where(places > 0, np.round(places), np.nan),
        "ward_code": wards[plan.wards.of_face[table.quarter[lot]]],
        "opened_on": opened,
        "stage": STAGES[table.stage[lot]],
        "stage_end": STAGES[table.stage_end[lot]],
    }
    yield from batches("facility", shapely.point_on_surface(table.shapes[lot]), columns)
