"""In which coordinate system the geometries of a filter are written, and how features are brought to meet them."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from gis.features.box import Box
from gis.features.system import STORED, WEB, System

_KNOWN_LONLAT = (96.0, 0.0, 120.0, 30.0)
_KNOWN_WEB = (10_686_671.0, 0.0, 13_358_339.0, 3_503_550.0)
"""Where positions have a meaning in EPSG:5899: far around the city and its islands, as `city.searched` knows it."""
_WIDEST_M = 20_037_508.342789244
_PIECE = {True: 0.01, False: 1_000.0}
_PIECES = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """The system of the literals of a filter."""

    system: System

    @property
    def name(self) -> str:
        """Short name of the system."""
        return self.system.curie

    @property
    def srid(self) -> int:
        """EPSG code."""
        return self.system.srid

    @property
    def geographic(self) -> bool:
        """Whether positions are degrees."""
        return self.system.geographic

    @property
    def north_first(self) -> bool:
        """Whether positions are written north before east."""
        return self.system.north_first

    @property
    def limits(self) -> tuple[float, float]:
        """Largest east and largest north that mean anything."""
        return (180.0, 90.0) if self.geographic else (_WIDEST_M, _WIDEST_M)

    def is_known(self, drawn: shapely.Geometry) -> bool:
        """Return whether a geometry lies where it can be brought to EPSG:5899."""
        if self.srid == STORED.srid:
            return True
        known = _KNOWN_LONLAT if self.geographic else _KNOWN_WEB
        west, south, east, north = shapely.bounds(drawn)
        return bool(known[0] <= west and known[1] <= south and east <= known[2] and north <= known[3])

    def bent(self, drawn: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry with vertices along its sides: what is straight in one system is bent in another.

        A side of a kilometre stays within a centimetre of where it belongs.
        """
        if self.srid == STORED.srid:
            return drawn
        return shapely.segmentize(drawn, max(_PIECE[self.geographic], shapely.length(drawn) / _PIECES))

    def around(self, drawn: shapely.Geometry) -> tuple[float, float, float, float]:
        """Return the box around a geometry in metres of EPSG:3857."""
        west, south, east, north = map(float, shapely.bounds(drawn))
        if self.srid == WEB.srid:
            return west, south, east, north
        return Box(west, south, east, north).web
