"""Whatever is asked at the addresses that `/api` lists: no failure, no wait without end, no inside shown."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

from tests.api.conftest import Served

SECONDS = 15.0
"""For all addresses together; what is left of it when an address is done goes to the others."""
ROUND = 20
MOST_ROUNDS = 20
LONGEST_ANSWER_S = 6.0
MOST_BYTES = 2_000_000
TELLING = ("Traceback (most recent call last)", '.py", line ', "psycopg.", "SELECT ", "/site-packages/")

KNOWN: Mapping[str, tuple[str, ...]] = {
    "collectionId": ("parcel", "road", "zone", "water_body", "parcell"),
    "names": ("parcel", "land,road", "parcel,parcel", ",", "parcel,nothing"),
    "featureId": ("1", "0", "-1", "9223372036854775808", "1e3"),
    "tileMatrixSetId": ("WebMercatorQuad", "WorldCRS84Quad", "VN2000", "nothing"),
    "styleId": ("city", "land", "land-2030", "nothing"),
    "z": ("0", "14", "22", "23", "-1", "99999999999999999999"),
    "y": ("0", "7450", "-1", "99999999999999999999"),
    "x": ("0", "13117", "-1"),
    "bbox": (
        "108.2,16.0,108.3,16.1",
        "179,-90,-179,90",
        "108.2,16.0,0,108.3,16.1,10",
        "1e308,1e308,1e309,nan",
        "0,0,0,0",
        "108.2,16.0,108.3",
        ",,,",
    ),
    "datetime": (
        "2020-01-01T00:00:00Z",
        "../2030-01-01",
        "2030/2020",
        "0000-00-00",
        "9999999-01-01T00:00:00Z",
        "../..",
    ),
    "filter": (
        "uid > 1",
        "land_use_code = 'ODT' AND stage IN ('existing', '2030')",
        "land_use_code LIKE '%_%'",
        "S_INTERSECTS(geom, POINT(108.2 16.1))",
        "S_WITHIN(geom, POLYGON((0 0, 1 1)))",
        "(" * 900 + "uid > 1" + ")" * 900,
        " AND ".join(["uid > 1"] * 400),
        "NOT " * 1_000 + "uid > 1",
        "uid / 0 > 1",
        "uid > 'a'",
        "uid = 1; DROP TABLE city.parcel",
        '{"op": ">", "args": [{"property": "uid"}, 1]}',
        "[" * 2_000,
        "CASEI(land_use_code) = CASEI('odt')",
        "uid > 999999999999999999999999999999",
        "T_AFTER(recorded, DATE('2020-13-45'))",
    ),
    "filter-lang": ("cql2-text", "cql2-json", "sql"),
    "crs": ("http://www.opengis.net/def/crs/EPSG/0/5899", "http://www.opengis.net/def/crs/EPSG/0/1", "EPSG:3857"),
    "sortby": ("uid", "-uid", "+uid,-uid", "nothing", ","),
    "properties": ("uid", "land_use_code,stage", "geom", ",", "nothing"),
    "limit": ("1", "0", "10000", "-1", "1.5", "99999999999999999999", "٣"),
    "bbox-crs": ("http://www.opengis.net/def/crs/EPSG/0/5899", "http://www.opengis.net/def/crs/OGC/0/CRS84h", "4326"),
    "filter-crs": ("http://www.opengis.net/def/crs/EPSG/0/4326", "nothing"),
    "collections": ("parcel", "parcel,road", ",", "parcel,parcel"),
    "horizon": ("existing", "2030", "2045", "2031"),
    "scenarioName": ("park", "park", "grey", "baseline", "a" * 41),
    "scenario": ("baseline", "pg_catalog", "a" * 100),
    "f": ("json", "html", "csv", "nothing"),
    "processId": ("parcel_extract", "plan_conformance", "land_balance", "nothing"),
    "jobId": ("00000000-0000-0000-0000-000000000000", "nothing"),
    "within": ("ward:1", "ward:", "plan:QHC", '{"type": "Polygon", "coordinates": [[[108.2, 16.0]]]}', "[" * 2_000),
    "parcel": ("1", "108.2192,16.0797", "1/2/3", "-1", "inf,nan", "9" * 40),
    "proposal": ("/etc/passwd", "scenario:park", '{"type": "FeatureCollection", "features": [{}]}', "{" * 2_000),
    "on": ("2026-12-31", "0000-00-00", "9999-12-31", "today"),
}
"""Values that come near what an address takes: chance alone finds none of them."""
ALSO = {"layer": "collectionId", "uid": "featureId", "tileMatrix": "z", "tileRow": "y", "tileCol": "x"}
"""Other names of the same."""
ASKED = ("parcel_extract", "plan_conformance")
ACCEPTED = ("*/*", "application/json", "text/html", "application/geo+json;q=0.5, text/html", ";q=", "application/xml")


def made_likely(case: Case, choose: st.DataObject) -> Case:
    """Replace some of what chance wrote by values from `KNOWN`."""
    for parameter in case.operation.query:
        if parameter.name in KNOWN and choose.draw(st.integers(0, 2)) == 0:
            case.query[parameter.name] = choose.draw(st.sampled_from(KNOWN[parameter.name]))
    for name in case.path_parameters:
        if (known := ALSO.get(name, name)) in KNOWN and choose.draw(st.integers(0, 3)):
            case.path_parameters[name] = choose.draw(st.sampled_from(KNOWN[known]))
    case.headers["Accept"] = choose.draw(st.sampled_from(ACCEPTED))
    return case


def asked(session: requests.Session, request: dict[str, Any]) -> tuple[requests.Response, str]:
    """Send a request; return the answer and the first of its text, all of it that comes before patience ends."""
    began = time.monotonic()
    with session.request(**request, timeout=LONGEST_ANSWER_S, stream=True) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return answer, ""  # has no end
        read = b""
        for part in answer.iter_content(65_536):
            read += part
            if len(read) > MOST_BYTES or time.monotonic() - began > LONGEST_ANSWER_S:
                break
    assert time.monotonic() - began < LONGEST_ANSWER_S, f"{request['url']} took longer than {LONGEST_ANSWER_S} s"
    return answer, read.decode(errors="replace")


def holds_up(session: requests.Session, case: Case, base_url: str) -> None:
    """Assert what holds for every answer."""
    request = case.as_transport_kwargs(base_url=base_url)
    answer, text = asked(session, request)
    what = f"{case.method} {answer.request.url}: {answer.status_code} {text[:300]}"
    assert answer.status_code < 500, what
    assert not [word for word in TELLING if word in text], what
    if answer.status_code >= 400 and text:
        assert answer.headers["content-type"] == "application/problem+json", what
        problem = json.loads(text)
        assert problem["status"] == answer.status_code, what
        assert problem.get("request_id", "") == answer.headers.get("x-request-id", ""), (
            what
        )  # what is no HTTP has no name
        assert problem["detail"].strip(), what


def asks(operation: APIOperation[Any, Any, Any]) -> int:
    """Count what an address takes."""
    return len(list(operation.query)) + len(list(operation.path_parameters))


def fuzzed(
    operation: APIOperation[Any, Any, Any], served: Served, *, until: float, headers: Mapping[str, str] | None = None
) -> int:
    """Ask one address, rightly and wrongly, until the time is over; return how many questions were asked.

    Each round has a seed of its own, so that the same questions come first each time, on a slow machine fewer of them.
    """
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    count = 0

    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(right, wrong), choose=st.data())
    def ask(case: Case, choose: st.DataObject) -> None:
        nonlocal count
        count += 1
        likely = made_likely(case, choose)
        likely.headers.update(headers or {})
        holds_up(session, likely, served.root)

    with requests.Session() as session:
        for number in range(MOST_ROUNDS if asks(operation) else 1):
            seed(number)(ask)()
            if time.monotonic() > until:
                break
    return count


def is_wanted(path: str) -> bool:
    """Return whether an address is asked: of those that name a layer or a question, a few stand for all."""
    layer = re.fullmatch(r"/collections/(\w+)/items", path)
    question = re.fullmatch(r"/processes/(\w+)/execution", path)
    return (layer is None or layer[1] in KNOWN["collectionId"]) and (question is None or question[1] in ASKED)


@pytest.fixture(scope="module")
def operations(served: Served) -> list[APIOperation[Any, Any, Any]]:
    described = requests.get(f"{served.root}/api", timeout=10).json()
    schema = schemathesis.openapi.from_dict(described)
    listed = [listed.ok() for listed in schema.get_all_operations()]
    return sorted((operation for operation in listed if is_wanted(operation.path)), key=asks)


def test_no_question_to_a_listed_address_brings_the_service_down(
    served: Served, operations: list[APIOperation[Any, Any, Any]]
):
    end = time.monotonic() + SECONDS
    counts: dict[str, int] = {}
    failures: list[BaseException] = []
    for place, operation in enumerate(operations):
        share = (1 + asks(operation)) / sum(1 + asks(other) for other in operations[place:])
        until = time.monotonic() + (end - time.monotonic()) * share
        try:
            counts[operation.label] = fuzzed(operation, served, until=until)
        except (AssertionError, requests.RequestException) as failure:
            failures.append(failure)
    assert not failures, "\n".join(map(str, failures))
    assert len(counts) == len(operations) >= 8
    assert min(counts.values()) >= 3
    assert requests.get(f"{served.root}/health/ready", timeout=5).status_code == 200
    assert served.process.poll() is None
