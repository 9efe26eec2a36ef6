"""What is given for a feature is checked against the declaration of its layer before it is stored."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.scenarios.errors import UnfitGeometryError, UnfitValueError, UnknownColumnError
from gis.schema import stored_columns
from layers.model import Column, Geometry, Kind, Layer

Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | None

MOST_VERTICES = 1_000_000
"""Vertices of one geometry."""
LONGEST_TEXT = 10_000
"""Characters of one text."""
_LAST_INTEGER = 2**63
_TAKES: dict[Kind, tuple[tuple[type, ...], str]] = {
    Kind.TEXT: ((str,), "a text"),
    Kind.INTEGER: ((int,), "a whole number"),
    Kind.NUMBER: ((int, float), "a number"),
    Kind.BOOLEAN: ((bool,), "true or false"),
    Kind.DATE: ((dt.date,), "a date"),
    Kind.TIMESTAMP: ((dt.datetime,), "a time"),
}
_PARTS = {
    Geometry.POINT: ("Point", "Point"),
    Geometry.LINE: ("LineString", "MultiLineString"),
    Geometry.POLYGON: ("Polygon", "MultiPolygon"),
}


def attributes_json(layer: Layer, attributes: Mapping[str, Value]) -> str:
    """Return attributes as JSON for the database; UnknownColumnError or UnfitValueError where one does not fit."""
    columns = {column.name: column for column in stored_columns(layer)}
    for name, value in attributes.items():
        if name not in columns:
            raise UnknownColumnError(layer, name, list(columns))
        _refuse_unfit(columns[name], value)
    return json.dumps(dict(attributes), default=lambda moment: moment.isoformat(), allow_nan=False)


def refuse_missing(layer: Layer, given: Iterable[str]) -> None:
    """Raise UnfitValueError for a required column of a new feature that nothing is given for."""
    named = set(given)
    for column in stored_columns(layer):
        if column.required and column.name not in named:
            raise UnfitValueError(column, None, _wanted(column))


def _refuse_unfit(column: Column, value: Value) -> None:
    if value is None:
        fits = not column.required
    else:
        kinds, _ = _TAKES[column.kind]
        fits = isinstance(value, kinds) and isinstance(value, bool) == (column.kind is Kind.BOOLEAN)
        fits = fits and isinstance(value, dt.datetime) == (column.kind is Kind.TIMESTAMP) and _in_bounds(column, value)
    if not fits:
        raise UnfitValueError(column, value, _wanted(column))


def _in_bounds(column: Column, value: str | float | dt.date) -> bool:
    if isinstance(value, str):
        listed = column.codes is None or value in column.codes.values
        return listed and len(value) <= LONGEST_TEXT and "\0" not in value
    if isinstance(value, dt.date):
        return True
    least = -math.inf if column.minimum is None else column.minimum
    most = math.inf if column.maximum is None else column.maximum
    return math.isfinite(value) and abs(value) < _LAST_INTEGER and least <= value <= most


def _wanted(column: Column) -> str:
    words = _TAKES[column.kind][1]
    if column.codes is not None:
        words = f"one of {', '.join(column.codes.values)}"
    if column.minimum is not None:
        words += f" from {column.minimum:g}"
    if column.maximum is not None:
        words += f" to {column.maximum:g}"
    return words if column.required else f"{words}, or nothing"


def stored_wkb(layer: Layer, geometry: BaseGeometry) -> bytes:
    """Return a geometry in EPSG:5899 as the layer stores it, a single part as multi-part.

    Raises
    ------
    UnfitGeometryError
        When it is of another type, empty, invalid, not finite, or has more than a million vertices.
    """
    single, stored = _PARTS[layer.geometry]
    if geometry.geom_type not in (single, stored):
        raise UnfitGeometryError(layer, f"it is a {geometry.geom_type}")
    if geometry.is_empty:
        raise UnfitGeometryError(layer, "it is empty")
    if (vertices := shapely.get_num_coordinates(geometry)) > MOST_VERTICES:
        raise UnfitGeometryError(layer, f"it has {vertices} vertices, more than {MOST_VERTICES}")
    flat = shapely.force_2d(geometry)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise UnfitGeometryError(layer, "a coordinate is not a number")
    if not flat.is_valid:
        raise UnfitGeometryError(layer, shapely.is_valid_reason(flat))
    if flat.geom_type != stored:
        several = {"MultiLineString": shapely.multilinestrings, "MultiPolygon": shapely.multipolygons}
        flat = several[stored]([flat])
    return bytes(shapely.to_wkb(flat, byte_order=1))
