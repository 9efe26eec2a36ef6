"""Overviews brought in step for a tile: with what was committed before it was asked for, whatever comes meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import mapbox_vector_tile
import psycopg
import pytest
from psycopg_pool import ConnectionPool

from gis.changes.watch import Watch
from gis.overviews.drawn import KEEPER_LOCK
from gis.overviews.keeper import keep
from gis.overviews.marks import mark_everything, stale
from gis.overviews.refreshing import catch_up
from gis.tiles import Copies, KeptTiles, Refresher, tile_of, web_tile
from gis.tiles.coding import original
from gis.tiles.drawing import StaleOverviewError
from gis.tiles.keeping import Refresh
from gis.tiles.tile import Tile
from layers import LAYERS
from tests.gis.hand import database, put, square
from tests.gis.tiles.conftest import drawing_pool

PARCEL = LAYERS["parcel"]
HERE = tile_of([PARCEL], web_tile(12, 3279, 1862))
BY_HAND = "UPDATE city.parcel SET land_use_code = %s WHERE uid = 1"
Keeper = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def url(server_url: str, template: str) -> Iterator[str]:
    """A city of one parcel whose overview is in step."""
    with database(server_url, template) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            put(connection, "parcel", square(550_000, 1_778_400, 300), uid=1, land_use_code="ODT", stage="existing")
            catch_up(connection, PARCEL)
        yield url


@dataclass
class Drawn:
    tiles: KeptTiles

    async def codes(self) -> set[str]:
        kept = await self.tiles.read(HERE)
        layer = mapbox_vector_tile.decode(original(kept.copy.body))["parcel"]
        return {each["properties"]["land_use_code"] for each in layer["features"]}


@asynccontextmanager
async def drawn(url: str, refresh: Refresh) -> AsyncIterator[Drawn]:
    watch = Watch(url)
    with TemporaryDirectory() as folder:
        copies = Copies(Path(folder), most_bytes=8 << 20)
        async with drawing_pool(url) as pool:
            await watch.open()
            tiles = KeptTiles(pool, watch, copies, refresh=refresh)
            try:
                yield Drawn(tiles)
            finally:
                await tiles.close()
                await watch.close()
                copies.close()


def desk(url: str) -> ConnectionPool[psycopg.Connection]:
    return ConnectionPool(url, kwargs={"autocommit": True}, min_size=0, max_size=2, open=False)


def test_an_edit_while_blocks_are_refreshed_does_not_hold_up_a_tile(url: str):
    met: list[StaleOverviewError] = []

    async def look() -> None:
        with psycopg.connect(url, autocommit=True) as editor:

            async def refresh(_tile: Tile, out_of_step: StaleOverviewError) -> bool:
                met.append(out_of_step)
                catch_up(editor, PARCEL)
                if len(met) == 1:
                    editor.execute(BY_HAND, ["TMD"])
                return True

            async with drawn(url, refresh) as here:
                editor.execute(BY_HAND, ["DGD"])
                assert await here.codes() == {"DGD"}
                assert len(met) == 1
                assert stale(editor, PARCEL)
                assert await here.codes() == {"TMD"}
                assert await here.codes() == {"TMD"}
                assert len(met) == 2

    asyncio.run(look())


def test_a_tile_that_is_in_step_in_the_end_shows_all_that_came_meanwhile(url: str):
    met: list[StaleOverviewError] = []

    async def look() -> None:
        with psycopg.connect(url, autocommit=True) as editor:

            async def refresh(_tile: Tile, out_of_step: StaleOverviewError) -> bool:
                met.append(out_of_step)
                editor.execute(BY_HAND, ["TMD"])
                catch_up(editor, PARCEL)
                return True

            async with drawn(url, refresh) as here:
                editor.execute(BY_HAND, ["DGD"])
                assert await here.codes() == {"TMD"}
                assert await here.codes() == {"TMD"}
                assert len(met) == 1

    asyncio.run(look())


@contextmanager
def keeper_elsewhere(url: str) -> Iterator[None]:
    """Hold the lock of keepers, as one does that is busy with something else."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, 0)", [KEEPER_LOCK])
        yield


@pytest.mark.parametrize(("comes_s", "at_first"), [(0, keeper_elsewhere), (30, nullcontext)])
def test_a_tile_waits_for_the_keeper(url: str, comes_s: float, at_first: Keeper):
    """One is at work, or is about to begin."""
    stop = threading.Event()
    keeper = threading.Thread(target=keep, args=(url, [PARCEL], stop), kwargs={"pause_s": 0.05})

    async def look() -> None:
        async with drawing_pool(url) as pool:
            nobody = desk(url)  # not open: what is refreshed is not refreshed here
            refresher = Refresher(pool, nobody, patience_s=30, keeper_comes_s=comes_s)
            async with drawn(url, refresher.refresh) as here:
                with psycopg.connect(url, autocommit=True) as editor:
                    editor.execute(BY_HAND, ["DGD"])
                with at_first(url):
                    reading = asyncio.create_task(here.codes())
                    await asyncio.sleep(0.3)
                    assert not reading.done()
                keeper.start()
                assert await reading == {"DGD"}

    try:
        asyncio.run(look())
    finally:
        stop.set()
        if keeper.ident is not None:
            keeper.join(10)


@pytest.mark.parametrize(("patience_s", "keeper"), [(0.1, keeper_elsewhere), (60, nullcontext)])
def test_a_tile_that_no_keeper_comes_to_is_brought_in_step_here(url: str, patience_s: float, keeper: Keeper):
    """One is busy elsewhere for longer than is waited, or there is none and nothing is waited for."""

    async def look() -> None:
        async with drawing_pool(url) as pool:
            with desk(url) as open_desk, keeper(url):
                async with drawn(url, Refresher(pool, open_desk, patience_s=patience_s).refresh) as here:
                    with psycopg.connect(url, autocommit=True) as editor:
                        editor.execute(BY_HAND, ["DGD"])
                    began = time.monotonic()
                    assert await asyncio.gather(*(here.codes() for _ in range(3))) == [{"DGD"}] * 3
                    assert time.monotonic() - began < 30

    asyncio.run(look())


def test_what_is_out_of_step_as_a_whole_is_drawn_from_its_features_at_once(url: str):
    async def look() -> None:
        with psycopg.connect(url, autocommit=True) as editor:
            editor.execute(BY_HAND, ["DGD"])
            mark_everything(editor, PARCEL)
        async with drawing_pool(url) as pool, drawn(url, Refresher(pool, desk(url), patience_s=30).refresh) as here:
            began = time.monotonic()
            assert await here.codes() == {"DGD"}
            assert time.monotonic() - began < 10

    asyncio.run(look())


def test_who_waits_is_told_when_the_database_does_not_answer(url: str):
    async def look() -> None:
        async with drawing_pool(url) as pool:
            refresher = Refresher(pool, desk(url), patience_s=30)
            await pool.close()
            with psycopg.connect(url, autocommit=True) as editor:
                editor.execute(BY_HAND, ["DGD"])
            async with drawn(url, refresher.refresh) as here:
                with pytest.raises(psycopg.OperationalError):
                    await here.codes()

    asyncio.run(look())
