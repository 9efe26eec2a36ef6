"""What is wrong with a network, or looks as if it were: told, and never mended unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.feet import elevations_in_feet, lengths_in_feet
from gis.networks.supply.network import LinkKind, Network, NodeKind
from gis.networks.supply.reach import parts, passable_now, reached
from layers.model import Words

_SHUT, _ERROR = "shut", "error"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: what it is called, and what becomes of what has it; an error leaves things out of the model."""

    name: str
    title: Words
    consequence: Words
    is_error: bool = True


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


_LEFT_OUT = Words("không đưa vào mô hình", "left out of the model")
_UNKNOWN = Words("áp lực chưa rõ", "its pressure is unknown")
_NOTHING = Words("mô hình giữ nguyên số liệu", "the model keeps the figure")
_OPEN = Words("coi như mở hoàn toàn", "taken as fully open")
_NO_SOURCE = Words("không được coi là nguồn", "not taken for a source")

KINDS: Mapping[str, FaultKind] = {
    each.name: each
    for each in (
        FaultKind("missing_node", Words("Ống có đầu không thuộc nút nào", "Pipe that names no node that is there"), _LEFT_OUT),
        FaultKind("loop", Words("Ống bắt đầu và kết thúc ở cùng một nút", "Pipe that begins and ends at one node"), _LEFT_OUT),
        FaultKind("zero_length", Words("Ống có chiều dài 0 hoặc chưa rõ", "Pipe without length"), _LEFT_OUT),
        FaultKind("zero_diameter", Words("Ống có đường kính 0 hoặc chưa rõ", "Pipe without diameter"), _LEFT_OUT),
        FaultKind("no_roughness", Words("Ống chưa rõ độ nhám", "Pipe without roughness"), _LEFT_OUT),
        FaultKind("pump_without_curve", Words("Máy bơm không có đặc tuyến", "Pump without a curve"), _LEFT_OUT),
        FaultKind("stray_equipment", Words("Bơm, van không đứng giữa một ống đến và một ống đi", "Pump or valve that does not stand between a pipe that ends there and one that starts there"), _LEFT_OUT),
        FaultKind("valve_without_setting", Words("Van điều khiển không có giá trị đặt", "Valve without a setting"), _OPEN, is_error=False),
        FaultKind("valve_of_many_pipes", Words("Van chặn có hơn hai ống", "Isolation valve at which more than two pipes meet"), Words("coi như đứng ở mọi ống trừ ống đầu", "taken to stand at all of them but the first"), is_error=False),
        FaultKind("source_without_head", Words("Nguồn không có cột nước, bể không có mực nước hoặc đường kính", "Reservoir without head, or tank without levels or diameter"), _NO_SOURCE),
        FaultKind("no_source", Words("Mạng không có nguồn", "Network without a source"), _UNKNOWN),
        FaultKind("unconnected", Words("Nút không nối với ống nào", "Node without a pipe"), _UNKNOWN),
        FaultKind("disconnected", Words("Nút thuộc phần mạng không nối với nguồn", "Node in a part that hangs together with no source"), _UNKNOWN),
        FaultKind(_SHUT, Words("Nút bị van đóng hoặc van một chiều ngăn khỏi mọi nguồn", "Node that a shut or one-way valve parts from every source"), _UNKNOWN, is_error=False),
        FaultKind("unknown_elevation", Words("Nút chưa rõ cao độ", "Node of unknown elevation"), _UNKNOWN, is_error=False),
        FaultKind("negative_elevation", Words("Nút có cao độ âm", "Node below sea level"), _NOTHING, is_error=False),
        FaultKind("elevation_in_feet", Words("Cao độ gấp hoặc bằng 1/3,28 lần các nút kề: có thể lẫn feet và mét", "Elevation 3.28 times, or 1/3.28 of, that of its neighbours: feet and metres may be mixed"), _NOTHING, is_error=False),
        FaultKind("length_in_feet", Words("Chiều dài gấp hoặc bằng 1/3,28 lần chiều dài vẽ: có thể lẫn feet và mét", "Length 3.28 times, or 1/3.28 of, the one drawn: feet and metres may be mixed"), _NOTHING, is_error=False),
        FaultKind("twin_code", Words("Mã trùng", "Code that several have"), Words("các đối tượng sau được thêm số", "the later ones are numbered"), is_error=False),
        FaultKind("end_apart", Words("Đầu ống cách xa nút của nó", "End of a pipe that lies away from its node"), _NOTHING, is_error=False),
    )
}  # fmt: skip
"""The kinds, in the order in which they are told."""


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
