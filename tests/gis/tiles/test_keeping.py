"""Kept tiles: no answer to a request that began after a commit leaves that commit out."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
import mapbox_vector_tile
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from gis.changes.watch import Watch
from gis.direct import DirectConnection, DirectPool
from gis.tiles import Claims, Coding, Copies, Drawing, Found, KeptTiles, Tile, draw_async, tile_of, web_tile
from gis.tiles.coding import original
from layers import LAYERS
from layers.model import Layer
from tests.gis.hand import database, put, square
from tests.gis.tiles.conftest import drawing_pool

PARCEL = LAYERS["parcel"]
HERE = tile_of([PARCEL], web_tile(14, 13117, 7450))
BESIDE = tile_of([PARCEL], web_tile(14, 13117, 7451))
WORKERS = 3
UIDS = range(1, 5)

State = dict[int, str]


@pytest.fixture(scope="module")
def url(server_url: str, template: str) -> Iterator[str]:
    with database(server_url, template) as url:
        yield url


def parcel_square(uid: int) -> str:
    return square(550_000 + 100 * uid, 1_778_400, 100)


def town(url: str) -> State:
    """Put four parcels into the tile; their map sheets are their versions."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE city.parcel")
        for uid in UIDS:
            put(connection, "parcel", parcel_square(uid), uid=uid, land_use_code="ODT", stage="existing", map_sheet="0")
    return dict.fromkeys(UIDS, "0")


@dataclass
class Worker:
    tiles: KeptTiles
    watch: Watch
    found: list[Found] = field(default_factory=list)

    async def read(self, tile: Tile) -> State:
        kept = await self.tiles.read(tile)
        if kept.is_empty:
            return {}
        layer = mapbox_vector_tile.decode(original(kept.copy.body)).get("parcel", {"features": []})
        return {each["id"]: each["properties"].get("map_sheet", "") for each in layer["features"]}


@asynccontextmanager
async def workers(url: str, number: int = WORKERS) -> AsyncIterator[list[Worker]]:
    """Start workers that share their copies."""
    with TemporaryDirectory() as folder:
        copies, claims = Copies(Path(folder), most_bytes=8 << 20), Claims(Path(folder, "claims"))
        started = [await started_worker(url, copies, claims) for _ in range(number)]
        try:
            yield [worker for worker, _ in started]
        finally:
            for worker, pool in started:
                await worker.tiles.close()
                await worker.watch.close()
                await pool.close()
            copies.close()
            claims.close()


async def started_worker(url: str, copies: Copies, claims: Claims) -> tuple[Worker, DirectPool]:
    watch = Watch(url)
    pool = drawing_pool(url)
    pool.open()
    await watch.open()
    found: list[Found] = []
    return Worker(KeptTiles(pool, watch, copies, claims=claims, told=found.append), watch, found), pool


class Editors:
    """Who edits the city by plain SQL, and what must be seen of it.

    `states` are the states the city may have had, one after the other; a state is sure when its commit has returned.
    """

    def __init__(self, url: str, state: State) -> None:
        self.url = url
        self.states: list[State] = [state]
        self.sure = 0
        self.version = 0
        self.open: dict[int, tuple[AsyncConnection, State]] = {}

    async def edit(self, uid: int) -> None:
        """Begin a transaction that changes a parcel; it stays open."""
        if uid in self.open:
            return
        self.version += 1
        connection = await AsyncConnection.connect(self.url)
        await connection.execute("UPDATE city.parcel SET map_sheet = %s WHERE uid = %s", [str(self.version), uid])
        self.open[uid] = connection, {uid: str(self.version)}

    async def commit(self, uid: int) -> None:
        if uid not in self.open:
            return
        connection, change = self.open.pop(uid)
        await self._commit(connection.commit, {**self.states[-1], **change})
        await connection.close()

    async def roll_back(self, uid: int) -> None:
        if uid in self.open:
            connection, _ = self.open.pop(uid)
            await connection.close()

    async def load(self) -> None:
        """Replace all parcels in bulk, as a load does."""
        for uid in list(self.open):
            await self.roll_back(uid)
        self.version += 1
        async with await AsyncConnection.connect(self.url) as connection:
            await connection.execute("TRUNCATE city.parcel")
            for uid in UIDS:
                await connection.execute(
                    "INSERT INTO city.parcel (uid, source, land_use_code, stage, map_sheet, geom)"
                    " VALUES (%s, 'sample', 'ODT', 'existing', %s, ST_GeomFromText(%s, 5899))",
                    [uid, str(self.version), parcel_square(uid)],
                )
            await self._commit(connection.commit, dict.fromkeys(UIDS, str(self.version)))

    async def kill_watches(self) -> None:
        async with await AsyncConnection.connect(self.url, autocommit=True) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'quyhoach watch' AND datname = current_database()"
            )

    async def close(self) -> None:
        for uid in list(self.open):
            await self.roll_back(uid)

    async def _commit(self, commit: Callable[[], Awaitable[None]], state: State) -> None:
        self.states.append(state)
        number = len(self.states) - 1
        await commit()
        self.sure = max(self.sure, number)


