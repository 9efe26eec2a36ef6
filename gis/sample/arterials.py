"""The streets that shape the city, drawn straight in the plan: arterials, drives along the waters, railway, motorway.

Spacings follow QCVN 01:2021, table 2.17: a lattice of about 800 m whose lines are in turn main arterial (every 3 200
m), city main (every 1 600 m) and inter-district streets; its cells are quartered by district main streets (400 m), and
where the city is built again by sub-district streets (200 m).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shape, Shapes, lines_through, points_at, polygons_of
from gis.sample.frame import Frame
from gis.sample.shore import Shore
from gis.sample.terrain import relief
from gis.sample.waves import waves

EXPRESSWAY, MAIN_ARTERIAL, CITY_MAIN, INTER_DISTRICT, DISTRICT_MAIN, DISTRICT, SUB_DISTRICT, GROUP = range(8)
RAIL, BORDER = 9, 11
"""Ranks of lines: the road classes from the highest, then what bounds land without being a road."""

_LATTICE_RANKS = np.array([MAIN_ARTERIAL, INTER_DISTRICT, CITY_MAIN, INTER_DISTRICT])
_SMALL_TOWN_RANKS = np.array([CITY_MAIN, DISTRICT_MAIN, CITY_MAIN, DISTRICT_MAIN])
_SMALL_TOWN_M = 800.0
_DIAGONALS = [[(-0.06, -0.10), (-0.55, -0.50), (-1.22, -1.02)], [(-0.10, 0.10), (-0.62, 0.30), (-1.05, 0.50)]]
_EXPRESSWAY = [(-1.30, -1.52), (-1.16, -1.0), (-1.26, -0.5), (-1.18, 0.0), (-1.30, 0.52), (-1.32, 0.70)]
_RAILWAYS = [
    [(-0.92, -1.52), (-0.80, -1.1), (-0.68, -0.62), (-0.60, -0.28), (-0.47, 0.06)],
    [(-0.60, -0.28), (-0.80, 0.05), (-1.20, 0.26), (-1.65, 0.40), (-2.12, 0.42)],
]
_URBAN_PARCELS_PER_HA = 31.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the plan with their ranks; where two lie on each other the lower rank wins."""

    shapes: Shapes
    ranks: Ints


def ambition(frame: Frame, plan: Floats) -> Floats:
    """Return how far from being town a place is, m: the way to the old centre, stretched by chance and hills."""
    radius = frame.radius_m
    east = np.where(plan[..., 0] > 0, 0.86, 1.0) * plan[..., 0]
    away = np.hypot(east, 1.06 * plan[..., 1])
    uneven = waves(frame.rng(7), length_m=0.75 * radius, count=5).at(plan)
    return away * (1 + 0.17 * uneven) + 14 * np.clip(relief(frame, plan) - 4, 0, 60)


def arterials(frame: Frame, shore: Shore) -> Lines:
    """Draw every line that bounds a quarter of the city."""
    rng = frame.rng(8)
    quads, lattice, ranks = _lattice(frame, rng)
    coarse_lines, coarse = split(quads, rng)
    town = _town_quads(frame, shore, coarse)
    fine_lines, _ = split(coarse[town], rng)
    chosen = [
        (lattice, ranks),
        (coarse_lines, np.full(len(coarse_lines), DISTRICT_MAIN)),
        (fine_lines, np.full(len(fine_lines), SUB_DISTRICT)),
        (_special(frame, _DIAGONALS), np.array([CITY_MAIN, INTER_DISTRICT])),
    ]
    streets = Lines(np.concatenate([lines for lines, _ in chosen]), np.concatenate([rank for _, rank in chosen]))
    return _along_waters(frame, shore, streets)


