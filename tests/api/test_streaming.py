"""Features of any size over HTTP: early, held back by the client, ended when it leaves, broken when they break."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.errors import OverloadedError
from api.streaming import BrokenAnswerError, Seats, StreamedResponse
from tests.api.conftest import Served, listen
from tests.gis.hand import database

ITEMS = "/collections/parcel/items"
RUNNING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND application_name = 'quyhoach' AND query LIKE 'COPY%'"
)
STANDING = f"{RUNNING} AND state = 'active'"
PLAIN = {"Accept-Encoding": "identity"}
TYPES = {
    "jsonseq": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8; header=present",
    "fgb": "application/flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
}


@pytest.fixture(scope="module")
def many_url(server_url: str, template: str) -> Iterator[str]:
    """Two hundred thousand parcels, each with a long text."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO city.parcel (stage, source, map_sheet, geom) "
            "SELECT 'existing', 'sample', repeat('Đ', 300), "
            "ST_Multi(ST_MakeEnvelope(n, 0, n + 1, 1, 5899)) FROM generate_series(1, 200000) AS n"
        )
        yield url


@pytest.fixture(scope="module")
def large(many_url: str) -> Iterator[Served]:
    running = listen(many_url)
    yield running
    running.stop()


def begun(served: Served, path: str) -> socket.socket:
    """Ask and read the first bytes of the answer, no more."""
    address = urlsplit(served.root)
    client = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    assert client.recv(1024).startswith(b"HTTP/1.1 200")
    return client


def within(url: str, query: str, expected: int, seconds: float = 15) -> bool:
    """Say whether a count becomes what is expected within some seconds."""
    until = time.monotonic() + seconds
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < until:
            row = connection.execute(query.encode()).fetchone()
            if row and row[0] == expected:
                return True
            time.sleep(0.05)
    return False


@pytest.mark.parametrize("name", TYPES)
def test_a_format_is_chosen_by_its_name_or_its_media_type(service: TestClient, name: str):
    named = service.get(ITEMS, params={"f": name})
    accepted = service.get(ITEMS, headers={"Accept": TYPES[name].partition(";")[0]})
    assert named.status_code == accepted.status_code == 200
    assert named.headers["content-type"] == accepted.headers["content-type"] == TYPES[name]
    assert named.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert named.headers["content-disposition"].startswith('attachment; filename="parcel.')
    assert len(named.content) > 300


def test_a_page_of_geojson_links_to_the_other_formats(service: TestClient):
    links = service.get(ITEMS).json()["links"]
    others = {link["type"]: link["href"] for link in links if link["rel"] == "alternate"}
    assert service.get(others["text/csv"]).text.splitlines()[0].startswith("uid,")


def test_a_horizon_is_in_the_name_of_the_file(service: TestClient):
    answer = service.get(ITEMS, params={"f": "csv", "horizon": "2030"})
    assert answer.headers["content-disposition"] == 'attachment; filename="parcel-2030.csv"'
    assert len(answer.text.splitlines()) == 5


def test_more_than_the_largest_page_streams_as_one_collection(service: TestClient):
    answer = service.get(ITEMS, params={"limit": 1_000_000_000, "f": "json"})
    page = service.get(ITEMS)
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json()
    assert document["features"] == page.json()["features"]
    assert (document["numberReturned"], document["numberMatched"]) == (3, 3)
    assert [link["rel"] for link in document["links"] if link["rel"] == "next"] == []


def test_a_stream_that_its_limit_ends_says_where_the_next_begins(large: Served):
    first = httpx.get(large.root + ITEMS, params={"limit": 10_001, "properties": "stage"}, timeout=60).json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    second = httpx.get(following, timeout=60).json()
    assert first["numberReturned"] == len(first["features"]) == second["numberReturned"] == 10_001
    assert second["features"][0]["id"] == first["features"][-1]["id"] + 1
    assert second["snapshot"] == "one"


