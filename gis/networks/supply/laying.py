"""The network that the layers describe: pumps and valves are nodes there, and links here.

Water passes a pump, or a valve that governs it, from the pipe that ends there to the pipe that starts there. A pipe
whose recorded length is 0 beside one is no pipe: it says which node the pump or valve is joined to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.ends import Ends, ends_of
from gis.networks.supply.network import NOWHERE, LinkKind, Links, Network, NodeKind, Nodes, Texts, Valves, texts
from gis.networks.supply.stored import Stored
from gis.networks.supply.units import DAY_S

GOVERNING: Mapping[str, LinkKind] = {
    "pressure_reducing": LinkKind.PRV,
    "pressure_sustaining": LinkKind.PSV,
    "flow_control": LinkKind.FCV,
    "throttle": LinkKind.TCV,
}
"""Types of valves that govern pressure or flow; gate valves shut, check valves let pass one way."""
_ONE_WAY = (LinkKind.PUMP, LinkKind.PRV, LinkKind.PSV)
_MM_M = 0.001
_OUTLET = "~"


@dataclass(frozen=True)
class Laid:
    """The network of the layers, and where each part of it stands in them; -1 where it does not.

    Parameters
    ----------
    of_node : row of each node among the stored ones.
    of_pipe : row of each link among the stored pipes.
    of_gear : row of each pump or governing valve among the stored nodes.
    found : codes of what was found wrong meanwhile, by kind of fault.
    """

    network: Network
    of_node: Places
    of_pipe: Places
    of_gear: Places
    found: Mapping[str, tuple[str, ...]]


@dataclass
class _Laying:
    """What is being laid: ends of pipes that move, the links of equipment, what goes."""

    stored: Stored
    start: Places
    end: Places
    number: int
    one_way: Marks
    gone: Marks
    outlets: list[int] = field(default_factory=list[int])
    gear: list[tuple[int, int, LinkKind]] = field(default_factory=list[tuple[int, int, LinkKind]])
    same: dict[int, int] = field(default_factory=dict[int, int])
    sides: set[int] = field(default_factory=set[int])
    stray: list[str] = field(default_factory=list[str])

    def outlet(self, node: int) -> int:
        """Add a node on the far side of another, and return its place."""
        self.outlets.append(node)
        self.number += 1
        return self.number - 1

    def meeting(self, node: int) -> tuple[Places, Places]:
        """Return the pipes that end at a node, and those that start there."""
        return np.flatnonzero(self.end == node), np.flatnonzero(self.start == node)

    def resolved(self, node: int) -> int:
        """Return the node that another one is the same as."""
        seen = {node}
        while node in self.same and self.same[node] not in seen:
            node = self.same[node]
            seen.add(node)
        return node


def laid(stored: Stored, *, name: str) -> Laid:
    """Return the network of the layers.

    Parameters
    ----------
    name : what it is called in sentences.
    """
    ends = ends_of(stored)
    pipes = len(stored.pipes)
    number = len(stored.nodes) + len(ends.loose)
    free, whole = np.zeros(pipes, dtype=np.bool_), np.zeros(pipes, dtype=np.bool_)
    laying = _Laying(stored, ends.start.copy(), ends.end.copy(), number, free, whole)
    _set_equipment(laying)
    _join_connections(laying)
    return _finished(laying, ends, name)


def _kind_at(stored: Stored, row: int) -> LinkKind | None:
    stands = stored.nodes.texts("node_type")[row]
    if stands == "pump":
        return LinkKind.PUMP
    return GOVERNING.get(str(stored.nodes.texts("valve_type")[row])) if stands == "valve" else None


def _set_equipment(laying: _Laying) -> None:
    """Put a link in the place of each pump and governing valve, and let water pass check valves one way."""
    stands, kinds = laying.stored.nodes.texts("node_type"), laying.stored.nodes.texts("valve_type")
    for row in np.flatnonzero((stands == "pump") | (stands == "valve")):
        node, code = int(row), str(laying.stored.nodes.texts("code")[row])
        kind = _kind_at(laying.stored, node)
        is_check = kinds[row] == "check" and stands[row] == "valve"
        if kind is None and not is_check:
            continue
        coming, going = laying.meeting(node)
        fits = len(coming) > 0 and len(going) > 0
        laying.sides.add(node)
        if is_check and fits:
            laying.one_way[going] = True
            continue
        outlet = laying.outlet(node)
        laying.sides.add(outlet)
        if not fits:
            # What stands the wrong way round lets nothing pass: to join its pipes would be a guess.
            laying.stray.append(code)
            coming, going = coming[1:], going if len(coming) else going[1:]
        laying.start[going] = outlet
        if not fits:
            laying.end[coming] = outlet
        elif kind is not None:
            laying.gear.append((node, outlet, kind))


def _join_connections(laying: _Laying) -> None:
    """Take out pipes of no length beside equipment: their two ends are one node."""
    lengths = laying.stored.pipes.numbers("length_m")
    for pipe in np.flatnonzero(lengths == 0):
        start, end = int(laying.start[pipe]), int(laying.end[pipe])
        side, other = (start, end) if start in laying.sides else (end, start)
        if side in laying.sides and laying.resolved(other) != laying.resolved(side):
            laying.same[laying.resolved(side)] = laying.resolved(other)
            laying.gone[pipe] = True


def _finished(laying: _Laying, ends: Ends, name: str) -> Laid:
    stored = laying.stored
    of_node = np.concatenate([
        np.arange(len(stored.nodes)), np.full(len(ends.loose), NOWHERE), np.array(laying.outlets, dtype=np.int64)
    ]).astype(np.int64)  # fmt: skip
    true = np.array([laying.resolved(node) for node in range(laying.number)], dtype=np.int64)
    kept = np.flatnonzero(true == np.arange(laying.number))
    place = np.full(laying.number, NOWHERE, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    new = place[true]
    is_outlet = np.arange(laying.number) >= len(stored.nodes) + len(ends.loose)
    stood = shapely.get_coordinates(stored.nodes.shapes)
    position = np.concatenate([stood, ends.loose, stood[np.array(laying.outlets, dtype=np.int64)]])
    nodes, twins = _nodes(stored, position[kept], of_node[kept], is_outlet[kept])
    of_pipe = np.flatnonzero(~laying.gone)
    links, more = _links(laying, new, of_pipe)
    gear = np.array([row for row, _, _ in laying.gear], dtype=np.int64)
    found = {
        "twin_code": (*twins, *more),
        "missing_node": ends.missing,
        "end_apart": ends.apart,
        "stray_equipment": tuple(laying.stray),
    }
    valves, many = _valves(laying, new, of_pipe)
    found["valve_of_many_pipes"] = many
    return Laid(
        Network(name, nodes, links, valves),
        np.where(is_outlet[kept], NOWHERE, of_node[kept]),
        np.concatenate([of_pipe, np.full(len(gear), NOWHERE)]).astype(np.int64),
        np.concatenate([np.full(len(of_pipe), NOWHERE), gear]).astype(np.int64),
        {kind: codes for kind, codes in found.items() if codes},
    )


def _unique(codes: list[str]) -> tuple[Texts, tuple[str, ...]]:
    """Return codes that differ, the later ones of twins numbered, and the twins."""
    seen: dict[str, int] = {}
    twins: dict[str, None] = {}
    taken = set(codes)
    found: list[str] = []
    for code in codes:
        seen[code] = seen.get(code, 0) + 1
        if seen[code] == 1:
            found.append(code)
            continue
        twins[code] = None
        number = seen[code]
        while f"{code}#{number}" in taken:
            number += 1
        taken.add(f"{code}#{number}")
        found.append(f"{code}#{number}")
    return texts(found), tuple(twins)


def _nodes(stored: Stored, position: Numbers, row: Places, is_outlet: Marks) -> tuple[Nodes, tuple[str, ...]]:
    rows = stored.nodes
    loose = np.flatnonzero(row < 0)
    named = [str(rows.texts("code")[each]) if each >= 0 else "" for each in row]
    for number, place in enumerate(loose):
        named[place] = f"@{number + 1}"
    codes, twins = _unique([f"{code}{_OUTLET}" if out else code for code, out in zip(named, is_outlet, strict=True)])
    stands = texts([str(rows.texts("node_type")[each]) if each >= 0 else "junction" for each in row])
    kind = np.full(len(row), NodeKind.JUNCTION, dtype=np.int64)
    kind[(stands == "reservoir") & ~is_outlet] = NodeKind.RESERVOIR
    kind[(stands == "tank") & ~is_outlet] = NodeKind.TANK

    def of(name: str) -> Numbers:
        return np.where(row >= 0, rows.numbers(name)[row], np.nan) if len(rows) else np.full(len(row), np.nan)

    level = np.where(kind == NodeKind.RESERVOIR, of("head_m"), of("elevation_m"))
    first, least, most = of("tank_initial_level_m"), of("tank_min_level_m"), of("tank_max_level_m")
    holds = (least <= first) & (first <= most) & (least < most) & (of("tank_diameter_m") > 0) & np.isfinite(level)
    lacks = ((kind == NodeKind.TANK) & ~holds) | ((kind == NodeKind.RESERVOIR) & ~np.isfinite(level))
    drawn = np.where((kind == NodeKind.JUNCTION) & ~is_outlet, np.nan_to_num(of("demand_m3_day")), 0.0)
    uid = np.where((row >= 0) & ~is_outlet, rows.whole("uid")[row] if len(rows) else NOWHERE, NOWHERE)
    return Nodes(codes, kind, stands, level, drawn / DAY_S, position, uid.astype(np.int64), lacks), twins


def _links(laying: _Laying, new: Places, of_pipe: Places) -> tuple[Links, tuple[str, ...]]:
    pipes, rows = laying.stored.pipes, laying.stored.nodes
    gear = np.array([row for row, _, _ in laying.gear], dtype=np.int64)
    kinds = np.array([kind for _, _, kind in laying.gear], dtype=np.int64)
    number = len(of_pipe)
    nothing = np.full(len(gear), np.nan)
    named = [*pipes.texts("code")[of_pipe], *rows.texts("code")[gear]]
    codes, twins = _unique([str(code) for code in named])
    recorded, drawn = pipes.numbers("length_m")[of_pipe], shapely.length(pipes.shapes)[of_pipe]
    rough = pipes.numbers("roughness_hw")[of_pipe]
    pumped = (rows.numbers("pump_flow_m3_h")[gear] > 0) & (rows.numbers("pump_head_m")[gear] > 0)
    is_pump = kinds == LinkKind.PUMP
    shut = rows.marks("closed")[gear] | (is_pump & rows.marks("broken")[gear])
    uid = [pipes.whole("uid")[of_pipe], rows.whole("uid")[gear]]
    links = Links(
        codes,
        np.concatenate([np.full(number, LinkKind.PIPE), kinds]).astype(np.int64),
        new[np.concatenate([laying.start[of_pipe], gear])],
        new[np.concatenate([laying.end[of_pipe], [out for _, out, _ in laying.gear]]).astype(np.int64)],
        np.concatenate([np.where(np.isnan(recorded), drawn, recorded), nothing]),
        np.concatenate([_MM_M * pipes.numbers("diameter_mm")[of_pipe], nothing]),
        np.concatenate([rough, nothing]),
        np.concatenate([pipes.marks("closed")[of_pipe], shut]),
        np.concatenate([laying.one_way[of_pipe], np.isin(kinds, _ONE_WAY)]),
        np.zeros(number + len(gear), dtype=np.bool_),
        np.concatenate(uid).astype(np.int64),
        np.concatenate([pipes.shapes[of_pipe], rows.shapes[gear]]),
        np.concatenate([~(rough > 0), np.where(is_pump, ~pumped, np.isnan(rows.numbers("valve_setting")[gear]))]),
    )
    return links, twins


def _valves(laying: _Laying, new: Places, of_pipe: Places) -> tuple[Valves, tuple[str, ...]]:
    """Return where valves part the network: gate valves from all pipes but the first, governing ones at their link."""
    rows = laying.stored.nodes
    link_of = np.full(len(laying.stored.pipes), NOWHERE, dtype=np.int64)
    link_of[of_pipe] = np.arange(len(of_pipe))
    governing = {row: place for place, (row, _, kind) in enumerate(laying.gear) if kind is not LinkKind.PUMP}
    entries: list[tuple[int, int, int]] = []
    many: list[str] = []
    at: dict[int, list[int]] = {}
    for pipe in of_pipe.tolist():
        for node in {int(laying.start[pipe]), int(laying.end[pipe])}:
            at.setdefault(node, []).append(pipe)
    for row in np.flatnonzero(rows.texts("node_type") == "valve").tolist():
        if row in governing:
            entries.append((row, row, len(of_pipe) + governing[row]))
        elif rows.texts("valve_type")[row] not in ("check", *GOVERNING):
            meeting = at.get(row, [])
            entries.extend((row, row, int(link_of[pipe])) for pipe in meeting[1:])
            if len(meeting) > 2:  # noqa: PLR2004 - a valve stands between two pipes
                many.append(str(rows.texts("code")[row]))
    row = np.array([entry[0] for entry in entries], dtype=np.int64)
    valves = Valves(
        texts([str(code) for code in rows.texts("code")[row]]),
        new[np.array([entry[1] for entry in entries], dtype=np.int64)],
        np.array([entry[2] for entry in entries], dtype=np.int64),
        ~rows.marks("broken")[row],
        rows.marks("closed")[row],
        rows.whole("uid")[row],
    )
    return valves, tuple(many)