def _lattice(frame: Frame, rng: np.random.Generator) -> tuple[Floats, Shapes, Ints]:
    """Return the cells of the lattice, its lines, and their ranks."""
    spacing = float(np.clip(0.55 * frame.radius_m, 330, 800))
    extent = 2.3 * frame.radius_m
    count = int(np.ceil(extent / spacing)) * 2 + 1
    steps = rng.uniform(0.82, 1.18, (2, count)) * spacing
    lines = np.cumsum(steps, axis=1)
    lines += 0.15 * spacing - lines[:, count // 2, None]
    nodes = np.stack(np.meshgrid(lines[0], lines[1], indexing="ij"), axis=-1)
    nodes += rng.uniform(-0.08, 0.08, nodes.shape) * spacing
    quads = np.stack([nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]], axis=2).reshape(-1, 4, 2)
    pattern = _LATTICE_RANKS if frame.radius_m > _SMALL_TOWN_M else _SMALL_TOWN_RANKS
    ranks = pattern[(np.arange(count) - count // 2 + 2) % 4]
    shapes = np.concatenate([lines_through(nodes), lines_through(np.swapaxes(nodes, 0, 1))])
    return quads, shapes, np.concatenate([ranks, ranks])


def split(quads: Floats, rng: np.random.Generator) -> tuple[Shapes, Floats]:
    """Divide four-sided cells into four by a bent cross; return the lines of the crosses and the new cells."""
    count = len(quads)
    share = rng.normal(0.5, 0.045, (4, count, 1)).clip(0.36, 0.64)
    a, b, c, d = (quads[:, k] for k in range(4))
    south, east = a + (b - a) * share[0], b + (c - b) * share[1]
    north, west = d + (c - d) * share[2], a + (d - a) * share[3]
    middle = (south + north + east + west) / 4 + rng.normal(0, 7, (count, 2))
    upright = rng.random(count) < 0.88
    across = (rng.random(count) < 0.88) | ~upright
    lines = np.concatenate(
        [np.stack([south, middle, north], axis=1)[upright], np.stack([west, middle, east], axis=1)[across]]
    )
    cells = [[a, south, middle, west], [south, b, east, middle], [middle, east, c, north], [west, middle, north, d]]
    return lines_through(lines), np.concatenate([np.stack(cell, axis=1) for cell in cells])


def _town_quads(frame: Frame, shore: Shore, quads: Floats) -> Flags:
    """Return which cells may become town: the nearest ones, until there is room for the parcels and to grow."""
    middles = quads.mean(axis=1)
    shapely.prepare(shore.land)
    inside = shapely.contains_properly(shore.land, points_at(middles))
    areas = shapely.area(polygons_of(quads)) / 10_000
    order = np.argsort(ambition(frame, middles), kind="stable")
    order = order[inside[order]]
    needed = 1.55 * frame.parcels / _URBAN_PARCELS_PER_HA
    chosen = np.zeros(len(quads), dtype=np.bool_)
    chosen[order[: int(np.searchsorted(np.cumsum(areas[order]), needed)) + 1]] = True
    return chosen


def _special(frame: Frame, lines: list[list[tuple[float, float]]]) -> Shapes:
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = [shapely.LineString(np.array(line) * frame.radius_m) for line in lines]
    return shapes


def _along_waters(frame: Frame, shore: Shore, streets: Lines) -> Lines:
    """Cut the streets at the drives along the waters; add the drives, the borders, railway and motorway."""
    bank, beach = bank_width(frame), beach_width(frame)
    corridor = shapely.buffer(shore.flowing, bank, quad_segs=3)
    strand = shapely.buffer(shore.coast, beach, quad_segs=3)
    inner = shapely.difference(shore.land, strand)
    bridging = streets.ranks <= CITY_MAIN
    dry = shapely.difference(inner, corridor)
    pieces = [
        (shapely.intersection(streets.shapes[bridging], inner), streets.ranks[bridging]),
        (shapely.intersection(streets.shapes[~bridging], dry), streets.ranks[~bridging]),
    ]
    wet = shapely.intersection(streets.shapes, shapely.difference(shore.land, dry))
    marking = streets.ranks <= INTER_DISTRICT
    pieces.append((wet[marking], np.full(int(marking.sum()), BORDER)))
    motorway = EXPRESSWAY if frame.radius_m > _SMALL_TOWN_M else INTER_DISTRICT
    lone: list[tuple[Shape, int]] = [
        (shapely.intersection(shapely.boundary(corridor), inner), INTER_DISTRICT),
        (shapely.intersection(shapely.boundary(strand), shore.land), CITY_MAIN),
        (shapely.boundary(shore.land), BORDER),
        (shapely.intersection(shapely.boundary(shore.flowing), shore.land), BORDER),
        (shapely.intersection(_special(frame, [_EXPRESSWAY])[0], inner), motorway),
    ]
    lone += [(shapely.intersection(line, shore.land), RAIL) for line in _special(frame, _RAILWAYS)]
    shapes = np.array([shape for shape, _ in lone], dtype=object)
    pieces.append((shapes, np.array([rank for _, rank in lone])))
    return Lines(np.concatenate([shape for shape, _ in pieces]), np.concatenate([rank for _, rank in pieces]))


def bank_width(frame: Frame) -> float:
    """Return the distance from the water's edge to the drive along a river, in metres."""
    return float(np.clip(0.02 * frame.radius_m, 16, 42))


def beach_width(frame: Frame) -> float:
    """Return the distance from the shore line to the coastal drive, in metres."""
    return float(np.clip(0.05 * frame.radius_m, 40, 120))