async def checked_read(worker: Worker, editors: Editors) -> None:
    first = editors.sure
    answer = await worker.read(HERE)
    assert answer in editors.states[first:], (first, answer, editors.states)


read = st.tuples(st.just("read"), st.integers(0, WORKERS - 1))
edit = st.tuples(st.sampled_from(["edit", "commit", "commit", "roll_back"]), st.sampled_from(UIDS))
rare = st.tuples(st.sampled_from(["load", "kill_watches", "wait"]), st.just(0))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(read, read, edit, rare), min_size=4, max_size=40))
def test_no_answer_leaves_out_what_was_committed_before_it_was_asked_for(url: str, steps: list[tuple[str, int]]):
    async def interleaved() -> None:
        editors = Editors(url, town(url))
        async with workers(url) as started:
            reads: list[asyncio.Task[None]] = []
            for name, number in steps:
                if name == "read":
                    reads.append(asyncio.create_task(checked_read(started[number], editors)))
                    await asyncio.sleep(0)
                elif name == "wait":
                    await asyncio.gather(*reads)
                else:
                    await getattr(editors, name)(*([number] if number else []))
            await editors.close()
            await asyncio.gather(*reads)
            for worker in started:
                await checked_read(worker, editors)

    asyncio.run(interleaved())


def test_who_joins_a_drawing_gets_no_older_state_than_it_asked_for(url: str, monkeypatch: pytest.MonkeyPatch):
    async def join() -> tuple[State, State]:
        town(url)
        drawn, may_return = asyncio.Event(), asyncio.Event()

        async def slow(connection: DirectConnection, tile: Tile, **how: frozenset[Layer]) -> Drawing:
            drawing = await draw_async(connection, tile, **how)
            drawn.set()
            await may_return.wait()
            return drawing

        monkeypatch.setattr("gis.tiles.keeping.draw_async", slow)
        async with workers(url, 1) as (worker,):
            first = asyncio.create_task(worker.read(HERE))
            await drawn.wait()
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE city.parcel SET map_sheet = 'new' WHERE uid = 1")
            second = asyncio.create_task(worker.read(HERE))
            await asyncio.sleep(0.1)
            may_return.set()
            return await first, await second

    first, second = asyncio.run(join())
    assert (first[1], second[1]) == ("0", "new")


def test_what_nobody_changed_is_drawn_once_for_all_workers(url: str):
    async def reads() -> list[list[Found]]:
        town(url)
        async with workers(url) as started:
            for worker in started:
                await asyncio.gather(*(worker.read(HERE) for _ in range(20)))
            return [worker.found for worker in started]

    found = asyncio.run(reads())
    assert [each.count(Found.DRAWN) for each in found] == [1, 0, 0]


def test_a_change_elsewhere_leaves_a_tile_as_it_is(url: str):
    async def reads() -> list[Found]:
        town(url)
        async with workers(url, 1) as (worker,):
            await worker.read(HERE)
            await worker.read(BESIDE)
            with psycopg.connect(url, autocommit=True) as connection:
                put(
                    connection,
                    "road",
                    "MULTILINESTRING((550000 1778400, 550100 1778400))",
                    road_class="foot",
                    stage="existing",
                )
                put(connection, "parcel", square(550_000, 1_776_000, 10), uid=99, land_use_code="ODT", stage="existing")
            await worker.read(HERE)
            await worker.read(BESIDE)
            return worker.found

    assert asyncio.run(reads()) == [Found.DRAWN, Found.DRAWN, Found.NEAR, Found.DRAWN]


