"""How the drains hang together: loops, parts without an outfall, nodes alone, and an order from above to below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import MultiLineString

from gis.findings.figures import said
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.network import Network
from gis.networks.graph import Places


@dataclass(frozen=True)
class Parts:
    """How a network hangs together, by its sewers that lead from one node to another."""

    network: Network

    @cached_property
    def chosen(self) -> Places:
        """Sewers that are joined at both ends."""
        return np.flatnonzero(self.network.sewers.is_joined)

    @cached_property
    def _matrix(self) -> coo_array:
        return self._matrix_of(self.chosen)

    def _matrix_of(self, chosen: Places) -> coo_array:
        sewers, number = self.network.sewers, len(self.network.nodes)
        ones = np.ones(len(chosen), dtype=np.int8)
        return coo_array((ones, (sewers.start[chosen], sewers.end[chosen])), shape=(number, number))

    def components_of(self, chosen: Places) -> Places:
        """Return for each node the part it is in, where some sewers alone count."""
        return _components(self._matrix_of(chosen), "weak", len(self.network.nodes))

    @cached_property
    def part(self) -> Places:
        """For each node the part of the network it is in."""
        return _components(self._matrix, "weak", len(self.network.nodes))

    @cached_property
    def leaving(self) -> tuple[Places, Places]:
        """Where the sewers that leave each node begin in a list of sewers, and that list."""
        return self._by_node(self.network.sewers.start)

    @cached_property
    def arriving(self) -> tuple[Places, Places]:
        """Where the sewers that arrive at each node begin in a list of sewers, and that list."""
        return self._by_node(self.network.sewers.end)

    def _by_node(self, node: Places) -> tuple[Places, Places]:
        order = self.chosen[np.argsort(node[self.chosen], kind="stable")]
        return np.searchsorted(node[order], np.arange(len(self.network.nodes) + 1)), order

    @cached_property
    def rank(self) -> Places:
        """For each node how many sewers at most lie above it in a row; -1 on and below loops."""
        end, number = self.network.sewers.end, len(self.network.nodes)
        heads, order = self.leaving
        waiting = np.bincount(end[self.chosen], minlength=number)
        rank = np.full(number, -1, dtype=np.int64)
        ready, level = np.flatnonzero(waiting == 0), 0
        while len(ready):
            rank[ready] = level
            counts = heads[ready + 1] - heads[ready]
            leaving = order[np.repeat(heads[ready] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())]
            reached, times = np.unique(end[leaving], return_counts=True)
            waiting[reached] -= times
            ready, level = reached[waiting[reached] == 0], level + 1
        return rank

    @cached_property
    def goal(self) -> Places:
        """For each node the outfall its water comes to, -1 for none; where several sewers leave it, by one of them."""
        nodes, (heads, leaving) = self.network.nodes, self.leaving
        onward = np.arange(len(nodes))
        has = (heads[1:] > heads[:-1]) & ~nodes.is_outfall
        onward[has] = self.network.sewers.end[leaving[heads[:-1][has]]]
        for _ in range(max(len(nodes), 1).bit_length()):
            onward = onward[onward]
        return np.where(nodes.is_outfall[onward], onward, -1) if len(nodes) else onward

    def faults(self) -> Iterator[Fault]:
        """Yield loops, parts without an outfall, nodes alone, and nodes that several sewers leave."""
        yield from self._loops()
        yield from self._without_outfall()
        yield from self._alone()
        yield from self._divided()

    def _loops(self) -> Iterator[Fault]:
        sewers = self.network.sewers
        turn = _components(self._matrix, "strong", len(self.network.nodes))
        looped = np.zeros(len(sewers), dtype=np.bool_)
        looped[self.chosen] = turn[sewers.start[self.chosen]] == turn[sewers.end[self.chosen]]
        for sewer in np.flatnonzero(looped).tolist():
            yield Fault(Kind.LOOP, "sewer", int(sewers.uid[sewer]), sewers.label(sewer), sewers.lines[sewer])

    def _without_outfall(self) -> Iterator[Fault]:
        """Yield one fault for each part, about the first of its sewers."""
        sewers, nodes = self.network.sewers, self.network.nodes
        if not len(self.chosen):
            return
        drained = np.zeros(int(self.part.max()) + 1, dtype=np.bool_)
        drained[self.part[nodes.is_outfall]] = True
        part = self.part[sewers.start[self.chosen]]
        lost = self.chosen[~drained[part]]
        lost = lost[np.argsort(part[~drained[part]], kind="stable")]
        borders = np.flatnonzero(np.diff(self.part[sewers.start[lost]])) + 1
        for group in np.split(lost, borders) if len(lost) else ():
            sewer = int(group[0])
            detail = said("{number} đoạn cống", "{number} sewers", number=len(group))
            whole = MultiLineString(shapely.get_parts(sewers.lines[group]).tolist())
            yield Fault(
                Kind.NO_OUTFALL,
                "sewer",
                int(sewers.uid[sewer]),
                sewers.label(sewer),
                whole,
                detail=detail,
            )

    def _alone(self) -> Iterator[Fault]:
        nodes, sewers = self.network.nodes, self.network.sewers
        named = np.zeros(len(nodes), dtype=np.bool_)
        for joined in (sewers.start, sewers.end):
            named[joined[joined >= 0]] = True
        for node in np.flatnonzero(self.network.is_mine & ~named).tolist():
            yield Fault(Kind.NODE_ALONE, nodes.layer(node), int(nodes.uid[node]), nodes.label(node), nodes.points[node])

    def _divided(self) -> Iterator[Fault]:
        nodes = self.network.nodes
        leaving = np.bincount(self.network.sewers.start[self.chosen], minlength=len(nodes))
        for node in np.flatnonzero(leaving > 1).tolist():
            detail = said("{number} đoạn cống", "{number} sewers", number=int(leaving[node]))
            yield Fault(
                Kind.DIVIDES,
                nodes.layer(node),
                int(nodes.uid[node]),
                nodes.label(node),
                nodes.points[node],
                detail=detail,
            )


def _components(matrix: coo_array, connection: str, number: int) -> Places:
    if not number:
        return np.empty(0, dtype=np.int64)
    _, part = connected_components(matrix, directed=True, connection=connection)
    return np.asarray(part, dtype=np.int64)
