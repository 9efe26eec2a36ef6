"""What is answered on the short way is what the long way answers, and as fresh."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain

import httpx
import psycopg
import pytest
import uvicorn

from api.app import create
from api.tiles import shortcut
from gis.settings import Settings
from tests.api.conftest import Served, free_port
from tests.api.test_metrics import TILES, number
from tests.gis.hand import put, square

TILE = "/tiles/parcel,road,ward,land_use,water_body/14/13117/7450.mvt"
EMPTY = "/tiles/parcel/14/0/0.mvt"
PASSING = ("date", "x-request-id")


@contextmanager
def quick(url: str, monkeypatch: pytest.MonkeyPatch, *, idle_s: int = 60) -> Iterator[tuple[str, list[int]]]:
    """Serve in this process; yield the root, and a list of the statuses answered on the short way."""
    statuses: list[int] = []
    count = shortcut.Shortcut.count

    def counted(self: shortcut.Shortcut, passage: shortcut.Quick) -> None:
        statuses.append(passage.status)
        count(self, passage)

    monkeypatch.setattr(shortcut.Shortcut, "count", counted)
    port = free_port()
    app = create(Settings(database_url=url))
    config = uvicorn.Config(
        app, port=port, loop="uvloop", http="api.wire:Wire", ws="none", lifespan="on", timeout_keep_alive=idle_s
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}", statuses
    finally:
        server.should_exit = True
        thread.join()


def lasting(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.multi_items() if name not in PASSING]


def connected(root: str) -> socket.socket:
    host, _, port = root.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: h", *lines, "", ""]).encode()


def received(connection: socket.socket, count: int) -> list[bytes]:
    """Read answers with a Content-Length."""
    answers: list[bytes] = []
    stream = connection.makefile("rb")
    for _ in range(count):
        lines = list(iter(stream.readline, b"\r\n"))
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
        stream.read(length)
        answers.append(b"".join(lines))
    return answers


def test_a_tile_is_answered_in_the_same_words_drawn_or_in_memory(town_url: str, monkeypatch: pytest.MonkeyPatch):
    with quick(town_url, monkeypatch) as (root, statuses), httpx.Client(base_url=root) as client:
        for path, coding in ((TILE, "gzip"), (TILE, "zstd"), (TILE, "identity"), (EMPTY, "gzip")):
            headers = {"Accept-Encoding": coding}
            statuses.clear()
            drawn = client.get(path, headers=headers)
            short = client.get(path, headers=headers)
            assert statuses == [drawn.status_code, short.status_code]
            assert (drawn.content, lasting(drawn)) == (short.content, lasting(short))
            statuses.clear()
            # A body, even an empty one, is unusual.
            long = client.get(path, headers=headers | {"Content-Length": "0"})
            assert not statuses
            assert (short.status_code, short.content) == (long.status_code, long.content)
            assert lasting(short) == lasting(long)
            assert list(short.headers) == list(long.headers)
            if path == TILE:
                known = headers | {"If-None-Match": short.headers["etag"]}
                unchanged = client.get(path, headers=known)
                assert statuses == [304]
                assert (unchanged.status_code, unchanged.content) == (304, b"")
                assert lasting(unchanged) == lasting(client.get(path, headers=known | {"Content-Length": "0"}))
        assert client.head(TILE).content == b""


def test_a_tile_beyond_the_limits_of_its_tileset_is_not_found_on_either_way(
    town_url: str, monkeypatch: pytest.MonkeyPatch
):
    beyond = "/ogc/collections/parcel/tiles/WebMercatorQuad/14/0/0"
    with quick(town_url, monkeypatch) as (root, statuses), httpx.Client(base_url=root) as client:
        for _ in range(2):  # drawn, and from memory
            short = client.get(beyond)
            long = client.get(beyond, headers={"Content-Length": "0"})
            assert (short.status_code, short.json()["detail"]) == (404, long.json()["detail"])
        assert statuses == [404, 404]
        assert client.get(EMPTY).status_code == 204


def test_a_request_on_the_short_way_has_a_name_and_is_counted_once(served: Served):
    with httpx.Client(base_url=served.root) as client:
        client.get(TILE)
        client.get(TILE)

        def counted() -> tuple[float, ...]:
            text = client.get("/metrics").text
            answered = number(text, "requests_total", route=TILES, method="GET", status="200")
            kept = sum(number(text, "tiles_total", found=found) for found in ("near", "shared", "drawn"))
            return answered, kept, number(text, "requests_under_way")

        before = counted()
        named = client.get(TILE, headers={"X-Request-Id": "abc-1"})
        names = {client.get(TILE).headers["x-request-id"] for _ in range(5)}
        after = counted()
    assert named.headers["x-request-id"] == "abc-1"
    assert len(names) == 5
    assert [b - a for a, b in zip(before, after, strict=True)] == [6, 6, 0]


def test_a_change_is_shown_to_who_asks_after_it(town_url: str, monkeypatch: pytest.MonkeyPatch):
    with quick(town_url, monkeypatch) as (root, statuses), httpx.Client(base_url=root) as client:
        for place in range(5):
            client.get(TILE)
            before = client.get(TILE)
            assert statuses[-1] == 200
            statuses.clear()
            with psycopg.connect(town_url, autocommit=True) as connection:
                parcel = square(550_000 + 20 * place, 1_778_700, 10)
                put(connection, "parcel", parcel, land_use_code="ODT", stage="existing", map_sheet="passing")
            after = client.get(TILE, headers={"If-None-Match": before.headers["etag"]})
            with psycopg.connect(town_url, autocommit=True) as connection:
                connection.execute("DELETE FROM city.parcel WHERE map_sheet = 'passing'")
            assert (after.status_code, statuses) == (200, [200])
            assert after.headers["etag"] != before.headers["etag"]
            assert client.get(TILE).headers["etag"] == before.headers["etag"]


def test_requests_sent_at_once_are_answered_in_their_order(served: Served):
    names = [f"n{number}" for number in range(6)]
    with connected(served.root) as connection:
        connection.sendall(head(TILE) * 2)
        received(connection, 2)
        paths = (TILE, "/health/live", TILE, TILE, "/health/live", TILE)
        connection.sendall(
            b"".join(head(path, f"X-Request-Id: {name}") for path, name in zip(paths, names, strict=True))
        )
        answers = received(connection, 6)
    assert [name for name, answer in zip(names, answers, strict=True) if name.encode() in answer] == names


def test_who_asks_for_the_last_before_the_first_is_answered_gets_both(served: Served):
    for path in (TILE, "/health/live"):
        with connected(served.root) as connection:
            connection.sendall(head(TILE) + head(path, "Connection: close"))
            whole = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        assert whole.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("lines", [("HTTP/1.0",), ("HTTP/1.1", "Connection: close")])
def test_who_wants_no_more_is_let_go(served: Served, lines: tuple[str, ...]):
    httpx.get(served.root + TILE)
    with connected(served.root) as connection:
        connection.sendall("\r\n".join([f"GET {TILE} {lines[0]}", "Host: here", *lines[1:], "", ""]).encode())
        whole = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert whole.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in whole


def test_who_leaves_before_the_log_is_read_is_counted_as_unanswered(town_url: str, monkeypatch: pytest.MonkeyPatch):
    with quick(town_url, monkeypatch) as (root, statuses):
        httpx.get(root + TILE)
        statuses.clear()
        with psycopg.connect(town_url) as connection:
            connection.execute("LOCK TABLE register.change IN ACCESS EXCLUSIVE MODE")
            with connected(root) as client:
                client.sendall(head(TILE))
                time.sleep(0.3)
            time.sleep(0.2)
            connection.rollback()
        wait_until(lambda: bool(statuses))
        assert statuses == [0]
        assert number(httpx.get(f"{root}/metrics").text, "requests_under_way") == 1  # the one that asks


def test_who_leaves_while_a_tile_is_drawn_ends_the_drawing(town_url: str, monkeypatch: pytest.MonkeyPatch):
    with quick(town_url, monkeypatch) as (root, statuses), psycopg.connect(town_url) as connection:
        httpx.get(f"{root}/health/ready")
        connection.execute("LOCK TABLE city.parcel IN ACCESS EXCLUSIVE MODE")
        with connected(root) as client:
            client.sendall(head(TILE))
            wait_until(lambda: drawings(town_url) == 1)
        wait_until(lambda: drawings(town_url) == 0)
        assert statuses == [0]
        connection.rollback()
        assert httpx.get(root + TILE).status_code == 200


def test_what_cannot_be_drawn_is_answered_with_a_problem(town_url: str, monkeypatch: pytest.MonkeyPatch):
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    with quick(town_url, monkeypatch) as (root, statuses), httpx.Client(base_url=root) as client:
        monkeypatch.setattr("gis.tiles.keeping.draw_async", broken)
        refused = client.get(TILE, headers={"X-Request-Id": "walk-18"})
        assert (refused.status_code, refused.headers["content-type"]) == (500, "application/problem+json")
        assert refused.json()["request_id"] == refused.headers["x-request-id"] == "walk-18"
        assert "secret" not in refused.text
        long = client.get(TILE, headers={"X-Request-Id": "walk-18", "Content-Length": "0"})
        assert (statuses, long.content) == ([500], refused.content)
        assert list(long.headers) == list(refused.headers)
        monkeypatch.undo()
        assert client.get(TILE).status_code == 200


def drawings(url: str) -> int:
    """Return how many drawings wait for a lock."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'quyhoach tiles' AND wait_event_type = 'Lock'"
        ).fetchone()
    assert row
    return row[0]


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that in 5 s")


