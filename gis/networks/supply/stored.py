"""What the layers of water supply hold, as they are seen: their nodes and pipes, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Arrow arrays and their columns are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gis.copy import GEOMETRY
from gis.db import City
from gis.export.rows import rows
from gis.networks.graph import Numbers
from gis.networks.supply.network import Texts
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_TEXTS = frozenset({"code", "node_type", "valve_type", "start_node", "end_node"})
_NUMBERS = (
    *("elevation_m", "demand_m3_day", "head_m", "tank_diameter_m", "tank_min_level_m", "tank_initial_level_m"),
    *("tank_max_level_m", "pump_flow_m3_h", "pump_head_m"),
)
_MARKS = ("closed", "broken")


def _schema(*names: str) -> pa.Schema:
    kinds = {
        **dict.fromkeys(_TEXTS, pa.string()),
        **dict.fromkeys(_MARKS, pa.bool_()),
        "uid": pa.int64(),
        "delivery": pa.int64(),
        GEOMETRY: pa.binary(),
    }
    return pa.schema([pa.field(name, kinds.get(name, pa.float64())) for name in names])


_NODES = _schema("uid", "code", "node_type", *_NUMBERS, "valve_type", "valve_setting", *_MARKS, "delivery", GEOMETRY)
_PIPES = _schema(
    *("uid", "code", "start_node", "end_node", "diameter_mm", "roughness_hw", "length_m", "closed", "delivery"),
    GEOMETRY,
)


@dataclass(frozen=True)
class Rows:
    """Rows of a layer: texts are None, figures NaN, and a delivery 0 where there is none."""

    columns: dict[str, Any]
    shapes: npt.NDArray[np.object_]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.shapes)

    def texts(self, name: str) -> Texts:
        """Return a column of texts."""
        return self.columns[name]

    def numbers(self, name: str) -> Numbers:
        """Return a column of figures."""
        return self.columns[name]

    def marks(self, name: str) -> npt.NDArray[np.bool_]:
        """Return a column of yes and no."""
        return self.columns[name]

    def whole(self, name: str) -> npt.NDArray[np.int64]:
        """Return a column of whole numbers."""
        return self.columns[name]


@dataclass(frozen=True)
class Stored:
    """The nodes and pipes of the city as it is seen."""

    nodes: Rows
    pipes: Rows

    @classmethod
    def read(cls, city: City) -> Stored:
        """Read them."""
        return cls(_rows(city, "nodes", _NODES), _rows(city, "pipes", _PIPES))


def _rows(city: City, name: str, schema: pa.Schema) -> Rows:
    batches = list(rows(city.connection, statements(_SQL)[name].sql(), {}, schema))
    table: Any = pa.Table.from_batches(batches, schema)
    columns = {field.name: _column(table, field) for field in schema if field.name != GEOMETRY}
    shapes = shapely.from_wkb(np.array(table.column(GEOMETRY).to_pylist(), dtype=object))
    return Rows(columns, np.asarray(shapes, dtype=object))


def _column(table: Any, field: Any) -> npt.NDArray[Any]:
    column = table.column(field.name)
    if field.type == pa.string():
        return np.array([*column.to_pylist(), None], dtype=object)[:-1]
    if field.type == pa.bool_():
        return np.array(column.to_pylist(), dtype=np.bool_)
    return np.asarray(column.fill_null(np.nan if field.type == pa.float64() else 0).to_numpy())
