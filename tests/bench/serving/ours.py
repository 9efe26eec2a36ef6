"""Our service, each time with nothing cached."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from gis.settings import REPOSITORY
from tests.bench.serving.servers import HOST, Server, free_port, running

TILE_PATH = "/tiles/parcel/{z}/{x}/{y}.mvt"
ITEMS = "/collections/parcel/items"
WHOLE = {"GeoJSON": f"{ITEMS}?f=json&limit=1000000000", "GeoParquet": f"{ITEMS}?f=parquet"}
"""The whole layer as one answer, in each form."""


@contextmanager
def ours(url: str, folder: Path, *, workers: int = 1, tile_path: str = TILE_PATH) -> Generator[Server]:
    """Serve a city with a fresh local directory, so that its cache is empty."""
    port = free_port()
    code = (
        f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from api.server import serve; "
        f"serve({HOST!r}, {port}, __import__('os').environ['QUYHOACH_DATABASE_URL'], {workers})"
    )
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as local:
        environment = {"QUYHOACH_DATABASE_URL": url, "QUYHOACH_LOCAL_DIR": local, "PYTHONPATH": str(REPOSITORY)}
        with running(
            "ours",
            [sys.executable, "-c", code],
            port=port,
            tile_path=tile_path,
            ready="/health/ready",
            folder=folder,
            environment=environment,
        ) as server:
            yield server
