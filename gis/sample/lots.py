"""A quarter cut into lots: rows back to back on a bent lattice, trimmed by the streets around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shape, Shapes, on_grid, polygon_parts, polygons_of, shapes_on_grid
from gis.sample.patterns import Pattern
from gis.sample.waves import Sway

_LEAST_SHARE = 0.42
"""A lot trimmed to less than this share of its size is joined to its neighbour."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """The lines on which a quarter is cut, in its own directions; `place` brings them onto the ground.

    `along` : positions of the lot boundaries, shape (blocks, cells + 1). `across` : positions of front, back and front
    line of each strip of two rows, shape (strips, 3).
    """

    along: Floats
    across: Floats
    origin: Floats
    direction: Floats
    sway: Sway
    sway_m: float

    def place(self, along: Floats, across: Floats) -> Floats:
        """Return points on the ground for positions along and across."""
        side = np.array([-self.direction[1], self.direction[0]])
        points = self.origin + along[..., None] * self.direction + across[..., None] * side
        if self.sway_m > 0:
            points = points + self.sway.at(points) * self.sway_m
        return on_grid(points)


@dataclass(frozen=True, slots=True)
class Lots:
    """Lots of one quarter.

    `quads` : the four corners before trimming: front left, front right, back right, back left. `whole` : not trimmed.
    `site` : number of the reserved site a lot is, -1 for an ordinary one. `frontage_m` : length along the lane.
    """

    shapes: Shapes
    quads: Floats
    whole: Flags
    block: Ints
    site: Ints
    frontage_m: Floats


def lattice(site: Shape, pattern: Pattern, rng: np.random.Generator, sway: Sway) -> Lattice:
    """Lay the lattice of a pattern over a site, along its longest side, fitting a whole number of strips and blocks."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(site))
    sides = np.diff(box[:3], axis=0)
    lengths = np.hypot(*sides.T)
    first = int(np.argmax(lengths))
    if lengths.min() > 0.7 * lengths.max() and rng.random() < 0.5:
        first = 1 - first
    direction = sides[first] / max(float(lengths[first]), 1e-6)
    length, width = float(lengths[first]), float(lengths[1 - first])
    origin = box[1] if first == 1 else box[0]
    side = np.array([-direction[1], direction[0]])
    if float((box[3 if first == 0 else 0] - box[0 if first == 0 else 1]) @ side) < 0:
        origin = origin - side * width
    blocks = max(1, round((length + pattern.cross_m) / (pattern.block_m + pattern.cross_m)))
    block = (length - (blocks - 1) * pattern.cross_m) / blocks
    cells = max(1, round(block / pattern.lot_width_m))
    starts = np.arange(blocks) * (block + pattern.cross_m)
    along = starts[:, None] + _uneven(blocks, cells, rng) * block
    return Lattice(along, _strips(width, pattern), origin, direction, sway, pattern.sway_m)


def _uneven(blocks: int, cells: int, rng: np.random.Generator) -> Floats:
    """Return cell boundaries from 0 to 1 in each block, unevenly spaced."""
    widths = rng.choice([0.86, 0.95, 1.0, 1.0, 1.08, 1.3], (blocks, cells))
    edges = np.concatenate([np.zeros((blocks, 1)), np.cumsum(widths, axis=1)], axis=1)
    return edges / edges[:, -1:]


def _strips(width: float, pattern: Pattern) -> Floats:
    """Return front, back and front line of each strip; every other lane is an alley where the pattern has alleys."""
    lanes = (pattern.lane_m, pattern.alley_m or pattern.lane_m)
    mean = sum(lanes) / 2
    count = max(1, round((width + mean) / (2 * pattern.lot_depth_m + mean)))
    gaps = np.array([lanes[(number + 1) % 2] for number in range(count - 1)])
    depth = (width - gaps.sum()) / count / 2
    fronts = np.concatenate([[0.0], np.cumsum(2 * depth + gaps)])
    return fronts[:, None] + np.array([0.0, depth, 2 * depth])


