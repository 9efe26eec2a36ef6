"""A network of water supply as arrays: nodes, links between them, the valves that part it.

Lengths, levels and heads are in m, flows in m³/s, positions in EPSG:5899; NaN stands inside for what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.errors import NoSuchElementError

Texts = npt.NDArray[np.object_]
Shapes = npt.NDArray[np.object_]

NOWHERE = -1
"""The place of what is not there."""


class NodeKind(IntEnum):
    """What a node is to the hydraulics."""

    JUNCTION = 0
    TANK = 1
    RESERVOIR = 2


class LinkKind(IntEnum):
    """What a link is to the hydraulics, by the names of EPANET."""

    PIPE = 0
    PUMP = 1
    PRV = 2
    PSV = 3
    PBV = 4
    FCV = 5
    TCV = 6
    GPV = 7


@dataclass(frozen=True)
class Nodes:
    """The nodes.

    Parameters
    ----------
    code : name in the records.
    kind : see `NodeKind`.
    stands : what the layer says stands there: junction, hydrant, valve, pump, tank, reservoir.
    elevation_m : of the ground, of a tank's floor; of a reservoir its head.
    demand_m3_s : mean demand, patterns and multipliers counted; below zero where water is fed in.
    position : easting and northing.
    uid : of the feature in the layer; -1 where there is none.
    lacks : which reservoirs have no head, and which tanks no levels or diameter: they are no sources.
    """

    code: Texts
    kind: Places
    stands: Texts
    elevation_m: Numbers
    demand_m3_s: Numbers
    position: Numbers
    uid: Places
    lacks: Marks

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.code)


@dataclass(frozen=True)
class Links:
    """The links, from the node `start` to the node `end`.

    Parameters
    ----------
    code : name in the records.
    kind : see `LinkKind`.
    start, end : places of nodes.
    length_m, diameter_m : of pipes; roughness_hw: their coefficient C of Hazen-Williams.
    closed : whether it is shut when a simulation begins.
    one_way : whether water passes from start to end alone: check valves, pumps, valves that hold a pressure.
    steered : whether a control or a rule may open or shut it.
    uid : of the feature in the layer; -1 where there is none.
    shape : lines, None where positions are not known.
    lacks : which pipes have no roughness, pumps no curve, valves no setting.
    """

    code: Texts
    kind: Places
    start: Places
    end: Places
    length_m: Numbers
    diameter_m: Numbers
    roughness_hw: Numbers
    closed: Marks
    one_way: Marks
    steered: Marks
    uid: Places
    shape: Shapes
    lacks: Marks

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.code)


@dataclass(frozen=True)
class Valves:
    """Valves by which parts of the network are shut off: each stands between a node and a link that meets it.

    Parameters
    ----------
    code : name in the records.
    node, link : places of what it parts.
    operable : whether it can be worked; closed: whether it is shut now.
    uid : of the feature in the layer; -1 where there is none.
    """

    code: Texts
    node: Places
    link: Places
    operable: Marks
    closed: Marks
    uid: Places

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.code)


@dataclass(frozen=True)
class Network:
    """Nodes, links and valves; `name` says of which city or file."""

    name: str
    nodes: Nodes
    links: Links
    valves: Valves

    @cached_property
    def is_source(self) -> Marks:
        """Which nodes hold a head of their own: reservoirs with a head, tanks with their levels."""
        return (self.nodes.kind != NodeKind.JUNCTION) & np.isfinite(self.nodes.elevation_m) & ~self.nodes.lacks

    @cached_property
    def draws(self) -> Marks:
        """Which nodes have a demand: pressure is judged there alone."""
        return (self.nodes.kind == NodeKind.JUNCTION) & (self.nodes.demand_m3_s > 0)

    @cached_property
    def degree(self) -> Places:
        """How many links meet at each node."""
        ends = np.concatenate([self.links.start, self.links.end])
        return np.bincount(ends[ends >= 0], minlength=len(self.nodes)).astype(np.int64)

    @cached_property
    def node_places(self) -> Mapping[str, int]:
        """Place of each node by its code."""
        return {str(code): place for place, code in enumerate(self.nodes.code)}

    @cached_property
    def link_places(self) -> Mapping[str, int]:
        """Place of each link by its code."""
        return {str(code): place for place, code in enumerate(self.links.code)}

    def link_named(self, code: str) -> int:
        """Return the place of a link; NoSuchElementError where there is none of that code."""
        if code not in self.link_places:
            raise NoSuchElementError("pipe", code, self.link_places)
        return self.link_places[code]

    def node_named(self, code: str) -> int:
        """Return the place of a node; NoSuchElementError where there is none of that code."""
        if code not in self.node_places:
            raise NoSuchElementError("node", code, self.node_places)
        return self.node_places[code]

    def drawing(self, demand_m3_s: Numbers) -> Network:
        """Return the network with another demand at each node."""
        return replace(self, nodes=replace(self.nodes, demand_m3_s=demand_m3_s))


def texts(values: list[str]) -> Texts:
    """Return texts as an array."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def nothing() -> Valves:
    """Return no valves."""
    none = np.empty(0, dtype=np.int64)
    marks = np.empty(0, dtype=np.bool_)
    return Valves(texts([]), none, none, marks, marks, none)
