"""The parts that valves bound: what is shut when one pipe of it is.

A valve stands between a node and a link that meets it. Nodes and links are in one segment where one can be reached from
the other without passing a valve that can be worked, or one that is shut already.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.network import Network, Valves


@dataclass(frozen=True)
class Segments:
    """The segment of each node and of each link, numbered from the largest; -1 where a link lies between no nodes.

    Parameters
    ----------
    bounds : valves (places among those of the network) that part two segments.
    node_side, link_side : the segments on both sides of each valve.
    """

    node: Places
    link: Places
    bounds: Marks
    node_side: Places
    link_side: Places

    @cached_property
    def number(self) -> int:
        """How many there are."""
        return int(max(self.node.max(initial=-1), self.link.max(initial=-1))) + 1

    @cached_property
    def sizes(self) -> Places:
        """How many nodes and links each has."""
        both = np.concatenate([self.node, self.link])
        return np.bincount(both[both >= 0], minlength=self.number).astype(np.int64)

    def sums(self, *, of_nodes: Numbers | None = None, of_links: Numbers | None = None) -> Numbers:
        """Return the sums over the nodes, or links, of each segment; what is not known counts as nothing."""
        found = np.zeros(self.number)
        for of, values in ((self.node, of_nodes), (self.link, of_links)):
            if values is not None:
                known = (of >= 0) & np.isfinite(values)
                found += np.bincount(of[known], values[known], self.number)
        return found


def segments(network: Network, *, valves: Valves | None = None) -> Segments:
    """Return the segments of a network.

    Parameters
    ----------
    valves : the valves that bound them; those of the network where none are given. One that cannot be worked and is
        open bounds nothing.
    """
    set_ = network.valves if valves is None else valves
    links = network.links
    number, of_links = len(network.nodes), np.flatnonzero((links.start >= 0) & (links.end >= 0))
    node = np.concatenate([links.start[of_links], links.end[of_links]])
    link = np.concatenate([of_links, of_links])
    bounding = set_.operable | set_.closed
    apart = np.isin(_pair(node, link, len(links)), _pair(set_.node[bounding], set_.link[bounding], len(links)))
    ones = np.ones(int((~apart).sum()), dtype=np.int8)
    whole = number + len(links)
    _, part = connected_components(
        coo_array((ones, (node[~apart], number + link[~apart])), shape=(whole, whole)), directed=False
    )
    counted = np.zeros(whole, dtype=np.bool_)
    counted[:number] = True
    counted[number + of_links] = True
    label = _by_size(part, counted)
    of_node, of_link = label[:number], label[number:]
    sides = of_node[set_.node], of_link[set_.link]
    return Segments(of_node, of_link, bounding & (sides[0] != sides[1]), *sides)


def _pair(node: Places, link: Places, links: int) -> Places:
    return node * max(links, 1) + link


def _by_size(part: Places, counted: Marks) -> Places:
    """Return parts numbered from the largest; -1 for what does not count."""
    sizes = np.bincount(part[counted], minlength=int(part.max(initial=-1)) + 1)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    label = rank[part]
    label[~counted] = -1
    return label.astype(np.int64)
