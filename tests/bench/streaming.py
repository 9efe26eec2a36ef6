"""A whole layer over HTTP against ogr2ogr writing the same from the same database, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gis.features.public import public_columns
from layers import LAYERS
from tests.api.conftest import listen
from tests.bench.figures import Figure
from tests.bench.measure import Run, in_turn, median_s, run

ROUNDS = 3
OPTIONS = {
    "json&limit=1000000000": ("GeoJSON", "geojson", ["-lco", "RFC7946=YES"]),
    "fgb": ("FlatGeobuf", "fgb", ["-lco", "SPATIAL_INDEX=NO"]),
    # Debian's GDAL has no Parquet driver; there the faster of its others stands in.
    "parquet": ("FlatGeobuf", "fgb", ["-lco", "SPATIAL_INDEX=NO"]),
}
MOST_MIB = 300


def streaming(url: str, count: int, folder: Path) -> Iterator[Figure]:
    """Ask a service for every existing parcel in each format; each has a worker of its own, whose peak is read."""
    for asked, (driver, suffix, options) in OPTIONS.items():
        served = listen(url)
        ours: list[Run] = []
        theirs: list[Run] = []
        for _ in range(ROUNDS):
            address = f"{served.root}/collections/parcel/items?f={asked}"
            ours.append(run(["curl", "-sSf", "-o", str(folder / "ours"), address]))
            theirs_out = folder / f"theirs.{suffix}"
            theirs_out.unlink(missing_ok=True)
            theirs.append(run(_ogr2ogr(driver, theirs_out, url, options)))
        status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
        peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
        served.stop()
        name = f"stream {count:,} parcels as {asked.partition('&')[0]}"
        note = f"{median_s(ours):.1f} s, ogr2ogr to {driver} {median_s(theirs):.1f} s"
        yield Figure(f"{name}: rate against ogr2ogr", in_turn(ours, theirs), "×", least=1.0, note=note)
        yield Figure(f"{name}: peak memory of the worker", peak, "MiB", most=MOST_MIB)


def _ogr2ogr(driver: str, out: Path, url: str, options: list[str]) -> list[str]:
    columns = ", ".join(column.name for column in public_columns(LAYERS["parcel"]))
    query = f"SELECT uid, {columns}, geom FROM at_existing.parcel ORDER BY uid"
    return ["ogr2ogr", "-f", driver, str(out), f"PG:{url}", "-t_srs", "EPSG:4326", *options, "-sql", query]
