"""Open channels: which flows into which, and where outfalls let their water into them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from gis.db import City
from gis.networks.drainage.network import Nodes
from gis.networks.drainage.records import Texts, records
from gis.networks.drainage.sections import TRAPEZOID, Conduits, Sections
from gis.networks.graph import Graph, Numbers, Places, graph
from gis.overlay import Shapes

FARTHEST_BANK_M = 500.0
"""How far from the centre line of the water that receives it an outfall may lie: rivers are wide."""


@dataclass(frozen=True)
class Channels:
    """Centre lines drawn downstream; they meet where they share a vertex, at their ends or between."""

    uid: Places
    name: Texts
    lines: Shapes
    inverts_m: tuple[Numbers, Numbers]
    conduits: Conduits

    def __len__(self) -> int:
        return len(self.uid)

    def label(self, channel: int) -> str:
        """Return what a channel is called."""
        return str(self.name[channel] or self.uid[channel])

    @classmethod
    def read(cls, city: City) -> Channels:
        """Read them."""
        read = records(city, "channels")
        numbers = read.numbers
        above, below = numbers["invert_start_m"], numbers["invert_end_m"]
        length_m = np.asarray(shapely.length(read.geometry), dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(length_m > 0, (above - below) / length_m, np.nan)
        sections = Sections(
            np.full(len(read), TRAPEZOID), numbers["bed_width_m"], numbers["depth_m"], numbers["side_slope"]
        )
        conduits = Conduits(sections, slope, numbers["roughness_n"])
        return cls(read.uid, read.texts["name"], read.geometry, (above, below), conduits)

    def receiving(self, nodes: Nodes) -> tuple[Places, Numbers]:
        """Return for each node the channel that receives its water, -1 for none, and how far along it that is, in m.

        An outfall says the name of the water that receives it; of channels of that name the nearest takes it, where its
        centre line is not too far away to be that water.
        """
        channel, along_m = np.full(len(nodes), -1, dtype=np.int64), np.zeros(len(nodes))
        names = {name for name in self.name if name is not None}
        for name in sorted({each for each in nodes.receiving if each in names}):
            mine, there = np.flatnonzero(self.name == name), np.flatnonzero(nodes.receiving == name)
            found, nearest = shapely.STRtree(self.lines[mine]).query_nearest(
                nodes.points[there], max_distance=FARTHEST_BANK_M, all_matches=False
            )
            there = there[found]
            channel[there] = mine[nearest]
            along_m[there] = shapely.line_locate_point(self.lines[channel[there]], nodes.points[there])
        return channel, along_m

    @cached_property
    def graph(self) -> Graph:
        """The channels as a graph: an edge for each piece between places where they meet."""
        return graph(self.lines)

    @cached_property
    def piece_starts_m(self) -> Numbers:
        """How far along its channel each edge of the graph begins, in m."""
        edges = self.graph
        begins = np.concatenate([[0.0], np.cumsum(edges.length_m)])[:-1] if len(edges.line) else np.empty(0)
        firsts = np.searchsorted(edges.line, np.arange(len(self)))
        return begins - begins[firsts[edges.line]] if len(begins) else begins
