"""The keeper of the overviews is a process that is there as long as the service."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from api.keeping import kept_in_step
from gis.overviews.marks import stale
from layers import LAYERS
from tests.gis.hand import database, put, square

PARCEL = LAYERS["parcel"]


@pytest.fixture
def url(server_url: str, template: str) -> Iterator[str]:
    with database(server_url, template) as url:
        yield url


def until(holds: Callable[[], bool], within_s: float = 30) -> bool:
    end = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def keepers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.name == "keeper" and child.pid]


def edit(connection: psycopg.Connection, easting_m: float) -> None:
    put(connection, "parcel", square(easting_m, 1_778_400, 300), land_use_code="ODT", stage="existing")
    assert stale(connection, PARCEL)


def test_what_is_edited_is_brought_in_step_and_a_keeper_that_dies_is_replaced(url: str):
    with psycopg.connect(url, autocommit=True) as connection:
        with kept_in_step(url):
            edit(connection, 550_000)
            assert until(lambda: not stale(connection, PARCEL))
            (first,) = keepers()
            os.kill(first, signal.SIGKILL)
            edit(connection, 552_000)
            assert until(lambda: not stale(connection, PARCEL))
            assert keepers() != [first]
        assert not keepers()
        edit(connection, 554_000)
        time.sleep(0.5)
        assert stale(connection, PARCEL)


def test_ctrl_c_is_left_to_who_started_the_keeper(url: str):
    with psycopg.connect(url, autocommit=True) as connection, kept_in_step(url):
        edit(connection, 550_000)
        assert until(lambda: not stale(connection, PARCEL))
        (keeper,) = keepers()
        os.kill(keeper, signal.SIGINT)
        edit(connection, 552_000)
        assert until(lambda: not stale(connection, PARCEL))
        assert keepers() == [keeper]
