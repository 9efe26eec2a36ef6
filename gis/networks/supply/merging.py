"""The file that layers were loaded from, brought to what the layers say now; what did not change stays as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gis import crs as systems
from gis.networks.graph import Numbers, Places
from gis.networks.supply.delivered import Delivered, delivered
from gis.networks.supply.editing import Edits, edited
from gis.networks.supply.inp import Inp
from gis.networks.supply.kept import Kept
from gis.networks.supply.laying import Laid
from gis.networks.supply.network import NOWHERE, Network, Texts, Valves
from gis.networks.supply.pruning import without
from gis.networks.supply.reading import network_of
from gis.networks.supply.stored import Stored
from gis.networks.supply.writing import Lines, ids
from layers.model import Words


@dataclass(frozen=True)
class Merged:
    """A file that says what the layers say, its network, and what is to be known of it."""

    inp: Inp
    network: Network
    notes: tuple[Words, ...]


def merged(kept: Kept, laid: Laid, stored: Stored) -> Merged:
    """Return the file that the layers were loaded from, with what was changed, added and taken away since."""
    base = network_of(kept.inp, crs=kept.crs)
    before = delivered(kept.inp, base)
    naming = _Naming(base, before, laid)
    gone_nodes = {code for code in base.node_places if code not in set(naming.node_ids)}
    gone_links = {code for code in base.link_places if code not in set(naming.link_ids)}
    inp = without(kept.inp, gone_nodes, gone_links)
    edits = Edits(base, before, laid, stored, naming.node_ids, naming.link_ids, _placed(kept.crs))
    inp, changed = edited(inp, edits)
    inp, added = _with_new(inp, laid, stored, naming, edits.placed)
    numbers = (changed, added, len(gone_nodes) + len(gone_links))
    notes = (_said(kept.inp.name, *numbers),) if any(numbers) else ()
    network = _grafted(network_of(inp, crs=kept.crs), laid, naming, name=laid.network.name)
    return Merged(inp, network, notes)


def _said(name: str, changed: int, added: int, gone: int) -> Words:
    return Words(
        f"So với tệp {name}: {changed} phần tử thay đổi, {added} thêm mới, {gone} bỏ đi",
        f"Against the file {name}: {changed} parts changed, {added} added, {gone} taken away",
    )


def _placed(crs: str) -> Callable[[Numbers], Numbers]:
    transformation = systems.transformation(crs)

    def placed(positions: Numbers) -> Numbers:
        east, north = transformation.delivered_lists(positions[:, 0].tolist(), positions[:, 1].tolist())
        return np.column_stack([east, north]) if len(positions) else positions

    return placed


class _Naming:
    """What the nodes and links of the layers are called in the file."""

    def __init__(self, base: Network, before: Delivered, laid: Laid) -> None:
        nodes, links = laid.network.nodes, laid.network.links
        self.new_nodes = np.zeros(len(nodes), dtype=np.bool_)
        self.new_links = np.zeros(len(links), dtype=np.bool_)
        known: list[str | None] = []
        for place, code in enumerate(map(str, nodes.code)):
            is_same = laid.of_node[place] >= 0 and code in before.nodes and code not in before.gear
            known.append(code if is_same else None)
        self.node_ids = _named(nodes.code, known, self.new_nodes, taken=base.node_places)
        known = []
        for place, code in enumerate(map(str, links.code)):
            if laid.of_gear[place] >= 0:
                known.append(before.gear.get(code))
            else:
                known.append(code if code in base.link_places else None)
        self.link_ids = _named(links.code, known, self.new_links, taken=base.link_places)


def _named(codes: Texts, known: list[str | None], new: np.ndarray, *, taken: Mapping[str, int]) -> Texts:
    """Return the names of all; those that the file does not know are given one that it does not use."""
    found = np.array([*known, None], dtype=object)[:-1]
    unknown = [place for place, name in enumerate(known) if name is None]
    new[unknown] = True
    fresh = ids(np.array([*taken, *(codes[place] for place in unknown), None], dtype=object)[:-1])[len(taken) :]
    found[unknown] = fresh
    return found


def _with_new(
    inp: Inp, laid: Laid, stored: Stored, naming: _Naming, placed: Callable[[Numbers], Numbers]
) -> tuple[Inp, int]:
    lines = Lines(laid, stored, naming.node_ids, naming.link_ids, inp.units, placed)
    for name, rows in lines.of(naming.new_nodes, naming.new_links).items():
        inp = inp.extended(name, rows)
    return inp, int(naming.new_nodes.sum() + naming.new_links.sum())


def _grafted(network: Network, laid: Laid, naming: _Naming, *, name: str) -> Network:
    """Give a network that was read from a file what the layers know beyond it: features, hydrants, valves, lines."""
    at_node = np.array([network.node_places.get(str(each), NOWHERE) for each in naming.node_ids], dtype=np.int64)
    at_link = np.array([network.link_places.get(str(each), NOWHERE) for each in naming.link_ids], dtype=np.int64)
    nodes, links = network.nodes, network.links
    uid, stands, position = nodes.uid.copy(), nodes.stands.copy(), nodes.position.copy()
    _put(uid, at_node, laid.network.nodes.uid)
    _put(stands, at_node, laid.network.nodes.stands)
    _put(position, at_node, laid.network.nodes.position)
    of_link, shape = links.uid.copy(), links.shape.copy()
    _put(of_link, at_link, laid.network.links.uid)
    _put(shape, at_link, laid.network.links.shape)
    valves = laid.network.valves
    node, link = at_node[valves.node], at_link[valves.link]
    kept = (node >= 0) & (link >= 0)
    moved = Valves(
        valves.code[kept], node[kept], link[kept], valves.operable[kept], valves.closed[kept], valves.uid[kept]
    )
    return Network(
        name,
        replace(nodes, uid=uid, stands=stands, position=position),
        replace(links, uid=of_link, shape=shape),
        moved,
    )


def _put(into: np.ndarray, places: Places, values: np.ndarray) -> None:
    there = places >= 0
    into[places[there]] = values[there]
