"""Loading with all checks against ogr2ogr with COPY and no checks, in turn, both with indexes.

The overviews, which a load ends with and ogr2ogr knows nothing of, are left out of the rate and told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.database import scratch
from tests.bench.figures import Figure
from tests.bench.measure import Run, in_turn, median_s, peak_mib, run

ROUNDS = 5


def loading(server_url: str, parcels: Path, count: int, *, against: bool = True) -> Iterator[Figure]:
    """Load a file of parcels by both, each time into an empty database."""
    ours: list[Run] = []
    theirs: list[Run] = []
    whole = _load(server_url, parcels)
    for _ in range(ROUNDS if against else 0):
        ours.append(_load(server_url, parcels, "--no-overviews"))
        if against:
            with scratch(server_url, "theirs", migrated=False) as url:
                theirs.append(run(_ogr2ogr(parcels, url), environment={"PG_USE_COPY": "YES"}))
    name = f"load {count:,} parcels"
    yield Figure(f"{name}: peak memory", peak_mib([whole, *ours]), "MiB", most=500, note="overviews included")
    if against:
        note = f"{median_s(ours):.1f} s with all checks, ogr2ogr {median_s(theirs):.1f} s with none"
        note += f"; with the overviews {whole.wall_s:.1f} s"
        yield Figure(f"{name}: rate against ogr2ogr", in_turn(ours, theirs), "×", least=0.7, note=note)


def _load(server_url: str, parcels: Path, *options: str) -> Run:
    with scratch(server_url, "ours") as url:
        command = [".venv/bin/quyhoach", "load", str(parcels), "--layer", "parcel", "--yes", *options]
        return run(command, environment={"QUYHOACH_DATABASE_URL": url})


def _ogr2ogr(parcels: Path, url: str) -> list[str]:
    return [
        *("ogr2ogr", "-f", "PostgreSQL", f"PG:{url}", str(parcels), "-nln", "parcel", "-nlt", "PROMOTE_TO_MULTI"),
        *("-lco", "SPATIAL_INDEX=GIST", "-lco", "GEOMETRY_NAME=geom", "-gt", "65536", "--config", "PG_USE_COPY", "YES"),
    ]
