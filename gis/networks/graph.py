"""A graph out of lines: which of them meet, and how long each part of them is.

Lines are joined where they share a vertex, at their ends or between; where they only cross, as on a bridge, they are
not. Nothing is moved: vertices are the same where they are within a millimetre, as exactly as positions are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any  # arrays of shapes are generic over what they hold

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString

from gis.overlay import Shapes

SAME_M = 0.001
"""Vertices within this distance are one."""

_AT_ONCE_CELLS = 16_000_000
"""Costs that are worked out at once: 128 MB of them."""

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


def rows_at_once(width: int) -> int:
    """Return how many rows of so many costs are worked out at once, so that memory stays bounded."""
    return max(1, _AT_ONCE_CELLS // max(1, width))


@dataclass(frozen=True)
class Graph:
    """Nodes, and edges between them; all positions are in EPSG:5899, in m.

    Parameters
    ----------
    nodes : position of each node, (n, 2).
    start, end : node at which an edge begins, and at which it ends, in the direction of its line.
    line : place of its line among those the graph was made of.
    length_m : length of an edge.
    first, last : places of its first and last vertex among the vertices.
    vertices : vertices of all edges, (v, 2); neighbours share theirs.
    """

    nodes: Numbers
    start: Places
    end: Places
    line: Places
    length_m: Numbers
    first: Places
    last: Places
    vertices: Numbers

    @cached_property
    def shapes(self) -> Shapes:
        """The edges as lines."""
        if not len(self.first):
            return np.empty(0, dtype=object)
        sizes = self.last - self.first + 1
        ends = np.cumsum(sizes)
        within = np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes)
        places = np.repeat(self.first, sizes) + within
        edges = np.repeat(np.arange(len(sizes)), sizes)
        return np.asarray(shapely.linestrings(self.vertices[places], indices=edges))

    def shape(self, edge: int) -> LineString:
        """Return an edge as a line."""
        return LineString(self.vertices[self.first[edge] : self.last[edge] + 1])

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The edges, found by where they lie."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def by_start(self) -> tuple[Places, Places]:
        """Where the edges that begin at each node begin among all of them, by their starts."""
        return _listed(self.start, len(self.nodes))

    @cached_property
    def by_end(self) -> tuple[Places, Places]:
        """Where the edges that end at each node begin among all of them, by their ends."""
        return _listed(self.end, len(self.nodes))

    @cached_property
    def by_easting(self) -> tuple[Numbers, Places]:
        """Eastings of the nodes in order, and which node each is of."""
        order = np.argsort(self.nodes[:, 0], kind="stable").astype(np.int64)
        return self.nodes[order, 0], order

    @cached_property
    def degree(self) -> Places:
        """How many ends of edges meet at each node."""
        return np.bincount(np.concatenate([self.start, self.end]), minlength=len(self.nodes)).astype(np.int64)


def _listed(nodes: Places, number: int) -> tuple[Places, Places]:
    heads = np.concatenate([[0], np.cumsum(np.bincount(nodes, minlength=number))]).astype(np.int64)
    return heads, np.argsort(nodes, kind="stable").astype(np.int64)


def graph(lines: Shapes) -> Graph:
    """Make a graph of lines.

    Parameters
    ----------
    lines : lines, of one part or several, in EPSG:5899; those without length make no edge.
    """
    parts, owners = shapely.get_parts(lines, return_index=True)
    vertices, part = shapely.get_coordinates(parts, return_index=True)
    vertex = _same(vertices)
    kept = np.ones(len(vertices), dtype=np.bool_)
    kept[1:] = (part[1:] != part[:-1]) | (vertex[1:] != vertex[:-1])
    vertices, part, vertex = vertices[kept], part[kept], vertex[kept]
    cuts = np.flatnonzero(_are_nodes(part, vertex))
    joined = part[cuts[1:]] == part[cuts[:-1]]
    first, last = cuts[:-1][joined], cuts[1:][joined]
    node, place = np.unique(vertex[np.concatenate([first, last])], return_inverse=True)
    positions = np.zeros((int(vertex.max(initial=-1)) + 1, 2))
    positions[vertex[::-1]] = vertices[::-1]
    along = _along(vertices, part)
    return Graph(
        nodes=positions[node],
        start=place[: len(first)].astype(np.int64),
        end=place[len(first) :].astype(np.int64),
        line=owners[part[first]].astype(np.int64),
        length_m=along[last] - along[first],
        first=first.astype(np.int64),
        last=last.astype(np.int64),
        vertices=vertices,
    )


def _same(vertices: Numbers) -> Places:
    """Return a number for each vertex, the same for those at one position."""
    if not len(vertices):
        return np.empty(0, dtype=np.int64)
    cells = np.round(vertices / SAME_M).astype(np.int64)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    moved = np.ones(len(cells), dtype=np.bool_)
    moved[1:] = (cells[order[1:]] != cells[order[:-1]]).any(axis=1)
    number = np.empty(len(cells), dtype=np.int64)
    number[order] = np.cumsum(moved) - 1
    return number


def _are_nodes(part: Places, vertex: Places) -> Marks:
    """Return which vertices are nodes: the ends of lines, and those that several lines, or one twice, pass through."""
    if not len(part):
        return np.zeros(0, dtype=np.bool_)
    turns = np.flatnonzero(part[1:] != part[:-1])
    is_end = np.zeros(len(part), dtype=np.bool_)
    is_end[[0, len(part) - 1]] = True
    is_end[turns] = is_end[turns + 1] = True
    # What is an end of one line is a node of every line that passes it.
    passes = np.bincount(vertex)
    ends = np.zeros(len(passes), dtype=np.bool_)
    ends[vertex[is_end]] = True
    return ends[vertex] | (passes[vertex] > 1)


def _along(vertices: Numbers, part: Places) -> Numbers:
    """Return for each vertex how far it is along all lines laid end to end."""
    if not len(vertices):
        return np.empty(0)
    steps = np.hypot(*np.diff(vertices, axis=0).T)
    steps[part[1:] != part[:-1]] = 0.0
    return np.concatenate([[0.0], np.cumsum(steps)])


def joined(pieces: Iterable[Any]) -> Shapes:
    """Return arrays of shapes as one, which may be empty."""
    listed = [np.asarray(each, dtype=object) for each in pieces]
    return np.concatenate(listed) if listed else np.empty(0, dtype=object)
