"""Measures of a network: losses of head, resilience, demand that depends on pressure, people."""

from __future__ import annotations

import numpy as np

from gis.networks.graph import Numbers
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.simulation import Simulation

GALLONS_200_M3_S = 8.76157e-6
"""200 US gallons a day, what one person is taken to use in the United States."""


def head_loss_m(flow_m3_s: float, *, length_m: float, diameter_m: float, roughness_hw: float) -> float:
    """Return the head a pipe loses, in m, after Hazen and Williams.

    References
    ----------
    EPANET 2.2, in SI units: h = 10.667 C^-1.852 d^-4.871 L q^1.852.
    """
    return 10.667 * roughness_hw**-1.852 * diameter_m**-4.871 * length_m * flow_m3_s**1.852


def drawn_m3_s(asked_m3_s: float, pressure_m: float, *, least_m: float = 0.0, full_m: float) -> float:
    """Return what is drawn at a pressure: nothing up to the least, all from the full one on, by the root between.

    References
    ----------
    Wagner, Shamir, Marks 1988, as in EPANET 2.2.
    """
    if pressure_m <= least_m:
        return 0.0
    return asked_m3_s * min(1.0, ((pressure_m - least_m) / (full_m - least_m)) ** 0.5)


def people_of(network: Network, *, each_m3_s: float = GALLONS_200_M3_S) -> Numbers:
    """Return how many people the mean demand of each node stands for, in whole people.

    Parameters
    ----------
    each_m3_s : what one person uses.

    References
    ----------
    U.S. EPA 2015, as in WNTR's `population`.
    """
    return np.round(np.where(network.nodes.kind == NodeKind.JUNCTION, network.nodes.demand_m3_s, 0.0) / each_m3_s)


def todini_index(found: Simulation, *, wanted_m: float) -> Numbers:
    """Return the resilience of a network at each time: power to spare over power that could be lost; NaN without any.

    Parameters
    ----------
    wanted_m : pressure that is wanted everywhere.

    References
    ----------
    Todini 2000, Looped water distribution networks design using a resilience index based heuristic approach.
    """
    network = found.network
    kind = network.nodes.kind
    junctions = np.flatnonzero(kind == NodeKind.JUNCTION)
    reservoirs = np.flatnonzero(kind == NodeKind.RESERVOIR)
    demand, head = found.demand_m3_s, found.head_m
    delivered = np.nansum(demand[:, junctions] * head[:, junctions], axis=1)
    level = np.where(np.isfinite(head[:, junctions]), network.nodes.elevation_m[junctions], np.nan)
    needed = np.nansum(demand[:, junctions] * (wanted_m + level), axis=1)
    given = -np.nansum(demand[:, reservoirs] * head[:, reservoirs], axis=1)
    pumps = np.flatnonzero(network.links.kind == LinkKind.PUMP)
    start, end = network.links.start[pumps], network.links.end[pumps]
    lifted = np.abs(head[:, end] - head[:, start])
    given = given + np.nansum(found.flow_m3_s[:, pumps] * lifted, axis=1)
    spare = given - needed
    return np.divide(delivered - needed, spare, out=np.full(len(spare), np.nan), where=spare != 0)


def modified_resilience(found: Simulation, *, wanted_m: float) -> Numbers:
    """Return by what share nodes have more head than is wanted, weighed by their demand, at each time.

    Parameters
    ----------
    wanted_m : pressure that is wanted everywhere.

    References
    ----------
    Jayaram and Srinivasan 2008, as in WNTR's `modified_resilience_index`.
    """
    junctions = np.flatnonzero(found.network.nodes.kind == NodeKind.JUNCTION)
    level = found.network.nodes.elevation_m[junctions]
    demand = np.nan_to_num(found.demand_m3_s[:, junctions])
    over = np.nan_to_num(found.pressure_m[:, junctions] - wanted_m)
    known = np.isfinite(found.pressure_m[:, junctions])
    needed = np.sum(np.where(known, demand * (wanted_m + np.nan_to_num(level)), 0.0), axis=1)
    spare = np.sum(np.where(known, demand * over, 0.0), axis=1)
    return np.divide(spare, needed, out=np.full(len(needed), np.nan), where=needed != 0)
