"""A few features placed by hand, in a database of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

WORLD_M = 20_037_508.342789244
"""Half the width of the web grid, in metres of EPSG:3857."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_NOBODY = 65_534
"""The number of the user `nobody`."""


@contextmanager
def database(server_url: str, template: str) -> Iterator[str]:
    """Clone a database and yield the address of the clone; drop it on leaving."""
    name = f"quyhoach_test_{os.getpid()}_{uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield make_conninfo(server_url, dbname=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def put(connection: psycopg.Connection, layer: str, wkt: str, *, srid: int = 5899, **attributes: object) -> int:
    """Store one feature, drawn in EPSG:5899 unless said otherwise; return its uid."""
    values = {"source": "sample", **attributes}
    row = connection.execute(
        sql.SQL(
            "INSERT INTO city.{} ({}, geom) VALUES ({}, ST_Transform(ST_GeomFromText(%s, %s), 5899)) RETURNING uid"
        ).format(
            sql.Identifier(layer),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        [*values.values(), wkt, srid],
    ).fetchone()
    assert row
    return row[0]


def square(easting_m: float, northing_m: float, side_m: float) -> str:
    """Return a square by its south-west corner, as well-known text."""
    east, north = easting_m + side_m, northing_m + side_m
    corners = [(easting_m, northing_m), (east, northing_m), (east, north), (easting_m, north), (easting_m, northing_m)]
    return f"MULTIPOLYGON((({', '.join(f'{x} {y}' for x, y in corners)})))"


def chromium() -> str:
    """Return the installed browser, or skip the test."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("no Chromium is installed; on Debian: apt install chromium")
    return found


def gdal(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of GDAL, as a planner would, to its good end; skip the test where none is installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} is installed; on Debian: apt install gdal-bin")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done


@contextmanager
def closed(folder: Path) -> Iterator[Path]:
    """Yield a folder that is there and that nobody may enter; root looks at it as another does."""
    folder.mkdir(mode=0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(_NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