def test_a_feature_that_moves_away_leaves_no_ghost(url: str):
    async def reads() -> tuple[State, State, State]:
        town(url)
        async with workers(url, 1) as (worker,):
            before = await worker.read(HERE)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE city.parcel SET geom = ST_Translate(geom, 0, -2400) WHERE uid = 2")
            return before, await worker.read(HERE), await worker.read(BESIDE)

    before, after, beside = asyncio.run(reads())
    assert (set(before), set(after), set(beside)) == ({1, 2, 3, 4}, {1, 3, 4}, {2})


def test_an_empty_tile_is_kept_too(url: str):
    async def reads() -> list[Found]:
        async with workers(url, 2) as started:
            nowhere = tile_of([PARCEL], web_tile(14, 13000, 7450))
            for worker in (*started, started[0]):
                assert await worker.read(nowhere) == {}
            return [*started[0].found, *started[1].found]

    assert asyncio.run(reads()) == [Found.DRAWN, Found.NEAR, Found.SHARED]


def test_a_drawing_that_nobody_waits_for_any_more_ends(url: str):
    async def leave() -> int:
        town(url)
        async with workers(url, 1) as (worker,):
            with psycopg.connect(url) as editor:
                editor.execute("LOCK TABLE city.parcel IN ACCESS EXCLUSIVE MODE")
                reading = asyncio.create_task(worker.read(HERE))
                await asyncio.sleep(0.3)
                reading.cancel()
                await asyncio.sleep(0.3)
                waiting = editor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database AS here ON here.oid = pg_locks.database"
                    " WHERE here.datname = current_database() AND NOT granted"
                ).fetchone()
            assert len(await worker.read(HERE)) == len(UIDS)
            return waiting[0]

    assert asyncio.run(leave()) == 0


def test_who_comes_after_everybody_left_a_drawing_gets_a_tile(url: str):
    async def leave_and_come() -> State:
        state = town(url)
        async with workers(url, 1) as (worker,):
            with psycopg.connect(url) as editor:
                editor.execute("LOCK TABLE city.parcel IN ACCESS EXCLUSIVE MODE")
                reading = asyncio.create_task(worker.read(HERE))
                await asyncio.sleep(0.3)
                reading.cancel()
                await asyncio.sleep(0)
                coming = asyncio.create_task(worker.read(HERE))
                await asyncio.sleep(0)
            assert await coming == state
        return state

    assert asyncio.run(leave_and_come())


def test_nothing_of_another_reign_is_judged(url: str, monkeypatch: pytest.MonkeyPatch):
    async def reads() -> tuple[set[str], list[Found]]:
        town(url)
        async with workers(url, 1) as (worker,):
            await worker.read(HERE)
            await worker.read(HERE)
            reigns = {worker.watch.reign}
            monkeypatch.setattr("gis.changes.watch.life", lambda: b"SELECT 'after a crash'")
            await Editors(url, {}).kill_watches()
            await worker.read(HERE)
            await worker.read(HERE)
            return reigns | {worker.watch.reign}, worker.found

    reigns, found = asyncio.run(reads())
    assert len(reigns) == 2
    assert found == [Found.DRAWN, Found.NEAR, Found.DRAWN, Found.NEAR]


def test_each_coding_gives_the_same_bytes_back(url: str):
    async def bodies() -> dict[Coding, bytes]:
        town(url)
        async with workers(url, 1) as (worker,):
            kept = await worker.tiles.read(HERE)
            return {coding: await worker.tiles.body(HERE, kept, coding) for coding in Coding}

    made = asyncio.run(bodies())
    plain = made[Coding.IDENTITY]
    assert gzip.decompress(made[Coding.GZIP]) == brotli.decompress(made[Coding.BROTLI]) == plain
    assert original(made[Coding.ZSTD]) == plain
