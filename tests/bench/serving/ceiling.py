"""Cold tiles against the database's own ceiling: pgbench with the same statement, the same tiles in the same order."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator, Sequence

from gis.cluster.programs import installed
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import CommandFailedError
from tests.bench.serving.asking import WRK, Asked, has_wrk, once
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.statement import SESSIONS, overheard, script
from tests.bench.serving.walk import Tile, walk

LEAST_SHARE = {16: 0.75, 14: 0.90}
_LEAST_TRANSACTIONS = {16: 2_000, 14: 240}
"""So many that what each new connection has to learn first does not count."""
METHOD = (
    "pgbench -M prepared with the service's own statement and session, the faster of a kept plan and one per tile, "
    "against wrk asking a fresh service; same tiles in the same order, the fullest first (pgbench again and again), as "
    "many connections, "
    "in turn; median of shares"
)
_WARMED_BY = 300


def ceiling(ground: Ground) -> Iterator[Figure]:
    """Draw distinct tiles of the city by pgbench and by the service, in turn."""
    for z, least in LEAST_SHARE.items():
        name = f"cold tiles at z{z}: share of the database's ceiling"
        if has_wrk():
            yield _share(ground, name, z, least)
        else:
            yield not_measured(name, "×", WRK, least=least)


def _share(ground: Ground, name: str, z: int, least: float) -> Figure:
    known = walk(ground.city_url)
    tiles = known.fullest_first(known.tiles(z)[: ground.scale.most_tiles])
    text = script(overheard(ground.city_url, tiles), clients=ground.connections)
    transactions = len(tiles) * -(-_LEAST_TRANSACTIONS[z] // len(tiles))
    drawn: list[float] = []
    served: list[Asked] = []
    for _ in range(ground.scale.rounds):
        drawn.append(max(_pgbench(ground, text, transactions, session) for session in SESSIONS))
        served.append(cold(ground, tiles, warmed_by=known.tiles(z + 1)))
    share = statistics.median(ours.rate / theirs for ours, theirs in zip(served, drawn, strict=True))
    errors = sum(one.errors for one in served)
    rate = statistics.median(one.rate for one in served)
    note = (
        f"{rate:,.0f} of {statistics.median(drawn):,.0f} tiles/s; {len(tiles)} distinct tiles, "
        f"{ground.connections} connections, {ground.workers} workers, {errors} errors"
    )
    return Figure(name, share if not errors else float("nan"), "×", least=least, note=note, method=METHOD)


def cold(ground: Ground, tiles: Sequence[Tile], *, warmed_by: Sequence[Tile]) -> Asked:
    """Ask a fresh service with nothing cached for each tile once.

    Parameters
    ----------
    warmed_by : other tiles, asked first so that connections stand and the database's caches are filled.
    """
    with ours(ground.city_url, ground.folder, workers=ground.workers) as server:
        for paths in ([server.path(tile) for tile in warmed_by[:_WARMED_BY]], [server.path(tile) for tile in tiles]):
            asked = once(server, paths, connections=ground.connections, folder=ground.folder)
    return asked


def _pgbench(ground: Ground, text: str, transactions: int, session: str) -> float:
    """Return the tiles a second that pgbench draws, connecting not counted."""
    path = ground.folder / "tiles.pgbench"
    path.write_text(text, encoding="utf-8")
    clients = ground.connections
    done = subprocess.run(
        [
            *(str(installed()[0].directory / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}"),
            *("--jobs=1", f"--transactions={max(1, transactions // clients)}", "--define=k=0", f"--file={path}"),
            ground.city_url,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PGOPTIONS": session},
    )
    rate = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)
    if done.returncode or rate is None:
        raise CommandFailedError(f"pgbench: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return float(rate[1])
