"""Health, bounds, and the service as a process."""

from __future__ import annotations

import signal
import socket
from contextlib import ExitStack

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import NoDatabaseError, create
from api.deps import CONNECTIONS, database
from api.server import PortTakenError, serve
from gis.settings import Settings
from layers.model import Horizon
from tests.api.conftest import Served, listen


def test_ready_names_the_versions_that_answer(service: TestClient):
    ready = service.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert int(ready["postgresql"].split(".")[0]) >= 14
    assert ready["postgis"].startswith("3.")
    assert ready["schema"]


def test_without_its_database_it_lives_and_is_not_ready():
    nowhere = Settings(database_url="postgresql:///none?host=/nowhere")
    with TestClient(create(nowhere), raise_server_exceptions=False) as service:
        assert service.get("/health/live").status_code == 200
        answer = service.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["detail"].startswith("The database")
    assert "/nowhere" not in answer.text


def test_a_service_without_the_name_of_a_database_is_refused():
    with pytest.raises(NoDatabaseError, match="quyhoach up"):
        create(Settings(database_url=None))


def test_a_connection_only_reads_and_not_for_long(town_url: str):
    behind = database(town_url)
    behind.pool.open()
    try:
        with behind.city(Horizon.EXISTING) as city:
            assert city.connection.execute("SHOW statement_timeout").fetchone() == ("10s",)
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                city.connection.execute("DELETE FROM parcel")
    finally:
        behind.pool.close()


def test_a_lent_connection_forgets_the_last_horizon(town_url: str):
    behind = database(town_url)
    behind.pool.open()
    try:
        counts = []
        for horizon in (Horizon.H2030, Horizon.EXISTING, Horizon.H2030):
            with behind.city(horizon) as city:
                counts.append(city.connection.execute("SELECT count(*) FROM parcel").fetchone())
    finally:
        behind.pool.close()
    assert counts == [(4,), (3,), (4,)]


def test_the_wait_for_a_connection_is_bounded(town_url: str):
    with TestClient(create(Settings(database_url=town_url)), raise_server_exceptions=False) as service:
        pool = service.app_state["database"].pool
        pool.timeout = 0.2
        with ExitStack() as held:
            for _ in range(CONNECTIONS):
                held.enter_context(pool.connection(timeout=5))
            answer = service.get("/collections")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert service.get("/collections").status_code == 200


def test_an_unforeseen_error_shows_nothing_of_its_inside(service: TestClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("api.features.listing.extents", broken)
    monkeypatch.setattr("api.tiles.door.asked", broken)
    for address in ("/collections", "/tiles/parcel/14/13117/7450.mvt"):
        answer = service.get(address)
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "secret" not in answer.text


def test_the_interface_is_described_without_pages_from_other_hosts(service: TestClient):
    described = service.get("/api").json()
    assert "/collections/{collectionId}/items" in described["paths"]
    assert service.get("/docs").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, *", None),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=nan", None),
        ("br", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("address", ["/collections", "/collections/road/schema", "/web/page.js", "/?f=html"])
def test_an_answer_is_packed_for_those_who_take_it_so(
    service: TestClient, address: str, accepted: str, coding: str | None
):
    answer = service.get(address, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == coding
    varies = answer.headers["vary"].split(", ")
    assert varies.count("Accept-Encoding") == 1
    assert len(set(varies)) == len(varies)


def test_the_process_answers_and_ends_cleanly(served: Served):
    assert httpx.get(f"{served.root}/health/live").json() == {"status": "live"}
    tile = httpx.get(f"{served.root}/tiles/parcel/14/13117/7450.mvt")
    assert (tile.status_code, "server" in tile.headers) == (200, False)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_process_quietly(town_url: str, how: signal.Signals):
    code, said = listen(town_url).stop(how)
    assert (code, said) == (0, "")


def test_a_port_that_is_taken_is_said(town_url: str):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTakenError, match="choose another port with QUYHOACH_PORT"):
            serve("127.0.0.1", other.getsockname()[1], town_url)
