"""Positions as people name them: by longitude and latitude, by a facility, a parcel or a ward, or as points of a file.

One that is wrong does not lose the others: it has no position, and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # GeoJSON and attributes of files are untyped until they are checked here

import numpy as np
import shapely
from shapely.geometry import shape

from gis import crs
from gis.answering import file_named
from gis.db import City
from gis.errors import QuyhoachError, nearest_of
from gis.overlay import Shapes
from gis.planning.parcels import label, parcels
from gis.statements import statements
from layers.land import FACILITIES

MOST_SPOTS = 20_000
"""Most positions that are given at once."""
FORMS = (
    "longitude,latitude in degrees (several with ; between them), facility:UID or facility:TYPE, parcel:UID or "
    "parcel:WARD/SHEET/NUMBER, ward:CODE or ward for all of them, or points as GeoJSON"
)
_SQL = Path(__file__).with_suffix(".sql")
_LONLAT = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)")
_NAMED = ("name", "label", "code", "id")
_MOST_BYTES = 50 * 1024**2
_SHOWN = 60
_MOST_LON, _MOST_LAT = 180, 90


class SpotError(QuyhoachError):
    """Positions that are named in no way that is known, or that are not there."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Positions in EPSG:5899, and what they are called; a point is empty where one has none."""

    labels: tuple[str, ...]
    points: Shapes

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.labels)


def spots(city: City, given: str, *, name: str = "origins") -> Spots:
    """Return the positions that are meant.

    Parameters
    ----------
    given : longitude and latitude in degrees (`108.22,16.07; 108.24,16.05`), `facility:UID` or `facility:TYPE`,
        `parcel:…` as for a parcel, `ward` or `ward:CODE`, GeoJSON of points, or the path of a file of points.
    name : of the argument, for refusals.

    Raises
    ------
    SpotError, ParcelError, FileRefusedError
        When that names no position, or too many.
    """
    said = given.strip()
    kind, _, rest = said.partition(":")
    if said.startswith("{"):
        found = _geojson(said)
    elif said == "ward" or kind in ("ward", "facility"):
        found = _of_layer(city, kind, rest.strip())
    elif kind == "parcel":
        found = [(label(each), each.geometry) for each in parcels(city, rest)]
    elif _LONLAT.match(said):
        found = list(_positions(said))
    elif said:
        found = _of_file(file_named(name, said))
    else:
        found = []
    if not found:
        raise SpotError(f"{name} is {said[:_SHOWN]!r}, which names no position; give {FORMS}.")
    if len(found) > MOST_SPOTS:
        raise SpotError(f"{name} are {len(found):,} positions; at most {MOST_SPOTS:,} are looked at.")
    labels, shapes = zip(*found, strict=True)
    return Spots(tuple(labels), _points(shapes))


def spot(city: City, given: str, *, name: str) -> Spots:
    """Return the one position that is meant; SpotError where it is none, or several."""
    found = spots(city, given, name=name)
    if len(found) > 1 or found.points[0].is_empty:
        several = f"{len(found)} positions" if len(found) > 1 else "no position in the city"
        raise SpotError(f"{name} is {given.strip()[:_SHOWN]!r}, {several}; give one.")
    return found


def _points(shapes: Sequence[Any]) -> Shapes:
    given = np.array(shapes, dtype=object)
    points = np.full(len(given), shapely.Point(), dtype=object)
    known = ~(shapely.is_missing(given) | shapely.is_empty(given))
    points[known] = shapely.point_on_surface(given[known])
    return points


def _positions(said: str) -> Iterator[tuple[str, Any]]:
    to_stored = crs.transformation(crs.LONLAT_SRID).stored
    for each in filter(None, (part.strip() for part in said.split(";"))):
        match = _LONLAT.fullmatch(each)
        yield each[:_SHOWN], _stored(shapely.Point(float(match[1]), float(match[2])), to_stored) if match else None