def test_a_bookmark_that_is_none_is_refused_before_the_answer_begins(service: TestClient):
    answer = service.get(ITEMS, params={"f": "csv", "bookmark": "nonsense"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_asks_for_the_head_alone_gets_it(service: TestClient):
    assert service.head(ITEMS, params={"f": "csv"}).status_code in (200, 405)


def test_the_first_bytes_come_long_before_the_last(large: Served):
    began = time.monotonic()
    with httpx.stream("GET", large.root + ITEMS, params={"f": "csv"}, headers=PLAIN, timeout=60) as answer:
        chunks = answer.iter_raw()
        next(chunks)
        first = time.monotonic() - began
        rest = sum(map(len, chunks))
    assert rest > 100_000_000
    assert first < (time.monotonic() - began) / 3


def test_the_statement_waits_for_a_client_that_reads_slowly(large: Served, many_url: str):
    with begun(large, f"{ITEMS}?f=csv"):
        assert within(many_url, STANDING, 1)
        time.sleep(1)
        assert within(many_url, STANDING, 1, seconds=0.2)
    assert within(many_url, RUNNING + " AND state <> 'idle'", 0)


@pytest.mark.parametrize("name", [*TYPES, "json&limit=1000000"])
def test_when_the_client_leaves_the_statement_ends(large: Served, many_url: str, name: str):
    begun(large, f"{ITEMS}?f={name}").close()
    assert within(many_url, STANDING, 0)
    assert httpx.get(f"{large.root}/health/ready", timeout=30).status_code == 200


def test_who_leaves_before_the_first_byte_ends_the_statement_too(large: Served, many_url: str):
    address = urlsplit(large.root)
    path = f"{ITEMS}?f=jsonseq&sortby=-map_sheet"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        assert within(many_url, STANDING, 1)
    assert within(many_url, STANDING, 0)


def test_an_answer_that_breaks_is_not_ended_as_if_it_were_whole(large: Served, many_url: str):
    stop = f"SELECT count(pg_terminate_backend(pid)) FROM ({RUNNING.replace('count(*)', 'pid')}) AS running"
    with httpx.stream("GET", large.root + ITEMS, params={"f": "jsonseq"}, timeout=60) as answer:
        chunks = answer.iter_raw()
        next(chunks)
        with psycopg.connect(many_url, autocommit=True) as connection:
            connection.execute(stop.encode())
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in chunks:
                pass
    assert httpx.get(f"{large.root}/health/ready", timeout=30).status_code == 200


def test_no_more_answers_of_any_size_at_once_than_there_are_seats(large: Served, many_url: str):
    clients = [begun(large, f"{ITEMS}?f=csv") for _ in range(4)]
    refused = httpx.get(large.root + ITEMS, params={"f": "csv"}, timeout=30)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "2"
    assert httpx.get(large.root + ITEMS, params={"limit": 1}, timeout=30).status_code == 200
    for client in clients:
        client.close()
    assert within(many_url, STANDING, 0)
    assert httpx.get(large.root + ITEMS, params={"f": "csv", "limit": 1}, timeout=30).status_code == 200


def test_a_worker_stays_small_while_a_layer_goes_through_it(large: Served):
    httpx.get(large.root + ITEMS, params={"f": "csv", "limit": 10}, timeout=30)
    before = resident_mib(large)
    with httpx.stream("GET", large.root + ITEMS, params={"limit": 10**9}, headers=PLAIN, timeout=120) as answer:
        assert sum(map(len, answer.iter_raw())) > 150_000_000
    assert resident_mib(large) - before < 60


def resident_mib(served: Served) -> float:
    """Return the most memory a process has had, in MiB."""
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def test_a_generator_that_fails_breaks_the_answer_and_leaves_its_seat():
    def failing() -> Generator[bytes]:
        yield b"x"
        raise psycopg.errors.QueryCanceled

    seats = Seats(1, wait_s=0.05)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answer = StreamedResponse(failing(), cancel=lambda: None, seats=seats, media_type="text/csv", headers={})
        await answer(scope, receive, send)

    with pytest.raises(BrokenAnswerError):
        TestClient(app).get("/")

    async def sit() -> None:
        await seats.take()
        with pytest.raises(OverloadedError):
            await seats.take()

    asyncio.run(sit())


def test_who_finds_no_seat_waits_for_one():
    seats = Seats(1, wait_s=10)

    async def wait() -> None:
        await seats.take()
        waiting = asyncio.create_task(seats.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        seats.leave()
        await asyncio.wait_for(waiting, 1)

    asyncio.run(wait())


def test_many_short_answers_at_once_all_get_a_seat(large: Served):
    def ask(_: int) -> int:
        return httpx.get(large.root + ITEMS, params={"f": "csv", "limit": 2}, timeout=30).status_code

    with ThreadPoolExecutor(16) as clients:
        assert set(clients.map(ask, range(64))) == {200}


def test_the_collection_is_json_when_read_in_pieces(large: Served):
    parts: list[bytes] = []
    with httpx.stream("GET", large.root + ITEMS, params={"limit": 20_000, "properties": "stage"}, timeout=60) as answer:
        parts.extend(answer.iter_bytes())
    assert len(json.loads(b"".join(parts))["features"]) == 20_000
