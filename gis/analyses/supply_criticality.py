"""Which pipes and valves the water supply depends on: who is without water when one is shut, or fails to close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any  # shapes out of arrays

import numpy as np

from gis.answering import FILE, told_through
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.networks.graph import Numbers, Places
from gis.networks.supply.criticality import Dependence, Loss, ValveWeights, valve_weights
from gis.networks.supply.errors import TooLargeError
from gis.networks.supply.finding import with_valves
from gis.networks.supply.model import model
from gis.networks.supply.network import LinkKind, Network
from gis.networks.supply.segments import Segments, segments
from gis.networks.supply.telling import at_node, background, fault_table, known, network_source, pipe_subject
from gis.networks.supply.units import DAY_S
from layers.model import Words

_TITLE = Words("Mức độ quan trọng của ống và van", "Criticality of pipes and valves")
_MOST_CASES = 60_000
_MOST_ROWS, _MOST_PIPES, _MOST_VALVES = 60, 4_500, 40
_LOOKS = (
    (0.001, Look(Words("Mất dưới 0,1 % nhu cầu", "Less than 0.1 % of demand lost"), "#9fb8c8")),
    (0.01, Look(Words("Mất 0,1–1 %", "0.1 to 1 % lost"), "#e6c65a")),
    (0.05, Look(Words("Mất 1–5 %", "1 to 5 % lost"), "#e0863a")),
    (float("inf"), Look(Words("Mất từ 5 %", "5 % and more lost"), "#c22f2f")),
)
"""Classes of what is lost when a pipe is shut: a convention."""
_VALVE = Look(Words("Van quan trọng nhất", "Most critical valve"), "#1a1a1a")


def supply_criticality(city: City, *, network: Annotated[str, FILE] = "", crs: str = "", valves: str = "") -> Finding:
    """Shut every segment of the water supply in turn, and every valve that failed to close; rank who loses water.

    A pipe is shut with its segment: all that hangs together with it up to valves that can be worked. To its own demand
    comes that of everybody no source reaches any more. A valve that fails to close lets both of its segments be shut.

    Parameters
    ----------
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    valves : valves that the file does not hold, as `NODE:PIPE` with commas.

    Returns
    -------
    Finding
        Tables `segments` and `valves`, the worst first (m³/day, shares), `faults`; a feature for each pipe, by what is
        lost with it, and for the most critical valves.

    Raises
    ------
    SupplyError
        When there is no network, or one too large to be looked at case by case.

    References
    ----------
    Segments and valves after U.S. EPA, WNTR 1.5: valve segmentation and valve criticality.
    """
    asked = model(city, network=network, crs=crs)
    whole = with_valves(asked.network, valves)
    parts = segments(whole)
    if parts.number + int(parts.bounds.sum()) > _MOST_CASES:
        raise TooLargeError("Segments and valves", parts.number + int(parts.bounds.sum()), _MOST_CASES)
    found = _Found.of(whole, parts)
    return Finding(
        question="supply_criticality",
        title=_TITLE,
        arguments={"network": asked.argument, "crs": crs, "valves": valves},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(found.quantities),
        tables=(found.segment_table, found.valve_table, fault_table(asked.checked.faults)),
        features=tuple(found.features()),
        notes=asked.notes,
        sources=(network_source(asked),),
    )


@dataclass(frozen=True)
class _Found:
    """What is lost with each segment, and with each valve that fails; `bounds` are the places of these valves."""

    network: Network
    parts: Segments
    of_segment: tuple[Loss, ...]
    bounds: Places
    of_valve: tuple[Loss, ...]
    weights: ValveWeights

    @classmethod
    def of(cls, network: Network, parts: Segments) -> _Found:
        depends = Dependence(network, parts)
        of_segment = tuple(depends.loss([each]) for each in told_through(range(parts.number), begin=0.1, end=0.5))
        bounds = np.flatnonzero(parts.bounds & network.valves.operable & ~network.valves.closed)
        of_valve = tuple(
            depends.loss([int(parts.node_side[valve]), int(parts.link_side[valve])])
            for valve in told_through(bounds.tolist(), begin=0.5, end=0.95)
        )
        return cls(network, parts, of_segment, bounds, of_valve, valve_weights(network, parts, network.valves))

    @cached_property
    def _total(self) -> float:
        return float(self.network.nodes.demand_m3_s[self.network.draws].sum())

    def _share(self, demand_m3_s: float) -> float | None:
        return demand_m3_s / self._total if self._total else None

    @cached_property
    def _lost(self) -> Numbers:
        return np.array([each.demand_m3_s for each in self.of_segment])

    @property
    def quantities(self) -> Iterator[Quantity]:
        pipes = self.network.links.kind == LinkKind.PIPE
        yield Quantity("segments", Words("Số đoạn giữa các van", "Segments"), self.parts.number, "segments")
        works = len(set(self.network.valves.code[self.network.valves.operable]))
        yield Quantity("valves", Words("Van thao tác được", "Valves that can be worked"), works, "valves")
        out = len(set(self.network.valves.code)) - works
        yield Quantity("broken_valves", Words("Van hỏng", "Valves that cannot be worked"), out, "valves")
        largest = self.parts.sums(of_links=np.where(pipes, self.network.links.length_m, np.nan))
        most = float(largest.max(initial=0.0))
        yield Quantity("longest_m", Words("Đoạn dài nhất", "Longest segment"), most, "m")
        worst = self._share(float(self._lost.max(initial=0.0)))
        yield Quantity(
            "worst_share", Words("Nhu cầu mất ở đoạn xấu nhất", "Demand lost with the worst segment"), worst, "1"
        )
        beyond = [place for place, each in enumerate(self.of_segment) if each.beyond_m3_s > 0]
        cutting = pipes & np.isin(self.parts.link, beyond)
        length_km = float(np.nansum(self.network.links.length_m[cutting])) / 1_000
        yield Quantity(
            "cutting_km",
            Words("Ống mà khi khóa làm mất nước nơi khác", "Pipes whose closing cuts others off"),
            length_km,
            "km",
        )

    @property
    def segment_table(self) -> Table:
        order = np.argsort(-self._lost, kind="stable")[:_MOST_ROWS]
        length = self.parts.sums(of_links=self.network.links.length_m)
        around = [
            self.parts.bounds & ((self.parts.node_side == each) | (self.parts.link_side == each)) for each in order
        ]
        rows = tuple(
            (
                self._name(int(each)),
                float(length[each]),
                len(set(self.network.valves.code[mine])),
                DAY_S * self.of_segment[each].inside_m3_s,
                DAY_S * self.of_segment[each].beyond_m3_s,
                self.of_segment[each].nodes,
                self._share(self.of_segment[each].demand_m3_s),
            )
            for each, mine in zip(order, around, strict=True)
        )
        headings = (
            Heading("segment", Words("Đoạn (ống dài nhất)", "Segment (its longest pipe)")),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
            Heading("valves", Words("Van phải đóng", "Valves to close")),
            Heading("inside_m3_day", Words("Nhu cầu trong đoạn", "Demand in it"), "m³/day"),
            Heading("beyond_m3_day", Words("Nhu cầu bị cắt nguồn", "Demand cut off by it"), "m³/day"),
            Heading("nodes", Words("Nút mất nước", "Nodes without water")),
            Heading("lost_share", Words("Tỷ lệ nhu cầu", "Share of demand"), "1"),
        )
        return Table("segments", Words("Các đoạn quan trọng nhất", "Most critical segments"), headings, rows)

    def _name(self, segment: int) -> str:
        """Return the code of the longest pipe of a segment; of a node where it has none."""
        links = np.flatnonzero(self.parts.link == segment)
        if len(links):
            return str(self.network.links.code[links[np.nan_to_num(self.network.links.length_m[links]).argmax()]])
        nodes = np.flatnonzero(self.parts.node == segment)
        return str(self.network.nodes.code[nodes[0]]) if len(nodes) else "–"

    def _more(self, place: int) -> float:
        """Return what is lost more when a valve fails to close, against the worse of its two segments."""
        valve = self.bounds[place]
        sides = (int(self.parts.node_side[valve]), int(self.parts.link_side[valve]))
        return self.of_valve[place].demand_m3_s - max(self._lost[side] for side in sides)

    @cached_property
    def _worst_valves(self) -> list[int]:
        return sorted(range(len(self.bounds)), key=lambda place: -self._more(place))

    @property
    def valve_table(self) -> Table:
        rows = tuple(
            (
                str(self.network.valves.code[self.bounds[place]]),
                DAY_S * self.of_valve[place].demand_m3_s,
                DAY_S * self._more(place),
                self._share(self.of_valve[place].demand_m3_s),
                int(self.weights.around[self.bounds[place]]),
                known(self.weights.demand_increase[self.bounds[place]]),
                known(self.weights.length_increase[self.bounds[place]]),
            )
            for place in self._worst_valves[:_MOST_ROWS]
        )
        headings = (
            Heading("valve", Words("Van", "Valve")),
            Heading("lost_m3_day", Words("Mất nước nếu không đóng được", "Demand lost if it does not close"), "m³/day"),
            Heading("more_m3_day", Words("Nhiều hơn khi đóng được", "More than if it does"), "m³/day"),
            Heading("lost_share", Words("Tỷ lệ nhu cầu", "Share of demand"), "1"),
            Heading("around", Words("Van quanh hai đoạn", "Valves around both segments")),
            Heading(
                "demand_increase", Words("Nhu cầu tăng thêm so với đoạn lớn", "Growth of the larger by demand"), "1"
            ),
            Heading(
                "length_increase", Words("Chiều dài tăng thêm so với đoạn lớn", "Growth of the larger by length"), "1"
            ),
        )
        return Table("valves", Words("Các van quan trọng nhất", "Most critical valves"), headings, rows)

    def features(self) -> Iterator[Feature]:
        """Yield the pipes, those with which most is lost last, and the worst valves."""
        links: Any = self.network.links
        lost = (
            np.where(self.parts.link >= 0, self._lost[self.parts.link], 0.0)
            if len(self._lost)
            else np.zeros(len(links))
        )
        placed = np.flatnonzero([each is not None for each in links.shape])
        in_order = placed[np.argsort(-lost[placed], kind="stable")]
        yield from background(self.network, in_order[_MOST_PIPES:].tolist())
        for link in in_order[:_MOST_PIPES][::-1]:
            share = self._share(float(lost[link])) or 0.0
            look = next(look for most, look in _LOOKS if share < most)
            yield Feature(pipe_subject(self.network, int(link)), links.shape[link], {"lost_share": share}, look)
        for place in self._worst_valves[:_MOST_VALVES]:
            valve = int(self.bounds[place])
            point = at_node(self.network, int(self.network.valves.node[valve]))
            if point is not None and self._more(place) > 0:
                uid = int(self.network.valves.uid[valve])
                subject = Subject("node", str(self.network.valves.code[valve]), uid if uid >= 0 else None)
                yield Feature(subject, point, {"more_m3_day": DAY_S * self._more(place)}, _VALVE)
