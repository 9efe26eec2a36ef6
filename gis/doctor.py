"""What this machine has, what the database holds, what is missing: each with the next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import pyogrio
import pyproj
import shapely
from rich.table import Table
from rich.text import Text

from gis import cluster, migrations
from gis.errors import QuyhoachError
from gis.schema import CITY_SCHEMA
from gis.settings import settings
from gis.statements import statements
from layers import LAYERS
from layers.model import DATA

DOCTOR_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing looked at: what it is, what was found, whether that is well."""

    subject: str
    found: str
    well: bool = True

    def as_dict(self) -> dict[str, str | bool]:
        """Return the remark as plain values."""
        return asdict(self)


def findings() -> list[Remark]:
    """Look at libraries, database and data, in this order; a database that cannot be reached is a remark too."""
    remarks = list(_libraries())
    try:
        with cluster.database(settings()) as url:
            remarks.extend(_database(url))
    except QuyhoachError as refused:
        remarks.append(Remark("database", str(refused), well=False))
    return remarks


def table(remarks: list[Remark]) -> Table:
    """Return the remarks as a table for the screen."""
    shown = Table(box=None, pad_edge=False, show_header=False)
    for remark in remarks:
        shown.add_row("[green]✓[/]" if remark.well else "[red]✗[/]", f"[bold]{remark.subject}[/]", Text(remark.found))
    return shown


def _libraries() -> Iterator[Remark]:
    yield Remark("GDAL", pyogrio.__gdal_version_string__)
    yield Remark("GEOS", shapely.geos_version_string)
    yield Remark("PROJ", pyproj.proj_version_str)
    yield Remark("declarations", f"{len(LAYERS)} layers")
    codes = DATA / "codes"
    found = len(list(codes.glob("*.csv")))
    yield Remark("code lists", f"{found} files in data/codes" if found else f"no files in {codes}", well=found > 0)


def _database(url: str) -> Iterator[Remark]:
    with psycopg.connect(url, autocommit=True) as connection:
        queries = statements(DOCTOR_SQL)
        row = connection.execute(queries["versions"].sql()).fetchone()
        postgres, postgis, size = row or ("?", "?", "?")
        where = "QUYHOACH_DATABASE_URL" if settings().database_url else f"private, in {settings().local_dir}"
        yield Remark("database", f"{where}, {size}")
        yield Remark("PostgreSQL", str(postgres))
        yield Remark("PostGIS", str(postgis))
        at, head = migrations.revision(connection), migrations.head()
    if at != head:
        yield Remark("schema", f"revision {at}, newest is {head}: `quyhoach up` brings it there", well=False)
        return
    yield Remark("schema", f"revision {at}")
    yield from _layers(url)


def _layers(url: str) -> Iterator[Remark]:
    with psycopg.connect(url, autocommit=True) as connection:
        counts = connection.execute(statements(DOCTOR_SQL)["estimates"].sql(), {"schema": CITY_SCHEMA}).fetchall()
    held = {str(name): int(count) for name, count in counts}
    for name, layer in LAYERS.items():
        yield Remark(name, f"{layer.title.vi}: about {held.get(name, 0):,} features")
