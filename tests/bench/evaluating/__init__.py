"""The figures of the questions: whole cities, a proposal, one parcel.

Each side runs as a process of its own, so that starting, reading and memory count for both. `python -m tests.bench
evaluating` measures all, `python -m tests.bench overlay extract` only these. Cities are those of the service's figures.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException

import psycopg

from tests.bench.evaluating.extract import extract
from tests.bench.evaluating.questions import indicators, overlay, proposal
from tests.bench.evaluating.supply import isolation, supply
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import CommandFailedError
from tests.bench.serving.ground import Ground
from tests.bench.serving.servers import NotReadyError

EVALUATING: Mapping[str, Callable[[Ground], Iterator[Figure]]] = {
    "overlay": overlay,
    "proposal": proposal,
    "indicators": indicators,
    "extract": extract,
    "isolation": isolation,
    "supply": supply,
}
"""Each figure, or a few that are measured together, by the name it is run under."""

_FAILURES = (CommandFailedError, NotReadyError, subprocess.SubprocessError, OSError, HTTPException, psycopg.Error)


def evaluating(ground: Ground, names: Sequence[str]) -> Iterator[Figure]:
    """Measure the named figures; one that fails does not take the others with it."""
    for name in names:
        try:
            yield from EVALUATING[name](ground)
        except _FAILURES as reason:
            yield not_measured(name, "", f"{type(reason).__name__}: {reason}"[:500], least=0)
