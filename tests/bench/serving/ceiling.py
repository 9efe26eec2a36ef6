"""Cold tiles against the database's own ceiling: pgbench with the same statement, the same tiles in the same order."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator, Sequence

from gis.cluster.programs import installed
from layers.model import Horizon
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import CommandFailedError
from tests.bench.serving.asking import WRK, Asked, has_wrk, once
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.statement import SESSIONS, overheard, script
from tests.bench.serving.walk import Tile, walk

LEAST_SHARE = {16: 0.75, 14: 0.90}
_LEAST_TRANSACTIONS = {16: 1_400, 14: 120}
"""So many that what each new connection has to learn first does not count."""
METHOD = (
    "pgbench -M prepared with the service's own statement and session, the faster of a kept plan and one per tile, "
    "against wrk asking a fresh service; same tiles at each of three horizons in the same order, the fullest first "
    "(pgbench again and again), as many connections, in turn; median of shares"
)
_WARMED_BY = 100


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
    text = script([overheard(ground.city_url, tiles, at) for at in Horizon], clients=ground.connections)
    transactions = len(tiles) * -(-_LEAST_TRANSACTIONS[z] // len(tiles))
    drawn: dict[str, list[float]] = {session: [] for session in SESSIONS}
    served: list[Asked] = []
    for _ in range(ground.scale.rounds):
        for session, rates in drawn.items():
            rates.append(len(Horizon) * _pgbench(ground, text, transactions, session))
        served.append(cold(ground, tiles, warmed_by=known.tiles(z + 1)))
    share, most = min((_median_share(served, rates), statistics.median(rates)) for rates in drawn.values())
    errors = sum(one.errors for one in served)
    rate = statistics.median(one.rate for one in served)
    note = (
        f"{rate:,.0f} of {most:,.0f} tiles/s; {len(Horizon) * len(tiles)} distinct tiles, "
        f"{ground.connections} connections, {ground.workers} workers, {errors} errors"
    )
    return Figure(name, share if not errors else float("nan"), "×", least=least, note=note, method=METHOD)


def _median_share(served: Sequence[Asked], drawn: Sequence[float]) -> float:
    return statistics.median(ours.rate / theirs for ours, theirs in zip(served, drawn, strict=True))


def cold(ground: Ground, tiles: Sequence[Tile], *, warmed_by: Sequence[Tile]) -> Asked:
    """Ask a fresh service with nothing cached for each tile at every horizon once.

    One horizon alone would be over in a second at z14, of which the last tiles leave a core idle.

    Parameters
    ----------
    warmed_by : other tiles, asked first so that connections stand and the database's caches are filled.
    """
    with ours(ground.city_url, ground.folder, workers=ground.workers) as server:
        for some in (warmed_by[:_WARMED_BY], tiles):
            paths = [f"{server.path(tile)}?horizon={at.value}" for tile in some for at in Horizon]
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
