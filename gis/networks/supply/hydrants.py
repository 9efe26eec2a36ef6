"""The hydrants of a network, the mains they stand on, and how they stand to the norms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gis.conformance.norms import norm
from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.fire import FireFlow, mains, residuals, spacings_m
from gis.networks.supply.model import Model
from gis.networks.supply.network import Network
from gis.networks.supply.simulation import Simulation
from gis.standards import Edition, Norm

_MOST_TRIED = 3_000
_EQUAL_M = 0.005


@dataclass(frozen=True)
class Hydrants:
    """The network at one moment, and what is drawn at a hydrant; 0 where that is not known."""

    asked: Model
    moment: Simulation
    flow_m3_s: float
    standard: Edition

    @property
    def network(self) -> Network:
        """The network."""
        return self.asked.network

    def norm(self, rule: str) -> Norm | None:
        """Return what the edition asks; None where it does not say it."""
        return norm(self.standard, rule, {})

    @cached_property
    def hydrants(self) -> Places:
        """The hydrants; none where the network knows none."""
        return np.flatnonzero(self.network.nodes.stands == "hydrant")

    @cached_property
    def mains_(self) -> Marks:
        """The pipes that are wide enough for hydrants."""
        asked = self.norm("fire_main_diameter")
        return mains(self.network, least_m=0.0 if asked is None else asked.least / 1_000)

    @cached_property
    def spacing_m(self) -> Numbers:
        """The distance between hydrants along each main."""
        return spacings_m(self.network, self.hydrants, mains=self.mains_)

    @cached_property
    def far(self) -> Places:
        """The mains along which hydrants stand too far apart."""
        asked = self.norm("hydrant_spacing")
        return (
            np.flatnonzero(np.nan_to_num(self.spacing_m) > asked.most + _EQUAL_M)
            if asked and len(self.hydrants)
            else self.hydrants[:0]
        )

    @cached_property
    def tried(self) -> FireFlow:
        """The hydrants, those of the lowest pressure first; junctions with demand where there are none."""
        nodes = self.hydrants if len(self.hydrants) else np.flatnonzero(self.network.draws)
        static = self.moment.pressure_m[0]
        order = nodes[np.argsort(static[nodes], kind="stable")]
        reached = order[np.isfinite(static[order])]
        if not self.flow_m3_s or not len(reached):
            return FireFlow(order, static[order], np.full(len(order), np.nan))
        found = residuals(self.asked, self.moment, reached[:_MOST_TRIED].tolist(), flow_m3_s=self.flow_m3_s)
        rest = np.setdiff1d(order, found.hydrants, assume_unique=True)
        return FireFlow(
            np.concatenate([found.hydrants, rest]),
            static[np.concatenate([found.hydrants, rest])],
            np.concatenate([found.tried_m, np.full(len(rest), np.nan)]),
        )

    def below(self, low: Norm | None) -> Places:
        """Return the hydrants at which too little is left."""
        if low is None:
            return self.tried.hydrants[:0]
        too_low = np.nan_to_num(self.tried.residual_m, nan=np.inf) < low.least
        return self.tried.hydrants[too_low | self.tried.impossible]
