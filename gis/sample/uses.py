"""Present land use: what the lots of a quarter are used for, drawn together, and what lies between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.arrays import Ints, Shape, Shapes
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.plots import Plots
from gis.sample.stream import Batch, batches

_DETAIL_M = 0.15
_YEAR = 2024


def land_uses(plan: Layout, table: Plots, codes: np.ndarray) -> Iterator[Batch]:
    """Yield the present land-use areas of the quarters in a table of lots: a coverage with their neighbours'."""
    today = table.stage == 0
    shapes: list[Shapes] = []
    names: list[str] = []
    owners: list[int] = []
    for quarter in np.unique(table.quarter[today]):
        here = today & (table.quarter == quarter)
        face: Shape = plan.home.face[int(quarter)]
        areas, uses = _of_quarter(face, table.shapes[here], codes[here], _rest(plan, int(quarter)))
        shapes.append(areas)
        names.extend(uses)
        owners.extend([int(quarter)] * len(areas))
    yield from _batches(plan, np.concatenate(shapes), names, np.array(owners))


def unbuilt_uses(plan: Layout, built: set[int]) -> Iterator[Batch]:
    """Yield the land-use areas of what has no lots: waters, beaches, slivers between streets.

    Parameters
    ----------
    built
        The quarters whose land use is written already.
    """
    number = np.array([quarter for quarter in range(len(plan.home.made)) if quarter not in built], dtype=np.int64)
    codes = [_rest(plan, int(quarter)) for quarter in number]
    yield from _batches(plan, plan.home.face[number], codes, number)


def _rest(plan: Layout, quarter: int) -> str:
    """Return the use of what no lot covers."""
    made = plan.home.made[quarter]
    return {int(Make.WATER): "SON", int(Make.BEACH): "DKV"}.get(int(made), "DGT")


def _of_quarter(face: Shape, lots: Shapes, codes: np.ndarray, rest: str) -> tuple[Shapes, list[str]]:
    values, group = np.unique(codes.astype(str), return_inverse=True)
    areas = [shapely.coverage_union_all(lots[group == number]) for number in range(len(values))]
    street = shapely.difference(face, shapely.coverage_union_all(np.array(areas, dtype=object)))
    whole = np.array([*areas, street], dtype=object)
    thin = shapely.coverage_simplify(whole, _DETAIL_M, simplify_boundary=False)
    kept = ~shapely.is_empty(thin)
    return np.asarray(thin[kept], dtype=object), [
        name for name, keep in zip([*values, rest], kept, strict=True) if keep
    ]


def _batches(plan: Layout, shapes: Shapes, codes: list[str], quarter: Ints) -> Iterator[Batch]:
    wards = np.array(plan.wards.codes, dtype=object)
    columns = {"land_use_code": codes, "survey_year": _YEAR, "ward_code": wards[plan.wards.of_face[quarter]]}
    yield from batches("land_use", shapes, columns)
