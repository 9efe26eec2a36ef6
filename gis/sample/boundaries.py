"""The city, its districts and its wards as features; populations of wards sum to their district's and the city's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.layout import Layout
from gis.sample.stream import Batch, batches
from gis.sample.wards import YEAR
from gis.sample.words import plain

CITY_CODE = "99"
CITY_NAME = "Thành phố mẫu"


def boundaries(plan: Layout) -> Iterator[Batch]:
    """Yield city, districts and wards."""
    parts = plan.wards
    whole = np.array([shapely.coverage_union_all(parts.shapes)], dtype=object)
    yield from batches(
        "city",
        whole,
        {
            "code": [CITY_CODE],
            "name": [CITY_NAME],
            "name_en": ["Sample city"],
            "area_legal_ha": _hectares(whole),
            "population": [int(parts.people.sum())],
            "population_year": YEAR,
        },
    )
    yield from _districts(plan)
    codes = np.array(parts.district_codes, dtype=object)
    yield from batches(
        "ward",
        parts.shapes,
        {
            "code": parts.codes,
            "name": parts.names,
            "name_en": [plain(name) for name in parts.names],
            "unit_type": parts.types,
            "district_code": codes[parts.district],
            "area_legal_ha": _hectares(parts.shapes),
            "population": parts.people,
            "population_year": YEAR,
        },
    )


def _districts(plan: Layout) -> Iterator[Batch]:
    parts = plan.wards
    people = np.zeros(len(parts.district_shapes), dtype=np.int64)
    np.add.at(people, parts.district, parts.people)
    yield from batches(
        "district",
        parts.district_shapes,
        {
            "code": parts.district_codes,
            "name": parts.district_names,
            "name_en": [plain(name) for name in parts.district_names],
            "area_legal_ha": _hectares(parts.district_shapes),
            "population": people,
            "population_year": YEAR,
        },
    )


def _hectares(shapes: np.ndarray) -> np.ndarray:
    return np.round(np.asarray(shapely.area(shapes)) / 10_000, 2)
