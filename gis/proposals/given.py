"""An object of a proposal as it was given, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # attributes of a file are of any kind until they are checked

from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gis.crs import LONLAT_SRID


@dataclass(frozen=True, slots=True)
class Given:
    """An object as it was given: its place, the layer it names, its geometry in EPSG:5899, its attributes.

    `delivered` is the geometry as it was written, in `system`.
    """

    place: int
    layer: str
    geometry: BaseGeometry | None
    values: Mapping[str, Any]
    delivered: BaseGeometry | None = None
    system: CRS | int = LONLAT_SRID
