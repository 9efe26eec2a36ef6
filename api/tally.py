"""The numbers of one worker written down, those of all workers added up, and shown to Prometheus."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from api.metrics import BOUNDS_S, COUNTS, LEVELS, REQUESTS, Answered, Count, Level

_WRITING = Lock()


@dataclass(slots=True)
class Tally:
    """The numbers of one worker, or of all."""

    counts: dict[str, float] = field(default_factory=dict[str, float])
    levels: dict[str, float] = field(default_factory=dict[str, float])
    requests: dict[Answered, list[float]] = field(default_factory=dict[Answered, list[float]])

    def write(self, file: Path) -> None:
        """Write it down, whole or not at all."""
        rows = [[*answered, numbers] for answered, numbers in self.requests.items()]
        text = json.dumps({"counts": self.counts, "levels": self.levels, "requests": rows})
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)

    @staticmethod
    def read(file: Path) -> Tally:
        """Read what was written down."""
        written = json.loads(file.read_text(encoding="utf-8"))
        requests = {(template, method, status): numbers for template, method, status, numbers in written["requests"]}
        return Tally(written["counts"], written["levels"], requests)

    def add(self, other: Tally, *, is_alive: bool) -> None:
        """Add another worker's numbers; what it counted stays when it has ended, its levels do not."""
        for name, value in other.counts.items():
            self.counts[name] = self.counts.get(name, 0.0) + value
        for answered, numbers in other.requests.items():
            before = self.requests.get(answered, [0.0] * len(numbers))
            self.requests[answered] = [a + b for a, b in zip(before, numbers, strict=True)]
        if is_alive:
            for level in LEVELS:
                here, there = self.levels.get(level.key, 0.0), other.levels.get(level.key, 0.0)
                self.levels[level.key] = max(here, there) if level.of_workers == "max" else here + there


def of_this_worker() -> Tally:
    """Return the numbers of this process as they stand."""
    return Tally(
        {count.key: count.value for count in COUNTS},
        {level.key: level.value for level in LEVELS},
        {answered: list(numbers) for answered, numbers in list(REQUESTS.by.items())},
    )


def write_down(directory: Path) -> None:
    """Lay the numbers of this worker beside those of the others."""
    with _WRITING:
        of_this_worker().write(directory / f"{os.getpid()}.json")


def of_all_workers(directory: Path) -> Tally:
    """Add up what every worker has written down; what is written only grows, so the sums do."""
    whole = Tally()
    for file in sorted(directory.glob("*.json")):
        whole.add(Tally.read(file), is_alive=_is_alive(int(file.stem)))
    return whole


def exposition(tally: Tally) -> bytes:
    """Return the numbers in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Shown(tally))
    return generate_latest(registry)


class _Shown(Collector):
    """The numbers as families of Prometheus."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        """Yield each family."""
        answered = CounterMetricFamily("quyhoach_requests", "Requests answered.", labels=["route", "method", "status"])
        took = HistogramMetricFamily(
            "quyhoach_request_seconds",
            "Time from the head of a request to the end of its answer.",
            labels=["route", "method", "status"],
        )
        for (template, method, status), (number, sum_s, *within) in sorted(self._tally.requests.items()):
            labels = [template, method, str(status) if status else "unfinished"]
            answered.add_metric(labels, number)
            took.add_metric(labels, _cumulated(within), sum_s)
        yield answered
        yield took
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for count in COUNTS:
            family = families.setdefault(count.name, _family(CounterMetricFamily, count))
            family.add_metric(list(count.labels.values()), self._tally.counts.get(count.key, 0.0))
        for level in LEVELS:
            family = families.setdefault(level.name, _family(GaugeMetricFamily, level))
            family.add_metric(list(level.labels.values()), self._tally.levels.get(level.key, 0.0))
        yield from families.values()


def _family(
    kind: type[CounterMetricFamily | GaugeMetricFamily], number: Count | Level
) -> CounterMetricFamily | GaugeMetricFamily:
    return kind(f"quyhoach_{number.name}", number.meaning, labels=list(number.labels))


def _cumulated(within: list[float]) -> list[tuple[str, float]]:
    bounds = [*(str(bound_s) for bound_s in BOUNDS_S), "+Inf"]
    return [(bound, sum(within[: place + 1])) for place, bound in enumerate(bounds)]


def _is_alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False
