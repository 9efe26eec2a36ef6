"""Loose parts joined to what lies near, where that is asked for: each by a short pipe, and each is told."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any  # scipy's trees have no types

import numpy as np
from scipy.spatial import KDTree

from gis.networks.graph import Marks, Places
from gis.networks.supply.errors import SupplyError
from gis.networks.supply.network import NOWHERE, LinkKind, Links, Network, texts
from gis.networks.supply.reach import parts

MOST_M = 50.0
"""What lies farther apart was hardly meant to meet."""
_SHORTEST_M = 0.01
_TRIED = 8
"""Neighbours that are looked at for each node of a loose part."""


class RepairError(SupplyError):
    """A distance over which nothing is joined."""

    def __init__(self, within_m: float) -> None:
        super().__init__(f"repair_m is {within_m:g}; parts are joined over 0 to {MOST_M:g} m.")


@dataclass(frozen=True, slots=True)
class Repair:
    """A pipe that was added: its code, the nodes it joins, how far they lie apart in m, what it was given in m."""

    code: str
    start: str
    end: str
    apart_m: float
    diameter_m: float


def joints(network: Network, *, joined: Marks, within_m: float) -> list[tuple[int, int, float]]:
    """Return pairs of nodes by which parts that hang together with no source are joined to others, nearest first.

    Parameters
    ----------
    joined : links that hang nodes together.
    within_m : how far apart the two nodes of a pair lie at most.

    Raises
    ------
    RepairError
        When the distance is below 0 or above 50 m.
    """
    if not 0 <= within_m <= MOST_M:
        raise RepairError(within_m)
    part = parts(network, joined=joined)
    fed = np.unique(part[network.is_source])
    placed = np.flatnonzero(np.isfinite(network.nodes.position).all(axis=1))
    loose = placed[~np.isin(part[placed], fed)]
    if not len(loose):
        return []
    tree: Any = KDTree(network.nodes.position[placed])
    apart_m, near = tree.query(network.nodes.position[loose], k=min(_TRIED, len(placed)), distance_upper_bound=within_m)
    candidates = [
        (float(distance), int(one), int(placed[other]))
        for one, distances, others in zip(loose, np.atleast_2d(apart_m.T).T, np.atleast_2d(near.T).T, strict=True)
        for distance, other in zip(distances, others, strict=True)
        if np.isfinite(distance) and part[one] != part[placed[other]]
    ]
    return _nearest_first(sorted(candidates), part)


def _nearest_first(candidates: list[tuple[float, int, int]], part: Places) -> list[tuple[int, int, float]]:
    """Join part after part, as long as two of them are still apart."""
    same: dict[int, int] = {}

    def root(each: int) -> int:
        while same.get(each, each) != each:
            each = same[each]
        return each

    found: list[tuple[int, int, float]] = []
    for apart_m, one, other in candidates:
        first, second = root(int(part[one])), root(int(part[other]))
        if first != second:
            same[first] = second
            found.append((one, other, apart_m))
    return found


def repaired(network: Network, pairs: list[tuple[int, int, float]]) -> tuple[Network, tuple[Repair, ...]]:
    """Return a network with a pipe between the nodes of each pair, as wide and rough as the widest that meets them."""
    links = network.links
    added = len(pairs)
    start, end = (np.array([pair[place] for pair in pairs], dtype=np.int64) for place in (0, 1))
    apart = np.array([pair[2] for pair in pairs])
    models = [_widest(links, one, other) for one, other, _ in pairs]
    codes = [f"+{number + 1}" for number in range(added)]
    across = np.array([0.1 if each is None else links.diameter_m[each] for each in models])
    rough = np.array([np.nan if each is None else links.roughness_hw[each] for each in models])
    marks = np.zeros(added, dtype=np.bool_)
    more = Links(
        texts(codes),
        np.full(added, LinkKind.PIPE, dtype=np.int64),
        start,
        end,
        np.maximum(apart, _SHORTEST_M),
        across,
        rough,
        marks,
        marks,
        marks,
        np.full(added, NOWHERE, dtype=np.int64),
        np.full(added, None, dtype=object),
        marks,
    )
    names = [each.name for each in fields(Links)]
    whole = Links(**{name: np.concatenate([getattr(links, name), getattr(more, name)]) for name in names})
    nodes = network.nodes.code
    told = tuple(
        Repair(code, str(nodes[one]), str(nodes[other]), apart_m, float(width))
        for code, (one, other, apart_m), width in zip(codes, pairs, across, strict=True)
    )
    return replace(network, links=whole), told


def _widest(links: Links, one: int, other: int) -> int | None:
    """Return the widest pipe that meets either of two nodes; None where there is none with a diameter."""
    meets = np.isin(links.start, (one, other)) | np.isin(links.end, (one, other))
    fit = np.flatnonzero(meets & np.isfinite(links.diameter_m) & (links.diameter_m > 0) & (links.kind == LinkKind.PIPE))
    return int(fit[np.argmax(links.diameter_m[fit])]) if len(fit) else None
