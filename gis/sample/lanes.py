"""The lanes inside a quarter: between the strips of lots and between the blocks, led out to the streets around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shape, Shapes, line_parts, lines_through, shapes_on_grid
from gis.sample.arterials import GROUP, SUB_DISTRICT
from gis.sample.lots import Lattice
from gis.sample.patterns import Pattern

ALLEY = 8
"""Rank below the housing-group street: a walled alley, often a dead end."""

_OUT_M = 60.0
_LEAST_M = 9.0


@dataclass(frozen=True, slots=True)
class Lanes:
    """Pieces of lanes between nodes; `ranks` : as in `gis.sample.arterials`, or `ALLEY`; `lines` : of which lane."""

    shapes: Shapes
    ranks: Ints
    lines: Ints


def lanes(ways: Lattice, face: Shape, site: Shape, pattern: Pattern, rng: np.random.Generator) -> Lanes:
    """Draw the lanes of a quarter as far as the middle of the streets around it."""
    lines, ranks, number = _drawn(ways, pattern)
    if len(lines) == 0:
        return Lanes(lines, ranks, number)
    alley = ranks == ALLEY
    stopped = alley & (rng.random(len(lines)) < 0.3)
    lines, ranks, number = lines[~stopped], ranks[~stopped], number[~stopped]
    shapely.prepare(face)
    inside = np.asarray(shapely.contains_properly(face, lines))
    cut, index = line_parts(shapely.intersection(lines[~inside], face))
    source = np.flatnonzero(~inside)[index]
    cut = shapes_on_grid(cut)
    fit = shapely.length(shapely.intersection(cut, site)) > _LEAST_M
    kept = np.concatenate([np.flatnonzero(inside), source[fit]])
    return Lanes(np.concatenate([lines[inside], cut[fit]]), ranks[kept], number[kept])


def _drawn(ways: Lattice, pattern: Pattern) -> tuple[Shapes, Ints, Ints]:
    """Return the pieces of every lane of the lattice, node to node, reaching beyond the site."""
    across = (ways.across[:-1, 2] + ways.across[1:, 0]) / 2
    along = (ways.along[:-1, -1] + ways.along[1:, 0]) / 2
    ends_along = np.concatenate([[ways.along[0, 0] - _OUT_M], along, [ways.along[-1, -1] + _OUT_M]])
    ends_across = np.concatenate([[ways.across[0, 0] - _OUT_M], across, [ways.across[-1, 2] + _OUT_M]])
    rows = _pieces(ways, ends_along, across, swapped=False)
    columns = _pieces(ways, ends_across, along, swapped=True)
    narrow = (np.arange(len(across)) % 2 == 0) & (pattern.alley_m is not None)
    row_ranks = np.repeat(np.where(narrow, ALLEY, GROUP), len(ends_along) - 1)
    column_ranks = np.full(len(columns), SUB_DISTRICT if pattern.cross_m >= 13 else GROUP)
    number = [np.repeat(np.arange(len(across)), len(ends_along) - 1)]
    number.append(len(across) + np.repeat(np.arange(len(along)), len(ends_across) - 1))
    return np.concatenate([rows, columns]), np.concatenate([row_ranks, column_ranks]), np.concatenate(number)


def _pieces(ways: Lattice, ends: Floats, lines: Floats, *, swapped: bool) -> Shapes:
    """Return lines of five vertices from end to end, for each of the parallel lines."""
    if len(lines) == 0:
        return np.empty(0, dtype=object)
    steps = np.linspace(0, 1, 5)
    run = ends[:-1, None] + (ends[1:] - ends[:-1])[:, None] * steps
    first = np.broadcast_to(run[None], (len(lines), *run.shape))
    second = np.broadcast_to(lines[:, None, None], first.shape)
    points = ways.place(second, first) if swapped else ways.place(first, second)
    return lines_through(points.reshape(-1, 5, 2))
