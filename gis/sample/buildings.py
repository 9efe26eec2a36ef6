"""Buildings inside their lots: row houses, villas, slabs, halls, towers; their heights fall away from the centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # columns are arrays of many kinds

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shapes, on_grid, polygon_parts, polygons_of, shapes_on_grid
from gis.sample.layout import Layout
from gis.sample.parcels import STAGES
from gis.sample.patterns import PATTERNS, Make
from gis.sample.plots import Plots
from gis.sample.services import SERVICES
from gis.sample.stream import Batch, batches

_STOREY_M = 3.5
_LEAST_M2 = 12.0
_RECTANGLE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
_FORMS: tuple[tuple[list[tuple[float, float]], ...], ...] = (
    (_RECTANGLE,),
    ([(0, 0), (1, 0), (1, 0.38), (0.36, 0.38), (0.36, 1), (0, 1)],),
    ([(0, 0), (0.26, 0), (0.26, 0.66), (0.74, 0.66), (0.74, 0), (1, 0), (1, 1), (0, 1)],),
    ([(0, 0), (0.46, 0), (0.46, 1), (0, 1)], [(0.54, 0), (1, 0), (1, 0.8), (0.54, 0.8)]),
    ([(0, 0), (1, 0), (1, 0.3), (0, 0.3)], [(0, 0.7), (1, 0.7), (1, 1), (0, 1)]),
    ([(0.22, 0.2), (0.78, 0.2), (0.78, 0.8), (0.22, 0.8)],),
)
"""Footprints in the unit square of a lot within its setbacks: whole, L, U, two halls, two slabs, tower."""

_WHOLE, _L, _U, _HALLS, _SLABS, _TOWER = range(6)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a lot is built over: setbacks; forms to choose from; use; storeys at centre and edge, and their spread."""

    front_m: tuple[float, float]
    rear_m: tuple[float, float]
    side_m: float
    forms: tuple[int, ...]
    use: str
    storeys: tuple[float, float]
    spread: float


_MANNERS: dict[Make, Manner] = {
    Make.OLD: Manner((0.1, 0.6), (0.3, 1.6), 0.06, (_WHOLE,), "house", (3.9, 2.6), 0.9),
    Make.ROW: Manner((0.1, 2.4), (1.0, 3.0), 0.06, (_WHOLE,), "house", (4.2, 2.5), 0.9),
    Make.VILLA: Manner((3.0, 5.0), (2.5, 5.0), 1.4, (_WHOLE, _WHOLE, _L), "house", (3.0, 2.4), 0.5),
    Make.VILLAGE: Manner((3.5, 11.0), (6.0, 13.0), 2.2, (_WHOLE, _L, _L), "house", (2.0, 1.3), 0.5),
    Make.APARTMENT: Manner((7.0, 9.0), (6.0, 8.0), 6.0, (_SLABS, _U, _WHOLE, _L), "apartment", (24.0, 11.0), 4.5),
    Make.MIXED: Manner((0.5, 4.0), (3.0, 6.0), 1.2, (_WHOLE, _WHOLE, _L, _TOWER), "mixed", (19.0, 5.0), 6.0),
    Make.RESORT: Manner((8.0, 12.0), (8.0, 14.0), 6.0, (_TOWER, _L, _U, _SLABS), "hotel", (26.0, 12.0), 7.0),
    Make.INDUSTRY: Manner((10.0, 14.0), (8.0, 12.0), 7.0, (_WHOLE, _HALLS, _HALLS, _L), "industry", (1.6, 1.1), 0.4),
    Make.CAMPUS: Manner((9.0, 13.0), (7.0, 10.0), 8.0, (_U, _L, _SLABS), "education", (6.0, 4.0), 1.2),
    Make.OFFICE: Manner((6.0, 9.0), (5.0, 7.0), 4.0, (_U, _L, _WHOLE, _TOWER), "office", (13.0, 5.0), 4.0),
    Make.CROPS: Manner((8.0, 20.0), (14.0, 25.0), 9.0, (_WHOLE,), "other", (1.0, 1.0), 0.1),
    Make.FISH: Manner((4.0, 9.0), (30.0, 38.0), 12.0, (_WHOLE,), "other", (1.0, 1.0), 0.1),
}
_PUBLIC = Manner((4.0, 6.0), (2.5, 4.0), 2.5, (_U, _L, _WHOLE), "other", (3.0, 3.0), 0.4)


def buildings(plan: Layout, table: Plots) -> Iterator[Batch]:
    """Yield the buildings of a table of lots."""
    rng = plan.frame.rng(60, int(table.quarter[0]))
    built = _built(table, rng)
    stories = _storeys(plan, table, rng)
    found: list[tuple[Shapes, Ints]] = []
    for kind in np.unique(table.made[built]):
        here = np.flatnonzero(built & (table.made == kind))
        public = table.service[here] >= 0
        for lots, manner in (
            (here[~public], _MANNERS.get(Make(kind), _PUBLIC)),
            (here[public], _PUBLIC),
        ):
            if len(lots):
                found.extend(_footprints(table, lots, manner, rng))
    if not found:
        return
    shapes = np.concatenate([shape for shape, _ in found])
    lot = np.concatenate([lots for _, lots in found])
    order = np.argsort(lot, kind="stable")
    yield from batches(
        "building", shapes[order], _columns(plan, table, shapes[order], lot[order], storeys=stories, rng=rng)
    )


