"""Where water goes from a place in the drains, and from where it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.table import Cell
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.network import Network
from gis.networks.drainage.records import Records, records
from gis.networks.drainage.tracing import CHANNEL, WAY_OUT, Direction, Lines, Origin, Trace, lines_of, origin, trace
from layers.model import Words

_TITLES = {
    "downstream": Words("Nước chảy đến đâu", "Where water goes"),
    "upstream": Words("Nước từ đâu đến", "Where water comes from"),
}
_MOST_LISTED = 1_000
_M2_OF_HA = 10_000
_SEWER = Look(Words("Cống trên đường nước", "Sewer on the way"), "#1f7fa3")
_CHANNEL = Look(Words("Kênh, sông trên đường nước", "Channel on the way"), "#3f8fd9")
_OUT = Look(Words("Từ cửa xả ra kênh, sông", "From an outfall into a channel"), "#9fbfd9")
_OUTFALL = Look(Words("Cửa xả", "Outfall"), "#123a6b")
_LAND = Look(Words("Lưu vực phía trên", "Catchment above"), "#7fb2a3")
_BEGUN = Look(Words("Điểm bắt đầu", "Where it begins"), "#c22f2f")


def drainage_trace(city: City, *, at: str, direction: Direction = "downstream") -> Finding:
    """Follow the water along sewers, out of outfalls and down channels, or back up to where it comes from.

    Sewers lead from the node they name first to the node they name last, channels as they are drawn; an outfall lets
    its water into the channel whose name it says. Upstream, the catchments that let water in are told.

    Parameters
    ----------
    at : code of a manhole, an outfall or a sewer, or a position `longitude,latitude` within 50 m of one.
    direction : `downstream` or `upstream`.

    Returns
    -------
    Finding
        Table `way`: sewers and channels in order of their distance along the water (m), with sizes and inverts; table
        `ends`: the outfalls that are passed.

    Raises
    ------
    TraceError
        When there is no such code, or nothing near.
    """
    network, channels = Network.read(city), Channels.read(city)
    lines = lines_of(network, channels)
    begun = origin(at.strip(), lines, network)
    found = trace(lines, begun, direction)
    way = _Way(network, channels, lines, found, begun, records(city, "catchments") if direction == "upstream" else None)
    return Finding(
        question="drainage_trace",
        title=_TITLES[direction],
        arguments={"at": at.strip(), "direction": direction},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=way.quantities,
        tables=(way.table, way.ends),
        features=tuple(way.features()),
        notes=way.notes,
    )


@dataclass(frozen=True)
class _Way:
    """What was traced, with what is known of each piece."""

    network: Network
    channels: Channels
    lines: Lines
    found: Trace
    begun: Origin
    catchments: Records | None

    @cached_property
    def _order(self) -> list[int]:
        """Places of what was found, the nearest first."""
        return np.argsort(self.found.distance_m, kind="stable").tolist()

    @cached_property
    def _outfalls(self) -> list[int]:
        nodes = self.network.nodes
        passed = self.found.nodes[self.found.nodes < len(nodes)]
        return passed[nodes.is_outfall[passed]].tolist() if len(passed) else []

    @cached_property
    def _land(self) -> list[int]:
        """Catchments whose outlet is passed."""
        if self.catchments is None:
            return []
        nodes = self.network.nodes
        passed = {str(nodes.code[node]) for node in self.found.nodes.tolist() if node < len(nodes)}
        return [place for place, outlet in enumerate(self.catchments.texts["outlet"]) if outlet in passed]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        kinds = self.lines.kind[self.found.edges]
        lengths = np.asarray(shapely.length(self.found.shapes), dtype=np.float64)
        is_sewer = (kinds != CHANNEL) & (kinds != WAY_OUT)
        listed = [
            Quantity("sewers", Words("Số đoạn cống", "Sewers"), int(is_sewer.sum()), "objects"),
            Quantity("sewer_m", Words("Chiều dài cống", "Length of sewers"), float(lengths[is_sewer].sum()), "m"),
            Quantity(
                "channel_m",
                Words("Chiều dài kênh, sông", "Length of channels"),
                float(lengths[kinds == CHANNEL].sum()),
                "m",
            ),
            Quantity("outfalls", Words("Cửa xả", "Outfalls"), len(self._outfalls), "objects"),
        ]
        if self.catchments is not None:
            area = float(shapely.area(self.catchments.geometry[self._land]).sum()) / _M2_OF_HA
            listed.append(
                Quantity(
                    "catchment_ha", Words("Lưu vực phía trên", "Catchments above"), area if self._land else None, "ha"
                )
            )
        return (
            *listed,
            Quantity("off_m", Words("Cách vị trí đã hỏi", "Away from what was asked"), self.begun.off_m, "m"),
        )

    @property
    def table(self) -> Table:
        headings = (
            Heading("distance_m", Words("Khoảng cách theo dòng nước", "Distance along the water"), "m"),
            Heading("kind", Words("Loại", "Kind")),
            Heading("code", Words("Mã, tên", "Code, name")),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
            Heading("size_m", Words("Kích thước", "Size"), "m"),
            Heading("invert_start_m", Words("Đáy đầu", "Invert at start"), "m"),
            Heading("invert_end_m", Words("Đáy cuối", "Invert at end"), "m"),
            Heading("fall", Words("Độ dốc", "Fall"), "‰"),
        )
        rows = tuple(map(self._row, self._order[:_MOST_LISTED]))
        number = len(self._order)
        said = "" if len(rows) == number else f" ({len(rows)}/{number})"
        return Table("way", Words(f"Đường nước{said}", f"The way of the water{said}"), headings, rows)

    def _row(self, place: int) -> tuple[Cell, ...]:
        edge = int(self.found.edges[place])
        feature, kind = int(self.lines.feature[edge]), int(self.lines.kind[edge])
        head = (
            float(self.found.distance_m[place]),
            _OUT.title if kind == WAY_OUT else Words("Kênh", "Channel") if kind == CHANNEL else Words("Cống", "Sewer"),
        )
        length = float(shapely.length(self.found.shapes[place]))
        said = self.channels if kind in (CHANNEL, WAY_OUT) else self.network.sewers
        if kind == WAY_OUT:
            return (*head, said.label(feature), length, None, None, None, None)
        above, below = (float(each[feature]) for each in said.inverts_m)
        values = (
            float(said.conduits.sections.size_m[feature]),
            above,
            below,
            1_000 * float(said.conduits.slope[feature]),
        )
        return (*head, said.label(feature), length, *(value if np.isfinite(value) else None for value in values))

    @property
    def ends(self) -> Table:
        headings = (
            Heading("outfall", Words("Cửa xả", "Outfall")),
            Heading("receiving_water", Words("Nguồn tiếp nhận", "Receiving water")),
            Heading("invert_level_m", Words("Cao độ đáy", "Invert level"), "m"),
        )
        nodes = self.network.nodes
        rows = tuple(
            (
                nodes.label(node),
                nodes.receiving[node],
                float(nodes.invert_m[node]) if np.isfinite(nodes.invert_m[node]) else None,
            )
            for node in self._outfalls
        )
        return Table("ends", Words("Cửa xả đi qua", "Outfalls passed"), headings, rows)

    @property
    def notes(self) -> tuple[Words, ...]:
        label = self.begun.label
        listed = [Words(f"Từ {label}", f"From {label}")]
        if not self._outfalls and not (self.lines.kind[self.found.edges] == CHANNEL).any():
            listed.append(
                Words(
                    "Không đến cửa xả nào: đường nước dừng lại, xem drainage_faults",
                    "No outfall is reached: the way of the water ends, see drainage_faults",
                )
            )
        return tuple(listed)

    def features(self) -> Iterator[Feature]:
        if self.catchments is not None:
            for place in self._land:
                label = str(self.catchments.texts["code"][place])
                subject = Subject("catchment", label, int(self.catchments.uid[place]))
                yield Feature(subject, self.catchments.geometry[place], {}, _LAND)
        for place in self._order:
            edge = int(self.found.edges[place])
            feature, kind = int(self.lines.feature[edge]), int(self.lines.kind[edge])
            said, layer = (
                (self.network.sewers, "sewer") if kind not in (CHANNEL, WAY_OUT) else (self.channels, "channel")
            )
            subject = Subject(layer, said.label(feature), int(said.uid[feature]))
            look = {CHANNEL: _CHANNEL, WAY_OUT: _OUT}.get(kind, _SEWER)
            properties = {"distance_m": float(self.found.distance_m[place])}
            yield Feature(subject, self.found.shapes[place], properties, look)
        nodes = self.network.nodes
        for node in self._outfalls:
            yield Feature(Subject("outfall", nodes.label(node), int(nodes.uid[node])), nodes.points[node], {}, _OUTFALL)
        yield Feature(Subject("place", self.begun.label), self.begun.point, {}, _BEGUN)
