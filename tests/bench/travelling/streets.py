"""Streets against networkx, igraph and pandana; graphs from the database; routes through HTTP; access of parcels."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import numpy as np

from gis.db import open_city
from gis.findings.lonlat import degrees
from gis.networks.shelf import folder_of
from gis.networks.streets.network import Streets
from gis.settings import REPOSITORY
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import run
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import Environment
from tests.bench.serving.ours import ours
from tests.bench.serving.servers import HOST

_PEER = Environment("networks", ("pandana==0.8.*", "igraph==1.*", "networkx==3.*"), program="python")
_MOST_M = 3_000.0
"""As far as a fire station may be in the centre of a city."""
_FACILITIES = 500
_ROUTES = 1_000
_TRIED = 50
_HTTP_OK = 200


def graphs(ground: Ground) -> Iterator[Figure]:
    """Yield how long the graph takes from the database, and how long a second process takes to open it."""
    with open_city(ground.grid_url) as city:
        shutil.rmtree(folder_of(city), ignore_errors=True)
    took = [_opened(ground) for _ in range(2)]
    note = f"{ground.edges:,} edges; read, joined, landmarks, written"
    yield Figure("graph of streets built from the database", took[0], "s", most=20, note=note)
    yield Figure("graph of streets opened by a second process", took[1], "s", most=1, note="arcs and landmarks at hand")


def _opened(ground: Ground) -> float:
    code = (
        "import os,time\nfrom gis.db import open_city\nfrom gis.networks.streets.network import Travel, streets\n"
        "with open_city(os.environ['QUYHOACH_DATABASE_URL']) as city:\n"
        "    began = time.perf_counter()\n    found = streets(city)\n"
        "    found.ways(Travel.DRIVE).arcs, found.landmarks(Travel.DRIVE)\n"
        "    open(os.environ['OUT'], 'w').write(str(time.perf_counter() - began))\n"
    )
    out = ground.folder / "opened.txt"
    run([sys.executable, "-c", code], environment={**_ours(ground), "OUT": str(out)})
    return float(out.read_text())


def areas(ground: Ground) -> Iterator[Figure]:
    """Yield the service areas of 500 facilities against networkx and others, each a process, the graph in memory."""
    given = _given(ground)
    found = {"ours": _side(ground, "ours", given), "networkx": _side(ground, "networkx", given)}
    mine, theirs = found["ours"], found["networkx"]
    apart = abs(mine["length_m"] - theirs["length_m"]) / theirs["length_m"]
    method = f"{_FACILITIES} facilities, {_MOST_M:g} m along streets, {ground.edges:,} edges; the graph in memory"
    note = f"{mine['seconds']:.2f} s and {theirs['seconds']:.1f} s; {mine['length_m'] / 1_000:,.0f} km reached"
    name = f"service areas of {_FACILITIES} facilities"
    yield Figure(
        f"{name}: against networkx", theirs["seconds"] / mine["seconds"], "×", least=20, note=note, method=method
    )
    yield Figure(f"{name}: lengths apart", 100 * apart, "%", most=0.01)
    # Pandana's contraction of such a grid did not end in minutes: it comes last.
    for peer, about in (("igraph", "for nodes alone, without a limit"), ("pandana", "for nodes alone")):
        other = _side(ground, peer, given)
        note = f"{mine['seconds']:.2f} s with parts of edges, {peer} {other['seconds']:.2f} s {about}"
        nodes = abs(mine["nodes"] - other["nodes"]) / other["nodes"]
        ratio = other["seconds"] / mine["seconds"]
        yield Figure(f"{name}: against {peer}", ratio, "×", least=1, note=note, method=method)
        yield Figure(f"{name}: nodes apart, {peer}", 100 * nodes, "%", most=0.01)


def _given(ground: Ground) -> Path:
    """Write the graph, and facilities at nodes all over it."""
    with open_city(ground.grid_url) as city:
        graph = Streets.read(city).graph
    chosen = np.random.default_rng(7).choice(len(graph.nodes), _FACILITIES, replace=False)
    out = ground.folder / "graph.npz"
    np.savez(
        out,
        nodes=graph.nodes,
        start=graph.start,
        end=graph.end,
        length_m=graph.length_m,
        facilities=chosen,
        positions=graph.nodes[chosen],
        most=_MOST_M,
    )
    return out


def _side(ground: Ground, name: str, given: Path) -> dict[str, Any]:
    out = ground.folder / f"{name}.json"
    python = Path(sys.executable) if name == "ours" else _PEER.directory(ground) / "bin" / "python"
    script = REPOSITORY / "tests" / "bench" / "travelling" / "pawns.py"
    run([str(python), str(script), name, str(given), str(out)], environment=_ours(ground))
    return json.loads(out.read_text(encoding="utf-8"))


def _ours(ground: Ground) -> dict[str, str]:
    return {"QUYHOACH_DATABASE_URL": ground.grid_url, "PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]}


def routes(ground: Ground) -> Iterator[Figure]:
    """Yield how long a route through HTTP takes, one after the other, all over the grid."""
    name = "one route through HTTP, p99"
    side_m = ground.grid_side * ground.grid_apart_m
    chance = np.random.default_rng(3).uniform(0, side_m - ground.grid_apart_m, (_ROUTES + _TRIED, 2, 2))
    ends = degrees(np.add(chance, (530_000.0, 1_755_000.0)).reshape(-1, 2)).reshape(-1, 2, 2)
    took_ms: list[float] = []
    with ours(ground.grid_url, ground.folder) as server:
        connection = HTTPConnection(HOST, server.port, timeout=60)
        for here, there in ends.tolist():
            asked = {"origin": f"{here[0]},{here[1]}", "destination": f"{there[0]},{there[1]}", "travel": "drive"}
            began = time.perf_counter()
            connection.request(
                "POST",
                "/ogc/processes/route/execution",
                json.dumps({"inputs": asked}),
                {"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            text = answer.read()
            took_ms.append(1_000 * (time.perf_counter() - began))
            if answer.status != _HTTP_OK:
                yield not_measured(name, "ms", f"status {answer.status}: {text[:200]!r}", most=30)
                return
    late = took_ms[_TRIED:]
    note = (
        f"{len(late):,} routes across {side_m / 1_000:.0f} km; median {np.median(late):.1f} ms, most {max(late):.1f} ms"
    )
    yield Figure(name, float(np.percentile(late, 99)), "ms", most=30, note=note, method=f"{ground.edges:,} edges")


def access(ground: Ground) -> Iterator[Figure]:
    """Yield how long the access of all parcels to eight kinds of facility takes, and how much memory."""
    command = [sys.executable, "-m", "gis", "ask", "parcel_access", "--json"]
    environment = {"QUYHOACH_DATABASE_URL": ground.city_url, "PYTHONPATH": str(REPOSITORY)}
    runs = [run(command, environment=environment) for _ in range(2)]
    name = f"access of {ground.scale.parcels:,} parcels to 8 kinds of facility"
    note = f"with its start; the first time {runs[0].wall_s:.1f} s, with the graph to be read"
    yield Figure(name, runs[0].wall_s, "s", most=20, note=note)
    yield Figure(f"{name}: peak memory", max(each.peak_mib for each in runs), "MiB", most=1_024)