def lots(ways: Lattice, site: Shape, *, sites_m2: Floats, join_share: float, rng: np.random.Generator) -> Lots:
    """Cut a site into lots.

    Parameters
    ----------
    sites_m2
        Areas wanted for reserved sites (a school, a market …); each takes whole cells of both rows.
    join_share
        Share of neighbouring pairs that are one lot.
    """
    cells = _cells(ways)
    nominal = polygons_of(cells.reshape(-1, 4, 2))
    shapely.prepare(site)
    sound = np.asarray(shapely.is_valid(nominal))
    whole = np.asarray(shapely.contains_properly(site, nominal)) & sound
    reserved = _reserved(whole.reshape(cells.shape[:4]), np.asarray(shapely.area(nominal)), sites_m2)
    paired = _paired(whole, reserved, cells.shape[:4], join_share, rng)
    pieces = [_single(nominal, cells, whole, ~paired & (reserved < 0) & sound, site)]
    pieces += _pairs(cells, paired)
    pieces += _sites(cells, reserved.reshape(cells.shape[:4]))
    return Lots(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in Lots.__slots__))


def _cells(ways: Lattice) -> Floats:
    """Return the corners of every cell: shape (strips, 2 rows, blocks, cells, 4, 2)."""
    strips, blocks, edges = len(ways.across), *ways.along.shape
    along = np.broadcast_to(ways.along[None, None], (strips, 3, blocks, edges))
    across = np.broadcast_to(ways.across[:, :, None, None], (strips, 3, blocks, edges))
    nodes = ways.place(along, across)
    front, back = nodes[:, [0, 2]], nodes[:, [1, 1]]
    corners = [front[..., :-1, :], front[..., 1:, :], back[..., 1:, :], back[..., :-1, :]]
    return np.stack(corners, axis=-2)


def _blocks_of(shape: tuple[int, ...]) -> Ints:
    strips, _, blocks, _ = shape
    numbers = np.arange(strips * blocks).reshape(strips, 1, blocks, 1)
    return np.broadcast_to(numbers, shape).reshape(-1)


def _single(nominal: Shapes, cells: Floats, whole: Flags, chosen: Flags, site: Shape) -> Lots:
    """Return the ordinary cells as lots: trimmed at the edge of the site, slips joined to the cell beside them."""
    number = np.flatnonzero(chosen)
    number = number[whole[number] | np.asarray(shapely.intersects(site, nominal[number]))]
    shapes, inside = nominal[number], whole[number]
    trimmed, index = polygon_parts(shapely.intersection(shapes[~inside], site))
    source = np.flatnonzero(~inside)[index]
    trimmed = shapes_on_grid(trimmed)
    areas = np.asarray(shapely.area(trimmed))
    best = np.lexsort((-areas, source))
    first = np.ones(len(best), dtype=np.bool_)
    first[1:] = np.diff(source[best]) != 0
    shapes, kept = shapes.copy(), inside.copy()
    shapes[source[best[first]]] = trimmed[best[first]]
    kept[source[best[first]]] = True
    number, shapes = number[kept], shapes[kept]
    number, shapes = _slips_joined(number, shapes, nominal, cells.shape[3])
    fronts = cells.reshape(-1, 4, 2)[number]
    frontage = np.hypot(*(fronts[:, 1] - fronts[:, 0]).T)
    ones = np.full(len(number), -1)
    return Lots(shapes, fronts, whole[number], _blocks_of(cells.shape[:4])[number], ones, frontage)


