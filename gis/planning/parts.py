"""How a site is divided among areas whose lines are not exact.

An area has what it shares with the site and, since a line may lie off by the tolerance of the scale it was drawn at,
the least and the most it may share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.model import Words

_LEAST_M2 = 1.0
_LEAST_SHARE = 0.001
MARGIN = 3
"""How many tolerances about a site are looked at, so that what is cut off there changes nothing in it."""


class Reading(StrEnum):
    """What can be said of an area on a site."""

    WHOLE = "whole"
    PART = "part"
    WITHIN_TOLERANCE = "within_tolerance"
    UNKNOWN_TOLERANCE = "unknown_tolerance"

    @property
    def words(self) -> Words:
        """The same in both languages."""
        return _WORDS[self]


_WORDS = {
    Reading.WHOLE: Words("Toàn bộ", "All of it"),
    Reading.PART: Words("Một phần", "A part"),
    Reading.WITHIN_TOLERANCE: Words("Trong sai số nét vẽ", "Within the line tolerance"),
    Reading.UNKNOWN_TOLERANCE: Words("Chưa rõ sai số", "Tolerance unknown"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one area has of a site: its place among the areas, the ground they share, and its bounds in m².

    `least_m2` and `most_m2` are None where the tolerance is not known. What lies `beside` shares nothing that counts as
    the lines are drawn, and might if they lie off.
    """

    place: int
    geometry: BaseGeometry
    area_m2: float
    least_m2: float | None
    most_m2: float | None
    reading: Reading
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """How a site is divided: parts that count, what lies in none, what lies in several, and what is too small to tell.

    The areas of `parts` and `slivers_m2`, less `twice_m2`, with `none_m2`, are that of the site.
    """

    site_m2: float
    parts: tuple[Part, ...]
    none: BaseGeometry
    none_m2: float
    twice_m2: float
    slivers_m2: float


def parts(site: BaseGeometry, areas: Sequence[BaseGeometry], *, tolerance_m: float | None) -> Parts:
    """Divide a site among areas.

    Parameters
    ----------
    site, areas : polygons in EPSG:5899; areas may overlap.
    tolerance_m : how far a line of the areas may lie off on the ground, in m; None where that is not known.
    """
    near = _near(site, areas, tolerance_m or 0.0)
    shared = shapely.intersection(near, site) if len(near) else near
    shared_m2 = shapely.area(shared)
    union = shapely.union_all(shared)
    none = shapely.difference(site, union)
    site_m2, none_m2 = float(site.area), float(none.area)
    floor = max(_LEAST_M2, _LEAST_SHARE * site_m2)
    found = [
        _Edge(site, tolerance_m, floor).part(place, area, ground)
        for place, (area, ground) in enumerate(zip(near, shared, strict=True))
    ]
    kept = tuple(part for part in found if part.area_m2 >= floor or (part.most_m2 or 0.0) >= floor)
    total_m2 = float(np.sum(shared_m2))
    return Parts(
        site_m2=site_m2,
        parts=kept,
        none=none,
        none_m2=none_m2,
        twice_m2=max(0.0, total_m2 + none_m2 - site_m2),
        slivers_m2=total_m2 - sum(part.area_m2 for part in kept),
    )


def _near(site: BaseGeometry, areas: Sequence[BaseGeometry], tolerance_m: float) -> np.ndarray[tuple[int], np.dtype]:
    """Return what of the areas lies about the site; their cut edges are so far off that they change nothing in it."""
    west, south, east, north = site.bounds
    margin = MARGIN * tolerance_m + 1
    window = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return np.asarray(shapely.intersection(np.array(areas, dtype=object), window))


@dataclass(frozen=True, slots=True)
class _Edge:
    """What decides how an area is read: the site, the tolerance of its lines in m, the least area that counts in m²."""

    site: BaseGeometry
    tolerance_m: float | None
    floor_m2: float

    def part(self, place: int, area: BaseGeometry, ground: BaseGeometry) -> Part:
        """Return what an area has of the site; `ground` is what they share."""
        if self.tolerance_m is None:
            return Part(place, ground, ground.area, None, None, Reading.UNKNOWN_TOLERANCE)
        area_m2 = float(ground.area)
        least_m2 = min(area_m2, self._moved_m2(area, -self.tolerance_m))
        most_m2 = max(area_m2, self._moved_m2(area, self.tolerance_m))
        if least_m2 >= self.site.area - self.floor_m2:
            reading = Reading.WHOLE
        else:
            reading = Reading.PART if least_m2 >= self.floor_m2 else Reading.WITHIN_TOLERANCE
        return Part(place, ground, area_m2, least_m2, most_m2, reading, area_m2 < self.floor_m2)

    def _moved_m2(self, area: BaseGeometry, by_m: float) -> float:
        """Return what an area has of the site when its border is moved outwards."""
        return float(shapely.intersection(self.site, shapely.buffer(area, by_m)).area)
