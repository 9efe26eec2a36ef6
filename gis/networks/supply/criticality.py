"""What depends on what: for each segment, and for each valve that fails to close, who is without water.

Within a segment nodes and links that water passes between both ways are taken together, so that each case is looked at
in a graph that is hardly larger than the number of segments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.network import Network, Valves
from gis.networks.supply.reach import passable_now
from gis.networks.supply.segments import Segments


@dataclass(frozen=True)
class Loss:
    """Who is without water when something is shut: demand in m³/s, and nodes that have a demand.

    `inside` is the demand of the segments themselves; `beyond` that of what is cut off by it.
    """

    inside_m3_s: float
    beyond_m3_s: float
    nodes: int

    @property
    def demand_m3_s(self) -> float:
        """The demand of all who are without water."""
        return self.inside_m3_s + self.beyond_m3_s


class Dependence:
    """The network drawn together, segment by segment, to see what is cut off when segments are shut."""

    def __init__(self, network: Network, found: Segments) -> None:
        self._found = found
        number = len(network.nodes)
        tails, heads = _arcs(network)
        label = np.concatenate([found.node, found.link])
        inside = label[tails] == label[heads]
        whole = number + len(network.links)
        _, self._part = connected_components(
            coo_array(
                (np.ones(int(inside.sum()), dtype=np.int8), (tails[inside], heads[inside])), shape=(whole, whole)
            ),
            directed=True,
            connection="strong",
        )
        parts = int(self._part.max(initial=-1)) + 1
        self._segment = np.full(parts, -1, dtype=np.int64)
        self._segment[self._part] = label
        sources = self._part[np.flatnonzero(network.is_source)]
        arcs = np.unique(
            np.stack([
                np.concatenate([self._part[tails], np.full(len(sources), parts)]),
                np.concatenate([self._part[heads], sources]),
            ]),
            axis=1,
        )  # fmt: skip
        self._tails, self._heads = arcs[:, arcs[0] != arcs[1]]
        draws = np.where(network.draws, network.nodes.demand_m3_s, 0.0)
        self._demand = np.bincount(self._part[:number], draws, parts)
        self._drawing = np.bincount(self._part[:number], network.draws, parts)
        self._parts = parts
        self._had = self._reached(np.zeros(parts, dtype=np.bool_))

    def _reached(self, shut: Marks) -> Marks:
        out = np.append(shut, False)
        kept = ~(out[self._tails] | out[self._heads])
        tails, heads = self._tails[kept], self._heads[kept]
        size = self._parts + 1
        graph = coo_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(size, size)).tocsr()
        found = np.zeros(size, dtype=np.bool_)
        found[breadth_first_order(graph, self._parts, directed=True, return_predecessors=False)] = True
        return found[: self._parts]

    def loss(self, segments: Iterable[int]) -> Loss:
        """Return who is without water when some segments are shut; who had none before does not count."""
        shut = np.isin(self._segment, list(segments))
        dry = self._had & ~self._reached(shut)
        inside, beyond = dry & shut, dry & ~shut
        return Loss(float(self._demand[inside].sum()), float(self._demand[beyond].sum()), int(self._drawing[dry].sum()))


def _arcs(network: Network) -> tuple[Places, Places]:
    """Return the ways between nodes and links, which are numbered behind the nodes, as water may pass them."""
    links, number = network.links, len(network.nodes)
    open_ = np.flatnonzero(passable_now(network) & (links.start >= 0) & (links.end >= 0))
    back = open_[~links.one_way[open_]]
    tails = [links.start[open_], number + open_, links.end[back], number + back]
    heads = [number + open_, links.end[open_], number + back, links.start[back]]
    return np.concatenate(tails), np.concatenate(heads)


@dataclass(frozen=True)
class ValveWeights:
    """What each valve parts: valves around its two segments, and by what share the larger grows without it.

    After WNTR's `valve_segment_attributes`; 0 for a valve that parts nothing.
    """

    around: Places
    demand_increase: Numbers
    length_increase: Numbers


def valve_weights(network: Network, found: Segments, valves: Valves) -> ValveWeights:
    """Return what each valve parts.

    References
    ----------
    U.S. EPA, WNTR 1.5, `wntr.metrics.topographic.valve_segment_attributes`.
    """
    parts = found.node_side != found.link_side
    demand = found.sums(of_nodes=network.nodes.demand_m3_s)
    length = found.sums(of_links=network.links.length_m)
    at: dict[int, set[int]] = {}
    of_link = found.link[valves.link]
    of_node = found.node[valves.node]
    for place in range(len(valves)):
        at.setdefault(int(of_link[place]), set()).add(place)
        at.setdefault(int(of_node[place]), set()).add(place)
    around = [
        len(at[int(one)] | at[int(other)]) - 1 if differs else 0
        for one, other, differs in zip(found.node_side, found.link_side, parts, strict=True)
    ]
    return ValveWeights(
        np.array(around, dtype=np.int64),
        _increase(demand, found, parts),
        _increase(length, found, parts),
    )


def _increase(sums: Numbers, found: Segments, parts: Marks) -> Numbers:
    one, other = sums[found.node_side], sums[found.link_side]
    most = np.maximum(one, other)
    share = np.divide(one + other, most, out=np.ones(len(one)), where=most > 0) - 1
    return np.where(parts, share, 0.0)
