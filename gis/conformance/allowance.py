"""What plan and standards leave of a site for a building of so many storeys, constraint by constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.norms import Spacing, built_share_rule, floor_area_ratio_rule, norm, planted_use
from gis.conformance.streets import street
from gis.planning.capacity import Limits, buildable, limits


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a building of so many storeys may have: ground under each constraint and floors under each, in m².

    `binding` names the constraint that leaves least.
    """

    storeys: int
    height_m: float
    ground_m2: tuple[tuple[str, float], ...]
    floors_m2: tuple[tuple[str, float], ...]
    open_ground: BaseGeometry

    @property
    def footprint_m2(self) -> float:
        """The ground it may cover."""
        return min(area_m2 for _, area_m2 in self.ground_m2)

    @property
    def floor_m2(self) -> float:
        """The floor area it may have."""
        return min(self.storeys * self.footprint_m2, min((area_m2 for _, area_m2 in self.floors_m2), default=inf))

    @property
    def binding(self) -> str:
        """The constraint that leaves least."""
        name, floors_m2 = min(self.floors_m2, key=lambda pair: pair[1], default=("", inf))
        if floors_m2 < self.storeys * self.footprint_m2:
            return name
        return min(self.ground_m2, key=lambda pair: pair[1])[0]


class Allowances:
    """The allowances of a site for one use, storey by storey.

    Parameters
    ----------
    ground : read about the site.
    site : polygon in EPSG:5899.
    use : use of the building.
    storey_m : height of a storey in m.
    """

    def __init__(self, ground: Ground, site: BaseGeometry, use: str, storey_m: float) -> None:
        self._ground, self._site, self._use, self._storey_m = ground, site, use, storey_m
        self._spacing = Spacing(ground.terms.edition)
        self.limits: Limits = limits(ground.zoned(site))

    @property
    def most_storeys(self) -> int | None:
        """The most storeys the zones allow; None where they do not say it."""
        by_height = None if self.limits.height_m is None else int((self.limits.height_m + 1e-9) / self._storey_m)
        known = [each for each in (by_height, self.limits.storeys) if each is not None]
        return min(known, default=None)

    def each(self) -> Iterator[Allowance]:
        """Yield the allowance of each number of storeys, from one up to the most."""
        for storeys in range(1, (self.most_storeys or 0) + 1):
            yield self._of(storeys)

    def _of(self, storeys: int) -> Allowance:
        height_m = storeys * self._storey_m
        open_ground = self._open(height_m)
        ground_m2 = [(name, float(area_m2)) for name, area_m2 in self._covers(storeys, height_m) if area_m2 is not None]
        floors_m2 = [(name, float(area_m2)) for name, area_m2 in self._floors(height_m) if area_m2 is not None]
        return Allowance(
            storeys, height_m, (*ground_m2, ("open_ground", float(open_ground.area))), tuple(floors_m2), open_ground
        )

    def _covers(self, storeys: int, height_m: float) -> Iterator[tuple[str, float | None]]:
        """Yield how much ground each rule lets be covered."""
        edition, area_m2 = self._ground.terms.edition, float(self._site.area)
        case = {"area": self._ground.terms.area, "lot_area_m2": area_m2, "height_m": height_m, "storeys": storeys}
        yield "built_share.plan", self.limits.built_m2
        share = norm(edition, built_share_rule(self._use), case)
        yield "built_share.standard", None if share is None else share.most * area_m2
        planted = planted_use(self._use)
        green = None if planted is None else norm(edition, "planted_share", {"lot_use": planted})
        yield "green_share.standard", None if green is None else (1 - green.least) * area_m2
        yield "green_share.plan", None if self.limits.green_m2 is None else area_m2 - self.limits.green_m2

    def _floors(self, height_m: float) -> Iterator[tuple[str, float | None]]:
        terms, area_m2 = self._ground.terms, float(self._site.area)
        yield "floor_area_ratio.plan", self.limits.floor_m2
        case = {"area": terms.area, "lot_area_m2": area_m2, "height_m": height_m}
        ratio = norm(terms.edition, floor_area_ratio_rule(self._use, area=terms.area), case)
        yield "floor_area_ratio.standard", None if ratio is None else ratio.most * area_m2

    def _open(self, height_m: float) -> BaseGeometry:
        """Return the ground out of corridors, back from red lines, and away from what stands about."""
        ground = self._ground
        reserves = [each.geometry for each in ground.about("road_reserve", self._site, ground.reach_m["road_reserve"])]
        corridors = [
            each.geometry
            for each in ground.about("corridor", self._site)
            if each.values["max_height_m"] is None or each.values["max_height_m"] < height_m
        ]
        open_ground = buildable(self._site, reserves, corridors, setback_m=self._setback_m(height_m))
        return open_ground if self._use == "house" else self._apart(open_ground, height_m)

    def _setback_m(self, height_m: float) -> float:
        reserve = street(self._ground, self._site)
        width_m = None if reserve is None else reserve.values["red_line_width_m"]
        case = {"height_m": height_m} if width_m is None else {"height_m": height_m, "road_width_m": width_m}
        asked = norm(self._ground.terms.edition, "setback", case)
        return max(self.limits.setback_m or 0.0, 0.0 if asked is None else asked.least)

    def _apart(self, open_ground: BaseGeometry, height_m: float) -> BaseGeometry:
        if not self._spacing.is_known:
            return open_ground
        kept = [
            shapely.buffer(each.geometry, self._between_m(max(height_m, each.values["height_m"] or 0.0)))
            for each in self._ground.about("building", self._site, self._ground.reach_m["building"])
            if not self._site.intersection(each.geometry).area > 0
        ]
        return shapely.difference(open_ground, shapely.union_all(np.array(kept, dtype=object))) if kept else open_ground

    def _between_m(self, height_m: float) -> float:
        return self._spacing.between("long", height_m)[0]
