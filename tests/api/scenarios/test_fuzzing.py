"""Whatever is sent by who has the token: no failure, no wait without end, no inside shown, the baseline as it was."""

from __future__ import annotations

import time
from typing import Any

import requests
import schemathesis
from schemathesis import APIOperation

from tests.api.conftest import listen
from tests.api.scenarios.conftest import BEARER, TOKEN, rows
from tests.api.test_fuzzing import fuzzed

SECONDS = 1.5
"""For each address."""
BASELINE = "SELECT md5(string_agg(parcel::text, ',' ORDER BY uid)) FROM city.parcel"


def test_nothing_that_is_sent_to_be_written_brings_the_service_down(url: str):
    before = rows(url, BASELINE)
    running = listen(url, write_token=TOKEN)
    failures: list[BaseException] = []
    counts: dict[str, int] = {}
    try:
        schema = schemathesis.openapi.from_dict(requests.get(f"{running.root}/api", timeout=10).json())
        listed: list[APIOperation[Any, Any, Any]] = [each.ok() for each in schema.get_all_operations()]
        for operation in listed:
            if operation.path.startswith("/scenarios") and operation.method != "get":
                requests.delete(f"{running.root}/scenarios/park", headers=BEARER, timeout=10)
                requests.post(f"{running.root}/scenarios", json={"name": "park"}, headers=BEARER, timeout=10)
                try:
                    until = time.monotonic() + SECONDS
                    counts[operation.label] = fuzzed(operation, running, until=until, headers=BEARER)
                except (AssertionError, requests.RequestException) as failure:
                    failures.append(failure)
        assert not failures, "\n".join(map(str, failures))
        assert len(counts) == 9
        assert min(counts.values()) >= 3
        assert requests.get(f"{running.root}/health/ready", timeout=5).status_code == 200
        assert running.process.poll() is None
    finally:
        running.stop()
    assert rows(url, BASELINE) == before
