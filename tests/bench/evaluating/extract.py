"""The extract of one parcel, through HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import numpy as np
import psycopg

from tests.bench.figures import Figure, not_measured
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.servers import HOST

_ASKED = 1_000
_TRIED = 50
_NAME = "extract of one parcel through HTTP, p99"


def extract(ground: Ground) -> Iterator[Figure]:
    """Yield how long the extracts of parcels all over the city take, one after the other."""
    number = _ASKED if ground.scale.rounds > 1 else _TRIED
    with psycopg.connect(ground.city_url) as connection:
        rows = connection.execute(
            "SELECT uid FROM at_existing.parcel ORDER BY md5(uid::text) LIMIT %s", (number + _TRIED,)
        ).fetchall()
    with ours(ground.city_url, ground.folder) as server:
        connection = HTTPConnection(HOST, server.port, timeout=30)
        took_ms: list[float] = []
        for (uid,) in rows:
            began = time.perf_counter()
            status, answered = _ask(connection, uid)
            took_ms.append(1_000 * (time.perf_counter() - began))
            if status != 200 or not answered.get("hash"):
                yield not_measured(_NAME, "ms", f"status {status}", most=30)
                return
    late = took_ms[_TRIED:]
    note = f"{len(late):,} parcels, one client; median {np.median(late):.1f} ms, most {max(late):.1f} ms"
    yield Figure(
        _NAME, float(np.percentile(late, 99)), "ms", most=30, note=note, method=f"after {_TRIED} to begin with"
    )


def _ask(connection: HTTPConnection, uid: int) -> tuple[int, dict[str, object]]:
    body = json.dumps({"inputs": {"parcel": str(uid)}})
    connection.request("POST", "/ogc/processes/parcel_extract/execution", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if answer.status == 200 else {}