def _slips_joined(number: Ints, shapes: Shapes, nominal: Shapes, cells: int) -> tuple[Ints, Shapes]:
    sizes = np.asarray(shapely.area(nominal[number]))
    for step in (1, -1):
        areas = np.asarray(shapely.area(shapes))
        slip = areas < _LEAST_SHARE * sizes
        position = np.full(len(nominal) + 2, -1)
        position[number] = np.arange(len(number))
        beside = position[number + step]
        same_row = (number // cells) == ((number + step) // cells)
        sound = np.asarray(shapely.is_valid(shapes))
        fit = slip & same_row & (beside >= 0) & sound
        fit[fit] &= ~slip[beside[fit]] & sound[beside[fit]]
        joined = shapely.union(shapes[fit], shapes[beside[fit]])
        good = shapely.get_type_id(joined) == 3
        shapes[beside[fit][good]] = joined[good]
        gone = np.zeros(len(number), dtype=np.bool_)
        gone[np.flatnonzero(fit)[good]] = True
        number, shapes, sizes = number[~gone], shapes[~gone], sizes[~gone]
    enough = (np.asarray(shapely.area(shapes)) > np.minimum(0.3 * sizes, 400)) & shapely.is_valid(shapes)
    return number[enough], shapes[enough]


def _reserved(whole: Flags, areas: Floats, wanted: Floats) -> Ints:
    """Return for each cell the number of the site that takes it, -1 for none.

    Sites fill runs of cells over both rows, in blocks that no street trims; a site that finds no room is left out.
    """
    strips, _, blocks, _ = whole.shape
    taken = np.full(whole.shape, -1)
    both = areas.reshape(whole.shape).sum(axis=1)
    free: Flags = np.logical_and(whole[:, 0], whole[:, 1])
    for number, area in enumerate(wanted):
        for strip, block in np.ndindex(strips, blocks):
            room = np.where(free[strip, block], both[strip, block], 0)
            run = free[strip, block].argmax()
            reach = np.cumsum(room[run:] * (np.cumsum(~free[strip, block, run:]) == 0))
            if reach[-1] < 0.6 * area:
                continue
            stop = run + min(int(np.searchsorted(reach, area)) + 1, int((reach < reach[-1]).sum()) + 1)
            taken[strip, :, block, run:stop] = number
            free[strip, block, run:stop] = False
            break
    return taken.reshape(-1)


def _paired(whole: Flags, reserved: Ints, shape: tuple[int, ...], share: float, rng: np.random.Generator) -> Flags:
    """Return which cells are joined to the one beside them (cells 2k and 2k+1 of a row)."""
    free = (whole & (reserved < 0)).reshape(shape)
    half = shape[3] // 2
    both = free[..., 0 : 2 * half : 2] & free[..., 1 : 2 * half : 2]
    chosen = both & (rng.random(both.shape) < share)
    paired = np.zeros(shape, dtype=np.bool_)
    paired[..., 0 : 2 * half : 2] = chosen
    paired[..., 1 : 2 * half : 2] = chosen
    return paired.reshape(-1)


def _pairs(cells: Floats, paired: Flags) -> list[Lots]:
    number = np.flatnonzero(paired)[::2]
    if len(number) == 0:
        return []
    flat = cells.reshape(-1, 4, 2)
    left, right = flat[number], flat[number + 1]
    rings = np.stack([left[:, 0], left[:, 1], right[:, 1], right[:, 2], left[:, 2], left[:, 3]], axis=1)
    quads = np.stack([left[:, 0], right[:, 1], right[:, 2], left[:, 3]], axis=1)
    frontage = np.hypot(*(quads[:, 1] - quads[:, 0]).T)
    blocks = _blocks_of(cells.shape[:4])[number]
    whole = np.ones(len(number), dtype=np.bool_)
    return [Lots(polygons_of(rings), quads, whole, blocks, np.full(len(number), -1), frontage)]


def _sites(cells: Floats, reserved: Ints) -> list[Lots]:
    """Return the reserved sites: runs of cells over both rows, with every vertex their neighbours have."""
    found: list[Lots] = []
    blocks = _blocks_of(cells.shape[:4]).reshape(cells.shape[:4])
    for number in range(int(reserved.max(initial=-1)) + 1):
        strip, _, block, cell = np.argwhere(reserved == number).T
        if len(cell) == 0:
            continue
        low, high = cells[strip[0], :, block[0], cell.min() : cell.max() + 1]
        ring = np.concatenate([low[:, 0], low[-1:, 1], low[-1:, 2], high[::-1, 1], high[:1, 0], high[:1, 3]])
        quad = np.stack([low[0, 0], low[-1, 1], high[-1, 1], high[0, 0]])
        frontage = np.array([float(np.hypot(*(quad[1] - quad[0])))])
        here = blocks[strip[0], 0, block[0], 0]
        shape = np.array([shapely.Polygon(ring)], dtype=object)
        found.append(Lots(shape, quad[None], np.array([True]), np.array([here]), np.array([number]), frontage))
    return found
