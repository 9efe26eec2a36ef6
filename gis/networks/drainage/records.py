"""The layers of the drains as columns: texts as they are or None, numbers with NaN where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Arrow arrays and arrays of texts are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows, shapes
from gis.networks.graph import Numbers, Places, joined
from gis.overlay import Shapes
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")

Texts = npt.NDArray[Any]
"""Texts, None where there is none."""

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "sewers": ("code", "sewer_system", "start_node", "end_node", "shape"),
    "manholes": ("code", "sewer_system"),
    "outfalls": ("code", "sewer_system"),
    "channels": ("name", "channel_type"),
    "catchments": ("code", "outlet"),
}
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "sewers": ("diameter_mm", "width_m", "height_m", "invert_start_m", "invert_end_m", "roughness_n"),
    "manholes": ("ground_level_m", "invert_level_m"),
    "outfalls": ("invert_level_m",),
    "channels": ("bed_width_m", "depth_m", "side_slope", "invert_start_m", "invert_end_m", "roughness_n"),
    "catchments": ("impervious_share", "curve_number", "slope_share"),
}
_LAST_TEXTS: Mapping[str, tuple[str, ...]] = {"outfalls": ("receiving_water",)}


@dataclass(frozen=True)
class Records:
    """The features of a layer: their uids, their shapes in EPSG:5899, and their columns by name."""

    uid: Places
    geometry: Shapes
    texts: Mapping[str, Texts]
    numbers: Mapping[str, Numbers]

    def __len__(self) -> int:
        return len(self.uid)


def records(city: City, layer: str) -> Records:
    """Read sewers, manholes, outfalls, channels or catchments of a city as it is seen."""
    last = _LAST_TEXTS.get(layer, ())
    fields = [
        pa.field("uid", pa.int64()),
        *(pa.field(name, pa.string()) for name in _TEXTS[layer]),
        *(pa.field(name, pa.float64()) for name in _NUMBERS[layer]),
        *(pa.field(name, pa.string()) for name in last),
        pa.field(GEOMETRY, pa.binary()),
    ]
    batches = list(rows(city.connection, statements(_SQL)[layer].sql(), {}, pa.schema(fields)))
    return Records(
        _column(batches, "uid").astype(np.int64),
        joined(map(shapes, batches)),
        {name: _texts(batches, name) for name in (*_TEXTS[layer], *last)},
        {name: _column(batches, name).astype(np.float64) for name in _NUMBERS[layer]},
    )


def normal_levels(city: City) -> Mapping[str, float]:
    """Return the normal level of waters, by name; of a name with several levels there is none."""
    listed = city.connection.execute(statements(_SQL)["levels"].sql()).fetchall()
    levels: dict[str, set[float]] = {}
    for name, level_m in listed:
        levels.setdefault(name, set()).add(float(level_m))
    return {name: next(iter(known)) for name, known in levels.items() if len(known) == 1}


def _column(batches: list[pa.RecordBatch], name: str) -> Any:
    parts = [np.asarray(batch.column(name).to_numpy(zero_copy_only=False)) for batch in batches]
    return np.concatenate(parts) if parts else np.empty(0)


def _texts(batches: list[pa.RecordBatch], name: str) -> Texts:
    listed = [text for batch in batches for text in batch.column(name).to_pylist()]
    return np.array([*listed, None], dtype=object)[:-1]
