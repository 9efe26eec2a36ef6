"""Lines split at points that lie on them, so that what meets there shares a vertex."""

from __future__ import annotations

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, on_grid


def split_lines(edges: Shapes, onto: Ints, meeting: Floats) -> tuple[Shapes, Ints]:
    """Split edges at the points on them; return the pieces in order, and the edge each comes from.

    Parameters
    ----------
    onto
        For each point the number of the edge it lies on.
    """
    vertices, owner = shapely.get_coordinates(edges, return_index=True)
    steps = np.hypot(*np.diff(vertices, axis=0, prepend=vertices[:1]).T)
    steps[np.r_[True, np.diff(owner) != 0]] = 0
    run = np.cumsum(steps)
    first = np.searchsorted(owner, np.arange(len(edges)))
    measure = run - run[first][owner]
    at = np.asarray(shapely.line_locate_point(edges[onto], shapely.points(meeting)))
    points = on_grid(np.concatenate([vertices, meeting]))
    line = np.concatenate([owner, onto])
    where = np.concatenate([measure, at])
    cut = np.concatenate([np.zeros(len(vertices), dtype=np.bool_), np.ones(len(meeting), dtype=np.bool_)])
    order = np.lexsort((cut, where, line))
    points, line, cut = points[order], line[order], cut[order]
    same = np.r_[False, (np.hypot(*np.diff(points, axis=0).T) < 0.0005) & (np.diff(line) == 0)]
    cut[np.flatnonzero(same) - 1] |= cut[same]
    points, line, cut = points[~same], line[~same], cut[~same]
    ends = np.r_[True, np.diff(line) != 0] | np.r_[np.diff(line) != 0, True]
    cut &= ~ends
    return _pieces(points, line, cut)


def _pieces(points: Floats, line: Ints, cut: Flags) -> tuple[Shapes, Ints]:
    """Return lines through the points, a new one at every cut, which both lines share."""
    repeat = np.where(cut, 2, 1)
    points, doubled = np.repeat(points, repeat, axis=0), np.repeat(line, repeat)
    second = np.zeros(len(points), dtype=np.bool_)
    second[(np.cumsum(repeat) - 1)[cut]] = True
    piece = np.cumsum(second | np.r_[False, np.diff(doubled) != 0])
    lines = np.asarray(shapely.linestrings(points, indices=piece), dtype=object)
    return lines, doubled[np.searchsorted(piece, np.arange(len(lines)))]
