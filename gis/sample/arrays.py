"""Arrays of numbers and geometries, and the few operations every room of the sample needs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Shapes: TypeAlias = npt.NDArray[np.object_]
Shape: TypeAlias = shapely.geometry.base.BaseGeometry

GRID_M = 0.001
"""Every coordinate of the sample lies on the millimetre, so that what meets has equal coordinates."""


def on_grid(points: Floats) -> Floats:
    """Round coordinates to the millimetre."""
    return np.round(points, 3)


def shapes_on_grid(shapes: Shapes) -> Shapes:
    """Round the coordinates of geometries to the millimetre, keeping their vertices."""
    return np.asarray(shapely.transform(shapes, on_grid), dtype=object)


def polygon_parts(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Return the polygons that the geometries are made of, and from which geometry each comes."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # a collection may hold a multi-polygon
    polygons = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    return parts[polygons], index[inner][polygons].astype(np.int64)


def line_parts(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Return the lines that the geometries are made of, and from which geometry each comes."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    lines = (shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)
    return parts[lines], index[inner][lines].astype(np.int64)


def areal(shapes: Shapes) -> Shapes:
    """Return geometries as valid multi-polygons on the millimetre, without lines and points an overlay may leave."""
    snapped = shapely.make_valid(shapely.set_precision(shapes, GRID_M))
    parts, index = polygon_parts(snapped)
    out = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    if len(parts):
        shapely.multipolygons(parts, indices=index, out=out)
    return out


def points_at(places: Floats) -> Shapes:
    """Return a point for each of an array of places of shape (..., 2)."""
    return np.asarray(shapely.points(places), dtype=object)


def lines_through(points: Floats) -> Shapes:
    """Return a line for each row of an array of points of shape (lines, vertices, 2)."""
    return np.asarray(shapely.linestrings(points), dtype=object)


def polygons_of(rings: Floats) -> Shapes:
    """Return a polygon for each row of an array of rings of shape (polygons, vertices, 2)."""
    return np.asarray(shapely.polygons(rings), dtype=object)


def multi(shapes: Shapes) -> Shapes:
    """Return each polygon as a multi-polygon of one part, each line as a multi-line; others as they are."""
    kinds = shapely.get_type_id(shapes)
    out = shapes.copy()
    for single, make in ((3, shapely.multipolygons), (1, shapely.multilinestrings)):
        chosen = kinds == single
        if chosen.any():
            out[chosen] = make(shapes[chosen], indices=np.arange(int(chosen.sum())))
    return out


def merged_by(shapes: Shapes, group: Ints) -> tuple[Ints, Shapes]:
    """Return the groups in order, and the union of each group's polygons, which share their borders."""
    order = np.argsort(group, kind="stable")
    values, starts = np.unique(group[order], return_index=True)
    pieces = np.split(shapes[order], starts[1:])
    merged = np.empty(len(values), dtype=object)
    merged[:] = [shapely.coverage_union_all(piece) for piece in pieces]
    return values, merged


def keys(points: Floats) -> Ints:
    """Return a number for each point on the grid: equal numbers mean equal points."""
    millimetres = np.round(points * 1000).astype(np.int64)
    return millimetres[..., 0] * 4_000_000_000 + millimetres[..., 1]
