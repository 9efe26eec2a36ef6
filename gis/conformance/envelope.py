"""The envelope of a site: how far what is built reaches at each height, behind setbacks and out of corridors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry.base import BaseGeometry

from gis.conformance.norms import norm
from gis.planning.capacity import buildable
from gis.planning.surroundings import Lying
from gis.standards import Edition
from gis.standards.axes import Steps

_ENOUGH_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Step:
    """A part of an envelope: a footprint in EPSG:5899, from a height to a height in m above the ground.

    `setback_m` is the widest that is kept to a street; a part that stands back farther than the one below it is a
    tower upon a podium.
    """

    base_m: float
    top_m: float
    setback_m: float
    ground: BaseGeometry

    @property
    def volume_m3(self) -> float:
        """The space it holds."""
        return float(self.ground.area) * (self.top_m - self.base_m)


@dataclass(frozen=True, slots=True)
class Surrounds:
    """What bounds the envelope of a site: red lines of streets, and corridors."""

    reserves: Sequence[Lying]
    corridors: Sequence[Lying]


def envelope(
    site: BaseGeometry, about: Surrounds, *, edition: Edition, height_m: float, setback_m: float
) -> Iterator[Step]:
    """Yield the parts of the envelope of a site from the ground upwards.

    A part stands back as the standard asks of buildings of its height at a street of that width, and at least as the
    plan does; the standard is passed over where it does not speak of the case, or the width of the street is unknown.

    Parameters
    ----------
    height_m : how high may be built, in m.
    setback_m : what the plan asks at least, in m.
    """
    last: tuple[Step, object] | None = None
    for base_m, top_m in pairwise(_heights(about, edition, height_m)):
        kept_m = tuple(max(setback_m, _asked_m(edition, reserve, base_m)) for reserve in about.reserves)
        closed = tuple(number for number, each in enumerate(about.corridors) if not _lets(each, base_m))
        if last is not None and last[1] == (kept_m, closed):
            below = last[0]
            last = (Step(below.base_m, top_m, below.setback_m, below.ground), last[1])
            continue
        if last is not None:
            yield last[0]
        ground = site
        for reserve, back_m in zip(about.reserves, kept_m, strict=True):
            ground = buildable(ground, [reserve.geometry], (), setback_m=back_m)
        ground = buildable(ground, (), [about.corridors[number].geometry for number in closed], setback_m=0.0)
        if ground.area <= _ENOUGH_M2:
            return
        last = (Step(base_m, top_m, max(kept_m, default=setback_m), ground), (kept_m, closed))
    if last is not None:
        yield last[0]


def _heights(about: Surrounds, edition: Edition, height_m: float) -> list[float]:
    """Return the heights at which the envelope may change, the ground and the top included."""
    rule = edition.rules.get("setback")
    steps = [axis for axis in rule.axes if isinstance(axis, Steps) and axis.name == "height_m"] if rule else []
    starts = {start for axis in steps for start in axis.starts}
    starts |= {
        float(each.values["max_height_m"]) for each in about.corridors if each.values["max_height_m"] is not None
    }
    return [0.0, *sorted(start for start in starts if 0 < start < height_m), height_m]


def _asked_m(edition: Edition, reserve: Lying, height_m: float) -> float:
    width_m = reserve.values["red_line_width_m"]
    case = {"height_m": height_m} if width_m is None else {"height_m": height_m, "road_width_m": width_m}
    asked = norm(edition, "setback", case)
    return 0.0 if asked is None else asked.least


def _lets(corridor: Lying, base_m: float) -> bool:
    """Return whether a corridor lets something stand that reaches above a height."""
    highest_m = corridor.values["max_height_m"]
    return highest_m is not None and base_m < highest_m
