"""Vector tiles over HTTP: a bare ASGI callable in front of the app, and TileJSON inside it."""

from __future__ import annotations

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import CONNECTIONS, WAITING, AtHorizon, Database, FromPool, only, read_horizon
from api.errors import OverloadedError, Problem, UnknownParameterError, problem
from gis.features import Box, extents
from gis.tiles import LAST_ZOOM, TileAddress, layers_named, tile, tile_columns
from layers.model import Horizon, Layer

MVT = "application/vnd.mapbox-vector-tile"
_ADDRESS = re.compile(r"/tiles/([^/]+)/([0-9]{1,9})/([0-9]{1,9})/([0-9]{1,9})\.mvt")
_COMPRESSED_FROM = 512

router = APIRouter(prefix="/tiles", tags=["tiles"])


@router.get("/{names}.json", dependencies=[Depends(only("horizon"))])
def tilejson(names: str, request: Request, database: FromPool, horizon: AtHorizon) -> dict[str, object]:
    """Describe the tiles of layers or groups `a,b` as TileJSON 3.0."""
    layers = layers_named(names)
    with database.city(horizon) as city:
        around = list(extents(city, layers).values())
    root = str(request.base_url).rstrip("/")
    suffix = "" if horizon is Horizon.EXISTING else f"?horizon={horizon.value}"
    document: dict[str, object] = {
        "tilejson": "3.0.0",
        "name": " · ".join(layer.title.vi for layer in layers),
        "scheme": "xyz",
        "tiles": [f"{root}/tiles/{names}/{{z}}/{{x}}/{{y}}.mvt{suffix}"],
        "minzoom": min(layer.zooms[0] for layer in layers),
        "maxzoom": min(LAST_ZOOM, max(layer.zooms[1] for layer in layers)),
        "vector_layers": [_vector_layer(layer) for layer in layers],
    }
    if around:
        document["bounds"] = _around(around)
    return document


def _vector_layer(layer: Layer) -> dict[str, object]:
    kinds = {"integer": "Number", "number": "Number", "boolean": "Boolean"}
    return {
        "id": layer.name,
        "description": f"{layer.title.vi} | {layer.title.en}",
        "minzoom": layer.zooms[0],
        "maxzoom": layer.zooms[1],
        "fields": {column.name: kinds.get(column.kind.value, "String") for column in tile_columns(layer)},
    }


def _around(boxes: list[Box]) -> list[float]:
    west, south, east, north = zip(*(box.sides for box in boxes), strict=True)
    return [min(west), min(south), max(east), max(north)]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    headers: dict[str, str]
    body: bytes = b""


class TileDoor:
    """Answer the addresses of tiles and hand everything else to the app.

    A tile is drawn in a thread of its own pool, as many as there are connections. When too many wait, the next is told
    to come back instead of being kept.
    """

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self._app = app
        self._database = database
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="tile")
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _is_tile(scope["path"]):
            await self._app(scope, receive, send)
            return
        scope["route"] = "/tiles/{names}/{z}/{x}/{y}.mvt"
        answer = await self._answer(scope)
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        if answer.status is HTTPStatus.NO_CONTENT:
            del headers["Content-Length"]
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": int(answer.status), "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _answer(self, scope: Scope) -> _Answer:
        if scope["method"] not in ("GET", "HEAD"):
            refused = Problem(HTTPStatus.METHOD_NOT_ALLOWED, f"A tile is read with GET, not {scope['method']}.")
            return _Answer(refused.status, {**refused.headers, "Allow": "GET, HEAD"}, refused.body)
        if self._open >= CONNECTIONS + WAITING:
            return _refused(OverloadedError())
        self._open += 1
        try:
            visit = copy_context()  # the thread works for this request, and stops when its client leaves
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, lambda: visit.run(self._drawn, scope)
            )
        except Exception as error:  # noqa: BLE001 — the outermost door: whatever happened becomes an answer
            return _refused(error)
        finally:
            self._open -= 1

    def _drawn(self, scope: Scope) -> _Answer:
        match = _ADDRESS.fullmatch(scope["path"])
        if match is None:
            refused = Problem(HTTPStatus.NOT_FOUND, "A tile is at /tiles/{layers}/{z}/{x}/{y}.mvt, in whole numbers.")
            return _Answer(refused.status, refused.headers, refused.body)
        layers = layers_named(match[1])
        address = TileAddress(int(match[2]), int(match[3]), int(match[4]))
        with self._database.city(_horizon(scope)) as city:
            body = tile(city, layers, address=address)
        if not body:
            return _Answer(HTTPStatus.NO_CONTENT, _FRESH)
        headers = {"Content-Type": MVT, "Vary": "Accept-Encoding", **_FRESH}
        if len(body) >= _COMPRESSED_FROM and _takes_gzip(scope):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return _Answer(HTTPStatus.OK, headers, body)


_FRESH = {"Cache-Control": "no-cache"}


def _refused(error: Exception) -> _Answer:
    said = problem(error)
    return _Answer(said.status, said.headers, said.body)


def _is_tile(path: str) -> bool:
    return path.startswith("/tiles/") and path.endswith(".mvt")


def _horizon(scope: Scope) -> Horizon:
    parameters = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    for name in parameters:
        if name != "horizon":
            raise UnknownParameterError(name, ("horizon",))
    return read_horizon(parameters.get("horizon"))


def _takes_gzip(scope: Scope) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    return any(
        coding.split(b";")[0].strip() == b"gzip" and b"q=0" not in coding.replace(b" ", b"").split(b";")[1:]
        for coding in accepted.split(b",")
    )
