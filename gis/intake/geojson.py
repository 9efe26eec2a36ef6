"""The coordinate system a GeoJSON names: GDAL takes degrees of WGS 84 where it does not know the name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any  # JSON

from pyproj import CRS
from pyproj.exceptions import CRSError

_END_BYTES = 64 * 1024
_MEMBER = re.compile(rb'"crs"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})')
_NONE_TO_ASSUME = re.compile(rb'"crs"\s*:\s*null\b')
_LON_LAT = re.compile(r"CRS84$")


def system(path: Path, read: str | None) -> str | None:
    """Return the system of a GeoJSON, as GDAL read it unless the file names another; None where that is unknown.

    The name stands before the features or after them. `"crs": null` says that none can be assumed (GeoJSON of 2008, 3).
    """
    ends = _ends(path)
    if _NONE_TO_ASSUME.search(_around_features(ends)):
        return None
    for member in _members(ends):
        named: Any = member.get("properties")
        if not isinstance(named, dict) or not ({"name", "href"} & set(named)):
            continue
        name: object = named.get("name")
        if isinstance(name, str) and _LON_LAT.search(name):
            return read
        return _known(name, read)
    return read


def _known(name: object, read: str | None) -> str | None:
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        return None
    return read if read is not None and crs.equals(CRS.from_user_input(read), ignore_axis_order=True) else crs.to_wkt()


def _ends(path: Path) -> bytes:
    """Return the beginning and the end of a file, or all of one that is short."""
    with path.open("rb") as file:
        ends = file.read(_END_BYTES)
        if path.stat().st_size > 2 * _END_BYTES:
            file.seek(-_END_BYTES, 2)
        return ends + file.read()


def _around_features(ends: bytes) -> bytes:
    """Return what stands beside the features: a feature may have a column of that name."""
    return ends[: ends.find(b'"features"')] + ends[ends.rfind(b"]") + 1 :]


def _members(ends: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for member in _MEMBER.findall(ends):
        try:
            found.append(json.loads(member))
        except ValueError:
            continue
    return found
