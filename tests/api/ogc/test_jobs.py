"""Questions handed in as jobs: answered beside the service, dismissed, taken up again when who worked on one died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create
from api.keeping import jobs_worked_on
from gis.asking import ask
from gis.db import open_city
from gis.jobs import register
from gis.jobs.job import Status
from gis.jobs.register import job_named
from gis.jobs.taking import leave, take
from gis.jobs.work import attended
from gis.settings import Settings
from layers.model import Horizon
from tests.api.conftest import JOB, ROOT, Served, listen
from tests.gis.hand import database, put, square

EXECUTION = "/ogc/processes/land_balance/execution"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
LATER = {"prefer": "respond-async"}
GENERAL = {"plan_system": "construction", "plan_level": "general", "status": "approved", "name": "Quy hoạch chung"}


@contextmanager
def hamlet(server_url: str, template: str) -> Iterator[str]:
    """A parcel and a plan, in a database where nothing else is asked."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        put(connection, "plan", square(550_000, 1_778_000, 900), code="QHC", **GENERAL)
        put(connection, "parcel", square(550_000, 1_778_400, 100), land_use_code="ODT", stage="existing")
        yield url


@pytest.fixture(scope="module")
def hamlet_url(server_url: str, template: str) -> Iterator[str]:
    """The hamlet with a service that works on its jobs."""
    with hamlet(server_url, template) as url:
        yield url


@pytest.fixture(scope="module")
def abandoned_url(server_url: str, template: str) -> Iterator[str]:
    """Another one, whose jobs nobody works on."""
    with hamlet(server_url, template) as url:
        yield url


@pytest.fixture(scope="module")
def working(hamlet_url: str) -> Iterator[Served]:
    """A service that works on one job at a time."""
    served = listen(hamlet_url, most_jobs="1")
    yield served
    served.stop()


@contextmanager
def held_up(url: str) -> Iterator[psycopg.Connection]:
    """Let every question wait that is about a plan."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE city.plan IN ACCESS EXCLUSIVE MODE")
        yield connection
        connection.rollback()


def hand_in(served: Served, **inputs: str) -> str:
    answer = httpx.post(f"{served.root}{EXECUTION}", json={"inputs": inputs}, headers=LATER)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def status(address: str) -> str:
    return httpx.get(address).json()["status"]


def until(holds: Callable[[], object], within_s: float = 30) -> None:
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def comes_to(address: str, wanted: str) -> dict:
    until(lambda: status(address) == wanted)
    return httpx.get(address).json()


def worker(url: str, address: str) -> tuple[int, int]:
    """The process that works on a job, and which attempt it is."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT worker, attempts FROM register.job WHERE id = %s", [address.rsplit("/", 1)[1]]
        ).fetchone()
    assert row
    return int(row[0].rpartition(":")[2]), row[1]


def waiting(url: str) -> int:
    """How many statements wait for a lock."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone()
    return row[0] if row else 0


def test_a_job_is_answered_beside_the_service_and_its_answer_is_that_of_a_notebook(working: Served, hamlet_url: str):
    address = hand_in(working, present="parcel")
    said = comes_to(address, "successful")
    assert said["progress"] == 100
    assert said["created"] <= said["started"] <= said["finished"]
    results = next(link["href"] for link in said["links"] if link["rel"].endswith("/results"))
    assert results == f"{address}/results"
    with open_city(hamlet_url) as city:
        assert httpx.get(results).json() == ask(city, "land_balance").document
    page = httpx.get(results, headers={"accept": "text/html"})
    assert (page.headers["content-type"].split(";")[0], "<table" in page.text) == ("text/html", True)
    assert httpx.get(f"{results}?f=geojson").json()["type"] == "FeatureCollection"


def test_a_job_is_answered_in_the_form_in_which_it_was_asked_for(working: Served):
    body = {"outputs": {"finding": {"format": {"mediaType": "application/geo+json"}}}}
    raw = httpx.post(f"{working.root}{EXECUTION}", json=body, headers=LATER).headers["location"]
    whole = httpx.post(f"{working.root}{EXECUTION}", json={"response": "document"}, headers=LATER).headers["location"]
    comes_to(raw, "successful")
    comes_to(whole, "successful")
    assert httpx.get(f"{raw}/results").headers["content-type"] == "application/geo+json"
    assert httpx.get(f"{raw}/results?f=json").json()["question"] == "land_balance"
    assert httpx.get(f"{whole}/results").json()["finding"]["value"]["question"] == "land_balance"


def test_a_question_that_refuses_to_be_answered_refuses_it_by_its_job_too(working: Served):
    said = comes_to(hand_in(working, within="ward:9"), "failed")
    assert "There is no ward '9'" in said["message"]
    results = httpx.get(f"{said['links'][0]['href']}/results")
    assert (results.status_code, "There is no ward '9'" in results.json()["detail"]) == (400, True)


def test_a_form_that_is_handed_in_leads_to_the_page_of_its_job(working: Served):
    filled = {"within": "", "horizon": "2030", "scenario": "baseline", "lang": "en"}
    answer = httpx.post(f"{working.root}{EXECUTION}", data=filled)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?lang=en")
    page = httpx.get(answer.headers["location"], headers={"accept": "text/html"})
    assert 'id="job"' in page.text
    comes_to(answer.headers["location"].partition("?")[0], "successful")


def test_what_runs_is_ended_when_its_job_is_dismissed_and_the_next_one_is_worked_on(working: Served, hamlet_url: str):
    with held_up(hamlet_url):
        address = hand_in(working)
        comes_to(address, "running")
        until(lambda: waiting(hamlet_url) == 1)
        early = httpx.get(f"{address}/results")
        assert (early.status_code, early.json()["type"]) == (404, f"{EXCEPTIONS}/result-not-ready")
        assert httpx.delete(address).json()["status"] == "dismissed"
        until(lambda: waiting(hamlet_url) == 0, within_s=5)
    following = hand_in(working)
    comes_to(following, "successful")
    assert status(address) == "dismissed"
    assert httpx.delete(following).json()["status"] == "dismissed"
    assert httpx.get(f"{following}/results").status_code == 404


def test_a_job_whose_worker_is_killed_is_taken_up_again_once_and_then_said_to_be_lost(working: Served, hamlet_url: str):
    with held_up(hamlet_url):
        address = hand_in(working)
        for attempt in (1, 2):
            until(lambda attempt=attempt: status(address) == "running" and worker(hamlet_url, address)[1] == attempt)
            os.kill(worker(hamlet_url, address)[0], signal.SIGKILL)
        said = comes_to(address, "failed")
        assert "was lost" in said["message"]
        assert httpx.get(f"{address}/results").status_code == 500
    comes_to(hand_in(working), "successful")


def test_a_job_whose_worker_is_killed_once_is_answered(working: Served, hamlet_url: str):
    with held_up(hamlet_url):
        address = hand_in(working)
        comes_to(address, "running")
        os.kill(worker(hamlet_url, address)[0], signal.SIGKILL)
        until(lambda: worker(hamlet_url, address)[1] == 2)
    comes_to(address, "successful")


def test_a_job_outlives_the_service_that_it_was_handed_in_to(abandoned_url: str):
    first = listen(abandoned_url, most_jobs="1")
    with held_up(abandoned_url):
        address, waits = hand_in(first), hand_in(first)
        comes_to(address, "running")
        first.process.kill()
        first.process.wait(timeout=15)
        until(lambda: waiting(abandoned_url) == 0)
    with jobs_worked_on(abandoned_url, most=1), psycopg.connect(abandoned_url, autocommit=True) as connection:
        for each in (address, waits):
            until(lambda each=each: job_named(connection, each.rpartition("/")[2]).status is Status.SUCCESSFUL)


def test_a_worker_that_is_told_to_end_hands_its_job_back(abandoned_url: str):
    with psycopg.connect(abandoned_url, autocommit=True) as connection:
        job = register.hand_in(connection, "land_balance", {}, horizon=Horizon.EXISTING, scenario="baseline", wanted={})
        with held_up(abandoned_url), jobs_worked_on(abandoned_url, most=1):
            until(lambda: waiting(abandoned_url) == 1)
        found = job_named(connection, str(job.id))
        assert (found.status, found.attempts) == (Status.ACCEPTED, 0)
        register.dismiss(connection, str(job.id))


SPINNING = """
import os
from gis import asking
from gis.jobs.work import work