def test_a_connection_is_closed_when_it_has_been_idle_and_not_before(town_url: str, monkeypatch: pytest.MonkeyPatch):
    with quick(town_url, monkeypatch, idle_s=1) as (root, statuses), connected(root) as connection:
        began = time.monotonic()
        while time.monotonic() < began + 2.5:
            connection.sendall(head(TILE))
            received(connection, 1)
            time.sleep(0.4)
        assert len(statuses) >= 5
        last = time.monotonic()
        assert connection.recv(1) == b""
        assert 0.3 < time.monotonic() - last < 2


@pytest.mark.parametrize(
    "url",
    [
        *(f"/tiles/parcel/14/13117/7450.mvt{more}" for more in ("?scenario=park", "?nothing=1", "#a", "?horizon=x")),
        *("/tiles/p%61rcel/14/13117/7450.mvt", "http://h/tiles/parcel/14/1/1.mvt", "/tiles/nothing/14/1/1.mvt"),
        *("/tiles/parcel.json", "/", "/tiles/đ/1/1/1.mvt", "/tiles/parcel/14/1/1.mvt?" + "&".join("a" * 200)),
    ],
)
def test_what_is_unusual_takes_the_long_way(url: str):
    assert shortcut._place(url.encode()) is None


def test_the_short_way_is_known_by_each_of_the_addresses_of_a_tile():
    paths = chain(
        ["/tiles/parcel/14/13117/7450.mvt", "/tiles/parcel/14/13117/7450.mvt?horizon=2030"],
        (f"{root}/collections/parcel/tiles/WebMercatorQuad/14/7450/13117" for root in ("", "/ogc")),
    )
    assert all(shortcut._place(path.encode()) is not None for path in paths)
