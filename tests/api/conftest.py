"""A small town behind the service: in the process, and as a process that listens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create
from gis import assets
from gis.asking import ask
from gis.db import seen_at
from gis.findings.kept import packed
from gis.jobs.job import Status
from gis.jobs.register import hand_in
from gis.jobs.taking import Ending, end, leave, take
from gis.scenarios import open_scenario
from gis.settings import Settings
from layers.model import Horizon
from tests.gis.hand import database, put, square

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def libraries() -> None:
    assets.bring()


@pytest.fixture(scope="session")
def town_url(server_url: str, template: str) -> Iterator[str]:
    """Two wards side by side, three parcels, streets of three classes, a river, rice until 2029, zones of 2030."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        for place, name in enumerate(["Hải Châu", "Sơn Trà"]):
            ward = square(549_000 + 1_000 * place, 1_778_000, 1_000)
            put(connection, "ward", ward, code=f"{place + 1}", name=name, unit_type="ward", population=40_000)
        for place in range(3):
            parcel = square(550_000 + 100 * place, 1_778_400, 100)
            put(connection, "parcel", parcel, land_use_code="ODT", stage="existing", map_sheet=str(place))
        rice = {"land_use_code": "LUA", "valid_from": date(2020, 1, 1), "valid_to": date(2030, 1, 1)}
        put(connection, "land_use", square(550_000, 1_778_000, 900), **rice)
        put(connection, "parcel", square(550_300, 1_778_400, 100), land_use_code="TMD", stage="2030")
        for place, road_class in enumerate(["main_arterial", "district", "foot"]):
            north = 1_778_100 + 200 * place
            line = f"MULTILINESTRING((549000 {north}, 551000 {north}))"
            sizes = {"lanes": (6, 2, 1)[place], "level": (0, 0, 1)[place]}
            put(connection, "road", line, name=f"Đường {place}", road_class=road_class, stage="existing", **sizes)
        put(
            connection,
            "zone",
            square(550_000, 1_778_000, 900),
            plan_code="QHC",
            horizon="2030",
            plan_use="DAT_HTXH_Yte",
        )
        put(connection, "water_body", square(549_000, 1_778_600, 300), water_body_type="river", stage="existing")
        general = {"plan_system": "construction", "plan_level": "general", "status": "approved"}
        put(connection, "plan", square(549_000, 1_778_000, 2_000), code="QHC", name="Quy hoạch chung", **general)
        answer_job(connection)
        open_scenario(connection, "park", title="Công viên", parent="baseline")
        yield url


JOB = "01936d2c-0000-7000-8000-000000000001"
"""A job of the town that has been answered: its land balance."""


def answer_job(connection: psycopg.Connection) -> None:
    """Hand a question in, and work on it as those beside the service do."""
    form = {"media": "json", "response": "raw"}
    job = hand_in(connection, "land_balance", {}, horizon=Horizon.EXISTING, scenario="baseline", wanted=form)
    connection.execute("UPDATE register.job SET id = %s WHERE number = %s", [JOB, job.number])
    taken = take(connection, "test")
    assert taken
    found = ask(seen_at(connection, Horizon.EXISTING), "land_balance")
    end(connection, taken, Ending(Status.SUCCESSFUL, result=packed(found)))
    leave(connection, taken)


@pytest.fixture(scope="session")
def service(town_url: str) -> Iterator[TestClient]:
    with TestClient(create(Settings(database_url=town_url)), raise_server_exceptions=False) as client:
        yield client


@dataclass(frozen=True)
class Served:
    """A service that listens, and its process."""

    root: str
    process: subprocess.Popen[str]

    def stop(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; return the exit code and what was written to standard error."""
        self.process.send_signal(by)
        _, said = self.process.communicate(timeout=15)
        return self.process.returncode, said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listen(url: str, *, workers: int = 1, **settings: str) -> Served:
    """Start the service as its own process and wait until it is ready."""
    port = free_port()
    code = (
        "import os; from api.server import serve; "
        f"serve('127.0.0.1', {port}, os.environ['TOWN_URL'], workers={workers})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "TOWN_URL": url, **{f"QUYHOACH_{name.upper()}": value for name, value in settings.items()}},
        stderr=subprocess.PIPE,
        text=True,
    )
    served = Served(f"http://127.0.0.1:{port}", process)
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        try:
            if httpx.get(f"{served.root}/health/ready", timeout=5).status_code == 200:
                return served
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    process.kill()
    raise AssertionError("the service was not ready within 30 s")


@pytest.fixture(scope="session")
def served(town_url: str) -> Iterator[Served]:
    running = listen(town_url)
    yield running
    if running.process.poll() is None:
        running.stop()


def said_to(served: Served, raw: bytes, *, patience_s: float = 5) -> bytes:
    """Send bytes and read until the other end closes."""
    host, port = served.root.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=patience_s) as line:
        line.sendall(raw)
        heard = b""
        while part := line.recv(65_536):
            heard += part
    return heard
