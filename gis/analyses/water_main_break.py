"""Which valves shut off a broken water main, and who is without water meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from gis.answering import FILE
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Table
from gis.networks.graph import Places
from gis.networks.supply.breaks import Shut, shut, with_states
from gis.networks.supply.finding import pipe_meant, valves_meant, with_valves
from gis.networks.supply.model import Model, model
from gis.networks.supply.network import LinkKind, Network
from gis.networks.supply.segments import Segments, segments
from gis.networks.supply.telling import (
    at_node,
    background,
    cut,
    fault_table,
    known,
    network_source,
    node_subject,
    pipe_features,
    pipe_subject,
)
from gis.networks.supply.units import DAY_S
from layers.model import Words

_TITLE = Words("Cô lập đoạn ống vỡ", "Isolation of a broken water main")
_MOST_ROWS, _MOST_PIPES = 200, 3_000
_BROKEN = Look(Words("Ống vỡ", "Broken pipe"), "#7f0f0f")
_SHUT = Look(Words("Ống bị khóa", "Pipe that is shut"), "#d9432f")
_VALVE = Look(Words("Van cần đóng", "Valve to close"), "#1a1a1a")
_HELD = Look(Words("Van đã đóng sẵn", "Valve that is shut already"), "#6b6b6b")
_INSIDE = Look(Words("Mất nước trong đoạn khóa", "Without water, in what is shut"), "#e0863a")
_BEYOND = Look(Words("Mất nước vì không còn nguồn", "Without water, cut off from every source"), "#8f3fa3")
_TANK = Look(Words("Chỉ còn nước từ bể, đài", "Fed by a tank alone"), "#3f86b8")
_STEPS = {"inside": _INSIDE, "beyond": _BEYOND, "tank": _TANK}


def water_main_break(
    city: City,
    *,
    pipe: str,
    network: Annotated[str, FILE] = "",
    crs: str = "",
    broken: str = "",
    closed: str = "",
    valves: str = "",
) -> Finding:
    """Find the valves that shut off a broken pipe, and who has no water then.

    First the segment: all that hangs together with the pipe up to valves that can be worked. Then whoever no source
    reaches any more, with the valves that are shut already and those that let water pass one way. Gate valves and
    valves that govern pressure or flow can be shut, check valves and pumps cannot.

    Parameters
    ----------
    pipe : code of the pipe, its uid, or a position near it as `longitude,latitude`.
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    broken : codes of valves that turn out not to work, with commas.
    closed : codes of valves that are shut besides, with commas.
    valves : valves that the file does not hold, as `NODE:PIPE` with commas.

    Returns
    -------
    Finding
        Tables `valves` (to close, and shut already), `pipes` (m), `without_water` (nodes, m³/day), `faults`; features
        for all of them.

    Raises
    ------
    SupplyError
        When there is no network, or no such pipe or valve.
    """
    asked = model(city, network=network, crs=crs)
    whole = with_valves(asked.network, valves)
    whole = with_states(whole, closed=valves_meant(whole, closed), broken=valves_meant(whole, broken))
    link = pipe_meant(whole, pipe)
    parts = segments(whole)
    found = _Found(asked, whole, parts, link, shut(whole, parts, int(parts.link[link])))
    arguments = {"pipe": pipe, "network": asked.argument, "crs": crs}
    return Finding(
        question="water_main_break",
        title=_TITLE,
        arguments={**arguments, "broken": broken, "closed": closed, "valves": valves},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(found.quantities),
        tables=(found.valve_table, found.pipe_table, found.dry_table, fault_table(asked.checked.faults)),
        features=tuple(found.features()),
        notes=tuple(found.notes),
        sources=(network_source(asked),),
    )


@dataclass(frozen=True)
class _Found:
    """A break: the pipe, the segments, what is shut."""

    asked: Model
    network: Network
    parts: Segments
    link: int
    out: Shut

    def _steps(self) -> Iterator[tuple[str, Places]]:
        draws = self.network.draws
        yield "inside", np.flatnonzero(self.out.lost & draws)
        yield "beyond", np.flatnonzero(self.out.cut_off & draws)
        yield "tank", np.flatnonzero(self.out.tank_alone & draws)

    @property
    def quantities(self) -> Iterator[Quantity]:
        demand = self.network.nodes.demand_m3_s
        total = float(demand[self.network.draws].sum())
        amounts = {step: float(demand[nodes].sum()) for step, nodes in self._steps()}
        nodes = sum(len(nodes) for step, nodes in self._steps() if step != "tank")
        dry = amounts["inside"] + amounts["beyond"]
        closing = len(set(self.network.valves.code[self.out.to_close]))
        yield Quantity("valves", Words("Van cần đóng", "Valves to close"), closing, "valves")
        length_m = float(np.nansum(self.network.links.length_m[self.out.links]))
        yield Quantity("shut_m", Words("Chiều dài ống bị khóa", "Length of pipes shut"), length_m, "m")
        yield Quantity("dry_nodes", Words("Nút dùng nước bị mất nước", "Nodes without water"), nodes, "nodes")
        yield Quantity("dry_m3_day", Words("Nhu cầu bị mất nước", "Demand without water"), DAY_S * dry, "m³/day")
        share = dry / total if total else None
        yield Quantity("dry_share", Words("Tỷ lệ nhu cầu của mạng", "Share of the network's demand"), share, "1")
        beyond = DAY_S * amounts["beyond"]
        yield Quantity(
            "beyond_m3_day", Words("Trong đó vì không còn nguồn", "Of it, cut off from sources"), beyond, "m³/day"
        )
        tank = DAY_S * amounts["tank"]
        yield Quantity("tank_m3_day", Words("Nhu cầu chỉ còn bể, đài cấp", "Demand a tank alone feeds"), tank, "m³/day")

    @property
    def notes(self) -> Iterator[Words]:
        yield from self.asked.notes
        if self.out.unbounded:
            yield Words(
                "Không có van nào bao quanh đoạn này: phải ngừng cấp nước cho toàn bộ phần mạng nối liền",
                "No valve bounds this segment: all that hangs together has to be shut down",
            )
        if self.network.links.kind[self.link] != LinkKind.PIPE:
            yield Words("Phần tử được nêu không phải là ống", "What is named is no pipe")

    @property
    def valve_table(self) -> Table:
        valves = self.network.valves
        rows: list[tuple[str, Words, str, float | None]] = []
        seen: set[str] = set()
        for places, state in ((self.out.to_close, _VALVE.title), (self.out.held, _HELD.title)):
            for place in places:
                code = str(valves.code[place])
                if code not in seen:
                    seen.add(code)
                    link = valves.link[place]
                    rows.append((code, state, str(self.network.links.code[link]), self._diameter(int(link))))
        headings = (
            Heading("valve", Words("Van", "Valve")),
            Heading("state", Words("Thao tác", "What to do")),
            Heading("pipe", Words("Trên ống", "On pipe")),
            Heading("diameter_mm", Words("Đường kính", "Diameter"), "mm"),
        )
        return Table("valves", Words("Van bao quanh đoạn bị khóa", "Valves around what is shut"), headings, tuple(rows))

    def _diameter(self, link: int) -> float | None:
        return known(1_000 * self.network.links.diameter_m[link])

    @property
    def pipe_table(self) -> Table:
        links = self.network.links
        in_order = sorted(
            self.out.links.tolist(), key=lambda link: (link != self.link, -np.nan_to_num(links.length_m[link]))
        )
        rows = tuple(
            (str(links.code[link]), self._diameter(link), known(links.length_m[link])) for link in in_order[:_MOST_ROWS]
        )
        headings = (
            Heading("pipe", Words("Ống", "Pipe")),
            Heading("diameter_mm", Words("Đường kính", "Diameter"), "mm"),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
        )
        return Table("pipes", cut(_SHUT.title, len(self.out.links), most=_MOST_ROWS), headings, rows)

    @property
    def dry_table(self) -> Table:
        nodes = self.network.nodes
        every = [(step, int(node)) for step, places in self._steps() for node in places]
        every.sort(key=lambda pair: -nodes.demand_m3_s[pair[1]])
        rows = tuple(
            (str(nodes.code[node]), _STEPS[step].title, DAY_S * float(nodes.demand_m3_s[node]))
            for step, node in every[:_MOST_ROWS]
        )
        headings = (
            Heading("node", Words("Nút", "Node")),
            Heading("step", Words("Vì sao", "Why")),
            Heading("demand_m3_day", Words("Nhu cầu", "Demand"), "m³/day"),
        )
        title = Words("Nút dùng nước bị ảnh hưởng", "Nodes with demand that are affected")
        return Table("without_water", cut(title, len(every), most=_MOST_ROWS), headings, rows)

    def features(self) -> Iterator[Feature]:
        network, links = self.network, self.network.links
        others = np.setdiff1d(np.arange(len(links)), self.out.links)
        yield from background(network, others.tolist())
        yield from pipe_features(
            network, [each for each in self.out.links if each != self.link], _SHUT, most=_MOST_PIPES
        )
        if links.shape[self.link] is not None:
            yield Feature(pipe_subject(network, self.link), links.shape[self.link], {}, _BROKEN)
        for step, nodes in self._steps():
            for node in nodes[:_MOST_PIPES]:
                if (point := at_node(network, int(node))) is not None:
                    drawn = {"demand_m3_day": DAY_S * float(network.nodes.demand_m3_s[node])}
                    yield Feature(node_subject(network, int(node)), point, drawn, _STEPS[step])
        for places, look in ((self.out.held, _HELD), (self.out.to_close, _VALVE)):
            for place in places:
                node = int(network.valves.node[place])
                if (point := at_node(network, node)) is not None:
                    yield Feature(node_subject(network, node), point, {"valve": str(network.valves.code[place])}, look)
