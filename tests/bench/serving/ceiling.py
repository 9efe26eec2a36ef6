"""Cold tiles against the database's own ceiling: pgbench with the same statement."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator, Sequence

from gis.cluster.programs import installed
from tests.bench.figures import Figure
from tests.bench.measure import CommandFailedError
from tests.bench.serving.asking import WRK, Asked, has_wrk, once
from tests.bench.serving.ground import Ground, left_out
from tests.bench.serving.ours import ours
from tests.bench.serving.statement import SESSION, script, tile_statement
from tests.bench.serving.walk import Tile, walk

LEAST_SHARE = {16: 0.75, 14: 0.90}
ROUNDS = 5
_LEAST_TRANSACTIONS = 3_000
_WARMED_BY = 300


def ceiling(ground: Ground) -> Iterator[Figure]:
    """Draw distinct tiles of the city by pgbench and by the service, in turn."""
    if not has_wrk():
        left_out("The share of the database's ceiling", WRK)
        return
    known = walk(ground.city_url)
    for z, least in LEAST_SHARE.items():
        tiles = known.tiles(z)
        text = tile_statement(ground.city_url, tiles[0])
        drawn: list[float] = []
        served: list[Asked] = []
        for _ in range(ROUNDS):
            drawn.append(
                max(
                    _pgbench(ground, script(text, tiles, clients=ground.connections), len(tiles), plans)
                    for plans in PLANS
                )
            )
            served.append(cold(ground, tiles, warmed_by=known.tiles(z + 1)))
        share = statistics.median(ours.rate / theirs for ours, theirs in zip(served, drawn, strict=True))
        rate = statistics.median(one.rate for one in served)
        yield Figure(
            f"cold tiles at z{z}: share of the database's ceiling",
            share,
            "×",
            least=least,
            note=f"{rate:,.0f} of {statistics.median(drawn):,.0f} tiles/s; {len(tiles)} distinct tiles, "
            f"{ground.connections} connections, {ground.workers} workers, {sum(one.errors for one in served)} errors",
        )


PLANS = ("force_custom_plan", "auto")
"""Ways to plan a prepared statement: the faster is the ceiling."""


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


def _pgbench(ground: Ground, text: str, tiles: int, plans: str) -> float:
    """Return the tiles a second that pgbench draws, connecting not counted."""
    path = ground.folder / "tiles.pgbench"
    path.write_text(text, encoding="utf-8")
    clients = ground.connections
    rounds = max(1, round(_LEAST_TRANSACTIONS / tiles))
    done = subprocess.run(
        [
            *(
                str(installed()[0].directory / "pgbench"),
                "--no-vacuum",
                "--protocol=prepared",
                f"--client={clients}",
                "--jobs=1",
            ),
            *(f"--transactions={max(1, rounds * tiles // clients)}", "--define=k=0", f"--file={path}"),
            ground.city_url,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PGOPTIONS": SESSION.format(plans=plans)},
    )
    rate = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)
    if done.returncode or rate is None:
        raise CommandFailedError(f"pgbench: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return float(rate[1])