def spin(*_, **__):
    while True:
        pass


asking.ask = spin
work(os.environ["TOWN_URL"], days=7)
"""


def test_what_heeds_no_one_ends_with_its_process_when_its_job_is_dismissed(abandoned_url: str):
    environment = {**os.environ, "TOWN_URL": abandoned_url}
    working = subprocess.Popen([sys.executable, "-c", SPINNING], cwd=ROOT, env=environment)
    with psycopg.connect(abandoned_url, autocommit=True) as book:
        job = register.hand_in(book, "land_balance", {}, horizon=Horizon.EXISTING, scenario="baseline", wanted={})
        until(lambda: job_named(book, str(job.id)).status is Status.RUNNING)
        register.dismiss(book, str(job.id))
        assert working.wait(timeout=15) == 3


def test_how_far_a_job_has_come_is_written_down_while_it_runs(abandoned_url: str):
    with psycopg.connect(abandoned_url, autocommit=True) as book, psycopg.connect(abandoned_url) as connection:
        job = register.hand_in(book, "land_balance", {}, horizon=Horizon.EXISTING, scenario="baseline", wanted={})
        taken = take(book, "test")
        assert taken
        with attended(book, connection, taken) as attendant:
            attendant.hear(0.4)
            until(lambda: job_named(book, str(job.id)).progress == 0.4)
        register.dismiss(book, str(job.id))
        leave(book, taken)


def test_there_is_no_job_of_an_id_that_was_never_given(service: TestClient):
    for id_ in ("nothing", "00000000-0000-0000-0000-000000000000"):
        for answer in (
            service.get(f"/jobs/{id_}"),
            service.get(f"/jobs/{id_}/results"),
            service.delete(f"/jobs/{id_}"),
        ):
            assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTIONS}/no-such-job")


def test_no_more_jobs_wait_than_are_worth_keeping_waiting(service: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(register, "MOST_WAITING", 0)
    answer = service.post(EXECUTION, json={}, headers=LATER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_an_unknown_scenario_is_refused_before_there_is_a_job(service: TestClient):
    answer = service.post(EXECUTION, json={"inputs": {"scenario": "parc"}}, headers=LATER)
    assert (answer.status_code, "the nearest is park" in answer.json()["detail"]) == (400, True)


def test_the_page_of_a_job_says_how_far_it_has_come_and_keeps_itself_up_to_date(
    service: TestClient, abandoned_url: str
):
    with TestClient(create(Settings(database_url=abandoned_url))) as idle:
        address = idle.post(EXECUTION, json={}, headers=LATER).headers["location"]
        text = idle.get(f"{address}?lang=en", headers={"accept": "text/html"}).text
    assert '<progress max="100" value="0"' in text
    assert '<meta http-equiv="refresh" content="3">' in text
    done = service.get(f"/ogc/jobs/{JOB}?lang=en", headers={"accept": "text/html"}).text
    assert "refresh" not in done
    assert f"/ogc/jobs/{JOB}/results?f=html&amp;lang=en" in done
