"""Where rain enters the drains: catchments led to the manholes that take their water.

A catchment that names a manhole as its outlet lets its water in there. One that names an outfall is the land of all
sewers that lead to that outfall: its ground goes to the nearest of their manholes; where none leads there, it reaches
the outfall without a sewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.db import City
from gis.findings.figures import said
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.network import AMBIGUOUS, Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.records import Records, records
from gis.networks.graph import Marks, Numbers, Places
from gis.overlay import Shapes

_M2_OF_HA = 10_000


@dataclass(frozen=True)
class Inlets:
    """Pieces of catchments, each with the node that takes its rain; NaN where a catchment does not say a value.

    `farthest_m` is how far the farthest corner of a piece lies from its node.
    """

    catchment: Places
    node: Places
    shape: Shapes
    farthest_m: Numbers
    slope: Numbers
    paved_share: Numbers
    curve_number: Numbers
    codes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.node)

    def some(self, mine: Marks) -> Inlets:
        """Return some of them."""
        return replace(
            self,
            catchment=self.catchment[mine],
            node=self.node[mine],
            shape=self.shape[mine],
            farthest_m=self.farthest_m[mine],
            slope=self.slope[mine],
            paved_share=self.paved_share[mine],
            curve_number=self.curve_number[mine],
        )

    @property
    def area_m2(self) -> Numbers:
        """Area of each piece."""
        return np.asarray(shapely.area(self.shape), dtype=np.float64)


@dataclass(frozen=True)
class Catching:
    """Where rain enters, and what is wrong with catchments; `lost_m2` is the land whose rain goes nowhere known."""

    inlets: Inlets
    faults: tuple[Fault, ...]
    lost_m2: float


def catching(city: City, network: Network, parts: Parts) -> Catching:
    """Lead the catchments of a city to the nodes of its drains."""
    read = records(city, "catchments")
    faults = tuple(_faults(read, network))
    wrong = {each.uid for each in faults}
    fit = [place for place, uid in enumerate(read.uid.tolist()) if uid not in wrong]
    pieces = [piece for place in fit for piece in _pieces(place, read, network, parts)]
    lost = np.isin(read.uid, list(wrong))
    return Catching(_inlets(pieces, read, network), faults, float(shapely.area(read.geometry[lost]).sum()))


def _faults(read: Records, network: Network) -> Iterator[Fault]:
    nodes = network.nodes
    for place, outlet in enumerate(read.texts["outlet"]):
        kind = Kind.OUTLET_UNNAMED
        if outlet is not None:
            node = nodes.by_code.get(outlet)
            if node is not None and node >= 0 and nodes.system[node] != "sanitary":
                continue
            kind = Kind.OUTLET_MISSING if node is None else Kind.OUTLET_OF_WASTEWATER
            kind = Kind.NODE_TWICE if node == AMBIGUOUS else kind
        shape = read.geometry[place]
        named = "" if outlet is None else f"{outlet!r}, "
        area = said(f"{named}{{area}} ha", area=float(shapely.area(shape)) / _M2_OF_HA)
        yield Fault(kind, "catchment", int(read.uid[place]), _label(read, place), shape, detail=area)


def _label(read: Records, place: int) -> str:
    return str(read.texts["code"][place] or read.uid[place])


_Piece = tuple[int, int, shapely.Geometry]
"""Place of the catchment, node, shape."""


def _pieces(place: int, read: Records, network: Network, parts: Parts) -> Iterator[_Piece]:
    shape, nodes = read.geometry[place], network.nodes
    outlet = nodes.by_code[read.texts["outlet"][place]]
    above = _above(outlet, network, parts) if nodes.is_outfall[outlet] else np.empty(0, dtype=np.int64)
    if not len(above):
        yield place, outlet, shape
        return
    _, first = np.unique(np.round(nodes.places[above], 3), axis=0, return_index=True)
    above = above[np.sort(first)]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(nodes.places[above]), extend_to=shape, ordered=True)
    )
    shapely.prepare(shape)
    shares = shapely.intersection(cells, shape)
    for number in np.flatnonzero(shapely.area(shares) > 0).tolist():
        yield place, int(above[number]), shares[number]


def _above(outfall: int, network: Network, parts: Parts) -> Places:
    """Return the manholes from which water comes to an outfall."""
    heads, arriving = parts.arriving
    start, nodes = network.sewers.start, network.nodes
    found, waiting = {outfall}, [outfall]
    while waiting:
        node = waiting.pop()
        for sewer in arriving[heads[node] : heads[node + 1]].tolist():
            upper = int(start[sewer])
            if upper not in found:
                found.add(upper)
                waiting.append(upper)
    listed = np.array(sorted(found), dtype=np.int64)
    return listed[~nodes.is_outfall[listed]]


def _inlets(pieces: list[_Piece], read: Records, network: Network) -> Inlets:
    catchment = np.array([place for place, _, _ in pieces], dtype=np.int64)
    node = np.array([node for _, node, _ in pieces], dtype=np.int64)
    shape = np.array([*(shape for *_, shape in pieces), None], dtype=object)[:-1]
    corners, owner = shapely.get_coordinates(shape, return_index=True)
    farthest = np.zeros(len(shape))
    if len(shape):
        np.maximum.at(farthest, owner, np.hypot(*(corners - network.nodes.places[node][owner]).T))
    numbers = read.numbers
    return Inlets(
        catchment,
        node,
        shape,
        farthest,
        numbers["slope_share"][catchment],
        numbers["impervious_share"][catchment],
        numbers["curve_number"][catchment],
        tuple(_label(read, place) for place in range(len(read))),
    )