def _built(table: Plots, rng: np.random.Generator) -> np.ndarray:
    shares = np.zeros(max(Make) + 1)
    for kind, pattern in PATTERNS.items():
        shares[kind] = pattern.built if kind in _MANNERS else 0
    built = rng.random(len(table.made)) < shares[table.made]
    standing = np.array([service.building_use is not None for service in SERVICES])
    served = table.service >= 0
    built[served] = standing[table.service[served]]
    return built


def _storeys(plan: Layout, table: Plots, rng: np.random.Generator) -> Ints:
    """Return the storeys of each lot: those of its manner, fewer away from the centre, towers in high luck near it."""
    near = np.exp(-2.4 * plan.home.share[table.quarter])
    low, high, spread = (np.ones(max(Make) + 1) for _ in range(3))
    for kind, manner in _MANNERS.items():
        high[kind], low[kind] = manner.storeys
        spread[kind] = manner.spread
    made = table.made
    mean = low[made] + (high[made] - low[made]) * near
    luck = rng.gamma(4.0, 0.25, len(made)) - 1
    storeys = np.round(mean + luck * spread[made] * (0.6 + near))
    fixed = np.array([service.storeys for service in SERVICES])
    served = table.service >= 0
    storeys[served] = fixed[table.service[served]]
    return np.clip(storeys, 1, 48).astype(np.int64)


def _footprints(table: Plots, lots: Ints, manner: Manner, rng: np.random.Generator) -> Iterator[tuple[Shapes, Ints]]:
    """Yield footprints and the lots they stand on, form by form."""
    inner = _within_setbacks(table.quads[lots], manner, rng)
    form = np.array(manner.forms)[rng.integers(len(manner.forms), size=len(lots))]
    small = np.asarray(shapely.area(polygons_of(inner))) < 240
    form = np.where(small, _WHOLE, form)
    for kind in np.unique(form):
        chosen = form == kind
        for ring in _FORMS[kind]:
            shapes = polygons_of(on_grid(_mapped(inner[chosen], np.array(ring))))
            yield _inside(table, np.asarray(shapes, dtype=object), lots[chosen])


def _within_setbacks(quads: Floats, manner: Manner, rng: np.random.Generator) -> Floats:
    """Return the four-sided part of each lot within its setbacks, which shrink on lots too small for them."""
    count = len(quads)
    width = np.maximum(np.hypot(*(quads[:, 1] - quads[:, 0]).T), 0.5)
    depth = np.maximum(np.hypot(*(quads[:, 3] - quads[:, 0]).T), 0.5)
    front = np.minimum(rng.uniform(*manner.front_m, count) / depth, 0.3)
    rear = np.minimum(rng.uniform(*manner.rear_m, count) / depth, 0.42)
    side = np.minimum(manner.side_m / width, 0.32)
    ring = np.stack([side, front, 1 - side, front, 1 - side, 1 - rear, side, 1 - rear], axis=1).reshape(count, 4, 2)
    return _bilinear(quads, ring)


def _mapped(quads: Floats, ring: Floats) -> Floats:
    return _bilinear(quads, np.broadcast_to(ring, (len(quads), *ring.shape)))


def _bilinear(quads: Floats, shares: Floats) -> Floats:
    """Return the points at shares (along the front, towards the back) of four-sided lots."""
    across, deep = shares[..., 0:1], shares[..., 1:2]
    a, b, c, d = (quads[:, None, corner] for corner in range(4))
    return (a * (1 - across) + b * across) * (1 - deep) + (d * (1 - across) + c * across) * deep


def _inside(table: Plots, shapes: Shapes, lots: Ints) -> tuple[Shapes, Ints]:
    """Trim the buildings of trimmed lots to them; leave out what is left too small."""
    whole = table.whole[lots]
    trimmed = shapely.intersection(
        shapes[~whole], shapely.buffer(table.shapes[lots[~whole]], -0.25, join_style="mitre")
    )
    parts, index = polygon_parts(trimmed)
    shapes = np.concatenate([shapes[whole], shapes_on_grid(parts)])
    lots = np.concatenate([lots[whole], lots[~whole][index]])
    good = (np.asarray(shapely.area(shapes)) > _LEAST_M2) & shapely.is_valid(shapes)
    return shapes[good], lots[good]


def _columns(
    plan: Layout, table: Plots, shapes: Shapes, lot: Ints, *, storeys: Ints, rng: np.random.Generator
) -> dict[str, Any]:
    uses = np.array(
        [_MANNERS[Make(k)].use if k in [*map(int, _MANNERS)] else "other" for k in range(max(Make) + 1)], dtype=object
    )
    use = uses[table.made[lot]]
    public = np.array([service.building_use or "other" for service in SERVICES], dtype=object)
    served = table.service[lot] >= 0
    use[served] = public[table.service[lot][served]]
    shops = (use == "house") & np.isin(table.made[lot], (Make.OLD, Make.ROW)) & (rng.random(len(lot)) < 0.07)
    use[shops] = "commercial"
    floors = storeys[lot]
    industrial = use == "industry"
    height = np.where(industrial, 7.0 + 2.5 * floors, floors * _STOREY_M + rng.uniform(0.3, 2.2, len(lot)))
    share = plan.home.share[table.quarter[lot]]
    year = np.clip(rng.normal(1985 + 28 * share, 9), 1920, 2024).astype(np.int64)
    year = np.where(table.stage[lot] > 0, np.array([0, 2029, 2044, 0])[table.stage[lot]], year)
    return {
        "building_use": use,
        "storeys": floors,
        "height_m": np.round(height, 1),
        "floor_area_m2": np.round(np.asarray(shapely.area(shapes)) * floors, 1),
        "year_built": year,
        "stage": STAGES[table.stage[lot]],
        "stage_end": STAGES[table.stage_end[lot]],
    }
