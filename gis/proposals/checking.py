"""Whether the objects of a proposal are what the layers declare; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any  # attributes of a file are of any kind until they are checked

import shapely
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.errors import nearest_of
from gis.proposals.errors import ProposalError, WrongObjectsError
from gis.proposals.proposal import LAYERS_PROPOSED, Proposed
from layers import LAYERS
from layers.model import Column, Geometry, Kind

_TELLING = {"plan_use": "zone", "building_use": "building", "facility_type": "facility", "land_use_code": "parcel"}
_NAMES = ("code", "name", "parcel_number")
_AREAS = ("Polygon", "MultiPolygon")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Given:
    """An object as it was given: its place, the layer it names, its geometry in EPSG:5899, its attributes."""

    place: int
    layer: str
    geometry: BaseGeometry | None
    values: Mapping[str, Any]


def checked(name: str, given: Sequence[Given]) -> tuple[Proposed, ...]:
    """Return the objects of a proposal, each of its layer, with the attributes that the layer declares.

    Raises
    ------
    WrongObjectsError
        When some are wrong, with all that is.
    """
    found: list[Proposed] = []
    wrong: list[str] = []
    for each in given:
        try:
            found.append(_object(each))
        except ProposalError as refusal:
            wrong.append(f"object {each.place} {refusal}")
    if wrong:
        raise WrongObjectsError(name, wrong)
    return tuple(found)


def _object(given: Given) -> Proposed:
    layer = given.layer or _told(given.values)
    if layer not in LAYERS_PROPOSED:
        raise ProposalError(f"is of a layer {layer[:_SHOWN]!r}; {nearest_of(layer, LAYERS_PROPOSED)}")
    values = {
        column.name: _value(column, given.values[column.name])
        for column in LAYERS[layer].columns
        if given.values.get(column.name) is not None
    }
    label = next((str(values[name]) for name in _NAMES if values.get(name)), f"{layer} {given.place}")
    return Proposed(
        layer,
        label,
        _shape(given.geometry, layer),
        {column.name: values.get(column.name) for column in LAYERS[layer].columns},
    )


def _told(values: Mapping[str, Any]) -> str:
    """Return the layer that attributes tell."""
    for name, layer in _TELLING.items():
        if name in values:
            return layer
    known = ", ".join(f"{name} ({layer})" for name, layer in _TELLING.items())
    raise ProposalError(f"does not say what it is; name its layer in `layer`, or give {known}")


def _shape(geometry: BaseGeometry | None, layer: str) -> BaseGeometry:
    if geometry is None or geometry.is_empty:
        raise ProposalError("has no geometry")
    if not all(map(_is_finite, geometry.bounds)) or not shapely.intersects(crs.extent(), geometry):
        west, south, *_ = geometry.bounds
        raise ProposalError(
            f"lies outside of the city, at {west:,.0f} m east and {south:,.0f} m north in EPSG:5899; "
            "is its coordinate system the right one?"
        )
    if not geometry.is_valid:
        raise ProposalError(f"is not valid: {shapely.is_valid_reason(geometry)}")
    if geometry.geom_type not in _AREAS and (
        LAYERS[layer].geometry is Geometry.POLYGON or geometry.geom_type != "Point"
    ):
        raise ProposalError(f"is a {geometry.geom_type}; a {layer} is a polygon")
    return geometry


def _is_finite(number: float) -> bool:
    return abs(number) < float("inf")


def _value(column: Column, value: Any) -> Any:
    """Return a value as its column has it."""
    if column.codes is not None:
        if str(value) not in column.codes.values:
            near = nearest_of(str(value), column.codes.values)
            raise ProposalError(f"has {column.name} {str(value)[:_SHOWN]!r}; {near}")
        return str(value)
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(column, value)
    return value


def _number(column: Column, value: Any) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ProposalError(f"has {column.name} {str(value)[:_SHOWN]!r}, which is no number") from None
    bounds = (column.minimum, number, column.maximum)
    if any(a is not None and b is not None and not a <= b for a, b in pairwise(bounds)):
        least = "" if column.minimum is None else f" from {column.minimum:g}"
        most = "" if column.maximum is None else f" to {column.maximum:g}"
        raise ProposalError(f"has {column.name} {number:g}; it lies{least}{most} {column.unit or ''}".rstrip())
    if column.kind is Kind.INTEGER:
        if number != int(number):
            raise ProposalError(f"has {column.name} {number:g}, which is no whole number")
        return int(number)
    return number
