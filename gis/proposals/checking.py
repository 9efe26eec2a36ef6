"""Whether the objects of a proposal are what the layers declare; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from math import isinf
from typing import Any  # attributes of a file are of any kind until they are checked

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.errors import nearest_of
from gis.planning.outlines import invalid
from gis.proposals.errors import WrongObjectsError
from gis.proposals.given import Given
from gis.proposals.placing import distance_m
from gis.proposals.proposal import LAYERS_PROPOSED, Proposed
from layers import LAYERS
from layers.model import CodeList, Column, Geometry, Kind

_TELLING = {"plan_use": "zone", "building_use": "building", "facility_type": "facility", "land_use_code": "parcel"}
_NAMES = ("code", "name", "parcel_number")
_AREAS = ("Polygon", "MultiPolygon")
_SHOWN = 40
_LIKE = 0.8


class FaultError(Exception):
    """What is wrong with one object, as the end of a sentence that begins with its number."""


def checked(name: str, given: Sequence[Given], area: BaseGeometry) -> tuple[Proposed, ...]:
    """Return the objects of a proposal, each of its layer, with the attributes that the layer declares.

    Parameters
    ----------
    area : where the city lies, in EPSG:5899.

    Raises
    ------
    WrongObjectsError
        When some are wrong, with all that is.
    """
    found: list[Proposed] = []
    wrong: list[str] = []
    for each in given:
        try:
            found.append(_object(each, area))
        except FaultError as fault:
            wrong.append(f"object {each.place} {fault}")
    if wrong:
        raise WrongObjectsError(name, wrong)
    return tuple(found)


def _object(given: Given, area: BaseGeometry) -> Proposed:
    layer = given.layer or _told(given.values)
    if layer not in LAYERS_PROPOSED:
        raise FaultError(f"is of a layer {layer[:_SHOWN]!r}; {nearest_of(layer, LAYERS_PROPOSED)}")
    values = {
        column.name: _value(column, given.values[column.name])
        for column in LAYERS[layer].columns
        if given.values.get(column.name) is not None
    }
    label = next((str(values[name]) for name in _NAMES if values.get(name)), f"{layer} {given.place}")
    return Proposed(
        layer,
        label,
        _shape(given.geometry, layer, area),
        {column.name: values.get(column.name) for column in LAYERS[layer].columns},
    )


def _told(values: Mapping[str, Any]) -> str:
    """Return the layer that attributes tell."""
    for name, layer in _TELLING.items():
        if name in values:
            return layer
    known = ", ".join(f"{name} ({layer})" for name, layer in _TELLING.items())
    raise FaultError(f"does not say what it is; name its layer in `layer`, or give {known}")


def _shape(geometry: BaseGeometry | None, layer: str, area: BaseGeometry) -> BaseGeometry:
    if geometry is None or geometry.is_empty:
        raise FaultError("has no geometry")
    away_m = distance_m(geometry, area)
    if isinf(away_m):
        raise FaultError("lies where its coordinate system has no meaning")
    if away_m:
        raise FaultError(f"lies outside of the city, {away_m / 1_000:,.0f} km from it")
    if not geometry.is_valid:
        raise FaultError(invalid(shapely.transform(geometry, _degrees)))
    if geometry.geom_type not in _AREAS and (
        LAYERS[layer].geometry is Geometry.POLYGON or geometry.geom_type != "Point"
    ):
        raise FaultError(f"is a {geometry.geom_type}; a {layer} is a polygon")
    return geometry


def _degrees(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    transformation = crs.transformation(crs.LONLAT_SRID)
    return np.column_stack(transformation.delivered_lists(positions[:, 0].tolist(), positions[:, 1].tolist()))


def _value(column: Column, value: Any) -> Any:
    """Return a value as its column has it."""
    if column.codes is not None:
        if str(value) not in column.codes.values:
            raise FaultError(f"has {column.name} {str(value)[:_SHOWN]!r}; {_nearest(column.codes, str(value))}")
        return str(value)
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(column, value)
    return value


def _nearest(codes: CodeList, said: str) -> str:
    """Return the code that would have been right: of that title, or the nearest."""
    titled = {title.casefold(): code.code for code in codes.codes for title in (code.title.vi, code.title.en)}
    if said.strip().casefold() in titled:
        return f"its code is {titled[said.strip().casefold()]}"
    near = get_close_matches(said.strip().casefold(), titled, n=1, cutoff=_LIKE)
    return f"the nearest is {titled[near[0]]}" if near else nearest_of(said, codes.values)


def _number(column: Column, value: Any) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise FaultError(f"has {column.name} {str(value)[:_SHOWN]!r}, which is no number") from None
    bounds = (column.minimum, number, column.maximum)
    if any(a is not None and b is not None and not a <= b for a, b in pairwise(bounds)):
        least = "" if column.minimum is None else f" from {column.minimum:g}"
        most = "" if column.maximum is None else f" to {column.maximum:g}"
        raise FaultError(f"has {column.name} {number:g}; it lies{least}{most} {column.unit or ''}".rstrip())
    if column.kind is Kind.INTEGER:
        if number != int(number):
            raise FaultError(f"has {column.name} {number:g}, which is no whole number")
        return int(number)
    return number
