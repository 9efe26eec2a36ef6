"""What is given for a feature is checked against the declaration of its layer before it is stored."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TypeAlias, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.scenarios.errors import UnfitGeometryError, UnfitValueError, UnknownColumnError
from gis.schema import stored_columns
from layers.model import Column, Geometry, Kind, Layer

Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | None

MOST_VERTICES = 1_000_000
"""Vertices of one geometry."""
_LAST_INTEGER = 2**63
_TAKES: dict[Kind, tuple[tuple[type, ...], str]] = {
    Kind.TEXT: ((str,), "a text"),
    Kind.INTEGER: ((int,), "a whole number"),
    Kind.NUMBER: ((int, float), "a number"),
    Kind.BOOLEAN: ((bool,), "true or false"),
    Kind.DATE: ((dt.date,), "a date as 2030-12-31"),
    Kind.TIMESTAMP: ((dt.datetime,), "a time as 2030-12-31T08:00:00"),
}
_WRITTEN = {Kind.DATE: dt.date.fromisoformat, Kind.TIMESTAMP: dt.datetime.fromisoformat}
_PARTS = {
    Geometry.POINT: ("Point", "Point"),
    Geometry.LINE: ("LineString", "MultiLineString"),
    Geometry.POLYGON: ("Polygon", "MultiPolygon"),
}


def read_values(layer: Layer, written: Mapping[str, object]) -> dict[str, Value]:
    """Return attributes as JSON writes them with the dates and times that their columns mean by a text.

    What cannot be read, or is of no column, stays as it is: it is refused where it is checked.
    """
    columns = {column.name: column for column in stored_columns(layer)}
    return {name: _meant(columns.get(name), value) for name, value in written.items()}


def _meant(column: Column | None, written: object) -> Value:
    if column is not None and column.kind in _WRITTEN and isinstance(written, str):
        with suppress(ValueError):
            return _WRITTEN[column.kind](written)
    return cast("Value", written)  # a list or an object is no value of any column, and refused as such


def attributes_json(layer: Layer, attributes: Mapping[str, Value]) -> str:
    """Return attributes as JSON for the database; UnknownColumnError or UnfitValueError where one does not fit."""
    columns = {column.name: column for column in stored_columns(layer)}
    for name, value in attributes.items():
        if name not in columns:
            raise UnknownColumnError(layer, name, list(columns))
        _refuse_unfit(columns[name], value, longest=layer.longest_text(name))
    return json.dumps(dict(attributes), default=lambda moment: moment.isoformat(), allow_nan=False)


def refuse_missing(layer: Layer, given: Iterable[str]) -> None:
    """Raise UnfitValueError for a required column of a new feature that nothing is given for."""
    named = set(given)
    for column in stored_columns(layer):
        if column.required and column.name not in named:
            raise UnfitValueError(column, None, _wanted(column, layer.longest_text(column.name)))


def _refuse_unfit(column: Column, value: Value, *, longest: int) -> None:
    if value is None:
        fits = not column.required
    else:
        kinds, _ = _TAKES[column.kind]
        fits = isinstance(value, kinds) and isinstance(value, bool) == (column.kind is Kind.BOOLEAN)
        fits = fits and isinstance(value, dt.datetime) == (column.kind is Kind.TIMESTAMP)
        fits = fits and _in_bounds(column, value, longest)
    if not fits:
        raise UnfitValueError(column, value, _wanted(column, longest))


def _in_bounds(column: Column, value: str | float | dt.date, longest: int) -> bool:
    if isinstance(value, str):
        listed = column.codes is None or value in column.codes.values
        return listed and len(value) <= longest and "\0" not in value
    if isinstance(value, dt.date):
        return True
    least = -math.inf if column.minimum is None else column.minimum
    most = math.inf if column.maximum is None else column.maximum
    # Held against its bound first: a whole number of hundreds of digits is no float that could be looked at.
    return abs(value) < _LAST_INTEGER and math.isfinite(value) and least <= value <= most


def _wanted(column: Column, longest: int) -> str:
    words = _TAKES[column.kind][1]
    if column.kind is Kind.TEXT and column.codes is None:
        words = f"a text of at most {longest:,} letters"
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
