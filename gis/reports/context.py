"""The quiet context beneath a map on paper: water, parcels, streets, wards, and the place that was asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.findings import Finding
from gis.planning.places import PlaceError, place
from gis.reports.frame import Frame
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_LAYERS = ("water_body", "parcel", "road", "ward")
_MOST = 2_500
"""Features of one layer; where there are more, the largest."""
_PARCELS_TO_SCALE = 12_000
"""At smaller scales parcels would be a grey mist."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies beneath: outlines in EPSG:5899 by layer, in drawing order."""

    outlines: Mapping[str, tuple[BaseGeometry, ...]]


NO_GROUND = Ground({})


def ground(city: City | None, frame: Frame) -> Ground:
    """Read what lies in a frame, as the city is seen; nothing where no city is at hand."""
    if city is None:
        return NO_GROUND
    west, south, east, north = frame.bounds
    parameters = {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "tolerance_m": frame.unit_m,
        "rows": _MOST,
    }
    outlines: dict[str, tuple[BaseGeometry, ...]] = {}
    for layer in _LAYERS:
        if layer == "parcel" and frame.scale > _PARCELS_TO_SCALE:
            continue
        statement = statements(_SQL)["context"].sql(layer=sql.Identifier(layer))
        rows = city.connection.execute(statement, parameters).fetchall()
        outlines[layer] = tuple(shapely.from_wkb(outline) for (outline,) in rows)
    return Ground(outlines)


def place_asked(city: City | None, finding: Finding) -> BaseGeometry | None:
    """Return the outline of the place a finding was asked about; None for all of the city, or where it is not known."""
    within = finding.arguments.get("within")
    if city is None or not isinstance(within, str):
        return None
    try:
        return place(city, within).geometry
    except PlaceError:  # another city than the one that was asked
        return None
