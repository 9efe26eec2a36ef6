"""Water supply: segments between valves, and a day simulated out of the layers against EPANET itself."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np

from gis.networks.supply.breaks import shut
from gis.networks.supply.inp import parsed
from gis.networks.supply.network import NOWHERE, Network, Valves, texts
from gis.networks.supply.reading import network_of
from gis.networks.supply.segments import segments
from tests.bench.evaluating.sides import side
from tests.bench.figures import Figure
from tests.bench.serving.ground import Ground

_WIDE, _HIGH = 40, 39
_VALVED_SHARE = 0.6
_ROUNDS = 5


def isolation(ground: Ground) -> Iterator[Figure]:
    """Yield how long it takes to find the segments of a network of 3,000 pipes, and to shut a break in each tenth."""
    network = _grid()
    took: list[float] = []
    shut_s: list[float] = []
    number = 0
    for _ in range(min(_ROUNDS, ground.scale.rounds)):
        began = time.perf_counter()
        found = segments(network)
        took.append(time.perf_counter() - began)
        number = found.number
        began = time.perf_counter()
        for segment in range(0, number, 10):
            shut(network, found, segment)
        shut_s.append((time.perf_counter() - began) / len(range(0, number, 10)))
    note = (
        f"{len(network.valves):,} valves, {number:,} segments; a break takes {1_000 * statistics.median(shut_s):.1f} ms"
    )
    name = f"isolation segments of {len(network.links):,} pipes"
    yield Figure(name, statistics.median(took), "s", most=2, note=note)


def _grid() -> Network:
    """Return a grid of streets with a pipe in each, fed at a corner, with valves at chance ends of pipes."""
    code = {(column, row): f"N{column}.{row}" for column in range(_WIDE) for row in range(_HIGH)}
    pipes = [
        (code[column, row], code[other])
        for column, row in code
        for other in ((column + 1, row), (column, row + 1))
        if other in code
    ]
    rows = "\n".join(f"P{number} {one} {other} 100 200 130" for number, (one, other) in enumerate(pipes))
    junctions = "\n".join(f"{name} 5 0.1" for name in code.values())
    text = f"[JUNCTIONS]\n{junctions}\n[RESERVOIRS]\nR 50\n[PIPES]\n{rows}\nMAIN R {code[0, 0]} 100 800 130\n"
    bare = network_of(parsed("grid", f"{text}[OPTIONS]\nUNITS LPS\n"))
    every = np.arange(len(bare.links))
    node, link = np.concatenate([bare.links.start, bare.links.end]), np.concatenate([every, every])
    chosen = np.random.default_rng(1).random(len(node)) < _VALVED_SHARE
    marks = np.ones(int(chosen.sum()), dtype=np.bool_)
    codes = texts([f"V{number}" for number in range(len(marks))])
    none = np.full(len(marks), NOWHERE, dtype=np.int64)
    return Network(bare.name, bare.nodes, bare.links, Valves(codes, node[chosen], link[chosen], marks, ~marks, none))


def supply(ground: Ground) -> Iterator[Figure]:
    """Yield by how much a day simulated out of the layers takes longer than 1.3 times EPANET's own on the same file."""
    over: list[float] = []
    ours: list[float] = []
    theirs: list[float] = []
    nodes = 0
    for _ in range(min(_ROUNDS, ground.scale.rounds)):
        measured, found = side(ground.city_url, ground.folder, "supply", str(ground.folder / "supply.inp"))
        _, alone = side(ground.city_url, ground.folder, "epanet", str(ground.folder / "supply.inp"))
        ours.append(measured.wall_s)
        theirs.append(alone["seconds"])
        over.append(measured.wall_s - 1.3 * alone["seconds"])
        nodes = int(found["nodes"])
    note = (
        f"{nodes:,} nodes; {statistics.median(ours):.1f} s, starting included; EPANET {statistics.median(theirs):.2f} s"
    )
    method = "layers, model, 24 h of simulation in a process of its own / EPANET alone on the file it ran"
    yield Figure(
        "layers to a simulated day, beyond 1.3 × EPANET", statistics.median(over), "s", most=5, note=note, method=method
    )
