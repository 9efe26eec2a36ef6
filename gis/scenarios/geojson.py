"""Features as they are sent to be stored in a scenario: GeoJSON, read whole or refused, in any system of the door.

References
----------
RFC 7946, The GeoJSON Format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn  # what is sent is of any kind until it is checked

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.errors import QuyhoachError, nearest_of
from gis.features.system import CRS84, System
from gis.scenarios.values import MOST_VERTICES

MOST_FEATURES = 1_000
"""Features that are sent at once."""
_FEATURE, _COLLECTION = "Feature", "FeatureCollection"
_MEMBERS = ("type", "id", "geometry", "properties", "bbox", "links")
_OF_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", CRS84.uri, CRS84.curie)
_SHOWN = 60


class GeoJSONError(QuyhoachError):
    """A text that is no feature of GeoJSON and no collection of some, or more than is taken at once."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A feature as it was sent.

    Parameters
    ----------
    uid : the name it bears; None where it bears none.
    properties : its attributes, not yet held against a layer.
    geometry : in EPSG:5899; None where it has none.
    """

    uid: int | None
    properties: Mapping[str, object]
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class _Way:
    """From a coordinate system to EPSG:5899: found once for all that is sent, since that takes longer than to go it."""

    system: System
    transformation: crs.Transformation

    def stored(self, place: int, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in EPSG:5899."""
        given = shapely.get_coordinates(geometry)
        moved = self.transformation.stored(given[:, ::-1] if self.system.north_first else given)
        for position in given[~np.isfinite(moved).all(axis=1)]:
            raise GeoJSONError(
                f"Feature {place} has a position {position[0]:g}, {position[1]:g}, which is nowhere in "
                f"{self.system.curie}; name the coordinate system in the header Content-Crs. Without it longitude "
                "comes first, then latitude."
            )
        return shapely.transform(geometry, lambda _: moved)


def read_features(text: bytes, system: System = CRS84) -> tuple[Sent, ...]:
    """Return the features of a `FeatureCollection`, or the one `Feature`.

    Parameters
    ----------
    system : coordinate system of the positions, which says in which order their numbers stand.

    Raises
    ------
    GeoJSONError
        When it is neither, names another coordinate system, or holds none, or too many.
    """
    try:
        features = _listed(_parsed(text))
        way = _Way(system, crs.transformation(system.srid))
        sent = tuple(_feature(place, each, way) for place, each in enumerate(features, 1))
    except RecursionError:
        raise GeoJSONError("What was sent is nested too deeply to be GeoJSON.") from None
    vertices = sum(int(shapely.get_num_coordinates(each.geometry)) for each in sent if each.geometry is not None)
    if vertices > MOST_VERTICES:
        raise GeoJSONError(f"What was sent has {vertices:,} vertices; {MOST_VERTICES:,} are taken at once.")
    return sent


def read_feature(text: bytes, system: System = CRS84) -> Sent:
    """Return the one feature that was sent; GeoJSONError where there are several or none."""
    feature, *others = read_features(text, system)
    if others:
        raise GeoJSONError(f"{1 + len(others)} features were sent for the place of one; send one.")
    return feature


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError as wrong:
        raise GeoJSONError(f"What was sent is no JSON: {str(wrong)[:_SHOWN]}.") from None


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number of JSON")


def _listed(said: Any) -> list[Any]:
    kind = said.get("type") if isinstance(said, dict) else None
    if kind not in (_FEATURE, _COLLECTION):
        found = f"of the type {str(kind)[:_SHOWN]!r}" if kind else "without a type"
        raise GeoJSONError(f"What was sent is an object {found}; send a Feature or a FeatureCollection of GeoJSON.")
    _refuse_system(said.get("crs"))
    features = said.get("features") if kind == _COLLECTION else [said]
    if not isinstance(features, list) or not features:
        raise GeoJSONError('The FeatureCollection has no features; it is {"type": …, "features": [{…}, …]}.')
    if len(features) > MOST_FEATURES:
        raise GeoJSONError(
            f"{len(features):,} features were sent, and {MOST_FEATURES:,} are taken at once; load more by a file."
        )
    return features


def _refuse_system(said: Any) -> None:
    """Refuse a coordinate system in the old manner, but for the one that GeoJSON is in anyway."""
    if said is None:
        return
    properties = said.get("properties") if isinstance(said, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else said
    if named not in _OF_CRS84:
        raise GeoJSONError(
            f'"crs" names {str(named)[:_SHOWN]!r}, which GeoJSON no longer does; leave it out and name the system in '
            "the header Content-Crs."
        )


def _feature(place: int, said: Any, way: _Way) -> Sent:
    if not isinstance(said, dict) or said.get("type") != _FEATURE:
        raise GeoJSONError(f'Feature {place} is none; it is {{"type": "Feature", "geometry": …, "properties": …}}.')
    if strange := [name for name in said if name not in (*_MEMBERS, "crs")]:
        raise GeoJSONError(
            f"Feature {place} has {strange[0][:_SHOWN]!r} beside its properties; {nearest_of(strange[0], _MEMBERS)}. "
            "Attributes stand in its properties."
        )
    properties = said.get("properties")
    if not isinstance(properties, dict | None):
        raise GeoJSONError(f"The properties of feature {place} are no object.")
    uid = said.get("id")
    if uid is not None and (not isinstance(uid, int) or isinstance(uid, bool)):
        raise GeoJSONError(f"The id of feature {place} is {str(uid)[:_SHOWN]!r}; it is a whole number, or left out.")
    return Sent(uid, properties or {}, _geometry(place, said, way))


def _geometry(place: int, said: Mapping[str, Any], way: _Way) -> BaseGeometry | None:
    if "geometry" not in said:
        return None
    if said["geometry"] is None:
        raise GeoJSONError(
            f"The geometry of feature {place} is null, and features of a layer have one; "
            "leave it out where the one there is stays."
        )
    try:
        read = shape(said["geometry"])
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError, OverflowError):
        raise GeoJSONError(f"The geometry of feature {place} is none that GeoJSON knows, or broken.") from None
    if read.has_z:
        raise GeoJSONError(
            f"The geometry of feature {place} has heights; layers are flat: send two numbers a position."
        )
    return way.stored(place, read)
