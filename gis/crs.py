"""Coordinate systems: EPSG:5899 inside, 4326 and 3857 at the door, anything else only by a named operation."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from gis.errors import QuyhoachError
from gis.schema import STORED_SRID

Coordinates = npt.NDArray[np.float64]
"""One row per position: easting and northing in metres, or longitude and latitude in degrees."""

LONLAT_SRID = 4326
CANDIDATES: tuple[int, ...] = (STORED_SRID, 9217, 5898, 9214, 3405, 3406, LONLAT_SRID)
"""What a file that declares no system may be in: TM-3 at 107°45′, 108°15′, 108°, 107°; UTM 48N, 49N; WGS 84."""

EXTENT_LONLAT: tuple[tuple[float, float, float, float], ...] = (
    (107.2, 14.95, 108.75, 16.35),
    (111.0, 15.7, 113.0, 17.2),
)
"""Mainland of the city with its islands, and Hoàng Sa: west, south, east, north in degrees.

Stands in for the boundary while the layer `city` is empty.
"""

_SWAPPED_6959 = 6959
_TOWGS84 = (-191.90441429, -39.30318279, -111.45032835, 0.00928836, -0.01975479, 0.00427372, 0.252906278)
"""EPSG:6960 as `+towgs84` is read (position vector): metres, arc seconds, parts per million."""
_CITY_GEOCENTRIC_M = (-1_918_000.0, 5_824_000.0, 1_754_000.0)
_SHIFT_TOLERANCE_M = 0.01
_NO_DATUM = re.compile(r"unknown|not specified|undefined|unspecified", re.IGNORECASE)
_BALLPARK = "ballpark"
_DEGREES_LIMIT = 400.0
_FITTING_SHARE = 0.5
_FALSE_EASTING_M = 500_000


class UnknownSystemError(QuyhoachError):
    """Text that names no coordinate system."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given!r} names no coordinate system; give an EPSG code such as EPSG:{STORED_SRID} "
            "(VN-2000 / TM-3 107-45) or EPSG:4326 (WGS 84)."
        )


class SwappedOriginError(QuyhoachError):
    """EPSG:6959, in which false easting and northing are exchanged."""

    def __init__(self) -> None:
        super().__init__(
            f"EPSG:6959 is deprecated and wrong: its false easting and northing are exchanged. "
            f"The right system of Đà Nẵng is EPSG:{STORED_SRID}."
        )


class NoDatumError(QuyhoachError):
    """A system that says how coordinates are projected but not on which datum."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The coordinate system {name!r} names no datum; taken as it is, everything would lie 225 m off. "
            f"Declare the one that is meant, for VN-2000 / TM-3 107-45 EPSG:{STORED_SRID}."
        )


class DatumShiftError(QuyhoachError):
    """A VN-2000 system whose parameters to WGS 84 are not those of EPSG:6960."""

    def __init__(self, shift_m: float) -> None:
        super().__init__(
            f"The +towgs84 of this coordinate system shifts positions by {shift_m:.2f} m against EPSG:6960 "
            f"(rotations with the wrong sign or left out). Declare EPSG:{STORED_SRID}, "
            f"or +towgs84={','.join(map(str, _TOWGS84))}."
        )


class NoOperationError(QuyhoachError):
    """No operation of known accuracy leads from a system to the stored one."""

    def __init__(self, name: str, operation: str) -> None:
        super().__init__(
            f"From {name!r} to EPSG:{STORED_SRID} there is only {operation!r}, whose accuracy is unknown. "
            "Declare the coordinate system by its EPSG code."
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system a file may be in, and the share (0-1) of its sampled positions that then lie in the city."""

    srid: int
    name: str
    share_inside: float


def system(given: str | int | CRS) -> CRS:
    """Return the coordinate system that is meant, unless it is one of the known traps.

    Raises
    ------
    UnknownSystemError, SwappedOriginError, NoDatumError, DatumShiftError
        When it cannot be used; each says what would be right.
    """
    try:
        crs = CRS.from_user_input(given)
    except CRSError as error:
        raise UnknownSystemError(str(given)[:200]) from error
    _refuse_swapped_origin(crs)
    if crs.is_bound:
        _refuse_wrong_shift(crs)
    elif crs.datum is None or _NO_DATUM.search(crs.datum.name):
        raise NoDatumError(crs.name)
    return CRS.from_user_input(crs.sub_crs_list[0]) if crs.is_compound else crs


def _refuse_swapped_origin(crs: CRS) -> None:
    if crs.to_epsg(min_confidence=100) == _SWAPPED_6959:
        raise SwappedOriginError
    operation = (crs.source_crs or crs).coordinate_operation
    values = {each.name: float(each.value) for each in operation.params} if operation is not None else {}
    if values.get("False easting") == 0 and values.get("False northing") == _FALSE_EASTING_M:
        raise SwappedOriginError


