"""The service holds up: refused in time, cancelled when nobody waits, back when its database is back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from api.deps import CONNECTIONS, WAIT_S, WAITING
from gis import migrations
from gis.cluster import database, programs
from gis.cluster.errors import NoPostgisError
from gis.cluster.place import Place, place
from gis.cluster.server import start, stop
from gis.settings import Settings
from tests.api.conftest import Served, listen, said_to
from tests.api.test_metrics import number

ITEMS = "/collections/parcel/items?limit=1"
TILE = "/tiles/parcel/14/13117/7450.mvt"


@contextmanager
def locked(url: str, layer: str = "parcel") -> Iterator[None]:
    """Keep everybody from reading a layer, as a long change of its table does."""
    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE city.{layer} IN ACCESS EXCLUSIVE MODE".encode())
        yield
        connection.rollback()


def waiting_for_locks(url: str) -> int:
    """Count statements of the service that wait for a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE 'quyhoach%' AND wait_event_type = 'Lock'"
        ).fetchone()
    assert row
    return row[0]


def until(happens: Callable[[], bool], *, within_s: float) -> float:
    """Wait until something is so; return how long it took."""
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < within_s, f"not within {within_s} s"
        time.sleep(0.02)
    return time.monotonic() - began


def is_problem(answer: httpx.Response) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return True


# --- Bounded in time --------------------------------------------------------------------------------------------------


def test_a_statement_that_takes_too_long_ends_with_a_problem(served: Served, town_url: str):
    def asked(address: str) -> tuple[httpx.Response, float]:
        began = time.monotonic()
        return httpx.get(served.root + address, timeout=30), time.monotonic() - began

    with locked(town_url), ThreadPoolExecutor(2) as both:
        answers = list(both.map(asked, ["/collections/parcel/items?limit=2", f"{TILE}?horizon=2045"]))
    for answer, took_s in answers:
        assert answer.status_code == 504
        assert is_problem(answer)
        assert "takes too long" in answer.json()["detail"]
        assert 9 < took_s < 14


def test_who_finds_no_connection_is_told_so_in_bounded_time(served: Served, town_url: str):
    many = CONNECTIONS + WAITING + 20

    def asked(_: int) -> tuple[httpx.Response, float]:
        began = time.monotonic()
        return httpx.get(served.root + ITEMS, timeout=30), time.monotonic() - began

    with ThreadPoolExecutor(many) as crowd:
        with locked(town_url):
            asking = [crowd.submit(asked, one) for one in range(many)]
            refused = lambda: sum(one.done() for one in asking) >= many - CONNECTIONS  # noqa: E731
            until(refused, within_s=WAIT_S + 5)
            assert httpx.get(f"{served.root}/health/live", timeout=2).status_code == 200
        answers = [one.result() for one in asking]
    told = [(answer, took_s) for answer, took_s in answers if answer.status_code == 503]
    assert len(told) == many - CONNECTIONS
    assert all(answer.headers["retry-after"] == "2" and is_problem(answer) for answer, _ in told)
    assert max(took_s for _, took_s in told) < WAIT_S + 4
    assert sum(took_s < WAIT_S - 1 for _, took_s in told) >= 20  # more than may wait are not kept waiting
    assert [answer.status_code for answer, _ in answers].count(200) == CONNECTIONS


@pytest.mark.parametrize("address", [ITEMS, f"{TILE}?horizon=2030"])
def test_work_ends_in_the_database_when_the_client_leaves(served: Served, town_url: str, address: str):
    with locked(town_url):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(served.root + address, timeout=1)
        took_s = until(lambda: waiting_for_locks(town_url) == 0, within_s=3)
    assert took_s < 2
    assert httpx.get(served.root + address).status_code == 200


# --- Bounded in size --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_of", "status", "sentence"),
    [
        (("GET", f"/{'a' * 9_000}", {}, b""), 414, "longer than 8192 bytes"),
        (("GET", f"/collections?{'a' * 40_000}", {}, b""), 414, "longer than 8192 bytes"),
        (("GET", "/collections", {"X-Long": "a" * 40_000}, b""), 431, "longer than 32768 bytes"),
        (
            ("GET", f"/collections?{'&'.join(f'a{n}=1' for n in range(200))}", {}, b""),
            400,
            "200 parameters; 100 at most",
        ),
        (("POST", "/collections", {}, b"a" * (5 << 20)), 413, "larger than 4194304 bytes"),
        (("POST", "/collections", {"Origin": "https://elsewhere.example"}, b"{}"), 403, "change nothing"),
        (("POST", "/collections", {}, b"{}"), 405, "POST"),
        (("TRACE", "/collections", {}, b""), 405, "TRACE"),
        (("GET", "/collections/%00", {}, b""), 400, "NUL"),
    ],
)
def test_more_than_is_good_is_refused(
    served: Served, request_of: tuple[str, str, dict[str, str], bytes], status: int, sentence: str
):
    method, address, headers, body = request_of
    answer = httpx.request(method, served.root + address, headers=headers, content=body or None, timeout=10)
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]


def test_a_body_of_unknown_length_is_bounded_too(served: Served):
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 100_000

    answer = httpx.post(f"{served.root}/collections", content=endless(), timeout=10)
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/collections", "/processes/parcel_extract/execution"])
def test_who_sends_too_much_hears_so_and_may_ask_again_on_the_same_connection(served: Served, path: str):
    address = urlsplit(served.root)
    with closing(HTTPConnection(str(address.hostname), address.port, timeout=10)) as connection:
        connection.request("POST", address.path + path, body=b"a" * (20 << 20))
        with connection.getresponse() as answer:
            assert answer.status == 413
            assert b"larger than" in answer.read()
        connection.request("GET", f"{address.path}/collections?f=json")
        with connection.getresponse() as answer:
            assert answer.status == 200


