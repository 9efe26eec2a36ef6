"""The ground a proposal stands on: the plan, the rules, and what lies about its objects, read once for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any  # trees of shapes are generic over what they hold

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.lots import Lot, lots
from gis.conformance.norms import Spacing
from gis.db import City
from gis.planning.plans import RegisteredPlan
from gis.planning.surroundings import Lying, about
from gis.planning.zoned import Zoned, zoned_among
from gis.proposals import Proposal, Proposed
from gis.standards import Edition
from layers.model import Horizon

_REACHES_M: Mapping[str, float] = {
    "road_reserve": 60.0,
    "building": 60.0,
    "parcel": 0.0,
    "rail": 60.0,
    "facility": 1_000.0,
}
"""How far from an object the rules look, in m, by layer, where they do not say it themselves."""
UNKNOWN_SCALE_M = 50.0
"""Half a millimetre at 1:100,000, the coarsest scale a plan is drawn at."""
_SAME_M2 = 0.01
_OF_PLAN = ("zone", "road_reserve", "corridor")
_STANDING = ("building", "parcel", "rail", "facility")
Sight = Callable[[], City]
"""Lets the connection see the city as it is meant."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a proposal is judged: a plan at a horizon, an edition, a day, and whether the area is new."""

    plan: RegisteredPlan
    edition: Edition
    on: dt.date
    area: str
    horizon: Horizon

    @property
    def tolerance_m(self) -> float:
        """How far a line of the plan may lie off on the ground, in m; as at 1:100,000 where its scale is unknown."""
        return self.plan.tolerance_m or UNKNOWN_SCALE_M

    @property
    def reach_m(self) -> Mapping[str, float]:
        """How far from an object the rules look, in m, by layer: buildings as far as they may have to stand apart."""
        return {
            **_REACHES_M,
            "building": Spacing(self.edition).most_m or _REACHES_M["building"],
            "zone": self.tolerance_m + 1,
            "corridor": self.tolerance_m,
        }


class Nearby:
    """Features of one layer, found by where they lie."""

    def __init__(self, features: Sequence[Lying]) -> None:
        self._features = tuple(features)
        self._tree = shapely.STRtree(np.array([each.geometry for each in features], dtype=object))

    def about(self, place: BaseGeometry, reach_m: float = 0.0) -> list[Lying]:
        """Return the features within reach of a place, in the order in which they were read."""
        if reach_m:
            found = self._tree.query(place, predicate="dwithin", distance=reach_m)
        else:
            found = self._tree.query(place, predicate="intersects")
        return [self._features[number] for number in np.sort(found).tolist()]


@dataclass(frozen=True)
class Ground:
    """What the checks look at.

    `nearby` holds what stands, less what the proposal replaces, by layer; zones are those of the plan at its horizon.
    """

    proposal: Proposal
    terms: Terms
    nearby: Mapping[str, Nearby]

    @classmethod
    def read(cls, planned: Sight, standing: Sight, proposal: Proposal, terms: Terms) -> Ground:
        """Read what lies about a proposal.

        Parameters
        ----------
        planned : how the plan is seen; `standing` : how buildings, parcels and facilities are.
        """
        places = [each.geometry for each in proposal.objects]
        reach = terms.reach_m
        nearby: dict[str, Nearby] = {}
        for see, layers, kept in ((planned, _OF_PLAN, _all), (standing, _STANDING, _left)):
            seen = see()
            for layer in layers:
                found = about(seen, layer, places, reach_m=reach[layer])
                nearby[layer] = Nearby(kept([each for each in found if each.holds(terms.on)], proposal))
        return cls(proposal, terms, nearby)

    @cached_property
    def reach_m(self) -> Mapping[str, float]:
        """How far from an object the rules look, in m, by layer."""
        return self.terms.reach_m

    def about(self, layer: str, place: BaseGeometry, reach_m: float = 0.0) -> list[Lying]:
        """Return the features of a layer within reach of a place."""
        return self.nearby[layer].about(place, reach_m)

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        """The lots that are proposed, and those on which proposed buildings stand."""
        return lots(self.proposal, self.nearby["parcel"].about)

    @cached_property
    def _lot_of(self) -> Mapping[int, Lot]:
        return {id(building): lot for lot in self.lots for building in lot.buildings}

    def lot_of(self, building: Proposed) -> Lot | None:
        """Return the lot a building stands on; None where it stands on none."""
        return self._lot_of.get(id(building))

    @cached_property
    def _zoned(self) -> dict[int, Zoned | None]:
        return {}

    def zoned(self, site: BaseGeometry) -> Zoned | None:
        """Return a site under the plan; None where the plan says nothing of it."""
        if id(site) not in self._zoned:
            zones = self.about("zone", site, self.terms.tolerance_m)
            self._zoned[id(site)] = zoned_among(site, zones, self.terms.plan, horizon=self.terms.horizon)
        return self._zoned[id(site)]

    @cached_property
    def proposed_buildings(self) -> Nearby:
        """The buildings of the proposal, found by where they lie."""
        return Nearby(
            [
                Lying("building", number, each.geometry, each.values)
                for number, each in enumerate(self.proposal.of("building"))
            ]
        )


def _all(found: Sequence[Lying], _: Proposal) -> Sequence[Lying]:
    return found


def _left(found: Sequence[Lying], proposal: Proposal) -> Sequence[Lying]:
    """Return what is left: no former state of what the proposal changes, no building it builds over."""
    own = {(each.layer, each.uid) for each in proposal.objects if each.uid is not None}
    left = [each for each in found if (each.layer, each.uid) not in own]
    if not left or left[0].layer != "building":
        return left
    new: Any = np.array([each.geometry for each in proposal.of("building")], dtype=object)
    shapes = np.array([each.geometry for each in left], dtype=object)
    standing, over = shapely.STRtree(new).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[standing], new[over])) > _SAME_M2
    gone = set(standing[shared].tolist())
    return [each for number, each in enumerate(left) if number not in gone]
