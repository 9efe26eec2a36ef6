"""The network of the layers as an EPANET file: metres, millimetres, litres a second; nothing that is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.networks.graph import Places
from gis.networks.supply.inp import Inp, Section
from gis.networks.supply.laying import Laid
from gis.networks.supply.network import Links, LinkKind, Network, NodeKind, Texts, texts
from gis.networks.supply.reach import passable_now
from gis.networks.supply.stored import Stored
from gis.networks.supply.units import METRIC
from gis.schema import STORED_SRID

LONGEST_CODE = 31
"""Letters, as bytes, of the longest code that EPANET takes."""
_UNFIT = re.compile(r'[\s;,"\[\]\\]+')
_M3_S_OF_M3_H = 1 / 3_600
_L_S = 1 / METRIC.flow_m3_s
_MM = 1 / METRIC.diameter_m
_TYPES = {LinkKind.PRV: "PRV", LinkKind.PSV: "PSV", LinkKind.FCV: "FCV", LinkKind.TCV: "TCV"}


@dataclass(frozen=True)
class Written:
    """An EPANET file, and what nodes and links are called in it: a code that EPANET does not take is another there."""

    inp: Inp
    node_ids: Texts
    link_ids: Texts


def ids(codes: Texts) -> Texts:
    """Return codes as EPANET takes them: without blanks, at most 31 letters, each of its own."""
    taken: set[str] = set()
    found: list[str] = []
    for code in codes:
        fit = _UNFIT.sub("_", str(code)) or "_"
        while len(fit.encode()) > LONGEST_CODE:
            fit = fit[:-1]
        whole, number = fit, 1
        while whole in taken:
            number += 1
            mark = f"_{number}"
            whole = fit[: LONGEST_CODE - len(mark)] + mark
        taken.add(whole)
        found.append(whole)
    return texts(found)


def written(laid: Laid, stored: Stored) -> Written:
    """Return the file of the layers; what is unknown is left at nothing, and is not simulated (see `checked`)."""
    network = laid.network
    names = Written(Inp("", ()), ids(network.nodes.code), ids(network.links.code))
    writing = _Writing(laid, stored, network, names.node_ids, names.link_ids)
    sections: list[tuple[str, Iterable[str]]] = [
        ("TITLE", [network.name]),
        ("JUNCTIONS", [";ID elevation demand", *writing.junctions()]),
        ("RESERVOIRS", [";ID head", *writing.reservoirs()]),
        ("TANKS", [";ID elevation level lowest highest diameter volume", *writing.tanks()]),
        ("PIPES", [";ID start end length diameter roughness loss status", *writing.pipes()]),
        ("PUMPS", [";ID start end curve", *writing.pumps()]),
        ("VALVES", [";ID start end diameter type setting loss", *writing.valves()]),
        ("STATUS", list(writing.states())),
        ("CURVES", list(writing.curves())),
        ("TIMES", ["DURATION 24:00", "HYDRAULIC TIMESTEP 1:00", "PATTERN TIMESTEP 1:00", "REPORT TIMESTEP 1:00"]),
        ("OPTIONS", ["UNITS LPS", "HEADLOSS H-W"]),
        ("COORDINATES", [f";CRS EPSG:{STORED_SRID}", *writing.coordinates()]),
        ("VERTICES", list(writing.vertices())),
    ]
    made = [Section(name, (f"[{name}]", *lines, "")) for name, lines in sections]
    return Written(Inp(network.name, (*made, Section("END", ("[END]", "")))), names.node_ids, names.link_ids)


def figure(value: float) -> str:
    """Return a figure as it is written: to a millionth of what it is, nothing where it is not known."""
    return "0" if not np.isfinite(value) else f"{value:.10g}"


@dataclass(frozen=True)
class _Writing:
    laid: Laid
    stored: Stored
    network: Network
    nodes: Texts
    links: Texts

    def _of_kind(self, kind: NodeKind) -> Places:
        nodes = self.network.nodes
        wanted = (nodes.kind == kind) & ~nodes.lacks
        if kind is NodeKind.JUNCTION:
            wanted |= nodes.lacks
        return np.flatnonzero(wanted)

    def _stored(self, name: str) -> Callable[[int], float]:
        column = self.stored.nodes.numbers(name)
        return lambda node: float(column[self.laid.of_node[node]])

    def junctions(self) -> Iterator[str]:
        nodes = self.network.nodes
        for place in self._of_kind(NodeKind.JUNCTION):
            level, drawn = nodes.elevation_m[place], nodes.demand_m3_s[place]
            yield f"{self.nodes[place]} {figure(level)} {figure(_L_S * drawn)}"

    def reservoirs(self) -> Iterator[str]:
        for place in self._of_kind(NodeKind.RESERVOIR):
            yield f"{self.nodes[place]} {figure(self.network.nodes.elevation_m[place])}"

    def tanks(self) -> Iterator[str]:
        names = ("tank_initial_level_m", "tank_min_level_m", "tank_max_level_m", "tank_diameter_m")
        columns = [self._stored(name) for name in names]
        for place in self._of_kind(NodeKind.TANK):
            levels = " ".join(figure(column(int(place))) for column in columns)
            yield f"{self.nodes[place]} {figure(self.network.nodes.elevation_m[place])} {levels} 0"

    def _ends(self, links: Links, place: int) -> str:
        start, end = links.start[place], links.end[place]
        return f"{self.links[place]} {self.nodes[start]} {self.nodes[end]}"

    def pipes(self) -> Iterator[str]:
        links = self.network.links
        shut = ~passable_now(self.network)
        for place in np.flatnonzero(links.kind == LinkKind.PIPE):
            state = "Closed" if shut[place] else "CV" if links.one_way[place] else "Open"
            sizes = (links.length_m[place], _MM * links.diameter_m[place], links.roughness_hw[place])
            yield f"{self._ends(links, place)} {' '.join(map(figure, sizes))} 0 {state}"

    def pumps(self) -> Iterator[str]:
        links = self.network.links
        for place in np.flatnonzero((links.kind == LinkKind.PUMP) & ~links.lacks):
            yield f"{self._ends(links, place)} HEAD {self.links[place]}"

    def curves(self) -> Iterator[str]:
        links, rows = self.network.links, self.stored.nodes
        for place in np.flatnonzero((links.kind == LinkKind.PUMP) & ~links.lacks):
            row = self.laid.of_gear[place]
            flow = _L_S * _m3_s(float(rows.numbers("pump_flow_m3_h")[row]))
            yield f"{self.links[place]} {figure(flow)} {figure(float(rows.numbers('pump_head_m')[row]))}"

    def valves(self) -> Iterator[str]:
        links, rows = self.network.links, self.stored.nodes
        for place in np.flatnonzero(links.kind > LinkKind.PUMP):
            kind = LinkKind(int(links.kind[place]))
            setting = float(rows.numbers("valve_setting")[self.laid.of_gear[place]])
            if kind is LinkKind.FCV:
                setting *= _L_S * _m3_s(1.0)
            across = _MM * _widest(self.network, int(place))
            yield f"{self._ends(links, place)} {figure(across)} {_TYPES[kind]} {figure(setting)} 0"

    def states(self) -> Iterator[str]:
        links = self.network.links
        shut = ~passable_now(self.network)
        for place in np.flatnonzero(links.kind != LinkKind.PIPE):
            if shut[place]:
                yield f"{self.links[place]} Closed"
            elif links.lacks[place] and links.kind[place] != LinkKind.PUMP:
                yield f"{self.links[place]} Open"

    def coordinates(self) -> Iterator[str]:
        for name, (easting_m, northing_m) in zip(self.nodes, self.network.nodes.position, strict=True):
            yield f"{name} {easting_m:.3f} {northing_m:.3f}"

    def vertices(self) -> Iterator[str]:
        links = self.network.links
        for place in np.flatnonzero(links.kind == LinkKind.PIPE):
            for easting_m, northing_m in shapely.get_coordinates(links.shape[place])[1:-1]:
                yield f"{self.links[place]} {easting_m:.3f} {northing_m:.3f}"


def _m3_s(flow_m3_h: float) -> float:
    return flow_m3_h * _M3_S_OF_M3_H


def _widest(network: Network, link: int) -> float:
    """Return the diameter of the widest pipe beside a valve, in m; 0.1 m where none is known."""
    links = network.links
    ends = (links.start[link], links.end[link])
    beside = np.isin(links.start, ends) | np.isin(links.end, ends)
    known = links.diameter_m[beside & np.isfinite(links.diameter_m)]
    return float(known.max(initial=0.0)) or 0.1