def _stored(geometry: Any, to_stored: Any) -> Any:
    """Return a geometry given in degrees as it is stored; None where it lies nowhere."""
    if geometry is None or geometry.is_empty:
        return None
    west, south, east, north = geometry.bounds
    if not (-_MOST_LON <= west <= east <= _MOST_LON and -_MOST_LAT <= south <= north <= _MOST_LAT):
        return None
    moved = shapely.transform(shapely.force_2d(geometry), to_stored)
    return moved if np.isfinite(moved.bounds).all() else None


def _of_layer(city: City, layer: str, which: str) -> list[tuple[str, Any]]:
    is_uid = which.isdigit() and layer == "facility"
    if layer == "facility" and not is_uid and which not in FACILITIES.values:
        raise SpotError(f"There is no type of facility {which[:_SHOWN]!r}; {nearest_of(which, FACILITIES.values)}.")
    bound = {"which": which, "uid": int(which[:18]) if is_uid else None}
    listed = city.connection.execute(statements(_SQL)[layer].sql(), bound, binary=True).fetchall()
    if not listed:
        raise SpotError(f"There is no {layer} {which[:_SHOWN]!r} in the city as it is seen.".replace(" ''", ""))
    return [(name or f"{layer} {uid}", shapely.from_wkb(geometry)) for uid, name, geometry in listed]


def _geojson(text: str) -> list[tuple[str, Any]]:
    try:
        said: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise SpotError(f"The positions are no GeoJSON: {wrong}.") from wrong
    features = said.get("features") if said.get("type") == "FeatureCollection" else [said]
    if not isinstance(features, list):
        raise SpotError("The positions are a FeatureCollection without a list of features.")
    to_stored = crs.transformation(crs.LONLAT_SRID).stored
    return [each for place, feature in enumerate(features, 1) for each in _of_feature(place, feature, to_stored)]


def _of_feature(place: int, said: Any, to_stored: Any) -> Iterator[tuple[str, Any]]:
    """Yield the positions of a feature: one for each of several points."""
    is_feature = isinstance(said, dict) and said.get("type") == "Feature"
    values = (said.get("properties") or {}) if is_feature else {}
    written = said.get("geometry") if is_feature else said
    name = next((str(values[key]) for key in _NAMED if isinstance(values, dict) and values.get(key)), str(place))
    try:
        geometry = shape(written) if isinstance(written, dict) else None
    except (shapely.errors.GEOSException, ValueError, TypeError, KeyError, IndexError, AttributeError):
        geometry = None
    is_many = geometry is not None and geometry.geom_type == "MultiPoint"
    several = list(shapely.get_parts(geometry)) if is_many else [geometry]
    for number, one in enumerate(several, 1):
        yield name[:_SHOWN] if len(several) == 1 else f"{name[:_SHOWN]}.{number}", _stored(one, to_stored)


def _of_file(path: Path) -> list[tuple[str, Any]]:
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415 - GDAL is loaded by who gives a file
    from pyogrio.raw import read  # noqa: PLC0415

    if not path.is_file():
        raise SpotError(f"There is no file {str(path)[:_SHOWN]!r}; give {FORMS}, or a file of points.")
    if path.stat().st_size > _MOST_BYTES:
        raise SpotError(f"{path.name} is larger than {_MOST_BYTES // 1024**2} MB.")
    try:
        meta, _, written, columns = read(path, max_features=MOST_SPOTS + 1)
    except (DataSourceError, DataLayerError, OSError, RuntimeError) as wrong:
        raise SpotError(f"{path.name} cannot be read as a file of points: {wrong}.") from wrong
    if written is None or not meta["crs"]:
        raise SpotError(f"{path.name} has no {'geometry' if written is None else 'coordinate system'}.")
    moved = shapely.transform(shapely.force_2d(shapely.from_wkb(written)), crs.transformation(meta["crs"]).stored)
    fields = [str(name) for name in meta["fields"]]
    names = next((columns[fields.index(key)] for key in _NAMED if key in fields), None)
    return [
        (str(place) if names is None or names[place - 1] is None else str(names[place - 1])[:_SHOWN], geometry)
        for place, geometry in enumerate(moved, 1)
    ]
