"""Questions that take long on a large city say how far they have come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from psycopg import sql

from gis.answering import heard_by
from gis.asking import ask
from gis.copy import GEOMETRY
from gis.db import City, open_city, seen_at
from gis.export import rows as reading
from gis.planning.people import people
from gis.planning.places import EVERYWHERE
from gis.planning.plans import plan_in_force
from gis.reading import batches
from gis.sample.town import load_town
from gis.scenarios import open_scenario, remove
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database
from tests.gis.proposed import building, lot, written

LONG = {
    "buildable_capacity": {},
    "edition_difference": {"proposal": ""},
    "exposure": {},
    "indicators": {},
    "land_balance": {},
    "land_use_change": {},
    "plan_conformance": {"proposal": "", "on": "2026-11-27"},
    "scenario_difference": {"scenario": "other"},
    "service_access": {"on": "2026-11-27"},
    "service_provision": {"on": "2026-11-27"},
}
LEAST = {"land_balance": 3}
"""Shares that are told at least; the database adds up the land of each horizon in one step."""
PARCELS = sql.SQL("SELECT ST_AsBinary(geom, 'NDR') AS geometry FROM parcel").format()
SCHEMA = pa.schema([pa.field(GEOMETRY, pa.binary())])


@pytest.fixture(scope="module")
def town(server_url: str, template: str) -> Iterator[City]:
    """The town, with a scenario that has one parcel less."""
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        open_scenario(city.connection, "other")
        (uid,) = city.connection.execute("SELECT min(uid) FROM parcel").fetchone()
        remove(seen_at(city.connection, Horizon.EXISTING, "other"), LAYERS["parcel"], uid)
        yield city


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("proposal")
    tower = building((210, 130, 230, 190), "apartment", height_m=40, storeys=12)
    return written(folder, lot((200, 120, 300, 200), code="L1"), tower)


@pytest.mark.parametrize("horizon", [Horizon.EXISTING, Horizon.H2045])
@pytest.mark.parametrize("question", LONG)
def test_what_is_told_grows_in_steps_to_all_of_it(
    town: City, proposal: str, question: str, horizon: Horizon, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_BATCH_ROWS", 4)
    given = LONG[question] | ({"proposal": proposal} if "proposal" in LONG[question] else {})
    heard: list[float] = []
    with heard_by(heard.append):
        ask(seen_at(town.connection, horizon), question, **given)
    assert heard == sorted(heard)
    assert len(set(heard)) >= LEAST.get(question, 4)
    assert heard[-1] == 1.0


@pytest.mark.parametrize("horizon", [Horizon.EXISTING, Horizon.H2045])
def test_the_people_tell_how_far_they_have_been_read(town: City, horizon: Horizon, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_BATCH_ROWS", 2)
    seen = seen_at(town.connection, horizon)
    heard: list[float] = []
    with heard_by(heard.append):
        found = sum(len(living.people) for living in people(seen, plan_in_force(seen, "")).batches(EVERYWHERE))
    assert len(set(heard)) >= found // 2
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_rows_tell_which_share_of_them_has_been_read(town: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_BATCH_ROWS", 5)
    seen = seen_at(town.connection, Horizon.EXISTING)
    seen.connection.execute("ANALYZE city.parcel")
    heard: list[float] = []
    with heard_by(heard.append):
        read = [batch.num_rows for batch in batches(seen.connection, PARCELS, {}, SCHEMA)]
    done = [sum(read[: place + 1]) for place in range(len(read))]
    assert len(read) > 2
    assert heard == pytest.approx([each / done[-1] for each in done] + [1.0], abs=0.05)


def test_nothing_is_asked_of_the_database_where_nobody_listens(town: City, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> float:
        raise AssertionError

    monkeypatch.setattr("gis.reading._expected", refuse)
    assert list(batches(town.connection, PARCELS, {}, SCHEMA))
    with heard_by(lambda _: None), pytest.raises(AssertionError):
        next(batches(town.connection, PARCELS, {}, SCHEMA))
