"""Parcels as people name them: by ward, map sheet and number, by a position, or by the name in the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import shapely

from gis import crs
from gis.db import City
from gis.errors import QuyhoachError
from gis.planning.surroundings import Lying, attributes_sql, lying
from gis.statements import statements
from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")
_FORMS = "its uid, WARD/SHEET/NUMBER, or a position as longitude,latitude"
_UID = re.compile(r"\d{1,18}")
_POSITION = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)")
_NUMBERED = 3
_SHOWN = 60


class ParcelError(QuyhoachError):
    """A parcel that is not named as one, or that is not there."""


def parcels(city: City, named: str) -> tuple[Lying, ...]:
    """Return the parcels that are meant; several where a number or a position has several.

    Parameters
    ----------
    named : the uid, `WARD/SHEET/NUMBER`, or a position as `longitude,latitude` in degrees.

    Raises
    ------
    ParcelError
        When that names no parcel.
    """
    said = named.strip()
    if _UID.fullmatch(said):
        asked, bound = "by_uid", _bound(uid=int(said))
    elif match := _POSITION.fullmatch(said):
        asked, bound = "at_position", _position(float(match[1]), float(match[2]))
    else:
        parts = [part.strip() for part in said.split("/")]
        if len(parts) != _NUMBERED or not all(parts):
            raise ParcelError(f"{said[:_SHOWN]!r} names no parcel; give {_FORMS}.")
        asked, bound = "by_number", _bound(ward=parts[0], sheet=parts[1], number=parts[2])
    query = statements(_SQL)[asked].sql(attributes=attributes_sql("parcel"))
    found = lying("parcel", city.connection.execute(query, bound, binary=True).fetchall())
    if not found:
        raise ParcelError(f"There is no parcel {said[:_SHOWN]!r} in the city as it is seen; give {_FORMS}.")
    return found


def label(parcel: Lying) -> str:
    """Return what people call a parcel; its uid where it has no number."""
    sheet, number = parcel.values.get("map_sheet"), parcel.values.get("parcel_number")
    if sheet is None or number is None:
        return f"uid {parcel.uid}"
    ward = parcel.values.get("ward_code")
    return f"{ward or '?'}/{sheet}/{number}"


def words_of(city: City, found: Sequence[Lying]) -> Words:
    """Return parcels of one name as people say it: by map sheet, number and ward."""
    if len(found) > 1:
        return Words(f"{len(found)} thửa trùng số hoặc vị trí", f"{len(found)} parcels of that number or position")
    values = found[0].values
    if values["map_sheet"] is None or values["parcel_number"] is None:
        return Words(f"Thửa có mã đối tượng {found[0].uid}", f"Parcel of the uid {found[0].uid}")
    named = city.connection.execute(statements(_SQL)["ward_name"].sql(), {"ward": values["ward_code"]}).fetchone()
    ward = values["ward_code"] or "?" if named is None else named[0]
    sheet, number = values["map_sheet"], values["parcel_number"]
    return Words(f"Thửa {number}, tờ {sheet}, {ward}", f"Parcel {number}, sheet {sheet}, {ward}")


def _bound(**values: object) -> dict[str, object]:
    return values


def _position(lon: float, lat: float) -> dict[str, object]:
    stored = shapely.transform(shapely.Point(lon, lat), crs.transformation(crs.LONLAT_SRID).stored)
    if not stored.is_valid or stored.is_empty:
        raise ParcelError(f"{lon},{lat} is no position in longitude and latitude (degrees).")
    return _bound(easting_m=stored.x, northing_m=stored.y)
