"""One side of a comparison, as a process: `python -m tests.bench.travelling.pawns SIDE IN OUT`.

`IN` is a file of arrays: the edges of a graph and the nodes of facilities. What a side found, and the seconds it took
to find it once the graph was in memory, is written to `OUT` as JSON. Peers run in environments of their own, so that
nothing of the project is loaded here but by our own side.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROUNDS = 3


def main() -> None:
    """Run one side."""
    side, given, out = sys.argv[1:]
    Path(out).write_text(json.dumps(SIDES[side](given)), encoding="utf-8")


def ours(given: str) -> dict[str, Any]:
    """Find the service areas with the graph that is kept in files; open it first, and say how long that took."""
    from gis.db import open_city
    from gis.networks.placing import placed
    from gis.networks.service_area import service_areas
    from gis.networks.streets.network import Travel, streets

    with open_city(os.environ["QUYHOACH_DATABASE_URL"]) as city:
        began = time.perf_counter()
        ways = streets(city).ways(Travel.WALK)
        opened_s = time.perf_counter() - began
    asked = np.load(given)
    import shapely

    where = placed(ways.graph, shapely.points(asked["positions"]), within_m=1)
    ways.arcs  # noqa: B018 - the peers' graphs are ready too
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        areas = list(service_areas(ways, where, most=float(asked["most"])))
        found.append(time.perf_counter() - began)
    nodes = sum(len(each.nodes) for each in areas)
    return {"seconds": min(found), "opened_s": opened_s, "length_m": sum(a.length_m for a in areas), "nodes": nodes}


def networkx(given: str) -> dict[str, Any]:
    """Find the reached parts of edges with networkx: a search from each facility, then what is reached of each edge."""
    import networkx as nx

    asked = np.load(given)
    graph = nx.Graph()
    edges = zip(asked["start"].tolist(), asked["end"].tolist(), asked["length_m"].tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    most = float(asked["most"])
    began = time.perf_counter()
    length_m, nodes = 0.0, 0
    for origin in asked["facilities"].tolist():
        reached = nx.single_source_dijkstra_path_length(graph, origin, cutoff=most)
        nodes += len(reached)
        for here, cost in reached.items():
            for there, edge in graph[here].items():
                part = min(most - cost, edge["weight"])
                other = most - reached[there] if there in reached else 0.0
                # Of an edge that is reached from both ends each end counts half of what they have in common.
                length_m += (min(part + min(other, edge["weight"]), edge["weight"])) * (0.5 if there in reached else 1)
    return {"seconds": time.perf_counter() - began, "length_m": length_m, "nodes": nodes}


def pandana(given: str) -> dict[str, Any]:
    """Find the nodes within reach with pandana, whose contraction of the graph is not counted."""
    import pandana as pdna
    import pandas as pd

    asked = np.load(given)
    network = pdna.Network(
        pd.Series(asked["nodes"][:, 0]),
        pd.Series(asked["nodes"][:, 1]),
        pd.Series(asked["start"]),
        pd.Series(asked["end"]),
        pd.DataFrame({"length_m": asked["length_m"]}),
    )
    facilities = asked["facilities"].tolist()
    network.nodes_in_range(facilities[:2], float(asked["most"]))
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        reached = network.nodes_in_range(facilities, float(asked["most"]))
        found.append(time.perf_counter() - began)
    return {"seconds": min(found), "nodes": len(reached)}


def igraph(given: str) -> dict[str, Any]:
    """Find the nodes within reach with igraph, which knows no limit of a search: all distances, then what is within."""
    import igraph as ig

    asked = np.load(given)
    edges = np.column_stack([asked["start"], asked["end"]])
    graph = ig.Graph(n=len(asked["nodes"]), edges=edges, edge_attrs={"length_m": asked["length_m"]})
    most, nodes, began = float(asked["most"]), 0, time.perf_counter()
    for facility in asked["facilities"].tolist():
        distances = np.asarray(graph.distances(source=facility, weights="length_m")[0])
        nodes += int((distances <= most).sum())
    return {"seconds": time.perf_counter() - began, "nodes": nodes}


SIDES: dict[str, Callable[[str], dict[str, Any]]] = {
    "ours": ours,
    "networkx": networkx,
    "igraph": igraph,
    "pandana": pandana,
}

if __name__ == "__main__":
    main()
