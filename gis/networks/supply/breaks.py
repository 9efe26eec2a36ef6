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
    to_close : valves (places) to close; held: valves of its bounds that are shut already.
    cut_off : nodes outside of the segment that had water and have none any more.
    tank_alone : nodes that a tank alone still feeds, and a reservoir did before: for as long as the tank lasts.
    unbounded : whether nothing bounds the segment: it is all that hangs together.
    """

    links: Places
    nodes: Places
    to_close: Places
    held: Places
    cut_off: Marks
    tank_alone: Marks
    unbounded: bool

    @property
    def dry(self) -> Places:
        """All nodes without water: those of the segment and those cut off."""
        return np.unique(np.concatenate([self.nodes, np.flatnonzero(self.cut_off)]))


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
    before, after = _fed(network, passable_now(network), ~inside), _fed(network, left, ~inside)
    had = reached(network, network.is_source, passable=passable_now(network))
    return Shut(
        links,
        np.flatnonzero(inside),
        np.flatnonzero(around & ~network.valves.closed),
        np.flatnonzero(around & network.valves.closed),
        had & ~inside & ~after[0],
        after[0] & before[1] & ~after[1] & ~inside,
        not around.any(),
    )


def _fed(network: Network, passable: Marks, sources: Marks) -> tuple[Marks, Marks]:
    """Return which nodes any source feeds, and which a reservoir does."""
    of_all = network.is_source & sources
    reservoirs = of_all & (network.nodes.kind == NodeKind.RESERVOIR)
    return reached(network, of_all, passable=passable), reached(network, reservoirs, passable=passable)


def with_states(network: Network, *, closed: Places, broken: Places) -> Network:
    """Return a network some of whose valves (places) are shut, or cannot be worked."""
    valves = network.valves
    shut_, works = valves.closed.copy(), valves.operable.copy()
    shut_[closed] = True
    works[broken] = False
    return replace(network, valves=replace(valves, closed=shut_, operable=works))
