"""Hydrants: how far a main is from them, and the pressure that is left when one of them is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any  # scipy's sparse arrays have no types

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis.answering import told_through
from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.engine import heads_drawing
from gis.networks.supply.inp import Tokens
from gis.networks.supply.model import Model
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.pressure import VACUUM_M
from gis.networks.supply.running import runnable
from gis.networks.supply.simulation import Simulation
from gis.networks.supply.writing import figure

_CONSTANT = "~1"
_EXPONENT = 0.54
_POINT_M = 1e-6
"""Length of what has none, so that it counts as a way."""


def spacings_m(network: Network, hydrants: Places, *, mains: Marks) -> Numbers:
    """Return for each pipe the distance between the hydrants on both sides of it, along the mains, in m.

    Twice the way from its farthest point to the nearest hydrant, so that a dead end counts as if it went on to another
    hydrant. Infinite where no hydrant is reached, NaN for what is no main.

    Parameters
    ----------
    hydrants : places of nodes.
    mains : pipes on which hydrants stand.
    """
    links, number = network.links, len(network.nodes)
    joined = (links.start >= 0) & (links.end >= 0)
    # Pumps and valves have no length, and part no main.
    passed = np.flatnonzero(joined & ((links.kind != LinkKind.PIPE) | (mains & np.isfinite(links.length_m))))
    length = np.maximum(np.nan_to_num(links.length_m), _POINT_M)
    away = np.full(number, np.inf)
    if len(hydrants):
        graph = _shortest(links.start[passed], links.end[passed], length[passed], number)
        away = dijkstra(graph, directed=False, indices=hydrants, min_only=True)
    found = np.full(len(links), np.nan)
    chosen = passed[links.kind[passed] == LinkKind.PIPE]
    found[chosen] = away[links.start[chosen]] + length[chosen] + away[links.end[chosen]]
    return found


def _shortest(start: Places, end: Places, length: Numbers, number: int) -> Any:
    """Return the graph of pipes; of several between two nodes the shortest counts."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], length[order]
    first = np.ones(len(low), dtype=np.bool_)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return coo_array((length[first], (low[first], high[first])), shape=(number, number)).tocsr()


@dataclass(frozen=True)
class FireFlow:
    """Hydrants (places of nodes), the pressure at each when nothing burns, and what the model says when one is opened.

    Parameters
    ----------
    static_m, tried_m : in m; NaN where it is not known, or was not tried.
    """

    hydrants: Places
    static_m: Numbers
    tried_m: Numbers

    @property
    def impossible(self) -> Marks:
        """Where so much water cannot be drawn: the pressure left is not known, but that it is too low is."""
        return np.nan_to_num(self.tried_m, nan=0.0) < VACUUM_M

    @property
    def residual_m(self) -> Numbers:
        """The pressure that is left, in m; NaN where it is not known."""
        return np.where(self.impossible, np.nan, self.tried_m)


def residuals(model: Model, found: Simulation, hydrants: Sequence[int], *, flow_m3_s: float) -> FireFlow:
    """Return the pressure that is left at each hydrant when so much is drawn there, at the moment simulated.

    Everybody else draws what they drew in that moment; tanks and pumps are as they were.

    Parameters
    ----------
    found : the network simulated; its first moment counts.
    hydrants : places of nodes, of those that were simulated.
    flow_m3_s : what is drawn at one hydrant after the other.
    """
    text = runnable(_of_moment(model, found), hours=0.0)
    units, level = model.inp.units, model.network.nodes.elevation_m
    left = np.full(len(hydrants), np.nan)
    names = [str(model.node_ids[node]) for node in hydrants]
    heads = heads_drawing(text, names, more=flow_m3_s / units.flow_m3_s)
    for place, (node, head) in enumerate(zip(told_through(list(hydrants), begin=0.2, end=0.95), heads, strict=True)):
        left[place] = head * units.length_m - level[node]
    nodes = np.array(hydrants, dtype=np.int64)
    return FireFlow(nodes, found.pressure_m[0, nodes], left)


def _of_moment(model: Model, found: Simulation) -> Model:
    """Return a model in which every junction draws what it drew at the first moment, whatever the hour."""
    flow = model.inp.units.flow_m3_s
    drawn = {
        str(model.node_ids[node]): figure(float(found.demand_m3_s[0, node]) / flow)
        for node in np.flatnonzero(model.network.nodes.kind == NodeKind.JUNCTION)
        if np.isfinite(found.demand_m3_s[0, node])
    }

    def own(tokens: Tokens, line: str) -> str:
        if tokens[0] not in drawn:
            return line
        return " ".join([*(*tokens, "0")[:2], drawn[tokens[0]], _CONSTANT])

    inp = model.inp.changed("JUNCTIONS", own).without("DEMANDS").extended("PATTERNS", [f"{_CONSTANT} 1"])
    inp = inp.extended("OPTIONS", ["DEMAND MULTIPLIER 1"])
    return replace(model, inp=inp)


def available_m3_s(flow_m3_s: float, *, static_m: float, residual_m: float, least_m: float) -> float | None:
    """Return the flow at which a pressure is left, from one that was tried; None where it cannot be told.

    Parameters
    ----------
    flow_m3_s, static_m, residual_m : the flow that was tried, the pressure before it, and with it.
    least_m : the pressure that is to be left.

    References
    ----------
    NFPA 291, 2019, 4.10.1: Q = Q_f (h_r / h_f)^0.54.
    """
    lost, may = static_m - residual_m, static_m - least_m
    if lost <= 0:
        return None
    return flow_m3_s * (may / lost) ** _EXPONENT if may > 0 else 0.0


def mains(network: Network, *, least_m: float) -> Marks:
    """Return the pipes that are wide enough for hydrants."""
    links = network.links
    return (links.kind == LinkKind.PIPE) & (np.nan_to_num(links.diameter_m) >= least_m - 1e-9)
