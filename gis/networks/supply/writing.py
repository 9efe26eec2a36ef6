"""The network of the layers as an EPANET file: metres, millimetres, litres a second; nothing that is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # figures out of arrays

import numpy as np
import shapely

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.inp import Inp, Section
from gis.networks.supply.laying import Laid
from gis.networks.supply.network import LinkKind, Network, NodeKind, Texts, texts
from gis.networks.supply.reach import passable_now
from gis.networks.supply.stored import Stored
from gis.networks.supply.units import METRIC, Units
from gis.schema import STORED_SRID

LONGEST_CODE = 31
"""Letters, as bytes, of the longest code that EPANET takes."""
_UNFIT = re.compile(r'[\s;,"\[\]\\]+')
_M3_S_OF_M3_H = 1 / 3_600


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
    lines = Lines(laid, stored, names.node_ids, names.link_ids)
    every = np.ones(len(network.nodes), dtype=np.bool_), np.ones(len(network.links), dtype=np.bool_)
    of_parts = lines.of(*every)
    sections: list[tuple[str, Iterable[str]]] = [
        ("TITLE", [network.name]),
        *((name, [_HEADS[name], *of_parts[name]]) for name in _HEADS),
        ("TIMES", ["DURATION 24:00", "HYDRAULIC TIMESTEP 1:00", "PATTERN TIMESTEP 1:00", "REPORT TIMESTEP 1:00"]),
        ("OPTIONS", ["UNITS LPS", "HEADLOSS H-W"]),
    ]
    made = [Section(name, (f"[{name}]", *rows, "")) for name, rows in sections]
    return Written(Inp(network.name, (*made, Section("END", ("[END]", "")))), names.node_ids, names.link_ids)


_HEADS = {
    "JUNCTIONS": ";ID elevation demand",
    "RESERVOIRS": ";ID head",
    "TANKS": ";ID elevation level lowest highest diameter volume",
    "PIPES": ";ID start end length diameter roughness loss status",
    "PUMPS": ";ID start end curve",
    "VALVES": ";ID start end diameter type setting loss",
    "STATUS": ";ID state",
    "CURVES": ";ID flow head",
    "COORDINATES": f";CRS EPSG:{STORED_SRID}",
    "VERTICES": ";ID easting northing",
}


def figure(value: Any) -> str:
    """Return a figure as it is written: to a millionth of what it is, nothing where it is not known."""
    return "0" if not np.isfinite(value) else f"{value:.10g}"


def _as_stored(eastings: Numbers) -> Numbers:
    return eastings


@dataclass(frozen=True)
class Lines:
    """The rows of a file for parts of the network, by section, in the units of the file.

    Parameters
    ----------
    node_ids, link_ids : what nodes and links are called in the file.
    units : of the file.
    placed : brings positions of EPSG:5899 into the system of the file.
    """

    laid: Laid
    stored: Stored
    node_ids: Texts
    link_ids: Texts
    units: Units = METRIC
    placed: Callable[[Numbers], Numbers] = _as_stored

    def of(self, nodes: Marks, links: Marks) -> Mapping[str, list[str]]:
        """Return the rows of some nodes and links."""
        kinds = self.laid.network.links.kind
        pumps = links & (kinds == LinkKind.PUMP) & ~self.laid.network.links.lacks
        return {
            "JUNCTIONS": list(self._junctions(nodes)),
            "RESERVOIRS": list(self._reservoirs(nodes)),
            "TANKS": list(self._tanks(nodes)),
            "PIPES": list(self._pipes(links & (kinds == LinkKind.PIPE))),
            "PUMPS": [f"{self._ends(place)} HEAD {self.link_ids[place]}" for place in np.flatnonzero(pumps).tolist()],
            "CURVES": [self._curve(place) for place in np.flatnonzero(pumps).tolist()],
            "VALVES": [self._valve(int(place)) for place in np.flatnonzero(links & (kinds > LinkKind.PUMP))],
            "STATUS": list(self._states(links & (kinds != LinkKind.PIPE))),
            "COORDINATES": list(self._coordinates(nodes)),
            "VERTICES": list(self._vertices(links & (kinds == LinkKind.PIPE))),
        }

    def _length(self, metres: Any) -> str:
        return figure(metres / self.units.length_m)

    def _of_kind(self, chosen: Marks, kind: NodeKind) -> Places:
        nodes = self.laid.network.nodes
        wanted = (nodes.kind == kind) & ~nodes.lacks
        return np.flatnonzero(chosen & (wanted | nodes.lacks if kind is NodeKind.JUNCTION else wanted))

    def _junctions(self, chosen: Marks) -> Iterator[str]:
        nodes = self.laid.network.nodes
        for place in self._of_kind(chosen, NodeKind.JUNCTION):
            drawn = figure(nodes.demand_m3_s[place] / self.units.flow_m3_s)
            yield f"{self.node_ids[place]} {self._length(nodes.elevation_m[place])} {drawn}"

    def _reservoirs(self, chosen: Marks) -> Iterator[str]:
        for place in self._of_kind(chosen, NodeKind.RESERVOIR):
            yield f"{self.node_ids[place]} {self._length(self.laid.network.nodes.elevation_m[place])}"

    def _tanks(self, chosen: Marks) -> Iterator[str]:
        names = ("tank_initial_level_m", "tank_min_level_m", "tank_max_level_m", "tank_diameter_m")
        columns = [self.stored.nodes.numbers(name) for name in names]
        for place in self._of_kind(chosen, NodeKind.TANK):
            levels = " ".join(self._length(column[self.laid.of_node[place]]) for column in columns)
            yield f"{self.node_ids[place]} {self._length(self.laid.network.nodes.elevation_m[place])} {levels} 0"

    def _ends(self, place: int) -> str:
        links = self.laid.network.links
        return f"{self.link_ids[place]} {self.node_ids[links.start[place]]} {self.node_ids[links.end[place]]}"

    def _pipes(self, chosen: Marks) -> Iterator[str]:
        links = self.laid.network.links
        shut = ~passable_now(self.laid.network)
        for place in np.flatnonzero(chosen).tolist():
            state = "Closed" if shut[place] else "CV" if links.one_way[place] else "Open"
            across = figure(links.diameter_m[place] / self.units.diameter_m)
            rough = figure(links.roughness_hw[place])
            yield f"{self._ends(place)} {self._length(links.length_m[place])} {across} {rough} 0 {state}"

    def _curve(self, place: int) -> str:
        row, rows = self.laid.of_gear[place], self.stored.nodes
        flow = rows.numbers("pump_flow_m3_h")[row] * _M3_S_OF_M3_H / self.units.flow_m3_s
        return f"{self.link_ids[place]} {figure(flow)} {self._length(rows.numbers('pump_head_m')[row])}"

    def _valve(self, place: int) -> str:
        network = self.laid.network
        kind = LinkKind(int(network.links.kind[place]))
        given = float(self.stored.nodes.numbers("valve_setting")[self.laid.of_gear[place]])
        across = figure(_widest(network, place) / self.units.diameter_m)
        return f"{self._ends(place)} {across} {kind.name} {figure(setting(given, kind, self.units))} 0"

    def _states(self, chosen: Marks) -> Iterator[str]:
        links = self.laid.network.links
        shut = ~passable_now(self.laid.network)
        for place in np.flatnonzero(chosen):
            is_pump = links.kind[place] == LinkKind.PUMP
            if shut[place] and not (is_pump and links.lacks[place]):
                yield f"{self.link_ids[place]} Closed"
            elif links.lacks[place] and not is_pump:
                yield f"{self.link_ids[place]} Open"

    def _coordinates(self, chosen: Marks) -> Iterator[str]:
        places = np.flatnonzero(chosen)
        moved = self.placed(self.laid.network.nodes.position[places])
        for name, (easting, northing) in zip(self.node_ids[places], moved.tolist(), strict=True):
            yield f"{name} {easting:.10g} {northing:.10g}"

    def _vertices(self, chosen: Marks) -> Iterator[str]:
        for place in np.flatnonzero(chosen):
            inner = shapely.get_coordinates(self.laid.network.links.shape[place])[1:-1]
            for easting, northing in self.placed(inner).tolist():
                yield f"{self.link_ids[place]} {easting:.10g} {northing:.10g}"


def setting(given: float, kind: LinkKind, units: Units) -> float:
    """Return the setting of a valve in the units of a file; the layers have it in m, or in m³/h."""
    if kind is LinkKind.FCV:
        return given * _M3_S_OF_M3_H / units.flow_m3_s
    return given / units.pressure_m if kind in (LinkKind.PRV, LinkKind.PSV) else given


def _widest(network: Network, link: int) -> float:
    """Return the diameter of the widest pipe beside a valve, in m; 0.1 m where none is known."""
    links = network.links
    ends = (links.start[link], links.end[link])
    beside = np.isin(links.start, ends) | np.isin(links.end, ends)
    known = links.diameter_m[beside & np.isfinite(links.diameter_m)]
    return float(known.max(initial=0.0)) or 0.1
