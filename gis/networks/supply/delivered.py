"""What the layers hold of an EPANET file: a row of the layer node or pipe for each of its parts.

Pumps and valves, which are links there, are nodes here; short lines whose recorded length is 0 say which nodes they are
joined to. A check valve of a pipe is a node, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # lines are shapes of any kind to the checker

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.networks.graph import Numbers
from gis.networks.supply.inp import Inp, Row, number
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.units import DAY_S

Value = str | float | bool | None
Values = Mapping[str, Value]

_TYPES = {
    LinkKind.PRV: "pressure_reducing",
    LinkKind.PSV: "pressure_sustaining",
    LinkKind.FCV: "flow_control",
    LinkKind.TCV: "throttle",
}
_ASIDE_M = 0.5
"""How far beside its two nodes a pump or valve is drawn, where these stand on one spot."""
_CHECK_M = 1.0
"""How far from the beginning of its pipe a check valve is drawn."""
_KINDS = {NodeKind.JUNCTION: "junction", NodeKind.TANK: "tank", NodeKind.RESERVOIR: "reservoir"}


@dataclass(frozen=True)
class Delivered:
    """Rows of the layers by their code, and their geometries in EPSG:5899; None where a position is not known.

    Parameters
    ----------
    gear : the link of the file that each node which is a pump, a valve or a check valve stands for.
    aside : codes of pumps and valves that are drawn beside the spot on which both of their nodes stand.
    """

    nodes: Mapping[str, Values]
    pipes: Mapping[str, Values]
    node_shapes: Mapping[str, BaseGeometry | None]
    pipe_shapes: Mapping[str, BaseGeometry | None]
    gear: Mapping[str, str]
    aside: tuple[str, ...]


def delivered(inp: Inp, network: Network) -> Delivered:
    """Return the rows of a file, whose network was read from it."""
    making = _Making(inp, network)
    making.nodes()
    making.links()
    return Delivered(making.of_nodes, making.of_pipes, making.points, making.lines, making.gear, tuple(making.aside))


class _Making:
    def __init__(self, inp: Inp, network: Network) -> None:
        self._inp, self._network = inp, network
        self.of_nodes: dict[str, Values] = {}
        self.of_pipes: dict[str, Values] = {}
        self.points: dict[str, BaseGeometry | None] = {}
        self.lines: dict[str, BaseGeometry | None] = {}
        self.gear: dict[str, str] = {}
        self.aside: list[str] = []

    def nodes(self) -> None:
        nodes = self._network.nodes
        tanks = {row.tokens[0]: row for row in self._inp.rows("TANKS")}
        for place, code in enumerate(map(str, nodes.code)):
            kind, level = NodeKind(int(nodes.kind[place])), float(nodes.elevation_m[place])
            self.points[code] = _point(nodes.position[place])
            values: dict[str, Value] = {"code": code, "node_type": _KINDS[kind]}
            if kind is NodeKind.RESERVOIR:
                self.of_nodes[code] = {**values, "head_m": level}
            elif kind is NodeKind.TANK:
                self.of_nodes[code] = {**values, "elevation_m": level, **self._tank(tanks[code])}
            else:
                drawn = DAY_S * float(nodes.demand_m3_s[place])
                # What is fed in is no demand: the file alone says it.
                self.of_nodes[code] = {**values, "elevation_m": level, "demand_m3_day": drawn if drawn >= 0 else None}

    def _tank(self, row: Row) -> Values:
        names = ("tank_initial_level_m", "tank_min_level_m", "tank_max_level_m", "tank_diameter_m")
        metre = self._inp.units.length_m
        return {name: metre * number(self._inp, row, place, "level") for place, name in enumerate(names, 2)}

    def links(self) -> None:
        links, codes = self._network.links, self._network.nodes.code
        settings = dict(self._settings())
        for place, code in enumerate(map(str, links.code)):
            ends = [str(codes[side]) if side >= 0 else None for side in (links.start[place], links.end[place])]
            shape = links.shape[place]
            if links.kind[place] == LinkKind.PIPE:
                self._pipe(place, code, ends, shape)
            else:
                self._equipment(place, code, ends, shape, settings.get(code, {}))

    def _pipe(self, place: int, code: str, ends: list[str | None], shape: BaseGeometry | None) -> None:
        links = self._network.links
        if links.one_way[place]:
            valve = self._named("check", code)
            at = None if shape is None else min(_CHECK_M, shape.length / 10)
            point = None if shape is None or at is None else _along(shape, at)
            self.of_nodes[valve] = {"code": valve, "node_type": "valve", "valve_type": "check"}
            self.points[valve], self.gear[valve] = point, code
            self._connection(f"{code}:in", ends[0], valve, _between(shape, 0.0, at))
            ends, shape = [valve, ends[1]], _between(shape, at, None)
        rough = float(links.roughness_hw[place])
        self.of_pipes[code] = {
            "code": code,
            "start_node": ends[0],
            "end_node": ends[1],
            "length_m": float(links.length_m[place]),
            "diameter_mm": 1_000 * float(links.diameter_m[place]),
            "roughness_hw": rough if np.isfinite(rough) else None,
            "closed": bool(links.closed[place]),
        }
        self.lines[code] = shape

    def _equipment(
        self, place: int, code: str, ends: list[str | None], shape: BaseGeometry | None, setting: Values
    ) -> None:
        kind = LinkKind(int(self._network.links.kind[place]))
        name = self._named("pump" if kind is LinkKind.PUMP else "valve", code)
        self.gear[name] = code
        self.of_nodes[name] = {
            "code": name,
            "node_type": "pump" if kind is LinkKind.PUMP else "valve",
            "valve_type": _TYPES.get(kind),
            "closed": bool(self._network.links.closed[place]),
            **setting,
        }
        where = [None if end is None else self.points.get(end) for end in ends]
        point = None if shape is None else _along(shape, shape.length / 2)
        if point is None and where[0] is not None and where[1] is not None:
            point = shapely.transform(where[0], lambda xy: xy + np.array([_ASIDE_M, 0.0]))
            self.aside.append(name)
        self.points[name] = point
        for side, (start, end) in (("in", (ends[0], name)), ("out", (name, ends[1]))):
            half = (
                (0.0, None) if shape is None else (0.0, shape.length / 2) if side == "in" else (shape.length / 2, None)
            )
            line = _between(shape, *half) if shape is not None else _straight(self.points, start, end)
            self._connection(f"{code}:{side}", start, end, line)

    def _connection(self, code: str, start: str | None, end: str | None, line: BaseGeometry | None) -> None:
        self.of_pipes[code] = {"code": code, "start_node": start, "end_node": end, "length_m": 0.0, "closed": False}
        self.lines[code] = line

    def _named(self, kind: str, code: str) -> str:
        """Return the code of a node that stands for a link: its own, unless a node has it."""
        return code if kind != "check" and code not in self._network.node_places else f"{kind}:{code}"

    def _settings(self) -> Iterator[tuple[str, Values]]:
        inp, units = self._inp, self._inp.units
        curves = _curves(inp)
        for row in inp.rows("PUMPS"):
            words = [token.upper() for token in row.tokens]
            points = curves.get(row.tokens[words.index("HEAD") + 1], []) if "HEAD" in words[3:-1] else []
            if points:
                flow, head = points[len(points) // 2]
                hourly = 3_600 * units.flow_m3_s * flow
                yield row.tokens[0], {"pump_flow_m3_h": hourly, "pump_head_m": units.length_m * head}
        factors = {"PRV": units.pressure_m, "PSV": units.pressure_m, "FCV": 3_600 * units.flow_m3_s, "TCV": 1.0}
        for row in inp.rows("VALVES"):
            factor = factors.get(row.tokens[4].upper())
            if factor is not None:
                yield row.tokens[0], {"valve_setting": factor * number(inp, row, 5, "setting", default=0.0)}


def _curves(inp: Inp) -> Mapping[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for row in inp.rows("CURVES"):
        for place in range(1, len(row.tokens) - 1, 2):
            point = (number(inp, row, place, "flow"), number(inp, row, place + 1, "head"))
            found.setdefault(row.tokens[0], []).append(point)
    return found


def _point(position: Numbers) -> BaseGeometry | None:
    return shapely.Point(position) if np.isfinite(position).all() else None


def _straight(points: Mapping[str, BaseGeometry | None], start: str | None, end: str | None) -> BaseGeometry | None:
    one, other = points.get(start or ""), points.get(end or "")
    return None if one is None or other is None else shapely.LineString([*one.coords, *other.coords])


def _between(shape: BaseGeometry | None, begin: float | None, end: float | None) -> BaseGeometry | None:
    """Return the part of a line between two distances along it."""
    if shape is None:
        return None
    first, last = begin or 0.0, shape.length if end is None else end
    inner = [xy for xy in shape.coords[1:-1] if first < shape.project(shapely.Point(xy)) < last]
    ends = [_along(shape, each) for each in (first, last)]
    return shapely.LineString([*ends[0].coords, *inner, *ends[1].coords])


def _along(shape: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return the point at a distance along a line."""
    line: Any = shape
    return line.interpolate(distance_m)
