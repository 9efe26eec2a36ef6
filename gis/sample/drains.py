"""Drains: trees of sewers along the streets, each falling to an outfall, laid as deep as the fall needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, on_grid, points_at, shapes_on_grid
from gis.sample.arterials import DISTRICT_MAIN, bank_width, beach_width
from gis.sample.graph import Graph, Ways, graph, shortest_ways
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.roads import Streets
from gis.sample.splitting import split_lines
from gis.sample.supply import served_streets
from gis.sample.waterways import river_shape

_LATERAL_FROM_M = 30.0
_LATERAL_SHARE = 0.86


@dataclass(frozen=True, slots=True)
class System:
    """What one kind of drain is like: least fall, greatest depth, least cover, where and how large it is drawn."""

    name: str
    fall: float
    deepest_m: float
    cover_m: float
    outfall_level_m: float
    outfalls_every_m: float
    shift_m: tuple[float, float]
    sizes_mm: tuple[int, ...]


STORM = System("storm", 0.0011, 2.9, 0.95, 0.05, 300, (-2.0, -1.4), (400, 600, 800, 1000, 1200, 1500, 2000))
SANITARY = System("sanitary", 0.0013, 6.5, 1.4, -2.4, 1_300, (-1.3, 2.4), (200, 300, 400, 500, 600, 800, 1000))


@dataclass(frozen=True, slots=True)
class Drains:
    """One drainage system before it is written.

    `lines` : the sewers along the streets, each from node `upper` to node `lower` whichever way it is drawn.
    `points`, `invert` : of each node. `goal` : the outfall node each street node drains to, -1 for none. `outfall` :
    nodes from which a last sewer leads out; `mouth` : where to. `passing` : length of sewer above each node, m.
    """

    system: System
    lines: Shapes
    stage: Ints
    points: Floats
    upper: Ints
    lower: Ints
    invert: Floats
    goal: Ints
    outfall: Ints
    mouth: Floats
    passing: Floats


def drains(plan: Layout, every: Streets, system: System) -> Drains:
    """Lay out the drains of one system."""
    ways = served_streets(plan, every, bridged=False)
    lines = shapes_on_grid(shapely.transform(ways.shapes, lambda points: points + np.array(system.shift_m)))
    network = graph(lines)
    ground = plan.ground.at(network.points)
    outfall, mouth = _outfalls(plan, ways, network, system)
    climb = np.abs(ground[network.ends[:, 0]] - ground[network.ends[:, 1]])
    later = np.where(ways.stage > 0, 3.0, 1.0)
    tree = shortest_ways(network, outfall, network.lengths * later + 40 * climb)
    last = np.hypot(*(network.points[outfall] - mouth).T)
    begun = dict(zip(outfall.tolist(), last.tolist(), strict=True))
    invert, born = _inverts(network, tree, ground, stage=ways.stage, system=system, last=begun)
    kept = born >= 0
    child = np.flatnonzero(kept & (tree.parent >= 0))
    drained = Drains(
        system,
        lines[tree.edge[child]],
        ways.stage[tree.edge[child]],
        network.points,
        child,
        tree.parent[child],
        invert,
        np.where(kept, tree.goal, -1),
        outfall,
        mouth,
        _passing(tree, network, kept),
    )
    unused = np.setdiff1d(np.arange(len(lines)), tree.edge[child])
    drained = _with_laterals(
        plan, drained, lines[unused], ends=network.ends[unused], stage=ways.stage[unused], born=born
    )
    used = np.isin(drained.outfall, drained.lower)
    return replace(drained, outfall=drained.outfall[used], mouth=drained.mouth[used])


def _with_laterals(plan: Layout, net: Drains, lines: Shapes, *, ends: Ints, stage: Ints, born: Ints) -> Drains:
    """Add a sewer to each street the trees pass by: from near its one end down to the other, where both are drained."""
    turned = net.invert[ends[:, 0]] > net.invert[ends[:, 1]]
    low = np.where(turned, ends[:, 1], ends[:, 0])
    lengths = np.asarray(shapely.length(lines))
    fit = (born[ends] >= 0).all(axis=1) & (stage >= born[low]) & (lengths > _LATERAL_FROM_M)
    lines, low, stage = np.where(turned, shapely.reverse(lines), lines)[fit], low[fit], stage[fit]
    reach = lengths[fit] * _LATERAL_SHARE
    heads = on_grid(shapely.get_coordinates(shapely.line_interpolate_point(lines, reach)))
    ground = plan.ground.at(heads)
    bed = np.maximum(net.invert[low] + net.system.fall * reach + 0.005, ground - net.system.deepest_m)
    good = bed <= ground - net.system.cover_m
    pieces, source = split_lines(lines[good], np.arange(int(good.sum())), heads[good])
    first = np.r_[True, np.diff(source) != 0]
    count = len(net.points)
    return replace(
        net,
        lines=np.concatenate([net.lines, shapely.reverse(pieces[first])]),
        stage=np.concatenate([net.stage, stage[good]]),
        points=np.concatenate([net.points, heads[good]]),
        upper=np.concatenate([net.upper, count + np.arange(int(good.sum()))]),
        lower=np.concatenate([net.lower, low[good]]),
        invert=np.concatenate([net.invert, bed[good]]),
        passing=np.concatenate([net.passing, np.zeros(int(good.sum()))]),
    )


def _outfalls(plan: Layout, ways: Streets, network: Graph, system: System) -> tuple[Ints, Floats]:
    """Return nodes of the drives along the waters, evenly spaced, and the place in the water each leads to."""
    river = river_shape(plan)
    coast = shapely.transform(plan.shore.coast, plan.frame.ground)
    node = np.unique(network.ends[(ways.rank <= DISTRICT_MAIN) & (ways.edge >= 0) & (ways.stage == 0)])
    points, bank = points_at(network.points[node]), network.parts()
    waters = [(river, 1.9 * bank_width(plan.frame) + 14)]
    if system.name == STORM.name:
        waters.append((coast, 1.25 * beach_width(plan.frame) + 14))
    found: list[tuple[Ints, Floats]] = []
    for water, reach in waters:
        near = np.asarray(shapely.dwithin(points, water, reach)) & (np.asarray(shapely.distance(points, water)) > 2)
        chosen = node[near][_spread(network.points[node[near]], bank[node[near]], system.outfalls_every_m)]
        ways_out = shapely.get_coordinates(shapely.shortest_line(points_at(network.points[chosen]), water))
        start, end = ways_out[0::2], ways_out[1::2]
        out = end - start
        found.append((chosen, end + out / np.maximum(np.hypot(*out.T), 1e-6)[:, None] * 3.0))
    nodes = np.concatenate([chosen for chosen, _ in found])
    mouths = np.concatenate([mouth for _, mouth in found])
    _, first = np.unique(nodes, return_index=True)
    return nodes[first], on_grid(mouths[first])


def _spread(points: Floats, bank: Ints, every_m: float) -> Ints:
    """Return one point of each bank from each square of a grid that has any."""
    square = np.floor(points / every_m).astype(np.int64)
    if len(points) == 0:
        return np.empty(0, dtype=np.int64)
    _, first = np.unique(np.stack([bank, square[:, 0], square[:, 1]]), axis=1, return_index=True)
    return first


def _inverts(
    network: Graph, tree: Ways, ground: Floats, *, stage: Ints, system: System, last: dict[int, float]
) -> tuple[Floats, Ints]:
    """Return the level of the bed at each node, outfalls first, and the stage it is drained from, -1 for never.

    A node whose bed would come too near the ground is left out with all that lies above it, and so is a sewer of today
    that would lead into one of tomorrow.
    """
    invert = [float("nan")] * len(ground)
    born = [-1] * len(ground)
    parent, edge = tree.parent.tolist(), tree.edge.tolist()
    lengths, levels, stages = network.lengths.tolist(), ground.tolist(), stage.tolist()
    for node in tree.order.tolist():
        below = parent[node]
        since = 0
        if below < 0:
            lowest = system.outfall_level_m + 0.05 + system.fall * last[node]
        elif 0 <= born[below] <= stages[edge[node]]:
            lowest = invert[below] + system.fall * lengths[edge[node]] + 0.005
            since = stages[edge[node]]
        else:
            continue
        bed = max(lowest, levels[node] - system.deepest_m)
        if bed <= levels[node] - system.cover_m or below < 0:
            invert[node] = min(bed, max(lowest, levels[node] - system.cover_m))
            born[node] = since
    return np.array(invert), np.array(born)


def _passing(tree: Ways, network: Graph, kept: Flags) -> Floats:
    """Return the length of sewer that drains through each node."""
    total = [0.0] * len(network.points)
    parent, edge, lengths = tree.parent.tolist(), tree.edge.tolist(), network.lengths.tolist()
    alive = kept.tolist()
    for node in reversed(tree.order.tolist()):
        if alive[node] and parent[node] >= 0:
            total[parent[node]] += total[node] + lengths[edge[node]]
    return np.array(total)


def catchments(plan: Layout, storm: Drains) -> tuple[Ints, Ints]:
    """Return the outfall (its place in `outfall`) that each land face drains to, and which faces those are."""
    home = plan.home
    land = np.flatnonzero((home.made != Make.WATER) & (home.made != Make.BEACH))
    drained = np.flatnonzero(storm.goal >= 0)
    tree = shapely.STRtree(points_at(storm.points[drained]))
    node = drained[tree.nearest(points_at(home.centre[land]))]
    goal = storm.goal[node]
    order = np.argsort(storm.outfall)
    place = np.searchsorted(storm.outfall[order], goal).clip(0, len(order) - 1)
    return order[place], land
