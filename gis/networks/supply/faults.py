"""What is wrong with a network, or looks as if it were: told, and never mended unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.feet import elevations_in_feet, lengths_in_feet
from gis.networks.supply.kinds import KINDS, FaultKind
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.reach import parts, passable_now, reached

_SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Fault:
    """What has one kind of fault: places of nodes or of links, and their codes."""

    kind: FaultKind
    layer: str
    places: Places
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A network that was looked over.

    Parameters
    ----------
    network : as it is simulated; a reservoir without a head, or a tank without levels, is a junction in it.
    faults : what was found, by kind.
    left_out : links that the model does without.
    supplied : nodes that water reaches from a source as things stand; of the others no pressure is known.
    why : for each node that is not, why: the name of a kind of fault.
    """

    network: Network
    faults: tuple[Fault, ...]
    left_out: Marks
    supplied: Marks
    why: Mapping[int, str]


def checked(network: Network, *, more: Mapping[str, tuple[str, ...]] | None = None) -> Checked:
    """Look a network over.

    Parameters
    ----------
    more : codes of what was found while it was read, by kind of fault.
    """
    of_links = {name: np.flatnonzero(test(network)) for name, test in _LINKS.items()}
    left_out = np.zeros(len(network.links), dtype=np.bool_)
    for name, places in of_links.items():
        if KINDS[name].is_error:
            left_out[places] = True
    joined = ~left_out
    supplied = reached(network, network.is_source, passable=joined & passable_now(network))
    why = _why(network, joined, supplied)
    of_nodes = {name: np.flatnonzero(test(network)) for name, test in _NODES.items()}
    of_nodes |= {name: np.flatnonzero(why == name) for name in ("unconnected", "disconnected", _SHUT)}
    if not network.is_source.any():
        of_nodes["no_source"] = np.empty(0, dtype=np.int64)
    given = more or {}
    faults: list[Fault] = []
    for name, kind in KINDS.items():
        if name in given:
            faults.append(Fault(kind, "", np.empty(0, dtype=np.int64), given[name]))
        elif name in of_links and len(of_links[name]):
            faults.append(Fault(kind, "pipe", of_links[name], tuple(map(str, network.links.code[of_links[name]]))))
        elif name in of_nodes and (len(of_nodes[name]) or name == "no_source"):
            faults.append(Fault(kind, "node", of_nodes[name], tuple(map(str, network.nodes.code[of_nodes[name]]))))
    return Checked(network, tuple(faults), left_out, supplied, {int(p): str(why[p]) for p in np.flatnonzero(~supplied)})


def _why(network: Network, joined: Marks, supplied: Marks) -> np.ndarray:
    """Return for each node that no water reaches the name of the reason; an empty text for the others."""
    part = parts(network, joined=joined)
    size = np.bincount(part)
    fed = np.zeros(len(size), dtype=np.bool_)
    fed[part[network.is_source]] = True
    why = np.full(len(network.nodes), "", dtype=object)
    why[~supplied] = _SHUT
    why[~fed[part]] = "disconnected"
    why[~supplied & (size[part] == 1)] = "unconnected"
    return why


def _is(kind: LinkKind) -> Callable[[Network], Marks]:
    return lambda network: network.links.kind == kind


def _missing(network: Network) -> Marks:
    return (network.links.start < 0) | (network.links.end < 0)


def _looped(network: Network) -> Marks:
    return ~_missing(network) & (network.links.start == network.links.end)


def _without(figures: Numbers) -> Marks:
    return ~(np.nan_to_num(figures, nan=0.0) > 0)


def _valves_without_setting(network: Network) -> Marks:
    return (network.links.kind > LinkKind.PUMP) & network.links.lacks


_LINKS: Mapping[str, Callable[[Network], Marks]] = {
    "missing_node": _missing,
    "loop": _looped,
    "zero_length": lambda network: _is(LinkKind.PIPE)(network) & _without(network.links.length_m),
    "zero_diameter": lambda network: _is(LinkKind.PIPE)(network) & _without(network.links.diameter_m),
    "no_roughness": lambda network: _is(LinkKind.PIPE)(network) & network.links.lacks,
    "pump_without_curve": lambda network: _is(LinkKind.PUMP)(network) & network.links.lacks,
    "valve_without_setting": _valves_without_setting,
    "length_in_feet": lengths_in_feet,
}


def _junctions(network: Network) -> Marks:
    return network.nodes.kind == NodeKind.JUNCTION


_NODES: Mapping[str, Callable[[Network], Marks]] = {
    "source_without_head": lambda network: network.nodes.lacks,
    "unknown_elevation": lambda network: _junctions(network) & ~np.isfinite(network.nodes.elevation_m),
    "negative_elevation": lambda network: _junctions(network) & (network.nodes.elevation_m < 0),
    "elevation_in_feet": elevations_in_feet,
}
