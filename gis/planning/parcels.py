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
_TURNED = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{3}(?:\.\d+)?)")
"""A position whose latitude stands first, as map programs show it."""
_NUMBERED = 3
_FAR_M = 20_000.0
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
            turned = _TURNED.fullmatch(said)
            hint = f"longitude comes first: {turned[2]},{turned[1]}" if turned else f"give {_FORMS}"
            raise ParcelError(f"{said[:_SHOWN]!r} names no parcel; {hint}.")
        asked, bound = "by_number", _bound(ward=parts[0], sheet=parts[1], number=parts[2])
    query = statements(_SQL)[asked].sql(attributes=attributes_sql("parcel"))
    found = lying("parcel", city.connection.execute(query, bound, binary=True).fetchall())
    if not found:
        raise ParcelError(_missing(city, said, asked, bound))
    return found


def _missing(city: City, said: str, asked: str, bound: dict[str, object]) -> str:
    """Return the sentence that there is no such parcel, with what there is."""
    if asked == "at_position":
        near = city.connection.execute(statements(_SQL)["nearest"].sql(), bound).fetchone()
        if near is not None:
            ward, sheet, number, uid, distance_m = near
            if distance_m > _FAR_M:
                return f"No parcel holds the position {said}, which lies {distance_m / 1_000:,.0f} km from the city's."
            named = f"{ward}/{sheet}/{number}" if None not in (ward, sheet, number) else f"uid {uid}"
            return f"No parcel holds the position {said}; the nearest is {named}, {distance_m:,.0f} m away."
    if asked == "by_number":
        ((of_ward, of_sheet),) = city.connection.execute(statements(_SQL)["counted"].sql(), bound).fetchall()
        ward, sheet, number = (str(bound[name])[:_SHOWN] for name in ("ward", "sheet", "number"))
        if not of_ward:
            return f"No parcel is of a ward {ward!r}; give the code of the ward first, as in WARD/SHEET/NUMBER."
        if not of_sheet:
            return f"Ward {ward} has {of_ward:,} parcels, but none on a map sheet {sheet!r}."
        return f"Map sheet {sheet} of ward {ward} has {of_sheet:,} parcels, but none of the number {number!r}."
    return f"There is no parcel {said[:_SHOWN]!r} in the city as it is seen; give {_FORMS}."


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
