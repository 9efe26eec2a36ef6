"""Exporting against ogr2ogr from the same database, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gis.schema import stored_columns
from layers import LAYERS
from tests.bench.figures import Figure
from tests.bench.measure import Run, in_turn, median_s, peak_mib, run

ROUNDS = 5
SUFFIXES = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "parquet": "Parquet"}


def exporting(url: str, count: int, folder: Path, *, against: bool = True) -> Iterator[Figure]:
    """Write every parcel of a database, of all horizons, to each format by both."""
    for suffix, driver in SUFFIXES.items():
        # Debian's GDAL has no Parquet driver; there the faster of its others stands in, and the note says so.
        their_driver, their_suffix = (driver, suffix) if driver != "Parquet" else ("FlatGeobuf", "fgb")
        ours: list[Run] = []
        theirs: list[Run] = []
        for _ in range(ROUNDS if against else 1):
            out = folder / f"ours.{suffix}"
            ours.append(
                run(
                    [".venv/bin/quyhoach", "export", "parcel", str(out), "--horizon", "all", "--overwrite"],
                    environment={"QUYHOACH_DATABASE_URL": url},
                )
            )
            if against:
                their_out = folder / f"theirs.{their_suffix}"
                their_out.unlink(missing_ok=True)
                theirs.append(run(_ogr2ogr(their_driver, their_out, url)))
        name = f"export {count:,} parcels to {driver}"
        yield Figure(f"{name}: peak memory", peak_mib(ours), "MiB", most=500)
        if against:
            note = f"{median_s(ours):.1f} s, ogr2ogr to {their_driver} {median_s(theirs):.1f} s"
            yield Figure(f"{name}: rate against ogr2ogr", in_turn(ours, theirs), "×", least=1.0, note=note)


def _ogr2ogr(driver: str, out: Path, url: str) -> list[str]:
    columns = ", ".join(column.name for column in stored_columns(LAYERS["parcel"]))
    query = f"SELECT uid, {columns}, geom FROM city.parcel"
    return ["ogr2ogr", "-f", driver, str(out), f"PG:{url}", "-sql", query, "-nln", "parcel"]
