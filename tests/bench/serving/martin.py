"""Martin, the fastest server of PostGIS tiles there is, on the peers' table."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager

from gis.tiles import tile_columns
from layers import LAYERS
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import martin_program
from tests.bench.serving.peers import PEERS_SCHEMA, Peer, uri
from tests.bench.serving.servers import HOST, Server, free_port, running

_TYPES = {"integer": "int8", "number": "float8", "boolean": "bool"}


@contextmanager
def martin(ground: Ground, *, cache_mb: int = 0, workers: int | None = None) -> Generator[Server]:
    """Start Martin with as many workers and connections as ours, with or without its memory cache."""
    program, port = martin_program(ground), free_port()
    table = {
        "schema": PEERS_SCHEMA,
        "table": "parcel",
        "srid": 3857,
        "geometry_column": "geom",
        "id_column": "uid",
        "geometry_type": "MULTIPOLYGON",
        "extent": 4096,
        "buffer": 64,
        "clip_geom": True,
        "properties": {column.name: _TYPES.get(column.kind.value, "text") for column in tile_columns(LAYERS["parcel"])},
    }
    configuration = {
        "listen_addresses": f"{HOST}:{port}",
        "worker_processes": workers or ground.workers,
        "cache": {"size_mb": 2 * cache_mb, "tile_size_mb": cache_mb} if cache_mb else "disable",
        "postgres": {
            "connection_string": uri(ground.city_url),
            "pool_size": ground.connections,
            "auto_bounds": "skip",
            "tables": {"parcel": table},
        },
    }
    path = ground.folder / f"martin-{port}.yaml"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    with running(
        "martin",
        [str(program), "--config", str(path)],
        port=port,
        tile_path="/parcel/{z}/{x}/{y}",
        ready="/health",
        folder=ground.folder,
        environment={"RUST_LOG": "warn"},
    ) as server:
        yield server


MARTIN = Peer("Martin", martin)
