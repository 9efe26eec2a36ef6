"""The stream of changes: it names the tiles to be asked for again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from gis.changes.ledger import Place
from gis.db import open_city
from gis.scenarios import change, open_scenario
from gis.tiles.touched import MOST_TILES, tiles_touched
from layers import LAYERS
from tests.api.conftest import Served, listen
from tests.gis.hand import database, put

TILE_14_M = 2 * 20_037_508.342789244 / 2**14


@pytest.fixture(scope="module")
def url(server_url: str, template: str) -> Iterator[str]:
    with database(server_url, template) as url:
        yield url


@pytest.fixture(scope="module")
def served(url: str) -> Iterator[Served]:
    running = listen(url)
    yield running
    running.stop()


@contextmanager
def followed(served: Served, query: str = "", **headers: str) -> Iterator[Iterator[dict[str, object]]]:
    """Open the stream; what comes out are the data of its events."""
    with httpx.stream("GET", f"{served.root}/changes{query}", timeout=10, headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def test_a_commit_names_its_layer_its_place_and_its_tiles(served: Served, url: str):
    with followed(served, "?layers=facility&z=13,14") as events, psycopg.connect(url, autocommit=True) as editor:
        put(editor, "pipe", "MULTILINESTRING((550000 1778400, 550001 1778400))", code="1", stage="existing")
        put(editor, "facility", "POINT(550172 1778178)", name="new", facility_type="park", stage="existing")
        said = next(events)
    assert (said["layer"], said["scenario"]) == ("facility", None)
    assert {"13/6558/3725", "14/13117/7450"} <= set(said["tiles"])
    west, south, east, north = said["bbox"]
    assert 108.2 < west <= east < 108.3
    assert 16.0 < south <= north < 16.1


def test_an_edit_of_a_scenario_is_told_once(served: Served, url: str):
    with psycopg.connect(url, autocommit=True) as editor:
        uid = put(editor, "facility", "POINT(550172 1778178)", name="old", facility_type="park", stage="existing")
        open_scenario(editor, "shade", title="Bóng mát", parent="baseline")
        with followed(served) as events, open_city(url, scenario="shade") as city:
            for name in ("new", "newer"):
                change(city, LAYERS["facility"], uid, {"name": name})
            editor.execute("TRUNCATE city.parking")
            heard = [next(events)["layer"] for _ in range(3)]
    assert heard == ["facility", "facility", "parking"]


def test_a_truncation_is_everywhere(served: Served, url: str):
    with followed(served) as events, psycopg.connect(url, autocommit=True) as editor:
        editor.execute("TRUNCATE city.parking")
        assert next(events) == {"layer": "parking", "scenario": None, "bbox": None, "tiles": None}


def test_who_comes_back_hears_that_anything_may_have_changed(served: Served):
    with followed(served, **{"Last-Event-ID": "0"}) as events:
        assert next(events) == {"layer": None, "scenario": None, "bbox": None, "tiles": None}


@pytest.mark.parametrize("given", ["a", "23", "1,2,", "-1", ",".join("123456789")])
def test_zooms_are_a_short_list(served: Served, given: str):
    answer = httpx.get(f"{served.root}/changes", params={"z": given})
    assert answer.status_code == 400
    assert "for example 13,14" in answer.json()["detail"]


def test_a_tile_is_touched_from_within_its_margin():
    west = 13117 * TILE_14_M - 20_037_508.342789244
    north = 20_037_508.342789244 - 7450 * TILE_14_M
    unit = TILE_14_M / 4096
    inside = Place(west + 100 * unit, north - 200 * unit, west + 110 * unit, north - 190 * unit)
    assert tiles_touched(inside, 14) == [(13117, 7450)]
    in_margin = Place(west + 10 * unit, north - 200 * unit, west + 11 * unit, north - 199 * unit)
    assert tiles_touched(in_margin, 14) == [(13116, 7450), (13117, 7450)]


def test_more_tiles_than_are_worth_listing_are_not_listed():
    assert tiles_touched(Place(0, 0, 16.5 * TILE_14_M, 15.5 * TILE_14_M), 14) is None
    assert len(tiles_touched(Place(1, 1, 14.5 * TILE_14_M, 14.5 * TILE_14_M), 14) or []) <= MOST_TILES


def test_the_rest_of_the_world_is_not_beyond_the_grid():
    everywhere = Place(-3e7, -3e7, 3e7, 3e7)
    assert tiles_touched(everywhere, 1) == [(0, 0), (0, 1), (1, 0), (1, 1)]
