"""A break shut off, in two steps: the segment it lies in, then all that is left without a source.

Valves that are shut already, and valves that let water pass one way, count in the second step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gis.networks.graph import Marks, Places
from gis.networks.supply.network import Network, NodeKind
from gis.networks.supply.reach import passable_now, reached
from gis.networks.supply.segments import Segments


@dataclass(frozen=True)
class Shut:
    """What is shut to work on a pipe, and who is without water then.

    Parameters
    ----------
    links, nodes : pipes and nodes of the segment that is shut.
    lost : nodes of the segment that had water.
    to_close : valves (places) to close; held: valves of its bounds that are shut already.
    cut_off : nodes outside of the segment that had water and have none any more.
    tank_alone : nodes that a tank alone still feeds, and a reservoir did before: for as long as the tank lasts.
    unbounded : whether nothing bounds the segment: it is all that hangs together.
    """

    links: Places
    nodes: Places
    lost: Marks
    to_close: Places
    held: Places
    cut_off: Marks
    tank_alone: Marks
    unbounded: bool


def shut(network: Network, found: Segments, segment: int) -> Shut:
    """Return what it takes to shut a segment, and what it costs.

    Parameters
    ----------
    found : segments of the network.
    """
    links = np.flatnonzero(found.link == segment)
    inside = found.node == segment
    around = found.bounds & ((found.node_side == segment) | (found.link_side == segment))
    left = passable_now(network)
    left[links] = False
    ends = network.links
    beside = (ends.start >= 0) & (ends.end >= 0)
    left &= ~(beside & (inside[ends.start] | inside[ends.end]))
    before = _fed(network, passable_now(network), network.is_source)
    after = _fed(network, left, network.is_source & ~inside)
    return Shut(
        links,
        np.flatnonzero(inside),
        before[0] & inside,
        np.flatnonzero(around & ~network.valves.closed),
        np.flatnonzero(around & network.valves.closed),
        before[0] & ~inside & ~after[0],
        after[0] & before[1] & ~after[1] & ~inside,
        not around.any(),
    )


def _fed(network: Network, passable: Marks, sources: Marks) -> tuple[Marks, Marks]:
    """Return which nodes any of some sources feeds, and which a reservoir among them does."""
    reservoirs = sources & (network.nodes.kind == NodeKind.RESERVOIR)
    return reached(network, sources, passable=passable), reached(network, reservoirs, passable=passable)


def with_states(network: Network, *, closed: Places, broken: Places) -> Network:
    """Return a network some of whose valves (places) are shut, or cannot be worked."""
    valves = network.valves
    shut_, works = valves.closed.copy(), valves.operable.copy()
    shut_[closed] = True
    works[broken] = False
    return replace(network, valves=replace(valves, closed=shut_, operable=works))
