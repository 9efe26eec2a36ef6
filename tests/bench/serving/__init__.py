"""The figures of the service: tiles cold and warm, fresh after an edit, deep pages, whole layers, many viewers.

`python -m tests.bench serving` measures all, `python -m tests.bench ceiling soak` only these; `--small` tries whether
they work. The city is a generated one, or a copy of the database that `QUYHOACH_BENCH_DATABASE_URL` names (and
`QUYHOACH_BENCH_LARGE_DATABASE_URL` the larger one). Peers are looked for in the directory `QUYHOACH_BENCH_PEERS`, else
in `.local/peers`, and installed there where they are absent; Martin by `QUYHOACH_BENCH_MARTIN`, on the PATH, or built
by cargo. wrk and ogr2ogr come from the system. A figure whose tools or peer are absent is not measured, and not
reached.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException

import psycopg

from tests.bench.figures import Figure, not_measured
from tests.bench.measure import CommandFailedError
from tests.bench.serving.ceiling import ceiling
from tests.bench.serving.comparing import martin, overview_area, pygeoapi, tipg
from tests.bench.serving.depth import depth
from tests.bench.serving.fresh import fresh
from tests.bench.serving.ground import Ground
from tests.bench.serving.servers import NotReadyError
from tests.bench.serving.soak import soak
from tests.bench.serving.statement import StatementsDifferError
from tests.bench.serving.warm import warm
from tests.bench.serving.whole_city import whole_city
from tests.bench.serving.whole_layer import whole_layer

SERVING: Mapping[str, Callable[[Ground], Iterator[Figure]]] = {
    "ceiling": ceiling,
    "tipg": tipg,
    "pygeoapi": pygeoapi,
    "martin": martin,
    "overview-area": overview_area,
    "warm": warm,
    "whole-city": whole_city,
    "depth": depth,
    "whole-layer": whole_layer,
    # They edit, and come last; what they edit they leave as it was.
    "fresh": fresh,
    "soak": soak,
}
"""Each figure, or a few that are measured together, by the name it is run under."""


_FAILURES = (
    *(CommandFailedError, NotReadyError, subprocess.SubprocessError),
    *(OSError, HTTPException, psycopg.Error, StatementsDifferError),
)


def serving(ground: Ground, names: Sequence[str]) -> Iterator[Figure]:
    """Measure the named figures; one that fails does not take the others with it."""
    for name in names:
        try:
            yield from SERVING[name](ground)
        except _FAILURES as reason:
            yield not_measured(name, "", f"{type(reason).__name__}: {reason}"[:500], least=0)
