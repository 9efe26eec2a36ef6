"""Feet taken for metres: figures that disagree with what lies around them by just that factor."""

from __future__ import annotations

import numpy as np

from gis.networks.graph import Marks, Numbers
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.units import FOOT_M

_NEAR = 0.05
"""How near a ratio comes to the factor, as a share of it."""
_LEAST_M = 5.0
"""Lengths and levels below it say nothing of their unit."""
_FEWEST = 2
_ALIKE = 0.15
"""How far neighbours may lie apart, as a share, to say what is usual there."""


def lengths_in_feet(network: Network) -> Marks:
    """Return the pipes whose length on record is 3.28 times the one drawn, or a 3.28th of it.

    A pipe is longer than its drawing where it winds, and rarely shorter; that factor is neither.
    """
    links = network.links
    drawn = np.array([np.nan if each is None else each.length for each in links.shape], dtype=np.float64)
    fit = (links.kind == LinkKind.PIPE) & (links.length_m > 0) & (np.nan_to_num(drawn) > _LEAST_M)
    ratio = np.divide(links.length_m, drawn, out=np.ones(len(links)), where=fit)
    return fit & _is_foot(ratio)


def elevations_in_feet(network: Network) -> Marks:
    """Return the junctions whose elevation is 3.28 times that of their neighbours, or a 3.28th of it.

    Neighbours count where there are two or more and they agree with each other.
    """
    links, nodes = network.links, network.nodes
    joined = (links.start >= 0) & (links.end >= 0) & (links.start != links.end)
    level = np.where(nodes.kind == NodeKind.JUNCTION, nodes.elevation_m, np.nan)
    one = np.concatenate([links.start[joined], links.end[joined]])
    other = np.concatenate([links.end[joined], links.start[joined]])
    known = np.isfinite(level[other])
    one, other = one[known], other[known]
    number = np.bincount(one, minlength=len(nodes))
    mean = np.bincount(one, level[other], len(nodes)) / np.maximum(number, 1)
    apart = np.zeros(len(nodes))
    np.maximum.at(apart, one, np.abs(level[other] - mean[one]))
    agreed = (
        (number >= _FEWEST)
        & (apart <= _ALIKE * np.abs(mean))
        & (np.minimum(np.abs(level), np.abs(mean)) > _LEAST_M * FOOT_M)
    )
    ratio = np.divide(level, mean, out=np.ones(len(nodes)), where=agreed & (mean != 0))
    return agreed & _is_foot(ratio) & (np.maximum(level, mean) > _LEAST_M)


def _is_foot(ratio: Numbers) -> Marks:
    return (np.abs(ratio * FOOT_M - 1) < _NEAR) | (np.abs(ratio / FOOT_M - 1) < _NEAR)
