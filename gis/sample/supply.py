"""The water supply: mains along the streets, from works, pumps and tanks to every node, sized by their flow.

The network is drawn as an operator keeps it: pumps and valves are nodes that stand between two pipes; water passes such
a node from the pipe that ends there to the pipe that starts there. In a large city the lanes are left out and their
demand stands at the nearest main.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shapes, shapes_on_grid
from gis.sample.arterials import DISTRICT_MAIN, EXPRESSWAY, GROUP, INTER_DISTRICT, SUB_DISTRICT
from gis.sample.graph import Graph, Ways, graph, main_part, nearest_nodes, shortest_ways
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.quarters import NEVER
from gis.sample.roads import Streets, chosen

LANES_UP_TO = 60_000
"""Parcels of the largest city whose lanes have pipes and sewers of their own."""

MINOR_UP_TO = 400_000
"""Parcels of the largest city whose sub-district streets have them; beyond it only the mains are drawn."""

SIZES_MM = np.array([100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2400])
ROUGHNESS_HW = 130.0
_DAY_S = 86_400.0
_PER_HEAD_M3_DAY = 0.12 * 1.26 * 1.15 * 1.04
_INDUSTRY_M3_HA_DAY = 12.0
_TOTAL_LOSS_M = 16.0
_FREE_HEAD_M = 24.0
_HIGHEST_M, _HIGHER = 14.0, 0.0022
_SHIFT_M = np.array([2.2, 1.6])
_PEAK = 1.35
_LATER = 1_000.0
"""So much longer are pipes of later stages: mains are sized for the city as it stands, where there is a way today."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The network before it is written: the streets it follows, its graph, and what flows and stands where.

    `diameter_mm` : of each street's pipe. `demand` : of each node, m³/day. `head` : of each node, m, were the network a
    tree.
    `works` : nodes where treatment works feed in; `tanks` : nodes where a tank stands.
    """

    ways: Streets
    lines: Shapes
    network: Graph
    diameter_mm: Ints
    demand: Floats
    head: Floats
    works: Ints
    tanks: Ints
    source_head_m: float
    inflow: Floats


def served_streets(plan: Layout, ways: Streets, *, bridged: bool = True) -> Streets:
    """Return the streets that carry pipes: hanging together today, and reached later from there."""
    parcels = plan.frame.parcels
    last = GROUP if parcels <= LANES_UP_TO else SUB_DISTRICT if parcels <= MINOR_UP_TO else DISTRICT_MAIN
    fit = (ways.rank > EXPRESSWAY) & (ways.rank <= last) & (ways.stage_end == NEVER)
    for place in (0.0, 0.5, 1.0):
        points = shapely.get_coordinates(shapely.line_interpolate_point(ways.shapes, place, normalized=True))
        fit &= plan.ground.at(points) < _HIGHEST_M + _HIGHER * plan.frame.radius_m
    if not bridged:
        fit &= ~ways.bridge
    ways = chosen(ways, fit)
    today = ways.stage == 0
    keep = ~today
    keep[today] = main_part(graph(ways.shapes[today])) if bridged else True
    ways = chosen(ways, keep)
    return chosen(ways, main_part(graph(ways.shapes))) if bridged else ways


def supply(plan: Layout, every: Streets) -> Supply:
    """Lay out the supply of a city."""
    ways = served_streets(plan, every)
    lines = shapes_on_grid(shapely.transform(ways.shapes, lambda points: points + _SHIFT_M))
    network = graph(lines)
    demand = _demand(plan, ways, network)
    main_nodes = np.unique(network.ends[(ways.rank <= INTER_DISTRICT) & (ways.stage == 0)])
    works = nearest_nodes(network, _works_at(plan), main_nodes)
    works = np.unique(works)
    favour = np.array([1, 1, 1, 1.1, 1.4, 1.6, 2.0, 2.6])[ways.rank] * np.where(ways.stage == 0, 1.0, _LATER)
    tree = shortest_ways(network, works, network.lengths * favour)
    flow = _gathered(tree, demand) / _DAY_S
    diameters = _diameters(ways, network, tree, flow)
    loss = _losses(network, tree, flow, diameters)
    levels = plan.ground.at(network.points)
    source_head = float(np.max(levels + _FREE_HEAD_M + loss))
    tanks = _tank_nodes(plan, network, main_nodes, works)
    return Supply(
        ways, lines, network, diameters, demand, source_head - loss, works, tanks, source_head, flow[works] * _DAY_S
    )


def _works_at(plan: Layout) -> Floats:
    places = np.array([(0.0, -0.92), (-1.0, -0.72), (0.55, -1.2), (-0.6, 0.25), (0.7, 0.1), (-0.4, -0.2)])
    count = 1 + min(5, plan.frame.parcels // 150_000)
    return plan.frame.ground(places[:count] * plan.frame.radius_m)


def _demand(plan: Layout, ways: Streets, network: Graph) -> Floats:
    """Return the demand at each node: that of a quarter is shared by the nodes of its lanes, or at the nearest."""
    home = plan.home
    need = plan.wards.face_people * _PER_HEAD_M3_DAY
    need += np.where(home.made == Make.INDUSTRY, home.area_ha * _INDUSTRY_M3_HA_DAY, 0)
    need += np.where(home.made == Make.RESORT, home.area_ha * 2 * _INDUSTRY_M3_HA_DAY, 0)
    lane = (ways.quarter >= 0) & (ways.stage == 0)
    face = np.repeat(ways.quarter[lane], 2)
    node = network.ends[lane].reshape(-1)
    counts = np.bincount(face, minlength=len(need))
    demand = (
        np.bincount(node, need[face] / counts[face], len(network.points))
        if len(face)
        else np.zeros(len(network.points))
    )
    bare = np.flatnonzero((counts == 0) & (need > 0))
    if len(bare):
        today = np.unique(network.ends[ways.stage == 0])
        np.add.at(demand, nearest_nodes(network, home.centre[bare], today), need[bare])
    return np.asarray(demand, dtype=np.float64)


def _gathered(tree: Ways, own: Floats) -> Floats:
    """Return what passes each node towards the goal: its own and that of every node beyond it."""
    total = own.tolist()
    parent = tree.parent.tolist()
    for node in reversed(tree.order.tolist()):
        if parent[node] >= 0:
            total[parent[node]] += total[node]
    return np.array(total, dtype=np.float64)


def _diameters(ways: Streets, network: Graph, tree: Ways, flow: Floats) -> Ints:
    """Return the diameter of each pipe: by its flow at an even gradient, at least that of its kind of street."""
    longest = max(float(tree.cost[np.isfinite(tree.cost)].max()), 1.0)
    gradient = float(np.clip(_TOTAL_LOSS_M / longest, 0.0003, 0.003))
    carried = np.zeros(len(network.ends))
    child = np.flatnonzero(tree.edge >= 0)
    carried[tree.edge[child]] = flow[child]
    wanted = (10.667 * (_PEAK * carried / ROUGHNESS_HW) ** 1.852 / gradient) ** (1 / 4.871) * 1000
    least = np.array([300, 300, 300, 200, 150, 100, 100, 100])[ways.rank]
    return SIZES_MM[np.searchsorted(SIZES_MM, np.maximum(wanted, least)).clip(0, len(SIZES_MM) - 1)]


def _losses(network: Graph, tree: Ways, flow: Floats, diameters: Ints) -> Floats:
    """Return the head lost from the works to each node, along the tree (Hazen–Williams)."""
    loss = np.zeros(len(network.points))
    edge = tree.edge
    unit = 10.667 * (flow / ROUGHNESS_HW) ** 1.852 / np.maximum(diameters[edge] / 1000, 0.05) ** 4.871
    step = np.where(edge >= 0, unit * network.lengths[edge], 0.0).tolist()
    parent = tree.parent.tolist()
    lost = loss.tolist()
    for node in tree.order.tolist():
        if parent[node] >= 0:
            lost[node] = lost[parent[node]] + step[node]
    return np.array(lost)


def _tank_nodes(plan: Layout, network: Graph, nodes: Ints, works: Ints) -> Ints:
    """Return nodes of mains for tanks, far from the works and from each other."""
    count = max(1, min(24, plan.frame.parcels // 40_000))
    away = np.full(len(nodes), np.inf)
    for node in works:
        away = np.minimum(away, np.hypot(*(network.points[nodes] - network.points[node]).T))
    away *= np.exp(-np.hypot(*(network.points[nodes] - plan.frame.centre).T) / (1.2 * plan.frame.radius_m))
    chosen_nodes: list[int] = []
    for _ in range(count):
        best = int(np.argmax(away))
        chosen_nodes.append(int(nodes[best]))
        away = np.minimum(away, np.hypot(*(network.points[nodes] - network.points[nodes[best]]).T))
    return np.unique(np.array(chosen_nodes))