def test_who_asks_before_sending_too_much_is_told_at_once(served: Served):
    head = b"POST /collections HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n"
    heard = said_to(served, head, patience_s=5)
    assert heard.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in heard


def test_what_is_no_http_is_refused_in_our_words(served: Served):
    heard = said_to(served, b"this is no HTTP\r\n\r\n", patience_s=5)
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["detail"].startswith("What was sent is no HTTP/1.1")


def test_a_head_that_does_not_arrive_is_not_waited_for(served: Served):
    heard = said_to(served, b"GET /collections HTTP/1.1\r\nHost: here\r\nX-Slow: ", patience_s=15)
    assert heard.startswith(b"HTTP/1.1 408 ")


# --- A database that goes away ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def away() -> Iterator[tuple[Place, str]]:
    """Yield a PostGIS that may be killed, with an empty city in it."""
    try:
        programs.newest()
    except NoPostgisError as lacking:
        pytest.skip(str(lacking))
    local = Path(tempfile.mkdtemp(prefix="quyhoach-test-"))
    local.chmod(0o755)
    with database(Settings(local_dir=local, database_url=None)) as url:
        migrations.upgrade(url)
        yield place(local), url
    shutil.rmtree(local)


@pytest.fixture(scope="module")
def exposed(away: tuple[Place, str]) -> Iterator[Served]:
    running = listen(away[1])
    yield running
    code, _ = running.stop()
    assert code == 0


def works(served: Served, address: str) -> bool:
    answer = httpx.get(served.root + address, timeout=10)
    assert answer.status_code in (200, 204, 503)
    assert answer.status_code != 503 or (answer.headers["retry-after"] and is_problem(answer))
    return answer.status_code != 503


def backends(url: str) -> list[int]:
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'quyhoach%' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in rows.fetchall()]


def test_a_killed_backend_is_survived(away: tuple[Place, str], exposed: Served):
    assert all(works(exposed, address) for address in (ITEMS, TILE, "/health/ready"))
    os.kill(backends(away[1])[0], signal.SIGKILL)  # PostgreSQL ends all others and recovers
    for address in (ITEMS, f"{TILE}?horizon=2030", TILE, "/health/ready"):
        until(lambda address=address: works(exposed, address), within_s=10)
    assert exposed.process.poll() is None


def test_connections_ended_by_an_administrator_are_replaced_unseen(away: tuple[Place, str], exposed: Served):
    until(lambda: works(exposed, ITEMS) and works(exposed, TILE), within_s=10)
    with psycopg.connect(away[1], autocommit=True) as connection:
        for pid in backends(away[1]):
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])
    for address in (ITEMS, f"{TILE}?horizon=2045", "/tiles/road/14/13117/7450.mvt", "/health/ready"):
        assert works(exposed, address)


def test_a_restart_of_the_database_is_survived(away: tuple[Place, str], exposed: Served):
    where, _ = away
    stop(where)
    for address in (ITEMS, TILE, "/health/ready"):
        began = time.monotonic()
        assert not works(exposed, address)
        assert time.monotonic() - began < 3, address
    for address in (ITEMS, TILE):
        assert httpx.get(exposed.root + address, timeout=10).json()["detail"].startswith("The database does not answer")
    assert httpx.get(f"{exposed.root}/health/live").status_code == 200
    time.sleep(12)  # as long as a restart may take, and longer than patience with one connection
    assert number(httpx.get(f"{exposed.root}/metrics").text, "change_log_staleness_seconds") > 8
    start(where, programs=programs.maker(where.data))
    for address in (ITEMS, TILE, "/health/ready"):
        assert until(lambda address=address: works(exposed, address), within_s=5) < 3
    stale_s = lambda: number(httpx.get(f"{exposed.root}/metrics").text, "change_log_staleness_seconds")  # noqa: E731
    until(lambda: stale_s() < 3, within_s=5)


# --- The end ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_being_answered_is_finished_before_the_end(town_url: str, workers: int):
    served = listen(town_url, workers=workers)
    with ThreadPoolExecutor(1) as other:
        with locked(town_url):
            asking = other.submit(httpx.get, served.root + ITEMS, timeout=20)
            until(lambda: waiting_for_locks(town_url) == 1, within_s=5)
            served.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{served.root}/health/live", timeout=1)
        assert asking.result().status_code == 200
    assert served.process.wait(10) == 0


def test_what_does_not_end_is_cut_off_in_bounded_time(town_url: str):
    served = listen(town_url, grace_s="1")
    with ThreadPoolExecutor(1) as other, locked(town_url):
        asking = other.submit(httpx.get, served.root + ITEMS, timeout=20)
        until(lambda: waiting_for_locks(town_url) == 1, within_s=5)
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert time.monotonic() - began < 6
        assert waiting_for_locks(town_url) == 0
        assert asking.exception() is not None or asking.result().status_code >= 500


def test_a_stream_of_changes_does_not_keep_the_service_from_ending(town_url: str):
    served = listen(town_url, grace_s="30")
    with httpx.stream("GET", f"{served.root}/changes", timeout=20) as stream:
        parts = stream.iter_text()
        assert next(parts).startswith("retry:")
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert list(parts) == []
        assert served.process.wait(10) == 0
        assert time.monotonic() - began < 5
