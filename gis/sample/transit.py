"""Public transport: bus routes along the larger streets with stops at their junctions, a rail line, car parks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.sample.arrays import Ints, Shape, Shapes, points_at
from gis.sample.arterials import DISTRICT_MAIN, EXPRESSWAY, RAIL, SUB_DISTRICT
from gis.sample.graph import graph, main_part, nearest_nodes, shortest_ways
from gis.sample.layout import Layout
from gis.sample.patterns import Make
from gis.sample.roads import Streets, chosen
from gis.sample.stream import Batch, batches
from gis.sample.words import place_names

_STOP_EVERY_M = 430.0


def transit(plan: Layout, ways: Streets) -> Iterator[Batch]:
    """Yield the routes, the stops and the car parks."""
    last = SUB_DISTRICT if plan.frame.parcels <= 10_000 else DISTRICT_MAIN
    ways = chosen(ways, (ways.rank > EXPRESSWAY) & (ways.rank <= last) & (ways.stage == 0))
    ways = chosen(ways, main_part(graph(ways.shapes)))
    paths, stops = _routes(plan, ways)
    rail = _merged(plan.bones.edges[plan.bones.ranks == RAIL])
    count = len(paths)
    rng = plan.frame.rng(120)
    modes = ["bus"] * count
    stages = ["existing"] * count
    if count > 2:
        modes[0], stages[0] = "brt", "2030"
        stages[1] = "2045"
    columns = {
        "number": [*(f"{number + 1:02d}" for number in range(count)), "R1"],
        "name": [*(f"Tuyến {number + 1:02d}" for number in range(count)), "Tuyến đường sắt mẫu"],
        "transit_mode": [*modes, "rail"],
        "headway_min": [*rng.choice([8.0, 10.0, 15.0, 20.0, 30.0], count), 180.0],
        "stage": [*stages, "existing"],
    }
    yield from batches("transit_route", np.array([*paths, rail], dtype=object), columns)
    yield from _stops(plan, stops)
    yield from _parking(plan)


def _routes(plan: Layout, ways: Streets) -> tuple[list[Shape], np.ndarray]:
    """Return the path of each route as lines, and the places of the stops."""
    network = graph(ways.shapes)
    rng = plan.frame.rng(121)
    count = int(np.clip(plan.frame.parcels / 4_000, 3, 80))
    home = plan.home
    town = np.flatnonzero(home.town & (home.area_ha > 0.5))
    every = np.arange(len(network.points))
    hubs = nearest_nodes(network, home.centre[town[np.argsort(home.share[town])[: max(1, len(town) // 12)]]], every)
    edge_of_town = nearest_nodes(network, home.centre[rng.choice(town, 2 * count)], every)
    paths: list[Shape] = []
    stops: list[int] = []
    for number in range(count):
        hub = int(hubs[rng.integers(len(hubs))])
        tree = shortest_ways(network, np.array([hub]), network.lengths * (1 + 0.12 * ways.rank))
        edges: list[int] = []
        for far in edge_of_town[2 * number : 2 * number + 2]:
            found, halts = _path(tree.parent, tree.edge, network.lengths, int(far))
            edges.extend(found)
            stops.extend(halts)
        if edges:
            paths.append(_merged(ways.shapes[sorted(set(edges))]))
    return paths, network.points[np.unique(np.array(stops, dtype=np.int64))]


def _merged(lines: Shapes) -> Shape:
    """Return lines that run on into each other as few lines as can be, in one geometry."""
    return shapely.line_merge(shapely.MultiLineString(list(lines)))


def _path(parent: Ints, edge: Ints, lengths: np.ndarray, node: int) -> tuple[list[int], list[int]]:
    """Return the edges from a node back to the hub, and the nodes to stop at."""
    edges, stops, since = [], [node], 0.0
    while parent[node] >= 0:
        edges.append(int(edge[node]))
        since += float(lengths[edge[node]])
        node = int(parent[node])
        if since >= _STOP_EVERY_M:
            stops.append(node)
            since = 0.0
    return edges, stops


def _stops(plan: Layout, places: np.ndarray) -> Iterator[Batch]:
    rng = plan.frame.rng(122)
    rail = plan.bones.edges[plan.bones.ranks == RAIL]
    ends = shapely.get_coordinates(rail)
    station = ends[np.argmin(np.hypot(*(ends - plan.frame.centre).T))]
    points = points_at(np.concatenate([places, station[None]]))
    names = place_names(len(points), rng)
    count = len(places)
    columns = {
        "code": [f"B{number + 1:05d}" for number in range(count)] + ["GA01"],
        "name": [*names[:count], "Ga Mẫu"],
        "transit_mode": ["bus"] * count + ["rail"],
        "shelter": rng.random(len(points)) < 0.4,
        "stage": "existing",
    }
    yield from batches("transit_stop", points, columns)


def _parking(plan: Layout) -> Iterator[Batch]:
    rng = plan.frame.rng(123)
    home = plan.home
    fit = np.flatnonzero(
        np.isin(home.made, (Make.MIXED, Make.OFFICE, Make.RESORT, Make.PARK, Make.OLD)) & (home.area_ha > 0.3)
    )
    fit = fit if len(fit) else np.flatnonzero(home.town)[:1]
    count = max(1, min(len(fit), round(float(plan.wards.people.sum()) / 6_000)))
    number = np.sort(rng.choice(fit, count, replace=False))
    levels = rng.choice([1, 1, 1, 2, 4], count)
    spaces = rng.integers(40, 180, count) * levels
    columns = {
        "name": [f"Bãi đỗ xe {name}" for name in place_names(count, rng)],
        "car_spaces": spaces,
        "levels": levels,
        "land_area_m2": np.round(spaces / levels * 25.0),
        "stage": np.where(rng.random(count) < 0.15, "2030", "existing").astype(object),
    }
    yield from batches("parking", points_at(home.centre[number]), columns)
