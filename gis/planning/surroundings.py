"""What lies about a place: features of a layer as the city is seen, as shapes with their attributes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, LiteralString, cast  # an attribute is of the kind its column declares

import numpy as np
import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.findings import Subject
from gis.scenarios.reach import sight
from gis.schema import stored_columns
from gis.statements import statements
from layers import LAYERS
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_KEPT = 256
"""Statements that are kept composed."""
_LEFT_WHOLE_BYTES = 2_000
"""Features that are stored in so many bytes are not cut: to look at them whole takes less than to cut them."""
_MARGIN_M = 1.0
"""How much farther than what is looked at a feature is cut, so that its cut edges change nothing there."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A feature that lies somewhere: its geometry in EPSG:5899, the values of its columns as stored."""

    layer: str
    uid: int | None
    geometry: BaseGeometry
    values: Mapping[str, Any]

    def subject(self, label: str) -> Subject:
        """Return it as the subject of a verdict."""
        return Subject(self.layer, label, self.uid)

    def holds(self, on: dt.date) -> bool:
        """Return whether it holds on a day, as far as it says from when and until when."""
        first, end = self.values.get("valid_from"), self.values.get("valid_to")
        return (first is None or first <= on) and (end is None or on < end)

    def stands_at(self, horizon: Horizon) -> bool:
        """Return whether it is seen at a horizon, of features of every horizon."""
        layer = LAYERS[self.layer]
        if layer.planned and self.values["horizon"] != horizon.value:
            return False
        reached = horizon.reached
        return not layer.staged or (self.values["stage"] in reached and self.values["stage_end"] not in reached)


def cut_about(city: City, layer: str, site: BaseGeometry, *, reach_m: float = 0.0) -> tuple[Lying, ...]:
    """Return the features of a layer within reach of one site, those of every horizon, as far as they lie about it.

    Of a large feature only what lies near is read: its geometry is right within reach of the box around the site, and
    says nothing of what it is like elsewhere.

    Parameters
    ----------
    site : geometry in EPSG:5899.
    reach_m : how far away a feature may lie, in m.
    """
    stored = sight(city.connection, city.scenario).table(LAYERS[layer])
    bound = {"site": shapely.to_wkb(site), "reach_m": reach_m + _MARGIN_M, "most_bytes": _LEFT_WHOLE_BYTES}
    query = _composed("cut_about", layer, stored.as_string(None))
    near = lying(layer, city.connection.execute(query, bound, binary=True).fetchall())
    return tuple(replace(each, geometry=_valid(each.geometry)) for each in near if each.geometry.dwithin(site, reach_m))


def _valid(cut: BaseGeometry) -> BaseGeometry:
    return cut if cut.is_valid else shapely.make_valid(cut)


def about(city: City, layer: str, places: Sequence[BaseGeometry], *, reach_m: float = 0.0) -> tuple[Lying, ...]:
    """Return the features of a layer within reach of any of some places, each once, by uid.

    Parameters
    ----------
    places : geometries in EPSG:5899.
    reach_m : how far away a feature may lie, in m.
    """
    bound = {"places": [shapely.to_wkb(each) for each in places], "reach_m": reach_m}
    query = _composed("about", layer, sql.Identifier(layer).as_string(None))
    near = lying(layer, city.connection.execute(query, bound, binary=True).fetchall())
    if not near:
        return ()
    tree = shapely.STRtree(np.array([each.geometry for each in near], dtype=object))
    _, within = tree.query(np.array(places, dtype=object), predicate="dwithin", distance=reach_m)
    return tuple(near[number] for number in np.unique(within).tolist())


@lru_cache(maxsize=_KEPT)
def _composed(statement: str, layer: str, place: str) -> bytes:
    quoted = sql.SQL(cast(LiteralString, place))  # an identifier, quoted already
    return statements(_SQL)[statement].sql(layer=quoted, attributes=attributes_sql(layer)).as_bytes(None)


def attributes_sql(layer: str) -> sql.Composable:
    """Return the columns of a layer as stored, read as `each`."""
    return sql.SQL(", ").join(sql.Identifier("each", column.name) for column in stored_columns(LAYERS[layer]))


def lying(layer: str, rows: Sequence[tuple[Any, ...]]) -> tuple[Lying, ...]:
    """Return rows of uid, geometry as WKB, and the columns."""
    if not rows:
        return ()
    shapes = shapely.from_wkb(np.array([row[1] for row in rows], dtype=object))
    names = [column.name for column in stored_columns(LAYERS[layer])]
    return tuple(
        Lying(layer, row[0], shape, dict(zip(names, row[2:], strict=True)))
        for row, shape in zip(rows, shapes, strict=True)
    )
