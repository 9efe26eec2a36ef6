"""Where water goes from a place, and from where it comes: along sewers, out of outfalls, down channels.

A trace goes along sewers by the nodes they name, and along channels as they are drawn; it leaves an outfall for the
channel whose name it says. It ends where nothing leads on, and goes round a loop once.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis import crs
from gis.errors import QuyhoachError, nearest_of
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.joining import line_ends
from gis.networks.drainage.network import Network
from gis.networks.graph import Marks, Numbers, Places
from gis.overlay import Shapes

Direction = Literal["downstream", "upstream"]
_POSITION = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,2}(?:\.\d+)?)\s*")
SEWER, CHANNEL, WAY_OUT = 0, 1, 2
FARTHEST_M = 50.0
"""How far a place may lie from the sewer or channel that is traced from it."""


class TraceError(QuyhoachError):
    """A place from which nothing can be traced."""


@dataclass(frozen=True)
class Lines:
    """Sewers, pieces of channels, and the ways from outfalls to channels, as one directed graph.

    The nodes are those of the network, then the vertices of channels, then the joints of outfalls with them. `feature`
    is the place of the sewer, or of the channel; `kind` what an edge is; `shape` its line.
    """

    start: Places
    end: Places
    length_m: Numbers
    feature: Places
    kind: Places
    shape: Shapes
    number: int

    @property
    def of_channel(self) -> Marks:
        """Which edges are pieces of channels."""
        return self.kind == CHANNEL

    @property
    def of_sewer(self) -> Marks:
        """Which edges are sewers."""
        return self.kind == SEWER

    @cached_property
    def leaving(self) -> tuple[Places, Places]:
        """Edges by the node they leave, and where those of each node begin."""
        return _by_node(self.start, self.number)

    @cached_property
    def arriving(self) -> tuple[Places, Places]:
        """Edges by the node they arrive at, and where those of each node begin."""
        return _by_node(self.end, self.number)


@dataclass(frozen=True)
class Origin:
    """Where a trace begins: a node, or an edge, and how far from what was asked that lies, in m.

    `along_m` is the place on the edge; None where all of the edge belongs to the trace.
    """

    label: str
    node: int | None
    edge: int | None
    along_m: float | None
    off_m: float
    point: BaseGeometry


@dataclass(frozen=True)
class Trace:
    """What was traced: edges in order of distance (to their nearer end, in m), their shapes, and the nodes passed."""

    edges: Places
    distance_m: Numbers
    shapes: Shapes
    nodes: Places


def lines_of(network: Network, channels: Channels) -> Lines:
    """Join sewers and channels to one graph; channels are cut where outfalls let their water in."""
    sewers, nodes = network.sewers, network.nodes
    chosen = np.flatnonzero(sewers.is_joined)
    joints = _Joints.of(network, channels)
    kinds = np.full(len(chosen), SEWER)
    parts = [
        (sewers.start[chosen], sewers.end[chosen], sewers.length_m[chosen], chosen, kinds, sewers.lines[chosen]),
        *_ways_out(joints, network, channels),
        *_pieces(joints, channels, len(nodes)),
    ]
    start, end, length_m, feature, kind, shape = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Lines(start, end, length_m, feature, kind, shape, joints.first + len(joints.outfall))


@dataclass(frozen=True)
class _Joints:
    """Where outfalls join channels: which, how far along; their nodes are numbered from `first`."""

    outfall: Places
    channel: Places
    along_m: Numbers
    first: int

    @classmethod
    def of(cls, network: Network, channels: Channels) -> _Joints:
        receiving, along_m = channels.receiving(network.nodes)
        outfall = np.flatnonzero(receiving >= 0)
        first = len(network.nodes) + len(channels.graph.nodes)
        return cls(outfall, receiving[outfall], along_m[outfall], first)


_Part = tuple[Places, Places, Numbers, Places, Places, Shapes]


def _ways_out(joints: _Joints, network: Network, channels: Channels) -> Iterator[_Part]:
    """Yield the ways from outfalls to the channels that receive their water."""
    if not len(joints.outfall):
        return
    begin = network.nodes.places[joints.outfall]
    end = shapely.get_coordinates(shapely.line_interpolate_point(channels.lines[joints.channel], joints.along_m))
    ways = np.asarray(shapely.linestrings(np.stack([begin, end], axis=1)), dtype=object)
    kinds, nodes = np.full(len(ways), WAY_OUT), joints.first + np.arange(len(ways))
    yield joints.outfall, nodes, np.hypot(*(end - begin).T), joints.channel, kinds, ways


def _pieces(joints: _Joints, channels: Channels, first: int) -> Iterator[_Part]:
    """Yield the pieces of each channel between places where channels meet or outfalls join."""
    edges = channels.graph
    for edge in range(len(edges.line)):
        channel, begins = int(edges.line[edge]), float(channels.piece_starts_m[edge])
        length = float(edges.length_m[edge])
        is_last = edge + 1 == len(edges.line) or edges.line[edge + 1] != channel
        ends = np.inf if is_last else begins + length
        here = np.flatnonzero((joints.channel == channel) & (joints.along_m >= begins) & (joints.along_m < ends))
        here = here[np.argsort(joints.along_m[here], kind="stable")]
        cuts = np.concatenate([[0.0], np.minimum(joints.along_m[here] - begins, length), [length]])
        nodes = np.concatenate([[first + edges.start[edge]], joints.first + here, [first + edges.end[edge]]])
        pieces = [substring(edges.shapes[edge], *pair) for pair in pairwise(cuts.tolist())]
        shapes = np.array([*pieces, None], dtype=object)[:-1]
        alike = np.full(len(pieces), channel)
        yield nodes[:-1], nodes[1:], np.diff(cuts), alike, np.full(len(pieces), CHANNEL), shapes


def origin(at: str, lines: Lines, network: Network) -> Origin:
    """Return where a trace begins.

    Parameters
    ----------
    at : code of a manhole, an outfall or a sewer, or a position `longitude,latitude`: then the nearest sewer or channel
        within 50 m is traced.

    Raises
    ------
    TraceError
        When there is no such code, several of it, or nothing near.
    """
    if match := _POSITION.fullmatch(at):
        return _nearest(at, lines, shapely.Point(float(match[1]), float(match[2])))
    nodes, sewers = network.nodes, network.sewers
    node = nodes.by_code.get(at)
    if node is not None and node >= 0:
        return Origin(at, node, None, None, 0.0, nodes.points[node])
    mine = np.flatnonzero(sewers.code == at)
    edges = np.flatnonzero(lines.of_sewer & np.isin(lines.feature, mine))
    if node is not None or len(edges) > 1:
        raise TraceError(f"Several objects have the code {at[:60]!r}; give a position longitude,latitude instead.")
    if len(mine) and not len(edges):
        raise TraceError(f"Sewer {at[:60]!r} names a node that is not there; see drainage_faults.")
    if not len(edges):
        known = [str(code) for code in (*nodes.by_code, *sewers.code) if code is not None]
        hint = nearest_of(at, known) if known else "the network is empty"
        raise TraceError(f"There is no manhole, outfall or sewer {at[:60]!r}; {hint[:200]}.")
    first, _ = line_ends(lines.shape[edges])
    return Origin(at, None, int(edges[0]), None, 0.0, first[0])


def _nearest(at: str, lines: Lines, lonlat: Point) -> Origin:
    position = shapely.transform(lonlat, crs.transformation(crs.LONLAT_SRID).stored)
    if not position.is_valid or position.is_empty:
        raise TraceError(f"{at[:60]!r} is no position in longitude and latitude (degrees).")
    tree = shapely.STRtree(lines.shape)
    found, apart = tree.query_nearest(position, max_distance=FARTHEST_M, return_distance=True, all_matches=False)
    if not len(found):
        raise TraceError(f"No sewer and no channel lies within {FARTHEST_M:g} m of {at[:60]!r}.")
    edge = int(found[0])
    along = float(shapely.line_locate_point(lines.shape[edge], position))
    return Origin(at, None, edge, along, float(apart[0]), shapely.line_interpolate_point(lines.shape[edge], along))


def trace(lines: Lines, begun: Origin, direction: Direction) -> Trace:
    """Return what lies downstream or upstream of an origin, what is nearer first."""
    downstream = direction == "downstream"
    heads, edges = lines.leaving if downstream else lines.arriving
    towards = lines.end if downstream else lines.start
    order: list[int] = []
    distances: list[float] = []
    first: list[BaseGeometry] = []
    waiting: list[tuple[float, int]] = []
    if begun.node is not None:
        waiting.append((0.0, begun.node))
    elif begun.edge is not None:
        part, length = _part(lines, begun, downstream=downstream)
        order, distances, first = [begun.edge], [0.0], [part]
        waiting.append((length, int(towards[begun.edge])))
    taken, reached = set(order), dict[int, float]()
    while waiting:
        distance, node = heapq.heappop(waiting)
        if node in reached:
            continue
        reached[node] = distance
        on = [edge for edge in edges[heads[node] : heads[node + 1]].tolist() if edge not in taken]
        taken.update(on)
        order += on
        distances += [distance] * len(on)
        for edge in on:
            heapq.heappush(waiting, (distance + float(lines.length_m[edge]), int(towards[edge])))
    along = np.array(order, dtype=np.int64)
    shapes = lines.shape[along]
    shapes[: len(first)] = first
    return Trace(along, np.array(distances), shapes, np.array(list(reached), dtype=np.int64))


def _part(lines: Lines, begun: Origin, *, downstream: bool) -> tuple[BaseGeometry, float]:
    """Return the part of its edge that lies on from a place, and how long that is."""
    edge = begun.edge or 0
    whole, length = lines.shape[edge], float(lines.length_m[edge])
    merged = shapely.line_merge(whole)
    if begun.along_m is None or merged.geom_type != "LineString":
        return whole, length
    ends = (begun.along_m, length) if downstream else (0.0, begun.along_m)
    return substring(merged, *ends), ends[1] - ends[0]


def _by_node(node: Places, number: int) -> tuple[Places, Places]:
    order = np.argsort(node, kind="stable")
    return np.searchsorted(node[order], np.arange(number + 1)), order