def _refuse_wrong_shift(crs: CRS) -> None:
    operation = crs.coordinate_operation
    given = [float(value) for value in operation.towgs84] if operation else []
    given = [*given, *[0.0] * 7][:7]
    like_vn2000 = np.allclose(given[:3], _TOWGS84[:3], atol=1.0)
    if not like_vn2000 and not (_is_three_degree_zone(crs) and not any(given)):
        return
    shift = _shifted(given) - _shifted(_TOWGS84)
    up = np.asarray(_CITY_GEOCENTRIC_M) / np.linalg.norm(_CITY_GEOCENTRIC_M)
    shift_m = float(np.linalg.norm(shift - np.dot(shift, up) * up))
    if shift_m > _SHIFT_TOLERANCE_M:
        raise DatumShiftError(shift_m)


def _is_three_degree_zone(crs: CRS) -> bool:
    operation = (crs.source_crs or crs).coordinate_operation
    return operation is not None and any(math.isclose(float(each.value), 0.9999) for each in operation.params)


def _shifted(towgs84: Sequence[float]) -> Coordinates:
    """Return the geocentric position of a point of the city after a seven-parameter shift (position vector)."""
    arcsec = math.radians(1 / 3600)
    rx, ry, rz = (value * arcsec for value in towgs84[3:6])
    rotation = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    return np.asarray(towgs84[:3]) + (1 + towgs84[6] * 1e-6) * rotation @ np.asarray(_CITY_GEOCENTRIC_M)


@dataclass(frozen=True, slots=True)
class Transformation:
    """The one way positions of a delivery are brought to EPSG:5899.

    It is one fixed operation: PROJ is not left to choose another one, or a ballpark, from point to point.
    """

    source: CRS
    operation: str
    transformer: Transformer | None

    def stored(self, positions: Coordinates) -> Coordinates:
        """Return eastings and northings in EPSG:5899; infinite where a position cannot be transformed."""
        if self.transformer is None or not len(positions):
            return positions
        return np.column_stack(self.transformer.transform(positions[:, 0], positions[:, 1]))

    def stored_lists(self, eastings: list[float], northings: list[float]) -> tuple[list[float], list[float]]:
        """Return what `stored` does, as two lists: for a few positions in a fraction of the time."""
        if self.transformer is None:
            return eastings, northings
        return self.transformer.transform(eastings, northings)

    def delivered_lists(self, eastings: list[float], northings: list[float]) -> tuple[list[float], list[float]]:
        """Return eastings and northings of EPSG:5899 in the system of the delivery, first axis east."""
        if self.transformer is None:
            return eastings, northings
        return self.transformer.transform(eastings, northings, direction="INVERSE")


@lru_cache(maxsize=64)
def transformation(given: str | int | CRS) -> Transformation:
    """Return the transformation from a coordinate system to EPSG:5899, first axis east.

    Raises
    ------
    UnknownSystemError, SwappedOriginError, NoDatumError, DatumShiftError, NoOperationError
        When there is none that can be trusted.
    """
    source = system(given)
    target = stored_system()
    if source.equals(target, ignore_axis_order=True):
        return Transformation(source, "none: stored as delivered", None)
    best = TransformerGroup(source, target, always_xy=True).transformers[0]
    if _BALLPARK in best.description.lower():
        raise NoOperationError(source.name, best.description)
    return Transformation(source, best.description, best)


@cache
def stored_system() -> CRS:
    """Return EPSG:5899."""
    return CRS.from_epsg(STORED_SRID)


@cache
def extent() -> shapely.MultiPolygon:
    """Return where the city lies at most, in EPSG:5899, for as long as no boundary is loaded."""
    boxes = shapely.box(*np.transpose(EXTENT_LONLAT))
    dense = shapely.segmentize(shapely.multipolygons(boxes), 0.05)
    moved = shapely.transform(dense, transformation(LONLAT_SRID).stored)
    return cast("shapely.MultiPolygon", moved)


def share_inside(positions: Coordinates, given: str | int | CRS, boundary: shapely.Geometry) -> float:
    """Return the share (0-1) of positions that lie in a boundary (EPSG:5899) when read in a coordinate system."""
    finite = positions[np.isfinite(positions).all(axis=1)]
    if not len(finite):
        return 0.0
    if system(given).is_geographic and np.abs(finite).max() > _DEGREES_LIMIT:
        return 0.0
    moved = transformation(given).stored(finite)
    there = np.isfinite(moved).all(axis=1)
    inside = shapely.contains_xy(boundary, moved[there, 0], moved[there, 1])
    return float(np.count_nonzero(inside)) / len(positions)


def candidates(positions: Coordinates, boundary: shapely.Geometry) -> tuple[Candidate, ...]:
    """Return the systems in which most of the positions lie in the city, the best first; for asking, never assumed.

    Neighbouring zones may both fit: the answer is a person's.
    """
    tried = (Candidate(srid, CRS.from_epsg(srid).name, share_inside(positions, srid, boundary)) for srid in CANDIDATES)
    fitting = [candidate for candidate in tried if candidate.share_inside >= _FITTING_SHARE]
    return tuple(sorted(fitting, key=lambda candidate: -candidate.share_inside))


def are_swapped(positions: Coordinates, given: str | int | CRS, boundary: shapely.Geometry) -> bool:
    """Say whether positions miss the city as they are and meet it with their two numbers exchanged."""
    if share_inside(positions, given, boundary) >= 1 - _FITTING_SHARE:
        return False
    return share_inside(positions[:, ::-1], given, boundary) >= _FITTING_SHARE
