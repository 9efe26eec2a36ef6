"""The service says which scenarios are open and what each changes."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create
from gis.scenarios import drop_scenario, open_scenario
from gis.scenarios.layout import lay_out
from gis.settings import Settings
from layers import LAYERS


@pytest.fixture
def client(town_url: str) -> Iterator[TestClient]:
    """The service, with a scenario `green` in which one parcel is removed."""
    with psycopg.connect(town_url, autocommit=True) as connection:
        open_scenario(connection, "green", title="Xanh")
        with connection.transaction():
            lay_out(connection, LAYERS["parcel"], ("green",))
        connection.execute("DELETE FROM scenario_green.parcel WHERE map_sheet = '0'")
        with TestClient(create(Settings(database_url=town_url))) as client:
            yield client
        drop_scenario(connection, "green")


def test_the_open_scenarios_are_listed(client: TestClient):
    one = client.get("/scenarios").json()["scenarios"][-1]
    assert (one["name"], one["title"], one["parent"]) == ("green", "Xanh", "baseline")
    assert client.get(one["links"][0]["href"]).json()["name"] == "green"


def test_a_scenario_says_what_it_changes(client: TestClient):
    answer = client.get("/scenarios/green").json()
    assert answer["layers"] == [{"layer": "parcel", "added": 0, "changed": 0, "removed": 1}]


@pytest.mark.parametrize("name", ["grey", "pg_catalog", "baseline", "Green", "a%22b"])
def test_what_is_not_a_scenario_is_not_found(client: TestClient, name: str):
    answer = client.get(f"/scenarios/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_parameter_is_refused(client: TestClient):
    assert client.get("/scenarios?limit=1").status_code == 400
