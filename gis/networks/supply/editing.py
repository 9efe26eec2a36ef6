"""Rows of an EPANET file changed where the layers say something else now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isclose, isfinite

import numpy as np

from gis.networks.graph import Numbers
from gis.networks.supply.delivered import Delivered, Value, Values
from gis.networks.supply.inp import Inp, Tokens
from gis.networks.supply.laying import Laid
from gis.networks.supply.network import LinkKind, Network, Texts
from gis.networks.supply.reach import passable_now
from gis.networks.supply.stored import Rows, Stored
from gis.networks.supply.writing import figure, setting

_SAME = 1e-9
_SAME_M = 0.002
_LEVELS = ("tank_initial_level_m", "tank_min_level_m", "tank_max_level_m", "tank_diameter_m")
_M3_S_OF_M3_H = 1 / 3_600
_PIPE_COLUMNS = 8


@dataclass(frozen=True)
class Edits:
    """A file as it was loaded (`base`, `before`), and what the layers say now, by the names of the file.

    Parameters
    ----------
    placed : brings positions of EPSG:5899 into the system of the file.
    """

    base: Network
    before: Delivered
    laid: Laid
    stored: Stored
    node_ids: Texts
    link_ids: Texts
    placed: Callable[[Numbers], Numbers]


Row = dict[int, str]
"""What words of a row become, by their place."""


def edited(inp: Inp, edits: Edits) -> tuple[Inp, int]:
    """Return a file with the rows changed that the layers contradict, and how many nodes and links that are."""
    of_nodes, shares = _of_nodes(inp, edits)
    of_links, states = _of_links(inp, edits)
    of_gear, more, curves = _of_gear(inp, edits)
    states |= more
    for name in ("JUNCTIONS", "RESERVOIRS", "TANKS"):
        inp = inp.changed(name, _setting(of_nodes))
    inp = inp.changed("DEMANDS", _sharing(shares))
    inp = inp.changed("PIPES", _setting(of_links))
    for name in ("PUMPS", "VALVES"):
        inp = inp.changed(name, _setting(of_gear))
    inp = inp.extended("CURVES", curves)
    if states:
        inp = inp.changed("STATUS", lambda tokens, line: None if tokens[0] in states else line)
        inp = inp.extended("STATUS", [f"{code} {state}" for code, state in states.items() if state])
    moved = _moved(edits)
    inp = inp.changed("COORDINATES", _setting(moved))
    return inp, len({*of_nodes, *moved}) + len({*of_links, *of_gear, *states})


def _setting(rows: Mapping[str, Row]) -> Callable[[Tokens, str], str]:
    def change(tokens: Tokens, line: str) -> str:
        if tokens[0] not in rows:
            return line
        words = list(tokens)
        for place, word in sorted(rows[tokens[0]].items()):
            words += ["0"] * (place + 1 - len(words))
            words[place] = word
        return " ".join(words)

    return change


def _sharing(shares: Mapping[str, float]) -> Callable[[Tokens, str], str]:
    def change(tokens: Tokens, line: str) -> str:
        if tokens[0] not in shares:
            return line
        return " ".join([tokens[0], figure(float(tokens[1]) * shares[tokens[0]]), *tokens[2:]])

    return change


def _now(rows: Rows, row: int, column: str) -> Value:
    value = rows.columns[column][row]
    if isinstance(value, (float, np.floating)):
        return float(value) if isfinite(value) else None
    return bool(value) if isinstance(value, (bool, np.bool_)) else value


def _differs(was: Values, rows: Rows, row: int, column: str) -> float | None:
    """Return the figure that a column has now; None where it is the same as before, or unknown."""
    then, now = was.get(column), _now(rows, row, column)
    if not isinstance(now, float):
        return None
    if isinstance(then, float) and isclose(then, now, rel_tol=_SAME, abs_tol=_SAME):
        return None
    return now


def _of_nodes(inp: Inp, edits: Edits) -> tuple[dict[str, Row], dict[str, float]]:
    metre, rows = inp.units.length_m, edits.stored.nodes
    drawn = {row.tokens[0] for row in inp.rows("DEMANDS")}
    base = {row.tokens[0]: row.tokens for row in inp.rows("JUNCTIONS")}
    found: dict[str, Row] = {}
    shares: dict[str, float] = {}
    for place, name in enumerate(map(str, edits.node_ids)):
        row, was = int(edits.laid.of_node[place]), edits.before.nodes.get(name)
        if row < 0 or was is None:
            continue
        changes: Row = {}
        level = _differs(was, rows, row, "head_m" if was["node_type"] == "reservoir" else "elevation_m")
        if level is not None:
            changes[1] = figure(level / metre)
        for word, column in enumerate(_LEVELS, 2):
            if was["node_type"] == "tank" and (size := _differs(was, rows, row, column)) is not None:
                changes[word] = figure(size / metre)
        demand = _differs(was, rows, row, "demand_m3_day") if was["node_type"] == "junction" else None
        if demand is not None:
            then = float(was.get("demand_m3_day") or 0.0)
            if then and name in drawn:
                shares[name] = demand / then
            else:
                own = float(base[name][2]) if len(base[name]) > 2 else 0.0  # noqa: PLR2004 - the third is the demand
                new = own * demand / then if then and own else demand / 86_400 / inp.units.flow_m3_s
                changes[2] = figure(new)
        if changes or name in shares:
            found[name] = changes
    return found, shares


def _of_links(inp: Inp, edits: Edits) -> tuple[dict[str, Row], dict[str, str]]:
    """Return what becomes of the rows of pipes, and of their rows among the states at the beginning."""
    units, rows = inp.units, edits.stored.pipes
    links, base = edits.laid.network.links, edits.base
    shut = ~passable_now(edits.laid.network)
    found: dict[str, Row] = {}
    states: dict[str, str] = {}
    for place, name in enumerate(map(str, edits.link_ids)):
        row, was = int(edits.laid.of_pipe[place]), edits.before.pipes.get(name)
        if row < 0 or was is None or name not in base.link_places:
            continue
        old = base.link_places[name]
        changes = _ends(edits, place, old)
        for word, column, per in ((3, "length_m", units.length_m), (4, "diameter_mm", 1_000 * units.diameter_m)):
            if (size := _differs(was, rows, row, column)) is not None:
                changes[word] = figure(size / per)
        rough = _differs(was, rows, row, "roughness_hw") if inp.head_loss == "H-W" else None
        if rough is not None:
            changes[5] = figure(rough)
        state = (bool(shut[place]), bool(links.one_way[place]))
        if state != (bool(base.links.closed[old]), bool(base.links.one_way[old])):
            changes |= {6: "0", 7: "Closed" if state[0] else "CV" if state[1] else "Open"}
            states[name] = ""
        if changes:
            found[name] = changes
    return found, states


def _ends(edits: Edits, place: int, old: int) -> Row:
    links, base = edits.laid.network.links, edits.base
    now = (str(edits.node_ids[links.start[place]]), str(edits.node_ids[links.end[place]]))
    sides = (base.links.start[old], base.links.end[old])
    then = tuple(str(base.nodes.code[side]) if side >= 0 else "" for side in sides)
    return {} if now == then else {1: now[0], 2: now[1]}


def _of_gear(inp: Inp, edits: Edits) -> tuple[dict[str, Row], dict[str, str], list[str]]:
    """Return what becomes of the rows of pumps and valves, their states at the beginning, and curves that are new."""
    rows, links = edits.stored.nodes, edits.laid.network.links
    shut = ~passable_now(edits.laid.network)
    words = {row.tokens[0]: [token.upper() for token in row.tokens] for row in inp.rows("PUMPS")}
    found: dict[str, Row] = {}
    states: dict[str, str] = {}
    curves: list[str] = []
    for place, name in enumerate(map(str, edits.link_ids)):
        row = int(edits.laid.of_gear[place])
        was = edits.before.nodes.get(str(links.code[place])) if row >= 0 else None
        if was is None or name not in edits.base.link_places:
            continue
        old = edits.base.link_places[name]
        changes = _ends(edits, place, old)
        kind = LinkKind(int(links.kind[place]))
        if kind is LinkKind.PUMP:
            sizes = [_now(rows, row, column) for column in ("pump_flow_m3_h", "pump_head_m")]
            differs = any(_differs(was, rows, row, column) is not None for column in ("pump_flow_m3_h", "pump_head_m"))
            if differs and all(isinstance(each, float) for each in sizes) and "HEAD" in words.get(name, []):
                flow = float(sizes[0] or 0) * _M3_S_OF_M3_H / inp.units.flow_m3_s
                changes[words[name].index("HEAD") + 1] = f"{name}~"
                curves.append(f"{name}~ {figure(flow)} {figure(float(sizes[1] or 0) / inp.units.length_m)}")
        elif (given := _differs(was, rows, row, "valve_setting")) is not None:
            changes[5] = figure(setting(given, kind, inp.units))
        if bool(shut[place]) != bool(edits.base.links.closed[old]):
            states[name] = "Closed" if shut[place] else "Open"
        if changes:
            found[name] = changes
    return found, states, curves


def _moved(edits: Edits) -> dict[str, Row]:
    found: dict[str, Row] = {}
    nodes = edits.laid.network.nodes
    for place, name in enumerate(map(str, edits.node_ids)):
        if edits.laid.of_node[place] < 0 or name not in edits.base.node_places or name not in edits.before.nodes:
            continue
        then, now = edits.base.nodes.position[edits.base.node_places[name]], nodes.position[place]
        if np.isfinite(then).all() and np.hypot(*(then - now)) > _SAME_M:
            easting, northing = edits.placed(now.reshape(1, 2))[0].tolist()
            found[name] = {1: f"{easting:.10g}", 2: f"{northing:.10g}"}
    return found
