"""The plan noded, bent onto the ground and divided: edges between nodes, and the faces they bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, keys, line_parts, points_at, shapes_on_grid
from gis.sample.arterials import BORDER, DISTRICT_MAIN, GROUP, INTER_DISTRICT, RAIL, Lines, arterials
from gis.sample.frame import Frame
from gis.sample.shore import Shore

_VERTEX_EVERY_M = 32.0
_TOO_CLOSE_M = 48.0
_NODES_APART_M = 0.5


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Edges and faces on the ground.

    `edges` : lines between nodes, on the millimetre; `ranks` : theirs (see `gis.sample.arterials`).
    `faces` : the areas between edges; a coverage of the city, waters included.
    `cells` : for each face the number of the larger area that lies between district main streets.
    `beside` : for each edge the faces on both sides, -1 where there is none.
    """

    edges: Shapes
    ranks: Ints
    faces: Shapes
    cells: Ints
    cell_shapes: Shapes
    beside: Ints


def skeleton(frame: Frame, shore: Shore) -> Skeleton:
    """Node the lines of the plan, bend them onto the ground and find the faces."""
    edges, ranks = _noded(arterials(frame, shore))
    close = _running_close(edges, ranks)
    edges, ranks = edges[~close], ranks[~close]
    edges = shapes_on_grid(shapely.transform(shapely.segmentize(edges, _VERTEX_EVERY_M), frame.ground))
    crossing = _crossing(edges, ranks)
    edges, ranks = edges[~crossing], ranks[~crossing]
    loose = _loose(edges)
    edges, ranks = edges[~loose], ranks[~loose]
    faces = _faces(edges)
    larger = _faces(edges[(ranks <= DISTRICT_MAIN) | (ranks >= RAIL)])
    inside = shapely.point_on_surface(faces)
    cells = containing(larger, inside)
    lone = cells < 0
    cells[lone] = shapely.STRtree(larger).nearest(inside[lone])
    beside = _beside(edges, faces)
    parting = (beside[:, 0] != beside[:, 1]) | (ranks >= RAIL)  # an edge within one face would cross its lanes
    return Skeleton(edges[parting], ranks[parting], faces, cells, larger, beside[parting])


def _noded(lines: Lines) -> tuple[Shapes, Ints]:
    parts, index = line_parts(lines.shapes)
    ranks = lines.ranks[index]
    noded = shapely.union_all(parts, grid_size=_NODES_APART_M)
    edges, _ = line_parts(np.array([noded], dtype=object))
    edges = edges[shapely.length(edges) > 0]
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    edge, source = shapely.STRtree(parts).query(middles, predicate="dwithin", distance=1.5 * _NODES_APART_M)
    best = np.full(len(edges), BORDER)
    np.minimum.at(best, edge, ranks[source])
    return edges, best


def _running_close(edges: Shapes, ranks: Ints) -> Flags:
    """Return which minor edges run beside a drive, a railway or a diagonal without touching it."""
    major = (ranks >= RAIL) | (ranks < INTER_DISTRICT)
    major |= ranks == DISTRICT_MAIN
    tree = shapely.STRtree(edges[major])
    minor = ranks >= DISTRICT_MAIN
    minor &= ranks < RAIL
    close = np.zeros(len(edges), dtype=np.bool_)
    number = np.flatnonzero(minor)
    for where in (0.0, 0.5, 1.0):
        points = shapely.line_interpolate_point(edges[number], where, normalized=True)
        found, which = tree.query(points, predicate="dwithin", distance=_TOO_CLOSE_M)
        own = np.flatnonzero(major)[which] == number[found]
        touching = shapely.intersects(edges[number[found]], edges[np.flatnonzero(major)[which]])
        near = np.zeros(len(number), dtype=np.bool_)
        near[found[~own & ~touching]] = True
        number = number[near]
    close[number] = shapely.length(edges[number]) > 1.0
    return close & (ranks < GROUP)


def _crossing(edges: Shapes, ranks: Ints) -> Flags:
    """Return the lesser of any two edges that, nearly side by side in the plan, cross each other once they are bent."""
    first, second = shapely.STRtree(edges).query(edges, predicate="crosses")
    order = np.where(ranks < RAIL, ranks, -1) * 1e6 - np.asarray(shapely.length(edges))
    crossing = np.zeros(len(edges), dtype=np.bool_)
    crossing[np.where(order[first] > order[second], first, second)] = True
    return crossing


def _loose(edges: Shapes) -> Flags:
    """Return which edges lead nowhere: pruned from their loose ends until every end meets another."""
    ends = np.stack([shapely.get_coordinates(shapely.get_point(edges, place)) for place in (0, -1)], axis=1)
    _, node = np.unique(keys(ends).reshape(-1), return_inverse=True)
    node = node.reshape(-1, 2)
    loose = np.zeros(len(edges), dtype=np.bool_)
    while True:
        degree = np.bincount(node[~loose].reshape(-1), minlength=int(node.max()) + 1)
        more = ~loose & (degree[node] == 1).any(axis=1)
        if not more.any():
            return loose
        loose |= more


def _faces(edges: Shapes) -> Shapes:
    faces = shapely.get_parts(shapely.polygonize(edges))
    return np.asarray(faces[shapely.area(faces) > 1.0], dtype=object)


def containing(areas: Shapes, points: Shapes) -> Ints:
    """Return for each point the number of the area it lies in, -1 where there is none."""
    point, area = shapely.STRtree(areas).query(points, predicate="intersects")
    found = np.full(len(points), -1)
    found[point] = area
    return found


def _beside(edges: Shapes, faces: Shapes) -> Ints:
    sides = [containing(faces, points_at(point)) for point in _aside(edges)]
    return np.stack(sides, axis=1)


def _aside(edges: Shapes) -> tuple[Floats, Floats]:
    """Return points just left and just right of the middle of each edge."""
    middle = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.505, normalized=True))
    along = ahead - middle
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * 0.25
    return middle + across, middle - across
