"""The file that is handed to the engine: what is simulated of a network, for how long, and how demand is met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.networks.graph import Marks
from gis.networks.supply.inp import Inp, Section, Tokens
from gis.networks.supply.model import Model
from gis.networks.supply.network import NodeKind
from gis.networks.supply.pruning import dropping, without

_HYDRAULIC = (
    *("JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "EMITTERS", "CONTROLS", "RULES", "DEMANDS"),
    *("PATTERNS", "CURVES", "STATUS", "TIMES", "OPTIONS"),
)
"""Sections that heads and flows depend on; reports and maps are ours, and no file of the machine is written."""
_OWN_OPTIONS = (("HYDRAULICS",), ("MAP",), ("QUALITY",))
"""Options that read or write files, or cost time for nothing."""
_DRIVEN = (("DEMAND", "MODEL"), ("MINIMUM", "PRESSURE"), ("REQUIRED", "PRESSURE"), ("PRESSURE", "EXPONENT"))
_OWN_TIMES = (("DURATION",), ("STATISTIC",), ("REPORT", "START"))
_DEEP = -10_000.0
"""Where a node stands whose elevation is not known, when demand follows pressure: it draws all it asks for."""


@dataclass(frozen=True, slots=True)
class Drive:
    """How demand follows pressure: nothing is drawn at `least_m` and all from `full_m` on, by the root between."""

    least_m: float
    full_m: float


def simulated(model: Model) -> tuple[Marks, Marks]:
    """Return the nodes and the links that are simulated: those water reaches, and what lies between them."""
    network, checked = model.network, model.checked
    links = network.links
    nodes = checked.supplied
    joined = ~checked.left_out & (links.start >= 0) & (links.end >= 0)
    joined[joined] &= nodes[links.start[joined]] & nodes[links.end[joined]]
    return nodes, joined


def runnable(model: Model, *, hours: float, drive: Drive | None = None) -> str:
    """Return the text that is handed to the engine.

    Parameters
    ----------
    hours : how long is simulated; one moment where it is 0.
    drive : how demand follows pressure; it is drawn whatever the pressure where none is given.
    """
    nodes, links = simulated(model)
    out_nodes = {str(name) for name in model.node_ids[~nodes]}
    out_links = {str(name) for name in model.link_ids[~links]}
    inp = Inp(model.inp.name, tuple(each for each in model.inp.sections if each.name in _HYDRAULIC))
    inp = without(inp, out_nodes, out_links)
    inp = _tanks_without_levels(inp, model)
    for taken in (*_OWN_OPTIONS, *(_DRIVEN if drive is not None else ())):
        inp = inp.changed("OPTIONS", dropping(taken))
    for taken in _OWN_TIMES:
        inp = inp.changed("TIMES", dropping(taken))
    inp = inp.extended("TIMES", [f"DURATION {_clock(hours)}", "STATISTIC NONE"])
    if drive is not None:
        inp = _driven(inp, model, drive)
    report = Section("REPORT", ("[REPORT]", "STATUS NO", "SUMMARY NO", "MESSAGES YES"))
    return Inp(inp.name, (*inp.sections, report, Section("END", ("[END]", "")))).text


def _clock(hours: float) -> str:
    seconds = round(3_600 * hours)
    return f"{seconds // 3_600}:{seconds % 3_600 // 60:02d}:{seconds % 60:02d}"


def _tanks_without_levels(inp: Inp, model: Model) -> Inp:
    """Make junctions of tanks that are no sources: they hold no head."""
    lacking = model.network.nodes.lacks & (model.network.nodes.kind == NodeKind.TANK)
    names = {str(name) for name in model.node_ids[lacking]}
    rows = [row.tokens for row in inp.rows("TANKS") if row.tokens[0] in names]
    if not rows:
        return inp
    inp = inp.changed("TANKS", lambda tokens, line: None if tokens[0] in names else line)
    return inp.extended("JUNCTIONS", [f"{tokens[0]} {tokens[1]}" for tokens in rows])


def _driven(inp: Inp, model: Model, drive: Drive) -> Inp:
    per_m = 1 / inp.units.pressure_m
    options = [
        "DEMAND MODEL PDA",
        f"MINIMUM PRESSURE {drive.least_m * per_m:.6g}",
        f"REQUIRED PRESSURE {drive.full_m * per_m:.6g}",
        "PRESSURE EXPONENT 0.5",
    ]
    unknown = {str(model.node_ids[place]) for place in np.flatnonzero(~np.isfinite(model.network.nodes.elevation_m))}

    def deep(tokens: Tokens, line: str) -> str | None:
        return " ".join([tokens[0], str(_DEEP), *tokens[2:]]) if tokens[0] in unknown else line

    return inp.changed("JUNCTIONS", deep).extended("OPTIONS", options)
