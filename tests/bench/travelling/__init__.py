"""The figures of the streets: a grid of 250,000 edges, and the parcels of the sample city.

`python -m tests.bench travelling` measures all, `python -m tests.bench service-areas routes` only these.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException

import psycopg

from tests.bench.figures import Figure, not_measured
from tests.bench.measure import CommandFailedError
from tests.bench.serving.ground import Ground
from tests.bench.serving.installing import PeerAbsentError
from tests.bench.serving.servers import NotReadyError
from tests.bench.travelling.streets import access, areas, graphs, routes

TRAVELLING: Mapping[str, Callable[[Ground], Iterator[Figure]]] = {
    "graphs": graphs,
    "service-areas": areas,
    "routes": routes,
    "access": access,
}
"""Each figure, or a few that are measured together, by the name it is run under."""

_FAILURES = (
    *(CommandFailedError, NotReadyError, PeerAbsentError, subprocess.SubprocessError),
    *(OSError, HTTPException, psycopg.Error),
)


def travelling(ground: Ground, names: Sequence[str]) -> Iterator[Figure]:
    """Measure the named figures; one that fails does not take the others with it."""
    for name in names:
        try:
            yield from TRAVELLING[name](ground)
        except _FAILURES as reason:
            yield not_measured(name, "", f"{type(reason).__name__}: {reason}"[:500], least=0)
