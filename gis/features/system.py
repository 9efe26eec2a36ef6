"""The coordinate systems spoken at the door: each by its address, with its order of axes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.errors import QuyhoachError
from gis.schema import STORED_SRID, WEB_SRID

_OGC, _EPSG = "http://www.opengis.net/def/crs/OGC/", "http://www.opengis.net/def/crs/EPSG/"
_SAFE = re.compile(r"\[((?:OGC|EPSG):\w+)\]")


class UnknownDoorSystemError(QuyhoachError):
    """An address that names none of the coordinate systems spoken here."""

    def __init__(self, parameter: str, given: str) -> None:
        listed = ", ".join(system.uri for system in SYSTEMS)
        super().__init__(f"{parameter}={given[:120]!r} is no coordinate system spoken here; there are {listed}.")


@dataclass(frozen=True, slots=True)
class System:
    """One coordinate system.

    `north_first` : whether a position is written north before east (latitude before longitude).
    `decimals` : decimals that keep a centimetre, as positions are written.
    """

    uri: str
    curie: str
    srid: int
    north_first: bool
    decimals: int

    @property
    def geographic(self) -> bool:
        """Whether positions are degrees."""
        return self.srid == _LONLAT_SRID


_LONLAT_SRID = 4326
CRS84 = System(f"{_OGC}1.3/CRS84", "OGC:CRS84", _LONLAT_SRID, north_first=False, decimals=7)
"""Longitude, latitude."""
LATLON = System(f"{_EPSG}0/4326", "EPSG:4326", _LONLAT_SRID, north_first=True, decimals=7)
"""Latitude, longitude."""
WEB = System(f"{_EPSG}0/{WEB_SRID}", f"EPSG:{WEB_SRID}", WEB_SRID, north_first=False, decimals=3)
STORED = System(f"{_EPSG}0/{STORED_SRID}", f"EPSG:{STORED_SRID}", STORED_SRID, north_first=False, decimals=3)
"""VN-2000 / TM-3 107-45: easting, northing."""

SYSTEMS = (CRS84, LATLON, WEB, STORED)


def read_system(parameter: str, given: str | None) -> System:
    """Return the system of an address or a safe CURIE such as `[EPSG:5899]`; CRS84 where none is given.

    Raises
    ------
    UnknownDoorSystemError
        When it is none of those spoken here.
    """
    if given is None:
        return CRS84
    curie = safe[1] if (safe := _SAFE.fullmatch(given)) else None
    for system in SYSTEMS:
        if curie == system.curie or given in (system.uri, system.uri.replace("http:", "https:", 1)):
            return system
    raise UnknownDoorSystemError(parameter, given)
