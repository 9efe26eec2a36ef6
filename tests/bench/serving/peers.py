"""Other servers of the same tiles in Python, each at the settings that made it fastest here."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gis.statements import statements
from gis.tiles import tile_columns
from layers import LAYERS
from tests.bench.measure import run
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import Environment
from tests.bench.serving.servers import HOST, Server, free_port, running

PEERS_SCHEMA = "bench_peers"
_TIPG = Environment("tipg", ("tipg==1.6.*", "uvicorn[standard]"))
_PYGEOAPI = Environment(
    "pygeoapi",
    (
        *("pygeoapi==0.21.*", "uvicorn[standard]", "starlette", "psycopg2-binary", "GeoAlchemy2"),
        "pygeofilter[backend-sqlalchemy]",
    ),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A server to be compared with: its name, how to start it, whether it is so slow that few tiles must do."""

    name: str
    start: Callable[[Ground], AbstractContextManager[Server]]
    is_slow: bool = False


@contextmanager
def peers_table(url: str) -> Generator[None]:
    """Give the peers a table of their own beside the city: today's parcels, a stored web geometry, a GiST index."""
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in tile_columns(LAYERS["parcel"]))
    every = statements(Path(__file__).with_suffix(".sql"))
    schema = sql.Identifier(PEERS_SCHEMA)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        for name in ("schema", "table", "key", "index", "statistics"):
            connection.execute(every[name].sql(schema=schema, attributes=columns))
        try:
            yield
        finally:
            connection.execute(every["drop"].sql(schema=schema))


def uri(url: str) -> str:
    """Return a libpq address as a URI, a socket's directory in the place of the host: all that some programs read."""
    parts = {name: quote(str(value), safe="") for name, value in conninfo_to_dict(url).items()}
    name = parts.get("user", "") + (f":{parts['password']}" if "password" in parts else "")
    return f"postgresql://{name}@{parts.get('host', HOST)}:{parts.get('port', '5432')}/{parts.get('dbname', '')}"


@contextmanager
def tipg(ground: Ground) -> Generator[Server]:
    """Start tipg: our margin and columns, no limit of features, no second look at the catalogue, a pool like ours."""
    directory, port = _TIPG.directory(ground), free_port()
    connections = str(max(1, ground.connections // ground.workers))
    environment = {
        "DATABASE_URL": uri(ground.city_url),
        "TIPG_DB_SCHEMAS": json.dumps([PEERS_SCHEMA]),
        f"TIPG_TABLE_CONFIG__{PEERS_SCHEMA}_parcel__PROPERTIES": json.dumps(
            [column.name for column in tile_columns(LAYERS["parcel"])]
        ),
        "TIPG_MAX_FEATURES_PER_TILE": "10000000",
        "TIPG_TILE_BUFFER": "64",
        "TIPG_CATALOG_TTL": "0",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "DB_MIN_CONN_SIZE": connections,
        "DB_MAX_CONN_SIZE": connections,
        "PGOPTIONS": "-c jit=off",
    }
    with running(
        "tipg",
        _uvicorn(ground, directory, "tipg.main:app", port),
        port=port,
        tile_path=f"/collections/{PEERS_SCHEMA}.parcel/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}",
        ready="/healthz",
        folder=ground.folder,
        environment=environment,
    ) as server:
        yield server


@contextmanager
def pygeoapi(ground: Ground) -> Generator[Server]:
    """Start pygeoapi with its PostgreSQL tiles, on Starlette, its faster server."""
    directory, port = _PYGEOAPI.directory(ground), free_port()
    configuration = ground.folder / "pygeoapi.yml"
    configuration.write_text(json.dumps(_pygeoapi(ground, port)), encoding="utf-8")
    openapi = ground.folder / "pygeoapi-openapi.yml"
    environment = {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(openapi), "PGOPTIONS": "-c jit=off"}
    command = [f"{directory}/bin/pygeoapi", "openapi", "generate", str(configuration)]
    run([*command, "--output-file", str(openapi)], environment=environment)
    with running(
        "pygeoapi",
        _uvicorn(ground, directory, "pygeoapi.starlette_app:APP", port),
        port=port,
        tile_path="/collections/parcel/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt",
        ready="/conformance?f=json",
        folder=ground.folder,
        environment=environment,
    ) as server:
        yield server


def _uvicorn(ground: Ground, directory: Path, app: str, port: int) -> list[str]:
    return [
        *(f"{directory}/bin/uvicorn", app, "--host", HOST, "--port", str(port)),
        *("--workers", str(ground.workers), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning"),
    ]


def _pygeoapi(ground: Ground, port: int) -> Mapping[str, object]:
    """Return the configuration; YAML reads JSON."""
    parts = {name: str(value) for name, value in conninfo_to_dict(ground.city_url).items()}
    mercator = "http://www.opengis.net/def/crs/EPSG/0/3857"
    provider = {
        "type": "tile",
        "name": "MVT-postgresql",
        "data": {**parts, "password": parts.get("password"), "search_path": [PEERS_SCHEMA, "public"]},
        "id_field": "uid",
        "table": "parcel",
        "geom_field": "geom",
        "storage_crs": mercator,
        "options": {"zoom": {"min": 0, "max": 22}},
        "format": {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"},
    }
    words = {"title": {"en": "parcel"}, "description": {"en": "parcel"}, "keywords": {"en": ["parcel"]}}
    about = {**words, "keywords_type": "theme", "terms_of_service": "", "url": "http://127.0.0.1"}
    return {
        "server": {
            "bind": {"host": HOST, "port": port},
            "url": f"http://{HOST}:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": about,
            "license": {"name": "CC0", "url": "http://127.0.0.1"},
            "provider": {"name": "bench", "url": "http://127.0.0.1"},
            "contact": {"name": "bench"},
        },
        "resources": {
            "parcel": {
                "type": "collection",
                **words,
                "links": [],
                "extents": {
                    "spatial": {"bbox": [107, 15, 109, 17], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
                },
                "providers": [provider],
            }
        },
    }


TIPG = Peer("tipg", tipg)
PYGEOAPI = Peer("pygeoapi", pygeoapi, is_slow=True)
