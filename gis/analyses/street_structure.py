"""How the streets hang together, what hangs on a single one of them, and where the drawing may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import MultiLineString

from gis.answering import told
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.lonlat import degrees
from gis.findings.table import Cell
from gis.networks.betweenness import Betweenness, betweenness
from gis.networks.faults import NearMisses, components, dead_ends, near_misses
from gis.networks.graph import Numbers, Places
from gis.networks.streets.network import Streets, Travel, streets
from gis.networks.structure import Cuts, cuts, straightness, structure
from layers.model import Words

_TITLE = Words("Cấu trúc và lỗi của mạng lưới đường", "Structure and faults of the streets")
_MISS = Look(Words("Đầu đường gần chạm đường khác", "End that nearly meets a street"), "#b2182b")
_ISLAND = Look(Words("Phần đường tách rời", "Part that hangs together with nothing else"), "#8e44ad")
_BRIDGE = Look(Words("Đường độc đạo", "Only way to what lies behind"), "#e08214")
_BUSY = Look(Words("Đường nhiều lượt đi qua nhất", "Most of the shortest ways pass"), "#1b6ca8")
_EXACT_UP_TO = 1_500
_SAMPLED = 150
_MOST_LISTED = 500
_MOST_BUSY = 100
_LEAST_CUT_OFF = 2
_M_OF_KM = 1_000


def street_structure(city: City, *, travel: Literal["walk", "drive_shortest"] = "walk") -> Finding:
    """Describe how the streets are joined, which of them most ways pass, and where the drawing may be wrong.

    Nothing is repaired: streets are joined where they share a vertex, and an end that lies within a metre of another
    street without meeting it is told. Straightness and betweenness of large networks are estimated from some of their
    nodes, evenly picked; how many is told.

    Parameters
    ----------
    travel : on foot, or by vehicle along the least length.

    Returns
    -------
    Finding
        Figures of the network; tables `faults` (where, and how far apart in m) and `bridges`, by what they cut off.
    """
    network, how = streets(city), Travel(travel)
    told(0.2)
    looked = _Looked.at(network, how)
    return Finding(
        question="street_structure",
        title=_TITLE,
        arguments={"travel": travel},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(looked.quantities),
        tables=(looked.fault_table, looked.bridge_table, looked.busy_table),
        features=tuple(looked.features),
    )


@dataclass(frozen=True)
class _Looked:
    """The network, and what was found of it."""

    streets: Streets
    part: Places
    misses: NearMisses
    cuts: Cuts
    passing: Betweenness
    straight: Numbers

    @classmethod
    def at(cls, network: Streets, how: Travel) -> _Looked:
        """Look at a network."""
        graph, ways = network.graph, network.ways(how)
        most = None if len(graph.nodes) <= _EXACT_UP_TO else _SAMPLED
        part, misses, cut = components(graph), near_misses(graph), cuts(graph)
        told(0.4)
        passing = betweenness(ways, most=most)
        told(0.8)
        return cls(network, part, misses, cut, passing, straightness(ways, most=most))

    @property
    def quantities(self) -> Iterator[Quantity]:
        """The figures of the network."""
        graph = self.streets.graph
        said = structure(graph)
        sampled = self.passing.origins < said.nodes
        note = Words(f"ước lượng từ {self.passing.origins} nút", f"estimated from {self.passing.origins} nodes")
        yield Quantity("length_km", Words("Chiều dài đường", "Streets"), said.length_m / _M_OF_KM, "km")
        yield Quantity("nodes", Words("Số nút", "Nodes"), said.nodes, "1")
        yield Quantity("edges", Words("Số đoạn", "Edges"), said.edges, "1")
        yield Quantity("mean_degree", Words("Bậc trung bình của nút", "Mean degree"), _known(said.mean_degree), "1")
        yield Quantity("meshedness", Words("Độ khép mạng (meshedness)", "Meshedness"), _known(said.meshedness), "1")
        yield Quantity("gamma", Words("Chỉ số gamma", "Gamma"), _known(said.gamma), "1")
        straight = float(self.straight.mean()) if len(self.straight) else None
        yield Quantity("straightness", Words("Độ thẳng", "Straightness"), straight, "1", note=note if sampled else None)
        yield Quantity("dead_ends", Words("Ngõ cụt", "Dead ends"), len(dead_ends(graph)), "1")
        parts = int(self.part.max()) + 1 if len(self.part) else 0
        yield Quantity("parts", Words("Số phần tách rời nhau", "Parts that are not joined"), parts, "1")
        yield Quantity("near_misses", _MISS.title, len(self.misses.node), "1")
        yield Quantity("bridges", Words("Số đoạn độc đạo", "Edges that are the only way"), len(self.cuts.bridges), "1")
        yield Quantity("cut_nodes", Words("Số nút độc đạo", "Nodes that are the only way"), len(self.cuts.nodes), "1")

    @property
    def fault_table(self) -> Table:
        """Ends that nearly meet a street, and parts that are joined to nothing else."""
        headings = (
            Heading("fault", Words("Lỗi có thể có", "What may be wrong")),
            Heading("position", Words("Vị trí (kinh độ,vĩ độ)", "Position (lon,lat)")),
            Heading("uid", Words("Mã đường", "Street")),
            Heading("apart_m", Words("Cách nhau", "Apart"), "m"),
            Heading("length_m", Words("Chiều dài phần tách rời", "Length of the part"), "m"),
        )
        rows = (*self._miss_rows(), *self._island_rows())
        return Table("faults", Words("Lỗi có thể có", "What may be wrong"), headings, rows[:_MOST_LISTED])

    def _miss_rows(self) -> Iterator[tuple[Cell, ...]]:
        where = _said(self.streets.graph.nodes[self.misses.node])
        for position, edge, apart_m in zip(where, self.misses.edge.tolist(), self.misses.apart_m.tolist(), strict=True):
            yield _MISS.title, position, int(self.streets.uid[edge]), apart_m, None

    @property
    def _islands(self) -> Iterator[tuple[Places, float]]:
        """Yield the edges of each part but the largest, with their length, the longest first."""
        graph = self.streets.graph
        of_edge = self.part[graph.start]
        lengths = np.bincount(of_edge, graph.length_m) if len(of_edge) else np.empty(0)
        for number in np.argsort(-lengths[1:], kind="stable")[:_MOST_LISTED].tolist():
            yield np.flatnonzero(of_edge == number + 1).astype(np.int64), float(lengths[number + 1])

    def _island_rows(self) -> Iterator[tuple[Cell, ...]]:
        for edges, length_m in self._islands:
            (position,) = _said(self.streets.graph.nodes[self.streets.graph.start[edges[:1]]])
            yield _ISLAND.title, position, int(self.streets.uid[edges[0]]), None, length_m

    @property
    def bridge_table(self) -> Table:
        """Streets that are the only way to what lies behind, by how much that is."""
        headings = (
            Heading("uid", Words("Mã đường", "Street")),
            Heading("position", Words("Vị trí (kinh độ,vĩ độ)", "Position (lon,lat)")),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
            Heading("cut_off", Words("Số nút bị cắt rời", "Nodes cut off")),
        )
        edges, beyond = self._bridges
        middle = shapely.get_coordinates(
            shapely.line_interpolate_point(self.streets.graph.shapes[edges], 0.5, normalized=True)
        )
        rows = tuple(
            (int(self.streets.uid[edge]), position, float(self.streets.graph.length_m[edge]), number)
            for edge, position, number in zip(edges.tolist(), _said(middle), beyond.tolist(), strict=True)
        )
        return Table("bridges", _BRIDGE.title, headings, rows)

    @property
    def _bridges(self) -> tuple[Places, Places]:
        """The bridges that cut off more than one dead end, what cuts off most first."""
        kept = self.cuts.cut_off >= _LEAST_CUT_OFF
        edges, beyond = self.cuts.bridges[kept], self.cuts.cut_off[kept]
        order = np.argsort(-beyond, kind="stable")[:_MOST_LISTED]
        return edges[order], beyond[order]

    @property
    def _busiest(self) -> Places:
        return np.argsort(-self.passing.edges, kind="stable")[:_MOST_BUSY].astype(np.int64)

    @property
    def busy_table(self) -> Table:
        """The edges that most of the shortest ways pass."""
        headings = (
            Heading("uid", Words("Mã đường", "Street")),
            Heading("betweenness_share", Words("Tỷ lệ đường đi ngắn nhất đi qua", "Share of the shortest ways"), "1"),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
        )
        rows = tuple(
            (
                int(self.streets.uid[edge]),
                float(self.passing.edges[edge]),
                float(self.streets.graph.length_m[edge]),
            )
            for edge in self._busiest.tolist()
        )
        return Table("busiest", _BUSY.title, headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The busiest streets, those that are the only way, parts that are cut off, ends that nearly meet."""
        graph = self.streets.graph
        for edge in self._busiest.tolist():
            share = float(self.passing.edges[edge])
            yield Feature(self._subject(edge), graph.shape(edge), {"betweenness_share": share}, _BUSY)
        for edge, number in zip(*(each.tolist() for each in self._bridges), strict=True):
            yield Feature(self._subject(edge), graph.shape(edge), {"cut_off": number}, _BRIDGE)
        for edges, length_m in self._islands:
            shape = MultiLineString(list(graph.shapes[edges]))
            yield Feature(self._subject(int(edges[0])), shape, {"length_m": length_m}, _ISLAND)
        for node, apart_m in zip(self.misses.node[:_MOST_LISTED].tolist(), self.misses.apart_m.tolist(), strict=False):
            yield Feature(Subject("node", str(node)), shapely.Point(graph.nodes[node]), {"apart_m": apart_m}, _MISS)

    def _subject(self, edge: int) -> Subject:
        uid = int(self.streets.uid[edge])
        return Subject("road", str(uid), uid)


def _known(number: float) -> float | None:
    return None if np.isnan(number) else number


def _said(positions: Numbers) -> list[str]:
    """Return positions as longitude,latitude in degrees."""
    return [f"{lon:.6f},{lat:.6f}" for lon, lat in degrees(positions).tolist()]
